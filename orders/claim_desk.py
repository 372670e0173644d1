"""Whose desk a claim lies on, and whose turn it is to decide.

Seller and keeper see the claims on their parcels, a coordinator those of her organisation's places,
operators all. Who decides where seller and buyer do not agree may not be one of the two.
"""

from uuid import UUID

from flask_babel import lazy_gettext as _
from sqlalchemy import ColumnElement, Select, or_, select
from sqlalchemy.orm import Session

from cooperatives.models import Place
from cooperatives.rights import COORDINATE
from core import access, orgs
from core.access import Right
from core.actors import Actor
from core.db import Reader
from core.errors import DomainError, NotFound
from core.rights import OPERATE
from orders import claim_steps, parcels
from orders.claim_states import LIVING, Bearer, ClaimState, Trouble, possible_bearers
from orders.models import Claim, Order, Parcel
from orders.parcels import Handled
from orders.states import IllegalMove

LIST_MAX = 100


class OwnCase(DomainError):
    """Who handled the parcel does not decide what seller and buyer could not agree on."""

    status = 409
    sentence = _("Ini tentang paket Ibu sendiri. Minta koordinator lain atau pengelola memutuskan.")


def desk(db: Reader, actor: Actor, right: Right) -> ColumnElement[bool]:
    """The condition on `Place` under which claims lie on this desk; operators see them all."""
    mine = parcels.on_desk(db, actor, right)
    if right is COORDINATE and _operates(db, actor):
        return or_(mine, Place.id.is_not(None))
    return mine


def _operates(db: Reader, actor: Actor) -> bool:
    return orgs.operator_id(db) in access.subjects(db, actor, OPERATE)


def _all() -> Select[Claim, Parcel, Order, Place]:
    return (
        select(Claim, Parcel, Order, Place)
        .join(Parcel, Parcel.id == Claim.parcel_id)
        .join(Order, Order.id == Claim.order_id)
        .join(Place, Place.id == Parcel.place_id)
    )


def list_open(db: Session, actor: Actor, right: Right) -> list[tuple[Claim, Handled]]:
    """Claims that are not over on a desk, the most urgent first."""
    query = (
        _all()
        .where(Claim.state.in_(LIVING), desk(db, actor, right))
        .order_by(Claim.due_at.nulls_last(), Claim.opened_at)
        .limit(LIST_MAX)
    )
    return [(row[0], Handled(row[1], row[2], row[3])) for row in db.execute(query)]


def get_claim(db: Session, actor: Actor, claim_id: UUID, right: Right) -> tuple[Claim, Handled]:
    """One claim on a desk, to look at; raises NotFound."""
    row = db.execute(_all().where(Claim.id == claim_id, desk(db, actor, right))).one_or_none()
    if row is None:
        raise NotFound
    return row[0], Handled(row[1], row[2], row[3])


def lock(db: Session, actor: Actor, claim_id: UUID, *rights: Right) -> tuple[Claim, Handled]:
    """A claim that lies on one of these desks of the actor, locked; raises NotFound."""
    claim, handled = claim_steps.lock(db, claim_id)
    mine = or_(*(desk(db, actor, right) for right in rights))
    if db.scalar(select(Place.id).where(Place.id == handled.place.id, mine)) is None:
        raise NotFound
    return claim, handled


def may_answer(db: Reader, actor: Actor, claim: Claim, place: Place) -> bool:
    """Whether it is this actor's turn: hers while it is open, a coordinator's once it is not."""
    if claim.state == ClaimState.OPEN:
        return True
    return claim.state == ClaimState.ESCALATED and _decides(db, actor, place)


def _decides(db: Reader, actor: Actor, place: Place) -> bool:
    if _operates(db, actor):
        return True
    coordinates = place.organisation_id in access.subjects(db, actor, COORDINATE)
    return coordinates and not is_own_case(db, actor, place)


def is_own_case(db: Reader, actor: Actor, place: Place) -> bool:
    """Whether the actor handles the parcels of this place herself, or helps who does."""
    return actor.person_id in access.people_who(db, *parcels.handlers(place))


def refuse_own_case(db: Session, actor: Actor, place: Place) -> None:
    """Raise OwnCase, or IllegalMove, unless this actor may decide where two do not agree."""
    if _decides(db, actor, place):
        return
    coordinates = place.organisation_id in access.subjects(db, actor, COORDINATE)
    raise OwnCase if coordinates else IllegalMove


def where(handled: Handled) -> dict[str, bool]:
    """What the tables of bearers ask of a parcel."""
    is_shipped = handled.parcel.way == "ship"
    return {"shipped": is_shipped, "from_kiosk": handled.place.kind == "kiosk"}


def bearers_for(db: Reader, actor: Actor, claim: Claim, handled: Handled) -> tuple[Bearer, ...]:
    """Whom this actor may let bear a claim; nobody decides that in her own case."""
    if not _decides(db, actor, handled.place) or not claim.offer:
        return ()
    return possible_bearers(
        Trouble(claim.trouble), **where(handled), by_operator=_operates(db, actor)
    )
