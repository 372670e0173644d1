"""What happens to claims when somebody is silent, and when goods promised for them go missing."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from cooperatives import shortfalls
from core import clock, jobs
from core.actors import SYSTEM
from core.db import db as database
from core.db import in_transaction
from core.errors import DomainError
from orders import claim_goods, claim_steps, claim_tasks
from orders.claim_states import LIVING, ClaimEvent, ClaimState
from orders.models import Claim

BATCH_MAX = 100


@jobs.job("orders.mind_claims", key=None, cron="*/10 * * * *")
def mind_claims() -> None:
    """Go on with every claim whose promised time is over, each in its own transaction."""
    for claim_id in overdue(clock.now()):
        try:
            go_on(claim_id=claim_id)
        except DomainError:
            call(claim_id=claim_id)


def overdue(now: datetime) -> list[UUID]:
    """Claims on which the next step was promised by now."""
    query = select(Claim.id).where(Claim.due_at <= now, Claim.state.in_(LIVING))
    return list(database.session().scalars(query.order_by(Claim.due_at).limit(BATCH_MAX)))


@in_transaction(retries=3)
def go_on(db: Session, *, claim_id: UUID) -> None:
    """Nobody answered: the coordinator does. The buyer was silent: what she was told stands."""
    claim, handled = claim_steps.lock(db, claim_id)
    if claim.due_at is None or claim.due_at > clock.now():
        return
    match ClaimState(claim.state):
        case ClaimState.OPEN:
            claim_steps.step(db, SYSTEM, claim, ClaimEvent.ESCALATE)
            claim_steps.to_coordinator(db, SYSTEM, handled, claim)
        case ClaimState.OFFERED:
            claim_steps.step(db, SYSTEM, claim, ClaimEvent.LAPSE)
            claim_steps.carry_out(db, SYSTEM, handled, claim)
        case ClaimState.ANSWERED:
            claim_steps.step(db, SYSTEM, claim, ClaimEvent.LAPSE)
            claim_steps.end(db, SYSTEM, handled, claim, "claim_closed")
        case ClaimState.AGREED if claim.replaced_at is not None and claim.arrived_at is None:
            claim.arrived_at, claim.due_at = clock.now(), None
            claim_steps.finish_if_done(db, SYSTEM, handled, claim)
        case _:
            claim.due_at = None
            claim_tasks.ask(db, claim_tasks.LATE, claim, handled)


@in_transaction(retries=3)
def call(db: Session, *, claim_id: UUID) -> None:
    """It could not go on by itself: a coordinator looks at it."""
    claim, handled = claim_steps.lock(db, claim_id)
    claim.due_at = None
    claim_tasks.ask(db, claim_tasks.LATE, claim, handled)


@jobs.job("orders.mend_replacement", key="shortfall_id")
def mend_replacement(shortfall_id: int) -> None:
    """Goods promised as a replacement are gone: the coordinator decides anew."""
    _mend(shortfall_id=shortfall_id)


@in_transaction(retries=3)
def _mend(db: Session, *, shortfall_id: int) -> None:
    shortfall, hold = shortfalls.get_shortfall(db, shortfall_id)
    if hold.doc_type != claim_goods.KIND or shortfall.mended_at is not None:
        return
    claim, handled = claim_steps.lock(db, UUID(hold.doc_id))
    is_waiting = claim.state in (ClaimState.OFFERED, ClaimState.AGREED)
    if is_waiting and claim.replaced_at is None:
        claim_steps.step(db, SYSTEM, claim, ClaimEvent.BREAK)
        claim_steps.to_coordinator(db, SYSTEM, handled, claim)
    how = "the coordinator decides anew"
    shortfalls.mend(db, actor=SYSTEM, shortfall_id=shortfall.id, how=how)
