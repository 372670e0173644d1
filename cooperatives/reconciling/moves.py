"""The movements behind a number, newest first, and one of them with its paper and its people."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, Select, case, func, or_, select
from sqlalchemy.orm import Session, aliased

from cooperatives.models.stock import REAL_KINDS, Lot, Movement, Place
from cooperatives.reconciling import sight
from cooperatives.reconciling.asked import Scope
from cooperatives.reconciling.goods import ADJUSTING
from cooperatives.rights import COORDINATE
from core import access
from core.access import Grant
from core.actors import Actor
from core.db import Reader
from core.errors import NotFound
from core.people import Person
from sellers.models import Listing, Seller, Variant

LIST_MAX = 100
CAME, LEFT, ADJUSTED = "masuk", "keluar", "koreksi"
GIVER, TAKER = aliased(Place), aliased(Place)
DOER, OWED = aliased(Person), aliased(Person)


def named(person: Any) -> ColumnElement[str]:
    """What somebody who works here is called; who only buys has no name on these pages."""
    works = select(Grant.id).where(Grant.person_id == person.id).exists()
    return case((works, person.call_me), else_="")


def _moves() -> Select[*tuple[Any, ...]]:
    return (
        select(
            Movement,
            GIVER.name.label("giver"),
            GIVER.kind.label("giver_kind"),
            TAKER.name.label("taker"),
            TAKER.kind.label("taker_kind"),
            Lot.batch,
            Lot.owner_id,
            Seller.store_name.label("owner"),
            func.trim(Listing.name + " " + Variant.name).label("goods"),
            named(DOER).label("doer"),
            named(OWED).label("on_behalf"),
        )
        .join(GIVER, GIVER.id == Movement.from_place_id)
        .join(TAKER, TAKER.id == Movement.to_place_id)
        .join(Lot, Lot.id == Movement.lot_id)
        .join(Seller, Seller.id == Lot.owner_id)
        .join(Variant, Variant.id == Lot.variant_id)
        .join(Listing, Listing.id == Variant.listing_id)
        .outerjoin(DOER, DOER.id == Movement.actor_id)
        .outerjoin(OWED, OWED.id == Movement.on_behalf_of)
    )


def _hers(boards: frozenset[int]) -> ColumnElement[bool]:
    """Goods of her members, or goods that came to or left a place of hers."""
    ends = [
        place.kind.in_(REAL_KINDS) & place.organisation_id.in_(boards) for place in (GIVER, TAKER)
    ]
    return or_(Lot.organisation_id.in_(boards), *ends)


def list_moves(
    db: Session,
    actor: Actor,
    scope: Scope,
    *,
    way: str = "",
    before: int | None = None,
    most: int = LIST_MAX,
) -> Sequence[Any]:
    """What moved in these days, newest first, or those `before` an id; one `way` only if asked.

    Columns: Movement, giver, taker and their kinds, batch, owner_id, owner, goods, doer, on_behalf.
    """
    seen = sight.of(db, actor, scope)
    into, out = (
        place.in_(seen.place_ids) for place in (Movement.to_place_id, Movement.from_place_id)
    )
    is_adjusting = Movement.kind.in_(ADJUSTING)
    ways = {CAME: into & ~is_adjusting, LEFT: out & ~is_adjusting}
    ways[ADJUSTED] = or_(into, out) & is_adjusting
    query = _moves().where(
        Movement.posted_at >= scope.days.since,
        Movement.posted_at < scope.days.until,
        ways.get(way, or_(into, out)),
        _hers(seen.boards),
    )
    if scope.lot_id:
        query = query.where(Movement.lot_id == scope.lot_id)
    if scope.owner_id:
        query = query.where(Lot.owner_id == scope.owner_id)
    if before is not None:
        query = query.where(Movement.id < before)
    return db.execute(query.order_by(Movement.id.desc()).limit(most)).all()


def get_move(db: Reader, actor: Actor, movement_id: int) -> Any:
    """One movement she may see; raises NotFound."""
    boards = access.subjects(db, actor, COORDINATE)
    twin = aliased(Movement)
    mended = select(twin.id).where(twin.reverses_id == Movement.id).scalar_subquery()
    query = _moves().add_columns(mended.label("mended_by"))
    found = db.execute(query.where(Movement.id == movement_id, _hers(boards))).first()
    if found is None:
        raise NotFound
    return found
