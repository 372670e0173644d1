"""Where goods stand: homes, kiosks, bazaar boxes, on the way; and where they come from and go.

A seller's home place is made on first need, so is an organisation's transit. The four virtual
places (consignor, customer, shrinkage, adjustment) exist from the migration on.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from flask_babel import lazy_gettext as _
from sqlalchemy import Date, Select, and_, bindparam, or_, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from cooperatives.models.stock import REAL_KINDS, VIRTUAL_KINDS, Lot, Place
from cooperatives.rights import COORDINATE, KEEP, require_board
from core import access, audit, clock
from core.actors import Actor
from core.config import remembered
from core.db import Reader, in_transaction
from core.errors import DomainError, NotFound
from sellers.models import Seller
from sellers.rights import STOCK

OPENED_BY_HAND = ("kiosk", "bazaar")
TODAY = bindparam("today", type_=Date)  # The calendar of Wonosobo, from `clock.today()`.

_rests = and_(
    Seller.resting.is_(True),
    or_(Seller.resting_until.is_(None), Seller.resting_until >= TODAY),
)
_awake_home = and_(Place.kind == "home", Seller.closed_at.is_(None), ~_rests)
SELLABLE_ONLINE = (
    select(Place.id)
    .outerjoin(Seller, Seller.id == Place.seller_id)
    .where(Place.closed_at.is_(None), or_(Place.kind == "kiosk", _awake_home))
)
"""Ids of the places the web may sell from: open kiosks, and homes of sellers not at rest.

A bazaar box is never sold online, so a bazaar needs no network. Rest mode hides the home only, and
the last day of rest still counts as rest.
"""


class NameTaken(DomainError):
    """Another place has this slug already."""

    status = 409
    sentence = _("Nama itu sudah dipakai. Pilih nama lain.")


class NotThatHome(DomainError):
    """A seller's home holds her own goods only."""

    sentence = _("Rumah ini hanya untuk barang pemiliknya.")


def virtual(db: Reader, kind: str) -> int:
    """The id of the house's one consignor, customer, shrinkage or adjustment place."""
    assert kind in VIRTUAL_KINDS, f"{kind} is not a virtual place"
    known: dict[str, int] = remembered("stock.virtual_places")
    if kind not in known:
        query = select(Place.kind, Place.id).where(Place.kind.in_(VIRTUAL_KINDS))
        known.update({row.kind: row.id for row in db.execute(query)})
    return known[kind]


def get_place(db: Session, place_id: int) -> Place:
    """One real place, open or closed; raises NotFound."""
    place = db.get(Place, place_id)
    if place is None or place.kind not in REAL_KINDS:
        raise NotFound
    return place


def tended(db: Session, actor: Actor, place_id: int) -> Place:
    """A real place whose goods the actor may move, else NotFound: her own home or one she sells
    for, a place she keeps, or any of the organisation she coordinates.
    """
    place = get_place(db, place_id)
    if place.kind == "home":
        access.require(db, actor, STOCK, place.seller_id or 0)
    elif place.id not in access.subjects(db, actor, KEEP):
        access.require(db, actor, COORDINATE, place.organisation_id)
    return place


def get_kiosk(db: Session, slug: str) -> Place:
    """One open kiosk by its slug; raises NotFound."""
    query = select(Place).where(
        Place.slug == slug, Place.kind == "kiosk", Place.closed_at.is_(None)
    )
    found = db.scalar(query)
    if found is None:
        raise NotFound
    return found


def home_of(db: Session, seller_id: int) -> Place:
    """Where a seller keeps her goods at home; made on first need. Raises NotFound."""
    seller = db.get(Seller, seller_id)
    if seller is None:
        raise NotFound
    mine = Place.seller_id == seller_id
    return _made_once(
        db,
        select(Place).where(mine, Place.kind == "home"),
        {
            "kind": "home",
            "organisation_id": seller.organisation_id,
            "seller_id": seller.id,
            "slug": f"rumah-{seller.id}",  # On no page: where she lives is nobody's business.
            "name": seller.store_name,
            "district_code": seller.district_code,
        },
    )


def transit_of(db: Session, organisation_id: int) -> Place:
    """Goods of one organisation that are on the way; made on first need."""
    theirs = Place.organisation_id == organisation_id
    return _made_once(
        db,
        select(Place).where(theirs, Place.kind == "transit"),
        {
            "kind": "transit",
            "organisation_id": organisation_id,
            "slug": f"jalan-{organisation_id}",
            "name": str(_("Dalam perjalanan")),
        },
    )


def _made_once(db: Session, query: Select[Place], values: Mapping[str, object]) -> Place:
    found = db.scalar(query)
    if found is None:
        db.execute(insert(Place).values(values).on_conflict_do_nothing())
        found = db.scalars(query).one()
    return found


@in_transaction()
def open_place(
    db: Session,
    *,
    actor: Actor,
    kind: str,
    organisation_id: int,
    slug: str,
    name: str,
    more: Mapping[str, Any] | None = None,
) -> Place:
    """Open a kiosk or a bazaar box; `more` are further columns, such as village and landmark.

    For whoever coordinates the organisation, and for operators. Raises NameTaken.
    """
    assert kind in OPENED_BY_HAND, f"a {kind} is not opened by hand"
    require_board(db, actor, organisation_id)
    values = {"kind": kind, "organisation_id": organisation_id, "slug": slug, "name": name}
    made = insert(Place).values(values | dict(more or {})).on_conflict_do_nothing()
    place = db.scalars(made.returning(Place)).one_or_none()
    if place is None:
        raise NameTaken
    audit.record(db, actor, "place.opened", "place", place.id, kind=kind)
    return place


@in_transaction()
def close_place(db: Session, *, actor: Actor, place_id: int) -> None:
    """Nothing is sold online from here any more; what stands here can still be taken away."""
    place = get_place(db, place_id)
    require_board(db, actor, place.organisation_id)
    if place.closed_at is None:
        place.closed_at = clock.now()
        audit.record(db, actor, "place.closed", "place", place.id)


def kept() -> Select[int, str]:
    """Open kiosks and bazaar boxes, `id, name`: the places a keeper can have a right on."""
    return select(Place.id, Place.name.label("name")).where(
        Place.kind.in_(OPENED_BY_HAND), Place.closed_at.is_(None)
    )


def refuse_strangers(db: Reader, place: Place, lot_ids: Sequence[int]) -> None:
    """At a home only its own seller's lots may stand; raises NotThatHome."""
    if place.seller_id is None:
        return
    owners = db.execute(select(Lot.owner_id).where(Lot.id.in_(lot_ids))).scalars()
    if set(owners) - {place.seller_id}:
        raise NotThatHome
