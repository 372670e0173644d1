"""What our books know of a gateway: its page, and what stands there for one attempt or refund."""

from typing import Any

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import Session

from cooperatives.models.books import Account, Entry, Journal, Kind
from core import orgs
from core.db import Reader
from orders.gateways import Presented
from orders.models import Attempt, Refund, ReportLine
from orders.reports.verdict import NEEDS_NOBODY, Claimed, Known


def on_page(gateway: str) -> ColumnElement[bool]:
    """The condition on `Account` for the operator's page of this gateway."""
    house = select(orgs.Organisation.id).where(orgs.Organisation.kind == "operator")
    return (
        (Account.kind == Kind.CLEARING)
        & (Account.label == gateway)
        & (Account.organisation_id == house.scalar_subquery())
    )


def standing(db: Reader, gateway: str, *facts: tuple[str, str, object]) -> int:
    """What these facts, each a journal's kind and document, come to on the gateway's page."""
    query = (
        select(func.coalesce(func.sum(Entry.amount), 0))
        .join(Journal, Journal.id == Entry.journal_id)
        .join(Account, Account.id == Entry.account_id)
        .where(
            on_page(gateway),
            or_(
                *(
                    (Journal.kind == kind)
                    & (Journal.doc_type == doc_type)
                    & (Journal.doc_id == str(doc_id))
                    for kind, doc_type, doc_id in facts
                )
            ),
        )
    )
    return int(db.scalar(query) or 0)


def attempt_of(db: Session, line: ReportLine) -> Attempt | None:
    """Our attempt, by our key or by the gateway's name of the payment."""
    if line.kind in NEEDS_NOBODY:
        return None
    named = [Attempt.gateway_key == line.key] if line.key else []
    if line.payment:
        named += [Attempt.paid_as == line.payment, Attempt.gateway_id == line.payment]
    return db.scalars(select(Attempt).where(or_(*named)).limit(1)).first() if named else None


def known(db: Session, line: ReportLine, attempt: Attempt | None, refund: Refund | None) -> Known:
    """What our books have of a line."""
    if attempt is None:
        return Known()
    if line.kind == "refund":
        return _known_refund(db, line, refund)
    facts = _of_attempt(attempt.id)
    if line.kind == "chargeback":
        facts = [("moved", "dispute" if line.gross < 0 else "dispute_won", attempt.id)]
    elif (given_up := _given_up(db, attempt)) is not None:
        facts.append(("over_short", "report_line", given_up))
    return Known(
        is_ours=True,
        is_settled=_is_settled(db, line, ReportLine.attempt_id == attempt.id),
        booked=standing(db, line.gateway, *facts),
        presented=_presented(attempt),
    )


def _known_refund(db: Session, line: ReportLine, refund: Refund | None) -> Known:
    if refund is None:
        return Known(is_ours=True)
    return Known(
        is_ours=True,
        is_settled=_is_settled(db, line, ReportLine.refund_id == refund.id),
        booked=standing(db, line.gateway, ("refund_sent", "refund", refund.id)),
        presented=_presented(refund),
    )


def unreported(db: Session, line: ReportLine) -> int:
    """What our books have of an attempt or refund that no report tells of."""
    if line.refund_id is not None:
        return standing(db, line.gateway, ("refund_sent", "refund", line.refund_id))
    return standing(db, line.gateway, *_of_attempt(line.attempt_id))


def _of_attempt(attempt_id: object) -> list[tuple[str, str, object]]:
    """The facts that bring a payment's money to the gateway's page, or undo that."""
    return [("captured", "attempt", attempt_id), ("taken_back", "attempt", attempt_id)]


def _presented(asked: Attempt | Refund) -> Presented | None:
    if asked.presented_amount is None:
        return None
    return Presented(asked.presented_amount, asked.presented_currency)


def _given_up(db: Session, attempt: Attempt) -> int | None:
    """The row under which the money was given up for lost, if it was."""
    query = select(ReportLine.id).where(
        ReportLine.kind == "missing",
        ReportLine.attempt_id == attempt.id,
        ReportLine.worth.is_not(None),
    )
    return db.scalar(query)


def _is_settled(db: Session, line: ReportLine, same: ColumnElement[bool]) -> bool:
    query = select(ReportLine.id).where(
        same,
        ReportLine.kind == line.kind,
        ReportLine.id != line.id,
        ReportLine.worth.is_not(None),
        (ReportLine.gross < 0) == (line.gross < 0),
    )
    return db.scalar(query.limit(1)) is not None


def refund_of(db: Session, line: ReportLine, attempt: Attempt | None) -> Refund | None:
    """The refund a line is about: by its name, or else an unsettled one of the same size."""
    if line.kind != "refund" or attempt is None:
        return None
    settled = select(ReportLine.refund_id).where(
        ReportLine.refund_id.is_not(None),
        ReportLine.worth.is_not(None),
        ReportLine.id != line.id,
    )
    rows = db.scalars(
        select(Refund)
        .where(Refund.attempt_id == attempt.id, Refund.state == "done")
        .order_by(Refund.id.in_(settled), Refund.done_at, Refund.id)
    ).all()
    by_name = [row for row in rows if _is_named(row, line)]
    by_size = [row for row in rows if _size(row, line) == abs(_claimed_size(line))]
    return next(iter(by_name or by_size), None)


def _is_named(refund: Refund, line: ReportLine) -> bool:
    names = {str(refund.id), refund.gateway_id} - {""}
    return bool(names & {line.refund_name, line.theirs})


def _size(refund: Refund, line: ReportLine) -> int | None:
    """How large the refund is in the money the line speaks of."""
    in_hers = line.presented_amount is not None or line.currency != "IDR"
    return refund.presented_amount if in_hers else refund.amount


def _claimed_size(line: ReportLine) -> int:
    return line.gross if line.presented_amount is None else line.presented_amount


def claimed(line: ReportLine) -> Claimed:
    """A line in the words of the rules."""
    seen = None
    if line.presented_amount is not None:
        seen = Presented(line.presented_amount, line.presented_currency)
    return Claimed(line.kind, line.gross, line.currency, seen)


def one_at_a_time(db: Session, gateway: str) -> None:
    """Whoever settles lines of a gateway waits here for the others."""
    db.execute(select(func.pg_advisory_xact_lock(func.hashtext(f"orders.reports.{gateway}"))))


def pool(db: Session, gateway: str, currency: str) -> tuple[int, int]:
    """What a gateway holds of a foreign currency by its reports, and its worth in rupiah."""
    one_at_a_time(db, gateway)
    query: Any = select(
        func.coalesce(func.sum(ReportLine.net), 0),
        func.coalesce(func.sum(ReportLine.worth - ReportLine.fee_rupiah), 0),
    ).where(
        ReportLine.gateway == gateway,
        ReportLine.currency == currency,
        ReportLine.worth.is_not(None),
    )
    held, worth = db.execute(query).one()
    return int(held), int(worth)
