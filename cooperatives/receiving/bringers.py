"""Who brings goods to a place, with everything of hers that could be brought."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from sqlalchemy import Select, func, or_, select
from sqlalchemy.orm import Session

from cooperatives import consignment
from cooperatives.consignment import NoTerms, Sheet
from cooperatives.models import BringOffer, Level, Lot, Place
from cooperatives.receiving import notes, offers
from core.db import Reader
from core.people import Person
from sellers.models import Listing, Seller, Variant

SHOWN_MAX = 80
SIZES_MAX = 2_000


@dataclass(frozen=True, slots=True)
class Size:
    """One size that may come, what it costs, and what its owner gets of it here."""

    id: int
    name: str
    unit: str
    price: int
    for_owner: int
    keeps_days: int | None
    offered: int = 0


@dataclass(slots=True)
class Bringer:
    """One owner; `offer` is the offer of hers that comes next."""

    id: int
    store_name: str
    call_me: str
    terms: Sheet | None
    offer: BringOffer | None = None
    sizes: list[Size] = field(default_factory=list)


def of_place(db: Session, place: Place, words: str = "", most: int = SHOWN_MAX) -> list[Bringer]:
    """Members of the place's organisation, and whoever has goods or an offer here; those with an
    offer first. With words given, any open shop that is called so.
    """
    waiting = offers.open_at(db, place.id)
    rows = db.execute(_owners(place, words).limit(most)).all()
    terms = _terms(db, {row.organisation_id for row in rows})
    found = {
        row.id: Bringer(row.id, row.store_name, row.call_me, terms.get(row.organisation_id))
        for row in rows
    }
    for offer in reversed(waiting):  # The first to come stays.
        if offer.seller_id in found:
            found[offer.seller_id].offer = offer
    _add_sizes(db, place, found)
    shown = [one for one in found.values() if one.sizes]
    return sorted(shown, key=lambda one: (one.offer is None, one.store_name.lower()))


def _owners(place: Place, words: str) -> Select[*tuple[Any, ...]]:
    query = (
        select(
            Seller.id,
            Seller.store_name,
            Seller.organisation_id,
            func.coalesce(func.nullif(Seller.call_me, ""), Person.call_me, "").label("call_me"),
        )
        .outerjoin(Person, Person.id == Seller.person_id)
        .where(Seller.closed_at.is_(None))
        .order_by(Seller.store_name, Seller.id)
    )
    if words:
        like = f"%{words.replace('%', '').replace('_', '')}%"
        return query.where(or_(Seller.store_name.ilike(like), Person.call_me.ilike(like)))
    stood = select(Lot.owner_id).join(Level, Level.lot_id == Lot.id)
    offered = select(BringOffer.seller_id).where(
        BringOffer.place_id == place.id, BringOffer.state == "open"
    )
    return query.where(
        or_(
            Seller.organisation_id == place.organisation_id,
            Seller.id.in_(stood.where(Level.place_id == place.id)),
            Seller.id.in_(offered),
        )
    )


def _terms(db: Reader, organisation_ids: set[int]) -> dict[int, Sheet]:
    found: dict[int, Sheet] = {}
    for organisation_id in organisation_ids:
        try:
            found[organisation_id] = consignment.current_terms(db, organisation_id)
        except NoTerms:
            continue
    return found


def _add_sizes(db: Reader, place: Place, found: dict[int, Bringer]) -> None:
    offered = _offered(db, [one.offer.id for one in found.values() if one.offer])
    for row in db.execute(_sizes(list(found))):
        owner = found[row.seller_id]
        share = notes.for_owner(owner.terms, place.kind, row.price) if owner.terms else 0
        units = offered.get((owner.offer.id, row.id), 0) if owner.offer else 0
        size = Size(
            row.id, f"{row.listing} {row.size}".strip(), row.unit, row.price, share,
            row.shelf_life_days, units,
        )  # fmt: skip
        owner.sizes.append(size)


def _sizes(seller_ids: Sequence[int]) -> Select[*tuple[Any, ...]]:
    return (
        select(
            Variant.id, Listing.seller_id, Listing.name.label("listing"),
            Variant.name.label("size"), Variant.unit, Variant.price, Listing.shelf_life_days,
        )
        .join(Listing, Listing.id == Variant.listing_id)
        .where(Listing.seller_id.in_(seller_ids), Variant.archived_at.is_(None))
        .where(Listing.state != "archived")
        .order_by(Listing.name, Variant.position, Variant.id)
        .limit(SIZES_MAX)
    )  # fmt: skip


def _offered(db: Reader, offer_ids: Sequence[UUID]) -> dict[tuple[UUID, int], int]:
    return {
        (offer_id, line.variant_id): line.quantity
        for offer_id, lines in offers.lines_of(db, offer_ids).items()
        for line in lines
    }


def sizes_of(db: Reader, shop: Seller, place_kind: str = "kiosk") -> list[Size]:
    """Everything of one shop that could be brought, as its owner sees it."""
    terms = _terms(db, {shop.organisation_id}).get(shop.organisation_id)
    return [
        Size(
            row.id, f"{row.listing} {row.size}".strip(), row.unit, row.price,
            notes.for_owner(terms, place_kind, row.price) if terms else 0, row.shelf_life_days,
        )
        for row in db.execute(_sizes([shop.id]))
    ]  # fmt: skip
