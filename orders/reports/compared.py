"""Every night: a gateway's page in the books against its reports.

What the page holds is what settled lines left there, and payments and refunds that no report has
told of yet. Anything else stands there for no reason that a report could ever give.
"""

from flask_babel import lazy_gettext as _
from sqlalchemy import bindparam, text

from cooperatives.reconciling import comparing
from cooperatives.reconciling.comparing import Difference
from cooperatives.rights import TREASURE
from core import tasks
from core.db import Reader
from orders.reports.layouts import GATEWAYS

REPORTS = tasks.declare(
    "compare.reports",
    _("Buku %(gateway)s berbeda dari laporannya"),
    deed=_("Lihat"),
    many=_("Buku %(count)s penyedia berbeda dari laporannya"),
    urgency=20,
)
_REPORTS = text(
    "with page as (select a.id, a.organisation_id, a.label, e.amount,"
    "   coalesce(o.kind, j.kind) as kind, coalesce(o.doc_type, j.doc_type) as doc_type,"
    "   coalesce(o.doc_id, j.doc_id) as doc_id from account a join entry e on e.account_id = a.id"
    "  join journal j on j.id = e.journal_id left join journal o on j.kind = 'reversal'"
    "   and j.doc_type = 'journal' and o.id::text = j.doc_id"
    "  where a.kind = 'clearing' and a.label in :gateways),"
    " settled as (select gateway, kind, attempt_id::text as attempt_id,"
    "   refund_id::text as refund_id, worth - fee_rupiah as left_there from report_line"
    "  where worth is not null),"
    " waiting as (select p.id, sum(p.amount) as amount from page p where"
    "   (p.doc_type = 'attempt' and p.kind <> 'gateway_fee' and not exists (select from settled s"
    "    where s.attempt_id = p.doc_id and s.kind in ('charge', 'missing')))"
    "   or (p.doc_type = 'refund' and not exists (select from settled s"
    "    where s.refund_id = p.doc_id))"
    "   or (p.doc_type in ('dispute', 'dispute_won') and not exists (select from settled s"
    "    where s.attempt_id = p.doc_id and s.kind = 'chargeback')) group by 1),"
    " books as (select id, organisation_id, label, sum(amount) as amount from page"
    "  group by 1, 2, 3)"
    " select b.id, b.organisation_id, b.label as gateway from books b"
    " left join waiting w using (id)"
    " where b.amount - coalesce(w.amount, 0) <> coalesce((select sum(left_there) from settled s"
    "  where s.gateway = b.label), 0) order by b.id"
).bindparams(bindparam("gateways", expanding=True))


def _reports(db: Reader) -> list[Difference]:
    return [
        Difference(("account", row.id), row.organisation_id, "/kas/cocokkan",
                   {"gateway": row.gateway})
        for row in db.execute(_REPORTS, {"gateways": list(GATEWAYS)})
    ]  # fmt: skip


comparing.add(REPORTS, TREASURE, _reports)
