"""Goods offered from a phone before they arrive: what, how many, when."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from cooperatives.goods import PlaceClosed
from cooperatives.models import BigShare, BringOffer, BringOfferLine, Place
from cooperatives.places import get_place, tended
from cooperatives.receiving import asked
from cooperatives.receiving.asked import WrongBoxes
from cooperatives.rights import KEEP
from core import access, acts, audit, clock, notify, tasks, words
from core.actors import Actor
from core.db import Reader, in_transaction
from core.errors import DomainError, NotFound
from sellers.models import Listing, Seller, Variant
from sellers.owning import own_shop
from sellers.rights import SELL, STOCK

ACT = "goods.offer"
DOC = "bring_offer"
OPEN_MAX = 10
DAYS_MAX = 60
LIST_MAX = 50
OFFERED = tasks.declare(
    "goods.offered",
    _l("%(shop)s mau titip barang tanggal %(day)s."),
    deed=_l("Lihat tawarannya"),
    many=_l("%(count)s tawaran titip barang menunggu."),
    urgency=45,
)


class TooManyOffers(DomainError):
    """So many offers of one shop wait already."""

    status = 409
    sentence = _l("Tawaran Ibu yang menunggu sudah banyak. Batalkan satu dulu.")


class Promised(DomainError):
    """It is a share of a big order that is binding: only its coordinator changes that."""

    status = 409
    sentence = _l("Ini bagian pesanan besar yang sudah pasti. Bicarakan dengan koordinator.")


class NoReason(DomainError):
    """Whoever declines says why."""

    sentence = _l("Pilih alasan menolaknya.")


@acts.handles(ACT, label=_l("Tawaran titip"), mend="/ibu/titip/tawarkan")
def handle(
    db: Session, *, actor: Actor, act_id: UUID, at: datetime, content: Mapping[str, Any]
) -> dict[str, Any]:
    """One offer, as its form says it: `shop`, `place`, `day` and the boxes of `asked`."""
    shop = own_shop(db, actor, asked.number(content, "shop"), STOCK, lock=True)
    place = get_place(db, asked.number(content, "place"))
    day, brought = asked.day(content, "day"), asked.lines(content)
    today = clock.today()
    if not min(today, at.astimezone(clock.WIB).date()) <= day <= today + timedelta(days=DAYS_MAX):
        raise WrongBoxes({"day": _("Pilih hari dari hari ini sampai %(n)s hari lagi.", n=DAYS_MAX)})
    if place.kind != "kiosk" or place.closed_at is not None:
        raise PlaceClosed
    waiting = select(func.count()).where(BringOffer.seller_id == shop.id, _OPEN)
    if (db.scalar(waiting) or 0) >= OPEN_MAX:
        raise TooManyOffers
    _refuse_others(db, shop, [line.variant_id for line in brought])
    units = {line.variant_id: line.quantity for line in brought if line.quantity}
    _open(db, act_id, shop, place, day, units)
    audit.record(db, actor, "offer.make", DOC, act_id, place=place.id)
    said = _("%(place)s sudah diberi tahu.", place=place.name)
    return {"offer": str(act_id), "sentence": said, "link": "/ibu/titip"}


_OPEN: ColumnElement[bool] = BringOffer.state == "open"


def _open(
    db: Session, offer_id: UUID, shop: Seller, place: Place, day: date, units: Mapping[int, int]
) -> None:
    """Write an offer and tell the keepers of the place."""
    db.add(BringOffer(id=offer_id, seller_id=shop.id, place_id=place.id, comes_on=day))
    db.flush()
    db.add_all(
        BringOfferLine(offer_id=offer_id, variant_id=variant_id, quantity=quantity)
        for variant_id, quantity in units.items()
    )
    _tell_keepers(db, offer_id, shop, place, day)


def _tell_keepers(db: Session, offer_id: UUID, shop: Seller, place: Place, day: date) -> None:
    facts = {"shop": shop.store_name, "day": words.tanggal(day)}
    link = f"/kios-kerja/terima?kios={place.slug}"
    tasks.write(db, OFFERED, doc=(DOC, offer_id), link=link, holders=(KEEP, place.id), facts=facts)


def expect(
    db: Session,
    *,
    actor: Actor,
    offer_id: UUID,
    seller_id: int,
    place_id: int,
    day: date,
    units: Mapping[int, int],
) -> None:
    """A place waits for goods that were agreed elsewhere; again, where only a part has come."""
    shop, place = db.get_one(Seller, seller_id), db.get_one(Place, place_id)
    offer = db.get(BringOffer, offer_id, with_for_update=True, populate_existing=True)
    if offer is None:
        _open(db, offer_id, shop, place, day, units)
    else:
        offer.state, offer.reason, offer.ended_at = "open", "", None
        for variant_id, quantity in units.items():
            db.get_one(BringOfferLine, (offer_id, variant_id)).quantity = quantity
        _tell_keepers(db, offer_id, shop, place, day)
    audit.record(db, actor, "offer.expect", DOC, offer_id, place=place.id)


def expect_no_more(db: Session, *, actor: Actor, offer_id: UUID) -> None:
    """Nothing more comes of it; what has ended stays as it is."""
    offer = _locked(db, offer_id)
    if offer.state == "open":
        _end(db, actor, offer, "withdrawn")


def _refuse_others(db: Session, shop: Seller, variant_ids: Sequence[int]) -> None:
    query = (
        select(func.count())
        .select_from(Variant)
        .join(Listing, Listing.id == Variant.listing_id)
        .where(Variant.id.in_(variant_ids), Listing.seller_id == shop.id)
    )
    if db.scalar(query) != len(set(variant_ids)):
        raise NotFound


def taken(
    db: Session, *, actor: Actor, offer_id: UUID | None, seller: Seller, place: Place
) -> dict[int, int] | None:
    """What was offered, by size, now that its goods have come; None where there was no such offer.

    A note that comes late from a phone is none the worse for an offer that was withdrawn meanwhile.
    """
    if offer_id is None:
        return None
    offer = db.get(BringOffer, offer_id, with_for_update=True, populate_existing=True)
    if offer is None or (offer.seller_id, offer.place_id) != (seller.id, place.id):
        return None
    if offer.state == "open":
        _end(db, actor, offer, "taken")
    query = select(BringOfferLine.variant_id, BringOfferLine.quantity)
    found = db.execute(query.where(BringOfferLine.offer_id == offer.id))
    return {row.variant_id: row.quantity for row in found}


def _end(db: Session, actor: Actor, offer: BringOffer, state: str, reason: str = "") -> None:
    offer.state, offer.reason, offer.ended_at = state, reason, clock.now()
    tasks.close(db, OFFERED, actor=actor, doc=(DOC, offer.id), reason=state)
    audit.record(db, actor, f"offer.{state}", DOC, offer.id)


@in_transaction()
def withdraw(db: Session, *, actor: Actor, offer_id: UUID) -> None:
    """She will not bring them after all; what has ended stays as it is.

    Raises Promised, NotFound.
    """
    offer = _locked(db, offer_id)
    own_shop(db, actor, offer.seller_id, STOCK)
    _refuse_promised(db, offer)
    if offer.state == "open":
        _end(db, actor, offer, "withdrawn")


@in_transaction()
def decline(db: Session, *, actor: Actor, offer_id: UUID, reason: str) -> None:
    """The kiosk cannot take them now, for one of the known reasons.

    Raises NoReason, Promised, NotFound.
    """
    offer = _locked(db, offer_id)
    place = tended(db, actor, offer.place_id)
    _refuse_promised(db, offer)
    if reason not in asked.REASONS:
        raise NoReason
    if offer.state != "open":
        return
    _end(db, actor, offer, "declined", reason)
    notify.tell(
        db,
        event_key=f"offer:{offer.id}",
        people=access.people_who(db, SELL, offer.seller_id),
        title=_l("Kios belum bisa menerima barang Ibu"),
        text=_l("%(place)s: %(reason)s.", place=place.name, reason=asked.REASONS[reason]),
        link="/ibu/titip",
        at_once=True,
    )


def _refuse_promised(db: Session, offer: BringOffer) -> None:
    if db.scalar(select(BigShare.id).where(BigShare.offer_id == offer.id)) is not None:
        raise Promised


def _locked(db: Session, offer_id: UUID) -> BringOffer:
    found = db.get(BringOffer, offer_id, with_for_update=True, populate_existing=True)
    if found is None:
        raise NotFound
    return found


def open_at(db: Reader, place_id: int) -> list[BringOffer]:
    """Offers that wait at a place, the first to come first."""
    query = select(BringOffer).where(BringOffer.place_id == place_id, _OPEN)
    query = query.order_by(BringOffer.comes_on, BringOffer.created_at).limit(LIST_MAX)
    return list(db.execute(query).scalars())


def of_shop(db: Reader, seller_id: int) -> list[Any]:
    """Her newest offers with their place; the caller has checked whose shop it is."""
    query = (
        select(
            BringOffer.id, BringOffer.comes_on, BringOffer.state, BringOffer.reason,
            Place.name.label("place"),
        )
        .join(Place, Place.id == BringOffer.place_id)
        .where(BringOffer.seller_id == seller_id)
        .order_by(_OPEN.desc(), BringOffer.created_at.desc())
        .limit(OPEN_MAX)
    )  # fmt: skip
    return list(db.execute(query))


def lines_of(db: Reader, offer_ids: Sequence[UUID]) -> dict[UUID, list[Any]]:
    """What each offer says: `variant_id, quantity, name, size`."""
    query = (
        select(
            BringOfferLine.offer_id, BringOfferLine.variant_id, BringOfferLine.quantity,
            Listing.name, Variant.name.label("size"),
        )
        .join(Variant, Variant.id == BringOfferLine.variant_id)
        .join(Listing, Listing.id == Variant.listing_id)
        .where(BringOfferLine.offer_id.in_(offer_ids))
        .order_by(Listing.name, Variant.position, Variant.id)
    )  # fmt: skip
    found: dict[UUID, list[Any]] = {}
    for row in db.execute(query):
        found.setdefault(row.offer_id, []).append(row)
    return found
