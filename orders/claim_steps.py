"""The steps every claim takes, whoever makes them: locked, moved, carried out, finished."""

from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from cooperatives.models import Place
from core import audit, clock
from core.actors import Actor
from core.config import settings
from core.errors import NotFound
from orders import claim_goods, claim_money, claim_parts, claim_tasks, working_days
from orders.claim_states import CLAIM_MOVES, Bearer, ClaimEvent, ClaimState, Trouble
from orders.models import Claim, Order, Parcel
from orders.parcels import Handled
from orders.settings import OrderSettings
from orders.states import PARCEL_MOVES, ParcelEvent, ParcelState, move

REPLACE_DAYS = 2
"""Working days to send other goods off."""


def lock_parcel(db: Session, order_id: UUID, parcel_id: int) -> Handled:
    """The order and then the parcel, locked as everybody locks them; raises NotFound."""
    order = db.get(Order, order_id, with_for_update=True, populate_existing=True)
    parcel = db.get(Parcel, parcel_id, with_for_update=True, populate_existing=True)
    if order is None or parcel is None or parcel.order_id != order.id:
        raise NotFound
    return Handled(parcel, order, db.get_one(Place, parcel.place_id))


def lock(db: Session, claim_id: UUID) -> tuple[Claim, Handled]:
    """A claim, locked after its order and parcel; raises NotFound. The caller checks whose."""
    found = db.execute(
        select(Claim.order_id, Claim.parcel_id).where(Claim.id == claim_id)
    ).one_or_none()
    if found is None:
        raise NotFound
    handled = lock_parcel(db, found.order_id, found.parcel_id)
    claim = db.get_one(Claim, claim_id, with_for_update=True, populate_existing=True)
    return claim, handled


def step(db: Session, actor: Actor, claim: Claim, event: ClaimEvent) -> bool:
    """Move a locked claim; whether that changed anything. Raises IllegalMove."""
    before = ClaimState(claim.state)
    after = move(CLAIM_MOVES, before, event)
    if after is before:
        return False
    claim.state = after.value
    audit.record(db, actor, f"claim.{event.value}", "claim", claim.id, state=after.value)
    return True


def to_coordinator(db: Session, actor: Actor, handled: Handled, claim: Claim) -> None:
    """Seller and buyer have not found together, or nobody answered in time."""
    claim_goods.release(db, claim, "escalated")
    claim_tasks.forget(db, actor, claim)
    claim.due_at = working_days.end_of(clock.now(), settings(OrderSettings).claim_answer_days)
    claim_tasks.ask(db, claim_tasks.DECIDE, claim, handled, claim.due_at)
    claim_tasks.tell_buyer(db, claim, handled, "claim_escalated", actor)


def carry_out(db: Session, actor: Actor, handled: Handled, claim: Claim) -> None:
    """Do what was agreed, or ask for what has to be done first. Raises NotPaidYet, PaidBack."""
    claim.agreed_at = clock.now()
    claim_tasks.forget(db, actor, claim)
    if claim.trouble == Trouble.NOT_THERE and handled.parcel.state == ParcelState.HANDED_OVER:
        _never_came(db, actor, handled)
    claim_tasks.tell_buyer(db, claim, handled, "claim_agreed", actor)
    rules = settings(OrderSettings)
    if claim.offer == "replace":
        claim.due_at = working_days.end_of(clock.now(), REPLACE_DAYS)
        claim_tasks.ask(db, claim_tasks.REPLACE, claim, handled, claim.due_at)
    if claim.comes_back:
        claim.due_at = clock.now() + timedelta(days=rules.send_back_days)
        claim_tasks.ask(db, claim_tasks.TAKE_BACK, claim, handled, claim.due_at)
    _look_who_bears(db, claim, handled)
    finish_if_done(db, actor, handled, claim)


def _never_came(db: Session, actor: Actor, handled: Handled) -> None:
    """A parcel that was lost waits for nothing more; what is left to earn is earned."""
    parcel = handled.parcel
    parcel.state = move(PARCEL_MOVES, ParcelState(parcel.state), ParcelEvent.DELIVER).value
    parcel.delivered_at = parcel.quiet_until = clock.now()
    audit.record(db, actor, "parcel.never_came", "parcel", parcel.id)


def _look_who_bears(db: Session, claim: Claim, handled: Handled) -> None:
    """Whoever answers may not spend somebody else's money unseen."""
    packer = Bearer.MAKER if handled.place.kind == "home" else Bearer.KIOSK
    if claim.bearer != packer:
        claim_tasks.ask(db, claim_tasks.LOOK, claim, handled)


def finish_if_done(db: Session, actor: Actor, handled: Handled, claim: Claim) -> None:
    """Pay once the goods that should come back are there, and close what is over."""
    if claim.comes_back and claim.back_at is None:
        return
    if claim.offer == "money" and claim.paid_at is None:
        claim_money.pay(db, actor, handled, claim)
        _tell_makers(db, handled, claim)
    if claim.offer == "replace" and claim.arrived_at is None:
        return
    if step(db, actor, claim, ClaimEvent.FINISH):
        if claim.offer == "replace" and claim_parts.is_to_earn(handled.parcel):
            days = settings(OrderSettings).complaint_days
            handled.parcel.quiet_until = working_days.end_of(clock.now(), days)
        end(db, actor, handled, claim, "claim_closed")


def _tell_makers(db: Session, handled: Handled, claim: Claim) -> None:
    if claim.bearer == Bearer.MAKER:
        rows = claim_money.rows_of(db, claim)
        makers = {line.seller_id for row, line in rows if row.granted and line.seller_id}
        claim_tasks.tell_makers(db, claim, handled, makers)


def end(db: Session, actor: Actor, handled: Handled, claim: Claim, what: str) -> None:
    """A claim is over, in whichever way."""
    claim.closed_at, claim.due_at = clock.now(), None
    claim_tasks.forget(db, actor, claim)
    claim_tasks.tell_buyer(db, claim, handled, what, actor)


def counts_as_arrived_at() -> datetime:
    """When other goods that are sent now count as arrived, unless the buyer says so before."""
    return clock.now() + timedelta(days=settings(OrderSettings).replaced_days)
