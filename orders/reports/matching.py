"""Laying the lines of reports beside our books: what agrees is settled, the rest asks somebody.

Lines are worked through in small transactions, payments before what takes them away again, so a
large report is never half lost; a line that was looked at is not looked at as new again.
"""

from collections.abc import Sequence

from sqlalchemy import case, select
from sqlalchemy.orm import Session

from core import audit, clock, jobs
from core.actors import Actor
from core.db import db as database
from core.db import in_transaction
from orders.models import GatewayReport, ReportLine
from orders.reports import asking, bookings, books
from orders.reports.verdict import Flaw, flaw_of, worth_of

AT_ONCE = 20
OPEN = ("differs", "unknown")
_RANK = case(
    {"charge": 1, "refund": 2, "chargeback": 3, "fee": 4, "adjustment": 5, "payout": 6},
    value=ReportLine.kind,
    else_=7,
)


@jobs.job("orders.match_report", key="report_id")
def match_report(report_id: int) -> None:
    """Look at every line of a report that nobody has looked at yet."""
    work_through(report_id, most=None)


def work_through(report_id: int, *, most: int | None) -> None:
    """Look at the new lines of a report, at most so many now; the job looks at the rest."""
    report = database.session().get(GatewayReport, report_id)
    if report is None:
        return
    actor, done = Actor(report.uploaded_by), 0
    while most is None or done < most:
        count = look_at_some(actor=actor, report_id=report_id)
        done += count
        if not count:
            look_again(actor=actor)
            return


@in_transaction(retries=3)
def look_at_some(db: Session, *, actor: Actor, report_id: int) -> int:
    """Look at the next few new lines of a report; returns how many there were."""
    lines = db.scalars(
        select(ReportLine)
        .where(ReportLine.report_id == report_id, ReportLine.state == "new")
        .order_by(_RANK, ReportLine.id)
        .limit(AT_ONCE)
        .with_for_update()
    ).all()
    for line in lines:
        look_at(db, actor, line)
    return len(lines)


def look_again(*, actor: Actor) -> None:
    """Look once more at everything open: what was missing here may have come since."""
    waiting = select(ReportLine.id).where(
        ReportLine.state.in_(OPEN),
        ReportLine.kind != "missing",
        ReportLine.flaw != Flaw.NOT_SEEN,
    )
    ids = list(database.session().scalars(waiting.order_by(_RANK, ReportLine.id)))
    for start in range(0, len(ids), AT_ONCE):
        _again(actor=actor, line_ids=ids[start : start + AT_ONCE])


@in_transaction(retries=3)
def _again(db: Session, *, actor: Actor, line_ids: Sequence[int]) -> None:
    lines = db.scalars(
        select(ReportLine)
        .where(ReportLine.id.in_(line_ids), ReportLine.state.in_(OPEN))
        .order_by(_RANK, ReportLine.id)
        .with_for_update()
    ).all()
    for line in lines:
        look_at(db, actor, line)


def look_at(db: Session, actor: Actor, line: ReportLine) -> None:
    """Decide about one locked line: settle it, leave it to a second treasurer, or ask why."""
    books.one_at_a_time(db, line.gateway)
    attempt = books.attempt_of(db, line)
    refund = books.refund_of(db, line, attempt)
    claimed, known = books.claimed(line), books.known(db, line, attempt, refund)
    line.attempt_id = attempt.id if attempt else None
    line.refund_id = refund.id if refund else None
    line.booked = known.booked
    flaw = flaw_of(claimed, known)
    if flaw is Flaw.TWICE:
        line.attempt_id, line.refund_id, line.booked = None, None, 0
    if flaw is None:
        flaw = _settled(db, actor, line, worth_of(claimed, known))
    if flaw is None:
        line.state, line.flaw = "ok", ""
        asking.forget(db, actor, line)
        found(db, actor, line)
        return
    line.flaw = flaw.value
    line.state = {Flaw.NO_KEY: "unknown", Flaw.LARGE: "noted"}.get(flaw, "differs")
    if flaw is Flaw.LARGE:
        line.noted_by = db.get_one(GatewayReport, line.report_id).uploaded_by
    db.flush()
    asking.ask(db, line)


def booked_now(db: Session, line: ReportLine) -> int:
    """What our books have of an open line at this moment."""
    if line.flaw == Flaw.TWICE:
        return 0
    if line.kind == "missing":
        return books.unreported(db, line)
    attempt = books.attempt_of(db, line)
    refund = books.refund_of(db, line, attempt)
    return books.known(db, line, attempt, refund).booked


def _settled(db: Session, actor: Actor, line: ReportLine, worth: int) -> Flaw | None:
    """Settle a line that agrees, unless so much is booked by two only."""
    try:
        fee = bookings.fee_rupiah(db, line, worth)
        if bookings.is_large(line, worth, fee):
            return Flaw.LARGE
        bookings.settle(db, actor=actor, line=line, worth=worth, by_hand=False)
    except bookings.NothingHeld:
        return Flaw.NO_RUPIAH
    return None


def found(db: Session, actor: Actor, line: ReportLine) -> None:
    """What was missing in the reports has come."""
    query = select(ReportLine).where(
        ReportLine.kind == "missing", ReportLine.state.not_in(("ok", "closed"))
    )
    if line.kind == "charge":
        query = query.where(
            ReportLine.attempt_id == line.attempt_id, ReportLine.refund_id.is_(None)
        )
    elif line.kind == "refund":
        query = query.where(ReportLine.refund_id == line.refund_id)
    else:
        return
    for row in db.scalars(query.with_for_update()):
        row.state, row.closed_at, row.reason = "closed", clock.now(), "reported"
        asking.forget(db, actor, row)
        audit.record(db, actor, "report_line.found", "report_line", row.id)
