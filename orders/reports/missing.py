"""What should stand in a report and does not: every day's look at our own books.

A payment or refund of a day that a later report covers, and that no report tells of, is a
difference like any other. Where no report came at all, the treasurers are asked for one.
"""

from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import String, cast, func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from cooperatives import ledger
from cooperatives.models.books import Account, Entry, Journal
from core import clock, jobs, orgs
from core.actors import SYSTEM
from core.config import settings
from core.db import Reader, in_transaction
from orders import money_pages
from orders.models import Attempt, GatewayReport, Refund, ReportLine
from orders.reports import asking, matching
from orders.reports.books import on_page
from orders.reports.layouts import GATEWAYS
from orders.reports.settings import ReportSettings
from orders.reports.verdict import Flaw

BATCH_MAX = 100


@jobs.job("orders.mind_reports", key=None, cron="40 20 * * *")
def mind_reports() -> None:
    """Look again at what is open, note what no report tells of, ask for reports."""
    matching.look_again(actor=SYSTEM)
    for gateway in GATEWAYS:
        note_missing(gateway=gateway)


@in_transaction(retries=3)
def note_missing(db: Session, *, gateway: str) -> None:
    """Write down what a gateway should have reported by now, once each."""
    days = timedelta(days=settings(ReportSettings).reported_days)
    newest = newest_day(db, gateway)
    page = money_pages.clearing(orgs.operator_id(db), gateway)
    if (newest is None or newest < clock.today() - days) and ledger.balance(db, page):
        asking.ask_for_report(db, gateway)
    if newest is None:
        return
    for row in _unreported(db, gateway, before=min(newest, clock.today() - days)):
        _note(db, gateway, row)


def newest_day(db: Reader, gateway: str) -> Any:
    """The last day that reports of a gateway reach to; None where none came."""
    query = select(func.max(GatewayReport.last_on)).where(GatewayReport.gateway == gateway)
    return db.scalar(query)


def _unreported(db: Session, gateway: str, *, before: Any) -> list[Any]:
    """Payments and refunds booked on the gateway's page that stand in no report."""
    attempt = _booked(gateway, "captured", Attempt.id, "attempt").with_only_columns(
        Attempt.id.label("attempt_id"),
        cast(None, Refund.id.type).label("refund_id"),
        Attempt.gateway_key.label("name"),
        Entry.amount,
        Attempt.captured_at.label("at"),
    )
    attempt = attempt.where(
        Attempt.state != "reversed", _day(Attempt.captured_at) < before, ~_told(Attempt.id)
    )
    refund = _booked(gateway, "refund_sent", Refund.id, "refund").with_only_columns(
        Refund.attempt_id,
        Refund.id.label("refund_id"),
        cast(Refund.id, String).label("name"),
        Entry.amount,
        Refund.done_at.label("at"),
    )
    refund = refund.where(_day(Refund.done_at) < before, ~_refund_told())
    rows = list(db.execute(attempt.order_by(Attempt.captured_at).limit(BATCH_MAX)))
    return rows + list(db.execute(refund.order_by(Refund.done_at).limit(BATCH_MAX)))


def _booked(gateway: str, kind: str, doc_id: Any, doc_type: str) -> Any:
    return (
        select(doc_id)
        .join(Journal, Journal.doc_id == cast(doc_id, String))
        .join(Entry, Entry.journal_id == Journal.id)
        .join(Account, Account.id == Entry.account_id)
        .where(Journal.kind == kind, Journal.doc_type == doc_type, on_page(gateway))
    )


def _day(moment: Any) -> Any:
    return func.date(func.timezone("Asia/Jakarta", moment))


def _told(attempt_id: Any) -> Any:
    return (
        select(ReportLine.id)
        .where(
            ReportLine.attempt_id == attempt_id,
            ReportLine.kind.in_(("charge", "missing")),
            ReportLine.refund_id.is_(None),
        )
        .exists()
    )


def _refund_told() -> Any:
    return select(ReportLine.id).where(ReportLine.refund_id == Refund.id).exists()


def _note(db: Session, gateway: str, row: Any) -> None:
    refund_id: UUID | None = row.refund_id
    new = (
        insert(ReportLine)
        .values(
            gateway=gateway,
            kind="missing",
            theirs=row.name,
            key="" if refund_id else row.name,
            payment="",
            refund_name="",
            gross=0,
            fee=0,
            net=0,
            currency="IDR",
            presented_currency="",
            occurred_on=row.at.astimezone(clock.WIB).date(),
            attempt_id=row.attempt_id,
            refund_id=refund_id,
            state="differs",
            flaw=Flaw.MISSING.value,
            booked=row.amount,
            reason="",
            created_at=clock.now(),
        )
        .on_conflict_do_nothing()
        .returning(ReportLine.id)
    )
    line_id = db.scalar(new)
    if line_id is not None:
        asking.ask(db, db.get_one(ReportLine, line_id))
