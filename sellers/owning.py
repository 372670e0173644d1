"""Whose it is: every query of a shop, product or permit to be changed asks for a right in itself.

What belongs to somebody else is not there at all (NotFound), so strangers learn nothing. Without
rights named, only the whole counts: what a helper may do says so by naming a part.
"""

from typing import TypeVar

from flask_babel import lazy_gettext as _
from sqlalchemy import ColumnElement, Select, select, true
from sqlalchemy.orm import InstrumentedAttribute, Session

from core import access
from core.access import Right
from core.actors import Actor
from core.errors import Forbidden, NotFound
from sellers.models import Listing, Permit, Seller, Variant
from sellers.rights import SELL

T = TypeVar("T")


class MoneyIsHers(Forbidden):
    """A helper does not note cash, nor end what somebody still owes."""

    sentence = _("Soal uang hanya dicatat pemilik toko atau koordinator.")


def mine(
    actor: Actor, seller_id: InstrumentedAttribute[int], *rights: Right
) -> ColumnElement[bool]:
    """The SQL condition that a row's seller is one for whom the actor holds any of the rights."""
    if actor.is_system:
        return true()
    return seller_id.in_(access.subjects_of(actor, *(rights or (SELL,))))


def own_shop(
    db: Session, actor: Actor, seller_id: int, *rights: Right, lock: bool = False
) -> Seller:
    """One open shop for which the actor holds any of the rights; raises NotFound."""
    query = select(Seller).where(
        Seller.id == seller_id, Seller.closed_at.is_(None), mine(actor, Seller.id, *rights)
    )
    return _one(db, query, lock)


def own_listing(
    db: Session, actor: Actor, listing_id: int, *rights: Right, lock: bool = False
) -> Listing:
    """One product of a shop for which the actor holds any of the rights; raises NotFound."""
    query = select(Listing).where(Listing.id == listing_id, mine(actor, Listing.seller_id, *rights))
    return _one(db, query, lock)


def own_variant(
    db: Session, actor: Actor, variant_id: int, *rights: Right
) -> tuple[Listing, Variant]:
    """A size with its product, the product locked; raises NotFound."""
    query = select(Listing).join(Variant, Variant.listing_id == Listing.id)
    listing = _one(
        db,
        query.where(Variant.id == variant_id, mine(actor, Listing.seller_id, *rights)),
        lock=True,
    )
    return listing, db.get_one(Variant, variant_id, populate_existing=True)


def may(db: Session, actor: Actor, seller_id: int, right: Right) -> bool:
    """Whether what the actor holds of this shop reaches so far."""
    return actor.is_system or seller_id in access.subjects(db, actor, right)


def require(db: Session, actor: Actor, seller_id: int, right: Right) -> None:
    """Raise NotForHer where what she holds of this shop does not reach so far."""
    if not may(db, actor, seller_id, right):
        raise access.NotForHer


def refuse_helpers(actor: Actor) -> None:
    """Raise MoneyIsHers for who acts on somebody's behalf: no mandate reaches as far as money."""
    if actor.on_behalf_of is not None:
        raise MoneyIsHers


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
