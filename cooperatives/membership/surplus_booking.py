"""The second person's word on a surplus: it is booked as proposed, or refused."""

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session

from cooperatives import ledger
from cooperatives.accounts import Owner, Page, own
from cooperatives.ledger import Line
from cooperatives.membership import surplus
from cooperatives.membership.sharing_out import Shared, share_out
from cooperatives.membership.surplus import (
    AGREE,
    AGREE_TOO,
    DOC,
    Changed,
    NotNow,
    SecondPerson,
)
from cooperatives.models.books import Kind
from cooperatives.models.surplus import Surplus, SurplusPolicy, SurplusShare
from core import audit, clock, tasks
from core.actors import Actor
from core.db import in_transaction


@in_transaction(retries=3)
def agree(db: Session, *, actor: Actor, surplus_id: int) -> Surplus:
    """Book it: the year's fund gives, the funds and every member's page take.

    Raises SecondPerson, NotNow, Changed where the books no longer say what was proposed.
    """
    made = _waiting(db, actor, surplus_id)
    shared = _as_proposed(db, made)
    ledger.post(
        db,
        actor=actor,
        kind=DOC,
        doc=(DOC, made.id),
        lines=_lines(made, shared),
        memo=_("SHU tahun %(year)s", year=made.year),
    )
    _decide(db, actor, made, "booked")
    return made


@in_transaction(retries=3)
def refuse(db: Session, *, actor: Actor, surplus_id: int) -> Surplus:
    """It is not shared like this; it may be proposed again. Raises SecondPerson, NotNow."""
    made = _waiting(db, actor, surplus_id)
    _decide(db, actor, made, "refused")
    return made


def _waiting(db: Session, actor: Actor, surplus_id: int) -> Surplus:
    made = surplus.get(db, actor, surplus_id, lock=True)
    if made.state != "proposed":
        raise NotNow
    if actor.person_id == made.made_by:
        raise SecondPerson
    return made


def _as_proposed(db: Session, made: Surplus) -> Shared:
    """What the books say now; raises Changed where it is not what was proposed."""
    parts = surplus.parts_of(db.get_one(SurplusPolicy, made.policy_id))
    now = surplus.simulate_total(db, made.organisation_id, made.year)
    shared = share_out(made.total, parts, surplus.bases(db, made.organisation_id, made.year))
    proposed = {
        (one.person_id, one.sold, one.saved, one.business, one.capital)
        for one in db.scalars(select(SurplusShare).where(SurplusShare.surplus_id == made.id))
    }
    told = {(one.person_id, one.sold, one.saved, one.business, one.capital) for one in shared.lines}
    if now != made.total or told != proposed:
        raise Changed
    return shared


def _lines(made: Surplus, shared: Shared) -> list[Line]:
    book = made.organisation_id
    hers = [
        (Page(Kind.MAKER, book, Owner(person_id=line.person_id)), -line.total)
        for line in shared.lines
    ]
    funds = [(own(Kind.FUND, book, part), -amount) for part, amount in shared.funds.items()]
    return [(own(Kind.FUND, book, f"shu-{made.year}"), made.total), *funds, *hers]


def _decide(db: Session, actor: Actor, made: Surplus, state: str) -> None:
    made.state, made.decided_by, made.decided_at = state, actor.person_id, clock.now()
    for kind in (AGREE, AGREE_TOO):
        tasks.close(db, kind, actor=actor, doc=(DOC, made.id), reason=state)
    audit.record(db, actor, f"surplus.{state}", DOC, made.id, total=made.total)
