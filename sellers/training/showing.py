"""What she shows of her training: her own choice, off until she says so."""

from collections.abc import Set
from dataclasses import dataclass

from sqlalchemy import ColumnElement, delete, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from core import audit
from core.actors import Actor
from core.db import Reader, in_transaction
from core.errors import NotFound
from sellers.models import Listing, Seller
from sellers.training.models import Enrolment, ListingTraining

LIST_MAX = 200


@dataclass(frozen=True, slots=True)
class Choice:
    """One of her listings, and whether it names this training."""

    listing_id: int
    name: str
    is_linked: bool


@in_transaction()
def show(db: Session, *, actor: Actor, enrolment_id: int, is_shown: bool) -> None:
    """Let a training be seen in one's shop and one's name on its certificate, or no longer."""
    enrolment = _lock_mine(db, actor, enrolment_id)
    if enrolment.is_shown != is_shown:
        enrolment.is_shown = is_shown
        audit.record(db, actor, "training.show", "enrolment", enrolment_id, is_shown=is_shown)


@in_transaction()
def link_listings(db: Session, *, actor: Actor, enrolment_id: int, listing_ids: Set[int]) -> None:
    """Say which of one's listings grew out of a training; those not named are no longer linked."""
    _lock_mine(db, actor, enrolment_id)
    mine = set(db.scalars(select(Listing.id).join(Seller).where(_is_mine(actor))))
    if not listing_ids <= mine:
        raise NotFound
    db.execute(
        delete(ListingTraining).where(
            ListingTraining.enrolment_id == enrolment_id,
            ListingTraining.listing_id.not_in(listing_ids),
        )
    )
    if listing_ids:
        db.execute(
            insert(ListingTraining)
            .values([{"listing_id": key, "enrolment_id": enrolment_id} for key in listing_ids])
            .on_conflict_do_nothing()
        )
    audit.record(db, actor, "training.link", "enrolment", enrolment_id, listings=len(listing_ids))


@in_transaction()
def add_listing(db: Session, *, actor: Actor, enrolment_id: int, listing_id: int) -> None:
    """Say that a new listing of one's own grew out of a training; once is enough."""
    _lock_mine(db, actor, enrolment_id)
    own = select(Listing.id).join(Seller).where(Listing.id == listing_id, _is_mine(actor))
    if db.scalar(own) is None:
        raise NotFound
    row = insert(ListingTraining).values(listing_id=listing_id, enrolment_id=enrolment_id)
    db.execute(row.on_conflict_do_nothing())
    audit.record(db, actor, "training.link", "enrolment", enrolment_id, listings=1)


def list_choices(db: Reader, actor: Actor, enrolment_id: int) -> list[Choice]:
    """Her listings by name, each with whether it names this training."""
    linked = ListingTraining.enrolment_id
    query = (
        select(Listing.id, Listing.name, linked.is_not(None))
        .join(Seller, Seller.id == Listing.seller_id)
        .outerjoin(
            ListingTraining,
            (ListingTraining.listing_id == Listing.id) & (linked == enrolment_id),
        )
        .where(_is_mine(actor))
        .order_by(Listing.name)
        .limit(LIST_MAX)
    )
    return [Choice(*row) for row in db.execute(query)]


def _is_mine(actor: Actor) -> ColumnElement[bool]:
    return (Seller.person_id == actor.person_id) & (Listing.state != "archived")


def _lock_mine(db: Session, actor: Actor, enrolment_id: int) -> Enrolment:
    enrolment = db.scalar(
        select(Enrolment)
        .where(
            Enrolment.id == enrolment_id,
            Enrolment.person_id == actor.person_id,
            Enrolment.state != "waiting",
        )
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    if enrolment is None:
        raise NotFound
    return enrolment
