"""Differences between a gateway and our books: explained and closed by people, with a reason.

What changes money needs two treasurers: one says what it is, another agrees or gives it back. What
only needed an explanation is closed by one.
"""

from dataclasses import dataclass
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session, aliased

from cooperatives.rights import TREASURE
from core import access, audit, clock, orgs
from core.access import SamePerson
from core.actors import Actor
from core.db import Reader, in_transaction
from core.errors import DomainError, NotFound
from core.people import Person
from orders.models import Attempt, Order, ReportLine
from orders.reports import asking, bookings, books, matching
from orders.reports.matching import OPEN
from orders.reports.verdict import Flaw
from orders.states import IllegalMove

LIST_MAX = 100
STILL_OPEN = ("new", *OPEN, "noted")
REASON_MIN = 5
SEEN = "seen"
"""The reason of what agreed and was only large."""


class NoReason(DomainError):
    """A difference is closed with a reason that others understand."""

    sentence = _l("Tulis alasannya, supaya orang lain juga mengerti.")


class NoRupiah(DomainError):
    """Money in another currency is booked in rupiah, and only a person knows how many."""

    sentence = _l("Tulis jumlahnya dalam rupiah.")


class BooksMoved(DomainError):
    """Since the first treasurer wrote, our books have got other money of it."""

    status = 409
    sentence = _l("Buku sudah berubah sejak dicatat. Kembalikan dulu, lalu lihat lagi.")


class NotToBook(DomainError):
    """There is nothing to book: the payment itself has to be looked at, or both sides agree."""

    sentence = _l("Selisih ini tidak bisa dicatat sebagai uang. Periksa dulu pembayarannya.")


@dataclass(frozen=True, slots=True)
class Said:
    """What a treasurer says of a difference; `rupiah` where the gateway's money is foreign."""

    reason: str
    changes_money: bool
    rupiah: int | None = None


def _lines() -> Select[*tuple[Any, ...]]:
    noter, closer = aliased(Person), aliased(Person)
    return (
        select(
            ReportLine,
            Attempt,
            Order,
            noter.call_me.label("noter"),
            closer.call_me.label("closer"),
        )
        .outerjoin(Attempt, Attempt.id == ReportLine.attempt_id)
        .outerjoin(Order, Order.id == Attempt.order_id)
        .outerjoin(noter, noter.id == ReportLine.noted_by)
        .outerjoin(closer, closer.id == ReportLine.closed_by)
    )


def list_open(db: Session, actor: Actor, wanted: str = "") -> list[Any]:
    """Open differences, oldest first; `wanted` is part of a reference, also of closed ones.

    Columns: ReportLine, Attempt, Order, noter, closer. Raises NotFound for others than the
    operator's treasurers.
    """
    access.require(db, actor, TREASURE, orgs.operator_id(db))
    query = _lines().order_by(ReportLine.occurred_on, ReportLine.id).limit(LIST_MAX)
    if not wanted:
        return list(db.execute(query.where(ReportLine.state.in_(STILL_OPEN))))
    named = (ReportLine.key, ReportLine.theirs, ReportLine.payment)
    text = func.concat_ws(" ", *named)
    return list(db.execute(query.where(text.icontains(wanted, autoescape=True))))


def list_of(db: Session, actor: Actor, report_id: int, after: int = 0) -> list[Any]:
    """The lines of one report in the order of the file; the next list begins `after` an id."""
    access.require(db, actor, TREASURE, orgs.operator_id(db))
    query = _lines().where(ReportLine.report_id == report_id, ReportLine.id > after)
    return list(db.execute(query.order_by(ReportLine.id).limit(LIST_MAX)))


def get_one(db: Session, actor: Actor, line_id: int) -> Any:
    """One line with what our books have of it; raises NotFound."""
    access.require(db, actor, TREASURE, orgs.operator_id(db))
    found = db.execute(_lines().where(ReportLine.id == line_id)).first()
    if found is None:
        raise NotFound
    return found


def worth(line: ReportLine, said: int | None) -> int | None:
    """Rupiah the line would be settled at, seen from our balance; None while nobody knows."""
    if line.currency == "IDR":
        return line.gross
    if said is None:
        return None
    return -said if line.gross < 0 or (line.gross == 0 and line.net > 0) else said


def may_book(line: ReportLine, attempt: Attempt | None) -> bool:
    """Whether closing it may change money; a payment still on its way is learned by asking."""
    if line.flaw == Flaw.NOT_HERE:
        came = attempt is not None and attempt.captured_at is not None
        return came and line.kind != "chargeback"
    return line.kind != "fee"


def _locked(db: Session, actor: Actor, line_id: int) -> ReportLine:
    access.require(db, actor, TREASURE, orgs.operator_id(db))
    line = db.get(ReportLine, line_id, with_for_update=True, populate_existing=True)
    if line is None:
        raise NotFound
    return line


@in_transaction(retries=3)
def explain(db: Session, *, actor: Actor, line_id: int, said: Said) -> bool:
    """Say why it differs; returns whether it is closed now, or waits for another treasurer.

    Raises NoReason, NoRupiah, NotToBook, IllegalMove, NotFound.
    """
    line = _locked(db, actor, line_id)
    if line.state not in OPEN:
        raise IllegalMove
    reason = said.reason.strip()
    if len(reason) < REASON_MIN:
        raise NoReason
    line.reason = reason
    if not said.changes_money:
        _close(db, actor, line)
        return True
    attempt = db.get(Attempt, line.attempt_id) if line.attempt_id else None
    if not may_book(line, attempt):
        raise NotToBook
    if line.currency != "IDR" and not said.rupiah:
        raise NoRupiah
    line.state, line.noted_by, line.said = "noted", actor.person_id, said.rupiah
    db.flush()
    asking.ask(db, line)
    audit.record(db, actor, "report_line.note", "report_line", line.id)
    return False


@in_transaction(retries=3)
def agree(db: Session, *, actor: Actor, line_id: int) -> None:
    """Another treasurer agrees: now the money is booked. Raises SamePerson, IllegalMove."""
    line = _locked(db, actor, line_id)
    if line.state != "noted":
        raise IllegalMove
    if line.noted_by == actor.person_id:
        raise SamePerson
    books.one_at_a_time(db, line.gateway)
    if matching.booked_now(db, line) != line.booked:
        raise BooksMoved
    is_large = line.flaw == Flaw.LARGE
    agreed = _agreeing(line) if is_large else worth(line, line.said)
    if agreed is None:
        raise NoRupiah
    line.reason = line.reason or SEEN
    bookings.settle(db, actor=actor, line=line, worth=agreed, by_hand=not is_large)
    _close(db, actor, line)
    matching.found(db, actor, line)


def _agreeing(line: ReportLine) -> int:
    """A large line that agrees with our books: foreign money is worth what we had counted."""
    return line.gross if line.currency == "IDR" else line.booked


@in_transaction(retries=3)
def disagree(db: Session, *, actor: Actor, line_id: int) -> None:
    """It is looked into again, with nothing booked; also whoever said it may take it back."""
    line = _locked(db, actor, line_id)
    if line.state != "noted":
        raise IllegalMove
    if line.flaw == Flaw.LARGE:
        line.flaw = Flaw.NOT_SEEN
    line.state = "unknown" if line.flaw == Flaw.NO_KEY else "differs"
    line.noted_by, line.said, line.reason = None, None, ""
    db.flush()
    asking.ask(db, line)
    audit.record(db, actor, "report_line.disagree", "report_line", line.id)


def _close(db: Session, actor: Actor, line: ReportLine) -> None:
    line.state, line.closed_by, line.closed_at = "closed", actor.person_id, clock.now()
    db.flush()
    asking.forget(db, actor, line)
    audit.record(db, actor, "report_line.close", "report_line", line.id)


def oldest_open(db: Reader, gateway: str) -> Any:
    """How many differences of a gateway are open, and the day of the oldest."""
    query = select(
        func.count().label("count"), func.min(ReportLine.occurred_on).label("oldest_on")
    ).where(ReportLine.gateway == gateway, ReportLine.state.in_(STILL_OPEN))
    return db.execute(query).one()
