"""Whose it is: every query of a shop, product or permit to be changed asks for SELL in itself.

What belongs to somebody else is not there at all (NotFound), so strangers learn nothing.
"""

from typing import TypeVar

from sqlalchemy import ColumnElement, Select, select, true
from sqlalchemy.orm import InstrumentedAttribute, Session

from core import access, clock
from core.access import Grant
from core.actors import Actor
from core.errors import NotFound
from sellers.models import Listing, Permit, Seller, Variant
from sellers.rights import SELL

T = TypeVar("T")


def mine(actor: Actor, seller_id: InstrumentedAttribute[int]) -> ColumnElement[bool]:
    """The SQL condition that a row's seller is one the actor may act for."""
    if actor.is_system:
        return true()
    held = select(Grant.subject_id).where(
        Grant.person_id == actor.person_id,
        Grant.right_name == SELL.name,
        Grant.subject_kind == SELL.subject_kind,
        access.is_live(clock.now()),
    )
    return seller_id.in_(held)


def own_shop(db: Session, actor: Actor, seller_id: int, *, lock: bool = False) -> Seller:
    """One open shop the actor may act for; raises NotFound."""
    query = select(Seller).where(
        Seller.id == seller_id, Seller.closed_at.is_(None), mine(actor, Seller.id)
    )
    return _one(db, query, lock)


def own_listing(db: Session, actor: Actor, listing_id: int, *, lock: bool = False) -> Listing:
    """One product of a shop the actor may act for; raises NotFound."""
    query = select(Listing).where(Listing.id == listing_id, mine(actor, Listing.seller_id))
    return _one(db, query, lock)


def own_variant(db: Session, actor: Actor, variant_id: int) -> tuple[Listing, Variant]:
    """A size with its product, the product locked; raises NotFound."""
    query = select(Listing).join(Variant, Variant.listing_id == Listing.id)
    listing = _one(
        db, query.where(Variant.id == variant_id, mine(actor, Listing.seller_id)), lock=True
    )
    return listing, db.get_one(Variant, variant_id, populate_existing=True)


def own_permit(db: Session, actor: Actor, permit_id: int, *, lock: bool = False) -> Permit:
    """One permit of a shop the actor may act for; raises NotFound."""
    query = select(Permit).where(Permit.id == permit_id, mine(actor, Permit.seller_id))
    return _one(db, query, lock)


def _one(db: Session, query: Select[T], lock: bool) -> T:
    """Locked rows are read afresh: what the page loaded a moment ago may be old."""
    if lock:
        query = query.with_for_update(of=query.column_descriptions[0]["entity"])
        query = query.execution_options(populate_existing=True)
    found = db.scalar(query)
    if found is None:
        raise NotFound
    return found
