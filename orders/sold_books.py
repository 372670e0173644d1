"""Sold lines against the books: of each earned parcel, what each maker's goods were worth.

Orders say what was given at which price, less what complaints undid before it was earned; the books
say what came to the maker's page and what the others got of her goods. Both are by payee, so that a
right sum on a wrong woman's page differs too. A sale at a till that was undone is M21's.
"""

from flask_babel import lazy_gettext as _
from sqlalchemy import text

from cooperatives.reconciling import comparing
from cooperatives.reconciling.comparing import Difference
from cooperatives.rights import TREASURE
from core import tasks
from core.db import Reader
from core.doctor import Invariant, sql

_DIFFERING = (
    "with undone as (select r.line_id,"
    "   sum(r.maker_part + r.cooperative_part + r.kiosk_part + r.operator_part"
    "    + r.affiliate_part) filter (where not late.changed) as worth,"
    "   sum(r.granted) filter (where late.changed) as perhaps"
    "  from claim_line r join claim c on c.id = r.claim_id join parcel p on p.id = c.parcel_id"
    # Who bears it was said anew after it was earned: then it may or may not have been undone.
    "  cross join lateral (select exists (select from journal j join journal e"
    "   on e.kind = 'earned' and e.doc_type = 'parcel' and e.doc_id = p.id::text and e.id < j.id"
    "   where j.kind = 'claim_cost' and j.doc_type = 'claim_bearer'"
    "   and j.doc_id like c.id || ':%') as changed) late"
    # What the books hold first came first; clocks are not asked.
    "  where exists (select from refund f join journal b on b.doc_type = 'refund'"
    "   and b.doc_id = f.id::text join journal e on e.kind = 'earned'"
    "   and e.doc_type = 'parcel' and e.doc_id = p.id::text and b.id < e.id"
    "   where f.doc_type = 'claim' and f.doc_id = c.id::text) group by 1),"
    " told as (select p.id as parcel_id, t.organisation_id, y.id as payee_id,"
    "   sum(l.price * l.given - coalesce(u.worth, 0)) as worth,"
    "   sum(l.price * coalesce(u.perhaps, 0)) as perhaps from parcel p"
    "  join order_line l on l.parcel_id = p.id and l.kind = 'goods' and l.given > 0"
    "  join lot t on t.id = l.lot_id join seller s on s.id = l.seller_id"
    "  left join payee y on case when s.person_id is not null then y.person_id = s.person_id"
    "   else y.organisation_id = s.organisation_id end"
    "  left join undone u on u.line_id = l.id where p.earned_at is not null group by 1, 2, 3),"
    " parts as (select j.doc_id, j.id as journal_id, e.account_id, -e.amount as worth"
    "   from journal j join entry e on e.journal_id = j.id"
    "   where j.kind = 'earned' and j.doc_type = 'parcel'"
    "  union all select j.doc_id, j.id, c.account_id,"
    "   c.cooperative + c.kiosk + c.operator + c.affiliate"
    "   from journal j join cut c on c.journal_id = j.id"
    "   where j.kind = 'earned' and j.doc_type = 'parcel'),"
    " booked as (select p.id as parcel_id, a.organisation_id, a.payee_id,"
    "   min(b.journal_id) as journal_id, sum(b.worth) as worth"
    "  from parts b join parcel p on p.id::text = b.doc_id"
    "  join account a on a.id = b.account_id and a.kind = 'maker' group by 1, 2, 3)"
    " select distinct on (parcel_id) parcel_id, organisation_id, journal_id, o.number,"
    "  told.worth as sold, booked.worth as booked"
    " from told full join booked using (parcel_id, organisation_id, payee_id)"
    " join parcel p on p.id = parcel_id join order_placed o on o.id = p.order_id"
    " where not exists (select from counter_sale u where u.order_id = o.id"
    "  and u.undone_at is not null) and coalesce(booked.worth, 0)"
    "  not between coalesce(told.worth - told.perhaps, 0) and coalesce(told.worth, 0)"
    " order by parcel_id, journal_id"
)
SOLD_IS_BOOKED = Invariant(
    "M26",
    "What a parcel earned each maker is what her lines in it were worth, as given and left by"
    " complaints: sold lines against the books.",
    sql(_DIFFERING),
)
SOLD_LINES = tasks.declare(
    "compare.sold_lines",
    _("Bagian pesanan %(number)s di buku berbeda dari barangnya"),
    deed=_("Lihat"),
    many=_("Bagian %(count)s pesanan di buku berbeda dari barangnya"),
    urgency=20,
)


def _sold_lines(db: Reader) -> list[Difference]:
    return [
        Difference(("parcel", row.parcel_id), row.organisation_id,
                   f"/kas/cocok/catatan/{row.journal_id}" if row.journal_id else "/kas/cocok",
                   {"number": row.number})
        for row in db.execute(text(_DIFFERING))
    ]  # fmt: skip


comparing.add(SOLD_LINES, TREASURE, _sold_lines)
