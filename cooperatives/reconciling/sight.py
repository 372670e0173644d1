"""Whose goods a coordinator sees add up: all at her places, and her members' goods elsewhere."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from cooperatives.models.stock import REAL_KINDS, Level, Lot, Place
from cooperatives.reconciling.asked import Scope
from cooperatives.rights import COORDINATE
from core import access
from core.actors import Actor
from core.db import Reader
from core.errors import NotFound
from sellers.models import Seller


@dataclass(frozen=True, slots=True)
class Sight:
    """The organisations she coordinates, and the places that this question is about."""

    boards: frozenset[int]
    place_ids: tuple[int, ...]

    def of_hers(self) -> ColumnElement[bool]:
        """The condition on joined Place and Lot that she may see this lot at this place."""
        return or_(Place.organisation_id.in_(self.boards), Lot.organisation_id.in_(self.boards))


def of(db: Session, actor: Actor, scope: Scope) -> Sight:
    """What she may see of this question; raises NotFound where that is nothing of hers."""
    boards = access.subjects(db, actor, COORDINATE)
    if scope.lot_id or scope.owner_id:
        found = _where_lots_stood(db, boards, scope)
    else:
        found = _own_places(db, boards, scope)
    if not found and (scope.place_id or scope.lot_id):
        raise NotFound
    if not found and scope.owner_id:
        _known_owner(db, boards, scope.owner_id)
    return Sight(boards, tuple(found))


def _where_lots_stood(db: Reader, boards: frozenset[int], scope: Scope) -> Sequence[int]:
    """Everywhere that goods of this owner, or of this lot, ever stood; levels are never deleted."""
    query = (
        select(Level.place_id)
        .distinct()
        .join(Lot, Lot.id == Level.lot_id)
        .join(Place, Place.id == Level.place_id)
        .where(Place.kind.in_(REAL_KINDS))
        .where(or_(Place.organisation_id.in_(boards), Lot.organisation_id.in_(boards)))
    )
    query = query.where(*_matching(scope, Level.place_id))
    return db.execute(query.order_by(Level.place_id)).scalars().all()


def _matching(scope: Scope, place: InstrumentedAttribute[int]) -> list[ColumnElement[bool]]:
    asked: list[ColumnElement[bool]] = []
    if scope.lot_id:
        asked.append(Lot.id == scope.lot_id)
    if scope.owner_id:
        asked.append(Lot.owner_id == scope.owner_id)
    if scope.place_id:
        asked.append(place == scope.place_id)
    return asked


def _own_places(db: Reader, boards: frozenset[int], scope: Scope) -> Sequence[int]:
    """Her organisations' places, and others' where goods of her members stand now."""
    guest = (
        select(Level.id)
        .join(Lot, Lot.id == Level.lot_id)
        .where(Level.place_id == Place.id, Lot.organisation_id.in_(boards))
    )
    if scope.place_id is None:
        guest = guest.where(Level.on_hand > 0)
    elsewhere = and_(Place.kind.in_(("kiosk", "bazaar")), guest.exists())
    query = select(Place.id).where(
        Place.kind.in_(REAL_KINDS), or_(Place.organisation_id.in_(boards), elsewhere)
    )
    if scope.place_id is not None:
        query = query.where(Place.id == scope.place_id)
    return db.execute(query.order_by(Place.id)).scalars().all()


def _known_owner(db: Reader, boards: frozenset[int], owner_id: int) -> None:
    """A member who never brought anything is there all the same; raises NotFound for others."""
    query = select(Seller.id).where(Seller.id == owner_id, Seller.organisation_id.in_(boards))
    if db.execute(query).first() is None:
        raise NotFound
