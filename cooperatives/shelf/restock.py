"""A kiosk asks a maker for more of a size, at most once a day."""

from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import select
from sqlalchemy.orm import Session

from cooperatives import places
from cooperatives.models import Place
from core import access, audit, clock, notify
from core.actors import Actor
from core.db import Reader, in_transaction
from core.errors import DomainError, NotFound
from core.notices import Notice
from sellers.models import Listing, Seller, Variant
from sellers.rights import SELL


class AskedToday(DomainError):
    """The maker has heard of it today."""

    status = 409
    sentence = _l("Hari ini sudah diminta. Besok boleh lagi.")


class NobodyHears(DomainError):
    """Nobody sells for this shop any more."""

    status = 409
    sentence = _l("Tokonya sudah tutup.")


def _key(place_id: int, variant_id: int, owner_id: int) -> str:
    return f"restock:{place_id}:{variant_id}:{owner_id}:{clock.today():%y%m%d}"


@in_transaction(retries=3)
def ask(db: Session, *, actor: Actor, place_id: int, variant_id: int, owner_id: int) -> None:
    """Tell the owner that her goods run out. Raises AskedToday, NobodyHears, NotFound."""
    place = places.tended(db, actor, place_id)
    owner, name = _owner(db, owner_id), _name(db, variant_id, owner_id)
    people = access.people_who(db, SELL, owner.id)
    if not people:
        raise NobodyHears
    key = _key(place.id, variant_id, owner_id)
    if _told(db, [key]):
        raise AskedToday
    notify.tell(
        db,
        event_key=key,
        people=people,
        title=_l("Kios minta barang lagi"),
        text=_l("%(name)s hampir habis di %(place)s. Kapan Ibu bisa antar?", name=name,
                place=place.name),
        link="/ibu/titip/tawarkan",
    )  # fmt: skip
    audit.record(db, actor, "restock.ask", "variant", variant_id, place=place.id)


def _owner(db: Session, owner_id: int) -> Seller:
    owner = db.get(Seller, owner_id)
    if owner is None:
        raise NotFound
    return owner


def _name(db: Session, variant_id: int, owner_id: int) -> str:
    query = (
        select(Listing.name)
        .join(Variant, Variant.listing_id == Listing.id)
        .where(Variant.id == variant_id, Listing.seller_id == owner_id)
    )
    name = db.scalar(query)
    if name is None:
        raise NotFound
    return name


def _told(db: Reader, keys: list[str]) -> set[str]:
    query = select(Notice.event_key).where(Notice.event_key.in_(keys)).distinct()
    return set(db.execute(query).scalars())


def asked_today(db: Reader, place: Place, rows: list[Any]) -> set[tuple[int, int]]:
    """Which of these sizes were asked for today, as (size, owner)."""
    keys = {_key(place.id, row.variant_id, row.owner_id): row for row in rows}
    return {(keys[k].variant_id, keys[k].owner_id) for k in _told(db, list(keys))}
