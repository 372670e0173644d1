"""What must always be true of reports and what they booked; `flask doctor` runs it."""

from datetime import timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from core import clock
from core.config import settings
from core.doctor import SHOWN_MAX, Invariant, sql
from orders.models import ReportLine
from orders.reports.differences import STILL_OPEN
from orders.reports.settings import ReportSettings


def _forgotten(db: Session) -> list[Any]:
    oldest = clock.now() - timedelta(days=settings(ReportSettings).difference_days)
    query = select(ReportLine.id, ReportLine.gateway).where(
        ReportLine.state.in_(STILL_OPEN), ReportLine.created_at < oldest
    )
    return [tuple(row) for row in db.execute(query.order_by(ReportLine.id).limit(SHOWN_MAX))]


NOT_FORGOTTEN = Invariant(
    "G1",
    "No difference to a gateway stays open for longer than LUMBUNG_DIFFERENCE_DAYS.",
    _forgotten,
)
FEES_BOOKED = Invariant(
    "G2",
    "A gateway's fee is booked once for every settled line that names one, and never without.",
    sql(
        "with named as (select l.id, l.gateway, l.fee_rupiah,"
        " case when l.kind = 'charge' and l.attempt_id is not null then 'attempt'"
        " else 'report_line' end as doc_type,"
        " case when l.kind = 'charge' and l.attempt_id is not null then l.attempt_id::text"
        " else l.id::text end as doc_id"
        " from report_line l where l.worth is not null and l.fee_rupiah <> 0),"
        " booked as (select j.id, j.doc_type, j.doc_id, a.label, e.amount from journal j"
        " join entry e on e.journal_id = j.id"
        " join account a on a.id = e.account_id and a.kind = 'clearing'"
        " where j.kind = 'gateway_fee' and not exists (select 1 from journal r"
        " where r.kind = 'reversal' and r.doc_type = 'journal' and r.doc_id = j.id::text))"
        " select n.id, b.id from named n full join booked b on b.doc_type = n.doc_type"
        " and b.doc_id = n.doc_id and b.label = n.gateway and b.amount = -n.fee_rupiah"
        " where n.id is null or b.id is null"
    ),
)
WORTH_BOOKED = Invariant(
    "G3",
    "A settled line changed its gateway's page to exactly what it is worth.",
    sql(
        "select l.id, l.worth, l.booked from report_line l where l.worth is not null"
        " and l.worth - l.booked <> coalesce((select sum(e.amount) from journal j"
        " join entry e on e.journal_id = j.id"
        " join account a on a.id = e.account_id and a.kind = 'clearing' and a.label = l.gateway"
        " where j.doc_type = 'report_line' and j.doc_id = l.id::text"
        " and j.kind in ('moved', 'exchange', 'over_short')), 0)"
    ),
)
ASKED = Invariant(
    "G4",
    "Every open difference asks a treasurer, and no closed one does.",
    sql(
        "select l.id, l.state from report_line l where (l.state in ('differs', 'unknown', 'noted'))"
        " <> exists (select 1 from task t where t.doc_type = 'report_line'"
        " and t.doc_id = l.id::text and t.closed_at is null)"
    ),
)
ALL = (NOT_FORGOTTEN, FEES_BOOKED, WORTH_BOOKED, ASKED)
