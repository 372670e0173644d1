"""Who passes goods on: a link of her own for each product, with the visits it brought.

The credit is her name and a count. No money hangs on it: the terms of no product name a share for
whoever invites, and visitors are counted without being known.
"""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from core.actors import Actor
from core.db import PAGE_SIZE_MAX, Reader, in_transaction
from core.errors import NotFound
from core.people import Person
from sellers.models import Listing, Referral, Seller
from sellers.owning import mine
from sellers.publishing import SHOWN

CODE_BYTES = 6


@dataclass(frozen=True, slots=True)
class Link:
    """Her link to one product; `slug` is the product's own address."""

    code: str
    listing_id: int
    slug: str
    name: str
    visits: int


@in_transaction(retries=3)
def link_to(db: Session, *, actor: Actor, listing_id: int) -> Link:
    """The actor's link to a product that buyers can see, made on first need. Raises NotFound."""
    listing = db.scalar(select(Listing).where(Listing.id == listing_id, SHOWN))
    if listing is None or actor.person_id is None:
        raise NotFound
    values = {
        "code": secrets.token_urlsafe(CODE_BYTES),
        "person_id": actor.person_id,
        "listing_id": listing_id,
    }
    db.execute(insert(Referral).values(values).on_conflict_do_nothing())
    hers = select(Referral).where(
        Referral.person_id == actor.person_id, Referral.listing_id == listing_id
    )
    found = db.scalars(hers).one()
    return Link(found.code, listing_id, listing.slug, listing.name, found.visits)


def slug_behind(db: Reader, code: str) -> str:
    """The address of the product behind a link, whether buyers can still see it or not; raises
    NotFound.
    """
    query = select(Listing.slug).join(Referral, Referral.listing_id == Listing.id)
    slug = db.execute(query.where(Referral.code == code)).scalar()
    if slug is None:
        raise NotFound
    return str(slug)


@in_transaction()
def count_visit(db: Session, *, actor: Actor, code: str) -> None:
    """Somebody came by a link; her own visits are not counted."""
    others = Referral.person_id.is_distinct_from(actor.person_id)
    came = update(Referral).where(Referral.code == code, others)
    db.execute(came.values(visits=Referral.visits + 1))


def list_mine(db: Reader, actor: Actor) -> Sequence[Any]:
    """Her links, the most visited first: code, listing_id, name, store_name, visits."""
    query = (
        select(Referral.code, Referral.listing_id, Listing.name, Seller.store_name, Referral.visits)
        .join(Listing, Listing.id == Referral.listing_id)
        .join(Seller, Seller.id == Listing.seller_id)
        .where(Referral.person_id == actor.person_id, SHOWN)
        .order_by(Referral.visits.desc(), Referral.created_at.desc(), Referral.code)
        .limit(PAGE_SIZE_MAX)
    )
    return db.execute(query).all()


def list_helpers(db: Reader, actor: Actor) -> Sequence[Any]:
    """Who passes on the goods of the actor's shops, by name: call_me, name of the goods, visits."""
    query = (
        select(Person.call_me, Listing.name, Referral.visits)
        .join(Listing, Listing.id == Referral.listing_id)
        .join(Person, Person.id == Referral.person_id)
        .where(mine(actor, Listing.seller_id), Referral.person_id != actor.person_id)
        .where(Person.erased_at.is_(None))
        .order_by(Referral.visits.desc(), Person.call_me, Referral.code)
        .limit(PAGE_SIZE_MAX)
    )
    return db.execute(query).all()
