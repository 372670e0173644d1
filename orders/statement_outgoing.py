"""Money that left on the bank statement: the refund or the payout it was, confirmed by its line."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from cooperatives import payouts
from cooperatives.models.books import Account, Kind, Payout, Settlement
from cooperatives.payout_states import PayoutState
from core import orgs
from core.actors import Actor
from core.db import in_transaction
from orders import matching, refunds, statements
from orders.matching import Fit
from orders.models import Attempt, BankLine, Order, Refund
from orders.statement_matching import NotForThat
from orders.states import IllegalMove


@dataclass(frozen=True, slots=True)
class Outgoing:
    """What a line on which money left is for."""

    fit: Fit
    refund_id: UUID | None = None
    payout_id: int | None = None
    words: str = ""


def outgoing(db: Session, lines: Iterable[BankLine]) -> dict[int, Outgoing]:
    """For every line on which money left, the refund or payout it is."""
    return {line.id: _outgoing(db, line) for line in lines if line.amount < 0}


def _outgoing(db: Session, line: BankLine) -> Outgoing:
    back = db.execute(_refunds(line)).all()
    paid = db.execute(_payouts(db, line)).all()
    words = {f"r{row.id}": row.number for row in back} | {
        f"p{row.id}": row.reference_no for row in paid
    }
    key = matching.chosen(line.text, list(words.items()))
    if key is None:
        return Outgoing(Fit.UNKNOWN)
    if key.startswith("r"):
        return Outgoing(Fit.REFUND, refund_id=UUID(key[1:]), words=words[key])
    return Outgoing(Fit.PAYOUT, payout_id=int(key[1:]), words=words[key])


def _refunds(line: BankLine) -> Any:
    return (
        select(Refund.id, Order.number)
        .join(Attempt, Attempt.id == Refund.attempt_id)
        .join(Order, Order.id == Attempt.order_id)
        .outerjoin(BankLine, BankLine.refund_id == Refund.id)
        .where(
            Refund.route == "by_hand",
            Refund.state.in_(("sent", "done")),
            Refund.amount == -line.amount,
            func.date(func.timezone("Asia/Jakarta", Refund.created_at))
            <= line.day + matching.A_NIGHT,
            BankLine.id.is_(None),
        )
        .order_by(Refund.created_at)
    )


def _payouts(db: Session, line: BankLine) -> Any:
    return (
        select(Payout.id, Payout.reference_no)
        .join(Settlement, Settlement.id == Payout.settlement_id)
        .join(Account, Account.id == Payout.source_id)
        .outerjoin(BankLine, BankLine.payout_id == Payout.id)
        .where(
            Payout.state.in_((PayoutState.SENT, PayoutState.PAID)),
            Settlement.total == -line.amount,
            Account.kind == Kind.BANK,
            Account.organisation_id == orgs.operator_id(db),
            func.date(func.timezone("Asia/Jakarta", Payout.created_at))
            <= line.day + matching.A_NIGHT,
            BankLine.id.is_(None),
        )
        .order_by(Payout.id)
    )


@in_transaction(retries=3)
def match_outgoing(db: Session, *, actor: Actor, line_id: int) -> None:
    """The actor sees on the statement that a refund or payout has left: it is confirmed by that.

    Raises SamePerson where she sent the refund herself, NotForThat, IllegalMove, NotFound.
    """
    line = statements.locked_line(db, actor, line_id)
    if line.state != "open" or line.amount > 0:
        raise IllegalMove
    found = _outgoing(db, line)
    if found.refund_id is not None:
        if db.get_one(Refund, found.refund_id, populate_existing=True).state == "sent":
            refunds.confirm.within(db, actor=actor, refund_id=found.refund_id)
        statements.match(db, actor, line, refund_id=found.refund_id)
    elif found.payout_id is not None:
        payouts.confirm.within(db, actor=actor, payout_id=found.payout_id)
        statements.match(db, actor, line, payout_id=found.payout_id)
    else:
        raise NotForThat
