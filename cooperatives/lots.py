"""Lots: units of one variant and one owner that came in together, under terms frozen that day."""

from datetime import date, datetime
from typing import NamedTuple

from flask_babel import lazy_gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session

from cooperatives import consignment
from cooperatives.models.stock import Lot
from core import clock
from core.errors import DomainError, NotFound
from sellers.models import Listing, Seller, Variant


class NotHers(DomainError):
    """The variant belongs to another seller's listing."""

    sentence = _("Barang ini bukan milik penjual itu.")


class Goods(NamedTuple):
    """What comes in: units of a variant, made together."""

    variant_id: int
    quantity: int
    best_before: date | None = None
    batch: str = ""


def bring(
    db: Session, owner_id: int, goods: list[Goods], *, received_at: datetime | None = None
) -> list[Lot]:
    """Make the lots of what an owner brings, in the same order. Raises NotHers, NoTerms, NotFound.

    Home lots freeze terms too. A listing of a selling cooperative may be served by its members.
    """
    owner = db.get(Seller, owner_id)
    if owner is None:
        raise NotFound
    _refuse_others_goods(db, owner, {line.variant_id for line in goods})
    terms_id = consignment.current_terms(db, owner.organisation_id).id
    brought = [
        Lot(
            variant_id=line.variant_id,
            owner_id=owner.id,
            organisation_id=owner.organisation_id,
            terms_id=terms_id,
            batch=line.batch,
            best_before=line.best_before,
            received_at=received_at or clock.now(),
        )
        for line in goods
    ]
    db.add_all(brought)
    db.flush()
    return brought


def _refuse_others_goods(db: Session, owner: Seller, variant_ids: set[int]) -> None:
    query = (
        select(Variant.id, Seller.id, Seller.kind, Seller.organisation_id)
        .join(Listing, Listing.id == Variant.listing_id)
        .join(Seller, Seller.id == Listing.seller_id)
        .where(Variant.id.in_(variant_ids))
    )
    found = db.execute(query).all()
    if len(found) != len(variant_ids):
        raise NotFound
    for _variant_id, seller_id, kind, organisation_id in found:
        is_shared = kind == "cooperative" and organisation_id == owner.organisation_id
        if seller_id != owner.id and not is_shared:
            raise NotHers


def newest_lot(db: Session, variant_id: int, owner_id: int | None = None) -> Lot:
    """Where a unit without a lot belongs: the newest lot of that variant of whom it is said to be,
    else of the listing's owner, else anybody's; one is made if there was never any.

    Raises NotFound, NoTerms.
    """
    seller_id = db.scalar(
        select(Listing.seller_id)
        .join(Variant, Variant.listing_id == Listing.id)
        .where(Variant.id == variant_id)
    )
    if seller_id is None:
        raise NotFound
    newest = (
        select(Lot)
        .where(Lot.variant_id == variant_id)
        .order_by(
            (Lot.owner_id == (owner_id or seller_id)).desc(),
            (Lot.owner_id == seller_id).desc(),
            Lot.received_at.desc(),
            Lot.id.desc(),
        )
        .limit(1)
    )
    return db.scalar(newest) or bring(db, seller_id, [Goods(variant_id, 1)])[0]
