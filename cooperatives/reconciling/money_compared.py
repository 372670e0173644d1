"""Every night: money that should agree, is long on its way, or was agreed on otherwise."""

from collections.abc import Callable
from typing import Any

from flask_babel import lazy_gettext as _
from sqlalchemy import TextClause, text

from cooperatives.reconciling import comparing
from cooperatives.reconciling.comparing import Difference
from cooperatives.rights import TREASURE
from cooperatives.settings import CooperativeSettings
from core import tasks
from core.config import settings
from core.db import Reader

COUNTED = tasks.declare(
    "compare.counted",
    _("Laci %(place)s berbeda dari hitungan tutup hari"),
    deed=_("Lihat"),
    many=_("%(count)s laci berbeda dari hitungan tutup hari"),
    urgency=20,
)
UNKNOWN = tasks.declare(
    "compare.unknown",
    _("Pencairan nomor %(number)s belum jelas, sudah %(days)s hari lebih"),
    deed=_("Lihat"),
    many=_("%(count)s pencairan terlalu lama belum jelas"),
    urgency=21,
)
CLEARING = tasks.declare(
    "compare.clearing",
    _("Uang di %(page)s di buku kurang dari nol"),
    deed=_("Lihat"),
    many=_("Uang di %(count)s penyedia di buku kurang dari nol"),
    urgency=20,
)
ADVANCE = tasks.declare(
    "compare.advance",
    _("Pinjaman bahan nomor %(number)s tidak sesuai perjanjian"),
    deed=_("Lihat"),
    many=_("%(count)s pinjaman bahan tidak sesuai perjanjian"),
    urgency=24,
)
BAG = tasks.declare(
    "compare.bag",
    _("Setoran %(place)s sudah %(days)s hari lebih belum sampai di bank"),
    deed=_("Lihat"),
    many=_("%(count)s setoran terlalu lama belum sampai di bank"),
    urgency=21,
)

_COUNTED = text(
    "select d.id, p.organisation_id, p.name as place from trading_day d"
    " join place p on p.id = d.place_id"
    " join account a on a.kind = 'cash' and a.organisation_id = p.organisation_id"
    "  and a.label = left(p.slug, 60) and a.currency = 'IDR'"  # As days.drawers names it.
    " where d.closed_at is not null and (d.closing <> d.opening + coalesce((select sum(e.amount)"
    "   from entry e where e.account_id = a.id and e.id > d.entries_from"
    "   and e.id <= d.entries_until), 0)"
    "  or exists (select from drawer_count c left join journal j on j.kind = 'over_short'"
    "   and j.doc_type = 'cash_count' and j.doc_id = c.id::text"
    "   left join entry e on e.journal_id = j.id and e.account_id = a.id"
    "   where c.day_id = d.id and c.way = 'cash'"
    "   and c.counted - c.expected <> coalesce(e.amount, 0))) order by d.id"
)
_UNKNOWN = text(
    "select p.id, a.organisation_id, p.id as number from payout p"
    " join settlement s on s.id = p.settlement_id join account a on a.id = s.account_id"
    " where p.state in ('unknown', 'sent') and p.begun_at < now() - make_interval(days => :days)"
    " order by p.id"
)
_CLEARING = text(
    "select a.id, a.organisation_id, a.label as page from account a"
    " join entry e on e.account_id = a.id where a.kind = 'clearing'"
    " group by a.id having sum(e.amount) < 0 order by a.id"
)
_ADVANCE = text(
    # What she owes is none of what was lent, or its day has gone by.
    "with owes as (select v.id, v.amount, v.due_on, coalesce(sum(e.amount), 0) as owed"
    "  from advance v join payee y on y.person_id = v.person_id"
    "  join account c on c.kind = 'advance' and c.organisation_id = v.organisation_id"
    "   and c.label = v.id::text and c.payee_id = y.id"
    "  left join entry e on e.account_id = c.id group by v.id),"
    # What a settlement gave back, by advance, next to what it earned.
    " shares as (select split_part(j.doc_id, '-', 1)::bigint as id, j.posted_at, e.amount,"
    "   t.settlement_id from journal j join entry e on e.journal_id = j.id and e.amount > 0"
    "   left join settlement_entry t on t.entry_id = e.id where j.kind = 'advance_share'),"
    " earned as (select t.settlement_id, -sum(e.amount) as amount from settlement_entry t"
    "   join entry e on e.id = t.entry_id join journal j on j.id = e.journal_id"
    "   where j.kind not in ('advance_share', 'payout', 'payout_return', 'tax_withheld')"
    "   and t.settlement_id in (select settlement_id from shares) group by 1)"
    " select v.id, v.organisation_id, v.id as number from advance v where v.id in ("
    "  select id from owes where owed < 0 or owed > amount or (owed > 0 and due_on < current_date)"
    "  union select s.id from shares s join advance a on a.id = s.id where s.posted_at > a.ended_at"
    "  union select s.id from shares s join earned r using (settlement_id)"
    "   join advance a on a.id = s.id group by s.id, settlement_id, r.amount, a.percent, a.floor"
    "   having sum(s.amount) > r.amount * a.percent / 100"
    "   or r.amount - sum(s.amount) < a.floor) order by v.id"
)
_BAG = text(
    "select b.id, p.organisation_id, p.name as place from bag b join place p on p.id = b.place_id"
    " where b.confirmed_at is null and b.packed_at < now() - make_interval(days => :days)"
    " order by b.packed_at, b.id"
)


def _asked(
    query: TextClause, doc_type: str, link: str, *told: str, days: str = ""
) -> Callable[[Reader], list[Difference]]:
    """What a query finds, as differences: its columns are id, organisation_id and what is told."""

    def find(db: Reader) -> list[Difference]:
        most = {"days": getattr(settings(CooperativeSettings), days)} if days else {}
        return [_difference(row, doc_type, link, told, most) for row in db.execute(query, most)]

    return find


def _difference(
    row: Any, doc_type: str, link: str, told: tuple[str, ...], more: dict[str, int]
) -> Difference:
    facts = {name: getattr(row, name) for name in told}
    return Difference((doc_type, row.id), row.organisation_id, link.format(row.id), facts | more)


COMPARED = (
    (COUNTED, _asked(_COUNTED, "trading_day", "/kios-kerja/hari/{}", "place")),
    (UNKNOWN, _asked(_UNKNOWN, "payout", "/kas/bayar/{}", "number", days="payout_days")),
    (CLEARING, _asked(_CLEARING, "account", "/kas/cocok?rekening={}", "page")),
    (ADVANCE, _asked(_ADVANCE, "advance", "/kas/pinjaman/{}", "number")),
    (BAG, _asked(_BAG, "bag", "/kas/setoran", "place", days="bag_days")),
)
for _kind, _find in COMPARED:
    comparing.add(_kind, TREASURE, _find)
