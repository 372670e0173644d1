"""What money that came on the bank statement is for: proposed by the rules, confirmed by people.

It goes through `orders.arrivals`, so it pays, waits as a part or goes back; from the limit on two
treasurers have to see it.
"""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID

from flask_babel import lazy_gettext as _
from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from core import audit, clock
from core.access import SamePerson
from core.actors import Actor
from core.clock import WIB
from core.db import in_transaction
from core.errors import DomainError
from orders import arrivals, attempts, matching, statements
from orders.matching import Awaited, Credit, Fit, Proposal
from orders.models import Attempt, BankLine, Order
from orders.states import AttemptState, IllegalMove
from orders.transfers import needs_two

AWAITED_MAX = 2_000
LOOK_BACK = timedelta(days=60)


class NotForThat(DomainError):
    """The line cannot be for this: another direction, another amount, or of another time."""

    sentence = _("Baris ini tidak cocok dengan itu. Periksa jumlah dan tanggalnya.")


class SeenForAnother(DomainError):
    """The first treasurer saw this line to be for another order."""

    status = 409
    sentence = _("Bendahara pertama mencocokkannya dengan pesanan lain. Bicarakan dulu berdua.")


def proposals(db: Session, lines: Sequence[BankLine]) -> dict[int, Proposal]:
    """For every line on which money came, what it is for as far as can be told."""
    came = [Credit(line.id, line.day, line.amount, line.text) for line in lines if line.amount > 0]
    return matching.propose(came, _awaited(db, came)) if came else {}


def _awaited(db: Session, lines: Sequence[Credit]) -> list[Awaited]:
    """The transfers that could be meant: open ones, and those of these amounts or order numbers."""
    numbers = {number for line in lines for number in matching.numbers_in(line.text)}
    amounts = {line.amount for line in lines}
    query = (
        _transfers()
        .where(
            or_(
                Attempt.state.in_(attempts.OPEN_STATES),
                Order.number.in_(numbers),
                (Attempt.amount.in_(amounts) | Attempt.reached.in_(amounts))
                & (Attempt.created_at > clock.now() - LOOK_BACK),
            )
        )
        .limit(AWAITED_MAX)
    )
    parts = _parts(db)
    return [_told(row, parts) for row in db.execute(query)]


def _transfers() -> Any:
    return (
        select(Attempt, Order.number, BankLine.id.label("line_id"))
        .join(Order, Order.id == Attempt.order_id)
        .outerjoin(BankLine, BankLine.attempt_id == Attempt.id)
        .where(
            Attempt.method == "transfer",
            Attempt.state.not_in((AttemptState.PART, AttemptState.JOINED)),
        )
        .order_by(Attempt.created_at, Attempt.number)
    )


def _parts(db: Session) -> dict[UUID, int]:
    query = select(Attempt.order_id, func.sum(Attempt.reached)).where(
        Attempt.state == AttemptState.PART
    )
    return {row[0]: int(row[1]) for row in db.execute(query.group_by(Attempt.order_id))}


def _told(row: Any, parts: dict[UUID, int]) -> Awaited:
    attempt: Attempt = row.Attempt
    seen = attempt.captured_at
    return Awaited(
        attempt_id=attempt.id,
        number=row.number,
        key=attempt.gateway_key,
        since=attempt.created_at.astimezone(WIB).date(),
        asked=attempt.amount - parts.get(attempt.order_id, 0),
        got=attempt.reached - attempt.joined,
        is_open=attempt.state in attempts.OPEN_STATES,
        has_line=row.line_id is not None,
        seen_on=seen.astimezone(WIB).date() if seen else None,
    )


def by_number(db: Session, line: BankLine, number: str) -> Awaited:
    """The transfer of an order that a treasurer names for a line; raises NotForThat."""
    rows = db.execute(_transfers().where(Order.number == number.strip().upper())).all()
    found = [_told(row, _parts(db)) for row in rows]
    free = [one for one in found if not one.is_taken]
    if not found or found[0].since - matching.A_NIGHT > line.day:
        raise NotForThat
    return (free or found)[-1]


@in_transaction(retries=3)
def match(db: Session, *, actor: Actor, line_id: int, attempt_id: UUID) -> bool:
    """The actor says that this money is for this transfer; returns whether it is in the books now.

    From the limit on the first treasurer only notes it. Raises SamePerson, SeenForAnother,
    NotForThat, IllegalMove, NotFound.
    """
    line = statements.locked_line(db, actor, line_id)
    if line.state != "open" or line.amount < 0:
        raise IllegalMove
    _order, attempt = attempts.locked(db, attempt_id)
    if attempt.method != "transfer" or attempt.created_at.astimezone(WIB).date() > (
        line.day + matching.A_NIGHT
    ):
        raise NotForThat
    if _is_noted_by_hand(db, attempt, line):
        statements.match(db, actor, line, attempt_id=attempt.id)
        return True
    first = _first_to_see(line, attempt)
    if needs_two(line.amount):
        if first is None:
            line.noted_by, line.noted_attempt_id = actor.person_id, attempt.id
            audit.record(db, actor, "statement.noted", "bank_line", line.id)
            return False
        if first == actor.person_id:
            raise SamePerson
    holder = arrivals.take(db, actor=actor, attempt_id=attempt.id, amount=line.amount)
    holder.noted_by = first or actor.person_id
    holder.confirmed_by = actor.person_id if first not in (None, actor.person_id) else None
    statements.match(db, actor, line, attempt_id=holder.id)
    return True


def _is_noted_by_hand(db: Session, attempt: Attempt, line: BankLine) -> bool:
    """Its money is in the books already, and this is the line of that very money."""
    if attempt.captured_at is None or attempt.reached - attempt.joined != line.amount:
        return False
    return db.scalar(select(BankLine.id).where(BankLine.attempt_id == attempt.id)) is None


def _first_to_see(line: BankLine, attempt: Attempt) -> int | None:
    """Who saw it first, on the statement or in the file."""
    if line.noted_by is not None:
        if line.noted_attempt_id != attempt.id:
            raise SeenForAnother
        return line.noted_by
    return attempt.noted_by if attempt.noted_amount == line.amount else None


def match_sure(*, actor: Actor, lines: Sequence[BankLine], found: dict[int, Proposal]) -> list[int]:
    """One press for all that is sure; each line is its own step. How many are booked, wait for a
    second treasurer, and were refused because something has changed since.
    """
    booked = noted = refused = 0
    for line in lines:
        proposal = found.get(line.id)
        if proposal is None or proposal.fit not in matching.SURE or proposal.target is None:
            continue
        try:
            if match(actor=actor, line_id=line.id, attempt_id=proposal.target.attempt_id):
                booked += 1
            else:
                noted += 1
        except SamePerson:
            noted += 1
        except DomainError:
            refused += 1
    return [booked, noted, refused]


@in_transaction(retries=3)
def close(db: Session, *, actor: Actor, line_id: int, reason: str) -> None:
    """The line is for none of ours: a bank's fee, a deposit. The reason is kept."""
    line = statements.locked_line(db, actor, line_id)
    if line.state != "open" or not reason.strip():
        raise IllegalMove
    statements.leave(db, actor, line, reason.strip()[:200])


@in_transaction(retries=3)
def reopen(db: Session, *, actor: Actor, line_id: int) -> None:
    """A line was closed by mistake."""
    line = statements.locked_line(db, actor, line_id)
    if line.state != "closed":
        raise IllegalMove
    line.reason, line.state, line.ended_by, line.ended_at = "", "open", None, None
    audit.record(db, actor, "statement.reopen", "bank_line", line.id)


@in_transaction(retries=3)
def ask_about_rest(db: Session, *, actor: Actor) -> None:
    """A task for every line on which money came that the rules say nothing of."""
    lines = statements.list_lines(db, actor)
    found = proposals(db, lines)
    statements.ask_about(
        db, [line for line in lines if line.id in found and found[line.id].fit is Fit.UNKNOWN]
    )
