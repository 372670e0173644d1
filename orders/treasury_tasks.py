"""What the orders' money asks of the operator's treasurers: transfers to see, refunds to send.

Written and closed in the transaction that makes or ends the need, so a task is never lost or stale.
"""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from flask_babel import lazy_gettext as _
from sqlalchemy.orm import Session

from cooperatives.rights import TREASURE
from core import clock, orgs, tasks, words
from core.actors import Actor
from core.tasks import TaskKind
from orders.models import Attempt, Order, Refund

SEE = tasks.declare(
    "transfer.see", _("Cari transfer %(amount)s untuk pesanan %(number)s di rekening")
)
SEE_TOO = tasks.declare(
    "transfer.see_too", _("Lihat juga transfer %(amount)s untuk pesanan %(number)s")
)
SEND = tasks.declare("refund.send", _("Kirim uang kembali %(amount)s untuk pesanan %(number)s"))
SEE_LEAVE = tasks.declare(
    "refund.see_leave", _("Periksa uang kembali %(amount)s untuk pesanan %(number)s sudah keluar")
)
LOOK = tasks.declare(
    "payment.look", _("Periksa pembayaran %(number)s: yang datang tidak sama dengan tagihan")
)
CONTESTED = tasks.declare(
    "payment.contested", _("Bank pembeli menahan uang pesanan %(number)s: %(amount)s")
)
SECOND_PERSON_TIME = timedelta(days=1)
REFUND_TIME = timedelta(days=3)


def _ask(
    db: Session,
    kind: TaskKind,
    *,
    doc: tuple[str, UUID],
    link: str,
    due_at: datetime | None,
    number: str,
    amount: int,
) -> None:
    facts: dict[str, Any] = {"number": number, "amount": words.rupiah(amount)}
    holders = (TREASURE, orgs.operator_id(db))
    tasks.write(db, kind, doc=doc, link=link, holders=holders, due_at=due_at, facts=facts)


def transfer_awaited(
    db: Session, *, attempt_id: UUID, number: str, amount: int, due_at: datetime | None
) -> None:
    """A buyer was asked to transfer: somebody looks for it on the statement."""
    doc, link = ("attempt", attempt_id), f"/kas/transfer/{attempt_id}"
    _ask(db, SEE, doc=doc, link=link, due_at=due_at, number=number, amount=amount)


def rest_awaited(db: Session, *, actor: Actor, attempt: Attempt, order: Order, rest: int) -> None:
    """A part of it came: now somebody looks for its rest."""
    tasks.close(db, SEE, actor=actor, doc=("attempt", attempt.id), reason="part")
    transfer_awaited(
        db, attempt_id=attempt.id, number=order.number, amount=rest, due_at=attempt.expires_at
    )


def transfer_noted(db: Session, *, actor: Actor, attempt: Attempt, order: Order) -> None:
    """One treasurer saw a large transfer: another one has to see it too."""
    tasks.close(db, SEE, actor=actor, doc=("attempt", attempt.id), reason="noted")
    _ask(
        db,
        SEE_TOO,
        doc=("attempt", attempt.id),
        link=f"/kas/transfer/{attempt.id}",
        due_at=clock.now() + SECOND_PERSON_TIME,
        number=order.number,
        amount=attempt.amount,
    )


def transfer_over(db: Session, *, actor: Actor, attempt: Attempt) -> None:
    """The transfer came, or is awaited no more; one already seen still needs its second person."""
    if attempt.method != "transfer":
        return
    doc = ("attempt", attempt.id)
    tasks.close(db, SEE, actor=actor, doc=doc, reason=attempt.state)
    if attempt.captured_at is not None:
        tasks.close(db, SEE_TOO, actor=actor, doc=doc, reason=attempt.state)


def look_at(db: Session, *, attempt: Attempt, order: Order) -> None:
    """What a gateway says does not fit what we asked: a person must look."""
    _ask_about(db, LOOK, attempt, order, clock.now() + SECOND_PERSON_TIME)


def looked_at(db: Session, *, actor: Actor, attempt: Attempt, reason: str) -> None:
    """Somebody has looked, and says what it was."""
    tasks.close(db, LOOK, actor=actor, doc=("attempt", attempt.id), reason=reason)


def money_taken_back(db: Session, *, attempt: Attempt, order: Order) -> None:
    """A buyer's bank holds money back, or has taken it for good."""
    _ask_about(db, CONTESTED, attempt, order, clock.now() + REFUND_TIME)


def money_is_back(db: Session, *, actor: Actor, attempt: Attempt) -> None:
    """The dispute is won, or somebody bears what was lost."""
    tasks.close(db, CONTESTED, actor=actor, doc=("attempt", attempt.id), reason=attempt.state)


def _ask_about(
    db: Session, kind: TaskKind, attempt: Attempt, order: Order, due_at: datetime
) -> None:
    doc, link = ("attempt", attempt.id), f"/kas/pembayaran/{attempt.id}"
    _ask(db, kind, doc=doc, link=link, due_at=due_at, number=order.number, amount=attempt.amount)


def refund_due(db: Session, *, refund: Refund, order: Order) -> None:
    """Money has to go back to a buyer."""
    _refund_step(db, SEND, refund, order, clock.now() + REFUND_TIME)


def refund_sent(db: Session, *, actor: Actor, refund: Refund, order: Order) -> None:
    """One treasurer sent it: another one has to see it leave."""
    tasks.close(db, SEND, actor=actor, doc=("refund", refund.id), reason="sent")
    _refund_step(db, SEE_LEAVE, refund, order, clock.now() + SECOND_PERSON_TIME)


def refund_over(db: Session, *, actor: Actor, refund: Refund) -> None:
    """It has left, or was given back in another way."""
    for kind in (SEND, SEE_LEAVE):
        tasks.close(db, kind, actor=actor, doc=("refund", refund.id), reason=refund.state)


def _refund_step(
    db: Session, kind: TaskKind, refund: Refund, order: Order, due_at: datetime
) -> None:
    _ask(
        db,
        kind,
        doc=("refund", refund.id),
        link=f"/kas/kembali/{refund.id}",
        due_at=due_at,
        number=order.number,
        amount=refund.amount,
    )
