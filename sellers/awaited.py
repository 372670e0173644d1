"""Photos that a product waits for: named by the phone first, attached when they have arrived.

Photo and product may come in any order: whichever is second finds the other.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from flask_babel import lazy_gettext as _l
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from core import acts, arrivals, audit, clock, jobs, uploading
from core.actors import Actor
from core.addresses import BIGINT_MAX
from core.album import Picture
from core.arrivals import Arrival
from core.config import settings
from core.db import Reader, in_transaction
from core.errors import Conflict, DomainError, NotFound
from sellers.models import ExpectedPhoto, Listing, ListingPicture
from sellers.owning import own_listing
from sellers.photos import insert, require_room
from sellers.rights import GOODS
from sellers.settings import SellerSettings

LAST = 1_000  # Behind every photo of which somebody said where it goes.


@in_transaction(retries=3)
def expect(
    db: Session,
    *,
    actor: Actor,
    listing_id: int,
    photo_id: UUID,
    position: int = LAST,
    alt: str = "",
) -> None:
    """Let a product have a photo that this person's phone sends, now or later; saying it twice
    changes nothing.

    A blank `alt` becomes the product's name. Raises TooManyPhotos, Conflict where another product
    has the photo, and the sentence with which a bad photo was refused.
    """
    listing = own_listing(db, actor, listing_id, GOODS, lock=True)
    known = arrivals.wanted(db, actor=actor, photo_id=photo_id)
    waiting = db.get(ExpectedPhoto, (actor.person_id, photo_id), populate_existing=True)
    if waiting is not None and waiting.listing_id != listing.id:
        raise Conflict
    if waiting is not None or known.taken:
        return
    if known.state == arrivals.REFUSED:
        raise DomainError(known.sentence)
    if known.state == arrivals.DROPPED:
        raise arrivals.PhotoGone
    require_room(db, listing.id)
    waiting = ExpectedPhoto(
        person_id=actor.person_id, photo_id=photo_id, listing_id=listing.id,
        position=max(0, min(position, LAST)), alt=alt.strip()[:200],
        on_behalf_of=actor.on_behalf_of,
    )  # fmt: skip
    db.add(waiting)
    db.flush()
    audit.record(db, actor, "photo.expect", "listing", listing.id)
    if known.picture_id is not None:
        _attach(db, actor, listing, waiting, known.picture_id)


@acts.handles("photo.expect", label=_l("Foto barang"))
def expect_from_phone(
    db: Session, *, actor: Actor, act_id: UUID, at: datetime, content: Mapping[str, Any]
) -> dict[str, Any]:
    """The act `photo.expect` of a phone: the same, said perhaps long before the photo comes."""
    del act_id, at  # Neither changes what is awaited.
    read = (content.get("listing_id"), content.get("position", LAST), content.get("alt", ""))
    match read:
        case (int(listing_id), int(position), str(alt)) if 0 < listing_id <= BIGINT_MAX:
            photo_id = _uuid(content.get("photo_id"))
        case _:
            raise DomainError
    expect.within(
        db, actor=actor, listing_id=listing_id, photo_id=photo_id, position=position, alt=alt
    )
    return {"photo_id": str(photo_id)}


def _uuid(given: object) -> UUID:
    try:
        return UUID(given if isinstance(given, str) else "")
    except ValueError:
        raise DomainError from None


@jobs.job("sellers.attach_photo", key="picture_id")
def attach_photo(photo_id: str, picture_id: int, person_id: int) -> None:
    """A photo has arrived: the product that waits for it gets it."""
    _bring(actor=Actor(person_id), photo_id=UUID(photo_id), picture_id=picture_id)


@in_transaction(retries=3)
def _bring(db: Session, *, actor: Actor, photo_id: UUID, picture_id: int) -> None:
    waiting = db.get(ExpectedPhoto, (actor.person_id, photo_id))
    if waiting is None:
        return
    actor = Actor(actor.person_id, waiting.on_behalf_of)
    try:
        listing = own_listing(db, actor, waiting.listing_id, GOODS, lock=True)
    except NotFound:  # She may no longer sell there, or help there.
        db.delete(waiting)
        return
    db.refresh(waiting)
    if waiting.picture_id is None:
        _attach(db, actor, listing, waiting, picture_id)


def _attach(
    db: Session, actor: Actor, listing: Listing, waiting: ExpectedPhoto, picture_id: int
) -> None:
    """Put the picture before the first of those that should come after it."""
    order = (
        select(ListingPicture.picture_id, ExpectedPhoto.position)
        .outerjoin(ExpectedPhoto, ExpectedPhoto.picture_id == ListingPicture.picture_id)
        .where(ListingPicture.listing_id == listing.id)
        .order_by(ListingPicture.position)
    )
    rows = list(db.execute(order))
    later = (n for n, row in enumerate(rows) if (row.position or 0) > waiting.position)
    insert(db, listing.id, [row.picture_id for row in rows], next(later, len(rows)), picture_id)
    picture = db.get_one(Picture, picture_id)
    picture.alt = waiting.alt or listing.name
    waiting.picture_id = picture_id
    arrivals.take(db, actor=actor, photo_id=waiting.photo_id)
    audit.record(db, actor, "photo.attach", "listing", listing.id, picture=picture_id)


def waiting_of(db: Reader, listing_id: int) -> list[Any]:
    """Photos that a product still waits for, with what has come of each."""
    query = (
        select(
            ExpectedPhoto.photo_id, ExpectedPhoto.person_id, ExpectedPhoto.created_at,
            Arrival.state, Arrival.got, Arrival.bytes, Arrival.reason,
        )
        .outerjoin(
            Arrival,
            (Arrival.person_id == ExpectedPhoto.person_id)
            & (Arrival.photo_id == ExpectedPhoto.photo_id),
        )
        .where(ExpectedPhoto.listing_id == listing_id, ExpectedPhoto.picture_id.is_(None))
        .order_by(ExpectedPhoto.position, ExpectedPhoto.created_at)
    )  # fmt: skip
    return list(db.execute(query))


@in_transaction(retries=3)
def give_up(db: Session, *, actor: Actor, listing_id: int, photo_id: UUID) -> None:
    """Wait for a photo no longer; one of her own that is on its way is dropped, too.

    Where the product does not wait for it there is nothing to do.
    """
    own_listing(db, actor, listing_id, GOODS, lock=True)
    waits = delete(ExpectedPhoto).where(
        ExpectedPhoto.listing_id == listing_id,
        ExpectedPhoto.photo_id == photo_id,
        ExpectedPhoto.picture_id.is_(None),
    )
    sender = db.scalar(waits.returning(ExpectedPhoto.person_id))
    if sender is None:
        return
    found = arrivals.find(db, actor, photo_id) if sender == actor.person_id else None
    if found is not None and found.is_on_its_way:
        uploading.drop.within(db, actor=actor, photo_id=photo_id)
    audit.record(db, actor, "photo.give_up", "listing", listing_id)


@jobs.job("sellers.forget_awaited", key=None, cron="35 20 * * *")
def forget_awaited() -> None:
    """Wait no longer for photos that have not come for a month: their phone is lost."""
    _forget()


@in_transaction(retries=3)
def _forget(db: Session) -> None:
    old = clock.now() - timedelta(days=settings(SellerSettings).awaited_days)
    db.execute(
        delete(ExpectedPhoto).where(
            ExpectedPhoto.picture_id.is_(None), ExpectedPhoto.created_at < old
        )
    )
