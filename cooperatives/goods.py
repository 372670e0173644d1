"""What people do with goods: bring, carry, give back, throw away, let taste, correct after a count.

Each deed is one document: sent again, it answers with what was posted the first time. A deed joins
another transaction by `.within(db, …)`.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from flask_babel import lazy_gettext as _
from sqlalchemy import case, func, or_, select
from sqlalchemy.orm import Session

from cooperatives import lots, movements, places
from cooperatives.holds import Doc
from cooperatives.lots import Goods
from cooperatives.models.stock import Movement, Place
from cooperatives.movements import Cause, Move, NotSoMany
from cooperatives.settings import CooperativeSettings
from core import audit, clock
from core.actors import Actor
from core.config import settings
from core.db import in_transaction
from core.errors import DomainError

BATCH_MAX = 40


class Portion(NamedTuple):
    """So many units of a lot; after a count a negative number is what was missing."""

    lot_id: int
    quantity: int


class BadGoods(DomainError):
    """A line is not a whole number of units within the limits, or there are too many lines."""

    sentence = _("Jumlah barang belum benar. Tulis angka bulat, contoh 12.")


class PastItsDate(DomainError):
    """Goods past their best-before date are not taken in."""

    sentence = _("Tanggal baiknya sudah lewat. Periksa lagi tanggalnya.")


class SamePlace(DomainError):
    """Goods are carried from one place to another one."""

    sentence = _("Tempat asal dan tujuan sama. Pilih tempat lain.")


class PlaceClosed(DomainError):
    """The place takes no goods any more."""

    sentence = _("Tempat ini sudah tutup. Pilih tempat lain.")


@in_transaction()
def receive_goods(
    db: Session,
    *,
    actor: Actor,
    doc: Doc,
    owner_id: int,
    place_id: int,
    goods: Sequence[Goods],
    device_at: datetime | None = None,
) -> list[Movement]:
    """An owner's goods come in: a lot and a movement for each line.

    Raises BadGoods, PastItsDate, NotThatHome, PlaceClosed, and what `lots.bring` raises.
    """
    if before := movements.posted(db, doc, "receive"):
        return before
    _refuse_bad_quantities([line.quantity for line in goods])
    cause = Cause.of(actor, doc, device_at)
    for line in goods:
        if line.best_before is not None and line.best_before < clock.today():
            raise PastItsDate
        if len(line.batch) > BATCH_MAX:
            raise BadGoods
    place = _open(places.tended(db, actor, place_id))
    if place.seller_id not in (None, owner_id):
        raise places.NotThatHome
    brought = lots.bring(db, owner_id, list(goods), received_at=cause.happened_at)
    source = places.virtual(db, "consignor")
    moves = [
        Move("receive", lot.id, source, place.id, line.quantity, number)
        for number, (lot, line) in enumerate(zip(brought, goods, strict=True))
    ]
    return _done(db, cause, movements.post(db, cause, moves))


@in_transaction()
def transfer_goods(
    db: Session,
    *,
    actor: Actor,
    doc: Doc,
    from_place_id: int,
    to_place_id: int,
    portions: Sequence[Portion],
    device_at: datetime | None = None,
) -> list[Movement]:
    """Carry goods to another place; what is promised to buyers stays.

    The actor tends both ends, or one of them and the other is transit: so a maker sends and a
    keeper takes in, and neither reaches into the other's shelf.

    Raises NotSoMany, NotThatHome, PlaceClosed, SamePlace, BadGoods.
    """
    if from_place_id == to_place_id:
        raise SamePlace
    target = _open(_end(db, actor, to_place_id))
    places.refuse_strangers(db, target, _lot_ids(portions))
    ends = (_end(db, actor, from_place_id).id, target.id)
    return _carry(db, "transfer", Cause.of(actor, doc, device_at), ends, portions)


@in_transaction()
def return_to_owner(
    db: Session,
    *,
    actor: Actor,
    doc: Doc,
    place_id: int,
    portions: Sequence[Portion],
    reason: str = "",
    device_at: datetime | None = None,
) -> list[Movement]:
    """Goods go back to whom they belong; promised ones cannot. Raises NotSoMany, BadGoods."""
    ends = (places.tended(db, actor, place_id).id, places.virtual(db, "consignor"))
    return _carry(db, "return", Cause.of(actor, doc, device_at), ends, portions, reason)


@in_transaction()
def give_samples(
    db: Session,
    *,
    actor: Actor,
    doc: Doc,
    place_id: int,
    portions: Sequence[Portion],
    reason: str,
    device_at: datetime | None = None,
) -> list[Movement]:
    """Open goods for tasting or a fair. Raises NotSoMany, BadGoods."""
    ends = (places.tended(db, actor, place_id).id, places.virtual(db, "shrinkage"))
    return _carry(db, "sample", Cause.of(actor, doc, device_at), ends, portions, reason)


@in_transaction()
def write_off(
    db: Session,
    *,
    actor: Actor,
    doc: Doc,
    place_id: int,
    portions: Sequence[Portion],
    reason: str,
    device_at: datetime | None = None,
) -> list[Movement]:
    """Goods are broken, spoilt or gone: a fact, even where they were promised. Raises BadGoods."""
    ends = (places.tended(db, actor, place_id).id, places.virtual(db, "shrinkage"))
    cause = Cause.of(actor, doc, device_at)
    return _carry(db, "waste", cause, ends, portions, reason, is_fact=True)


@in_transaction()
def correct_after_count(
    db: Session,
    *,
    actor: Actor,
    doc: Doc,
    place_id: int,
    differences: Sequence[Portion],
    reasons: Sequence[str] = (),
    device_at: datetime | None = None,
) -> list[Movement]:
    """Post what a count found too many or too few, each for its reason; lots that agree, or were
    not counted, are left out. Raises BadGoods, and NotSoMany for less than nothing.
    """
    if before := movements.posted(db, doc, "count"):
        return before
    _refuse_bad_quantities([abs(difference.quantity) for difference in differences])
    place = places.tended(db, actor, place_id)
    places.refuse_strangers(db, place, _lot_ids(differences))
    source, sink = places.virtual(db, "adjustment"), places.virtual(db, "shrinkage")
    moves = [
        Move("count", lot_id, source, place.id, quantity, number, why)
        if quantity > 0
        else Move("count", lot_id, place.id, sink, -quantity, number, why)
        for number, ((lot_id, quantity), why) in enumerate(
            zip(differences, reasons or [""] * len(differences), strict=True)
        )
    ]
    cause = Cause.of(actor, doc, device_at)
    return _done(db, cause, movements.post(db, cause, moves, is_fact=True))


@in_transaction()
def take_back(
    db: Session, *, actor: Actor, doc: Doc, place_id: int, portions: Sequence[Portion], reason: str
) -> list[Movement]:
    """A buyer's goods come back to the shelf; what cannot be sold again is then written off.

    Raises NotSoMany for more than buyers have of a lot, PlaceClosed, BadGoods.
    """
    place = _open(places.tended(db, actor, place_id))
    places.refuse_strangers(db, place, _lot_ids(portions))
    ends = (places.virtual(db, "customer"), place.id)
    made = _carry(db, "return", Cause.of(actor, doc), ends, portions, reason)
    for movement in made:  # After posting: the level is locked, so two returns see each other.
        if (with_buyers := _with_buyers(db, movement.lot_id, ends[0])) < 0:
            raise NotSoMany(with_buyers + movement.quantity)
    return made


def _with_buyers(db: Session, lot_id: int, customer: int) -> int:
    """Units of a lot that were sold and did not come back."""
    signed = case((Movement.to_place_id == customer, Movement.quantity), else_=-Movement.quantity)
    ends = or_(Movement.to_place_id == customer, Movement.from_place_id == customer)
    return int(db.scalar(select(func.sum(signed)).where(Movement.lot_id == lot_id, ends)) or 0)


def _carry(
    db: Session,
    kind: str,
    cause: Cause,
    ends: tuple[int, int],
    portions: Sequence[Portion],
    reason: str = "",
    *,
    is_fact: bool = False,
) -> list[Movement]:
    if before := movements.posted(db, cause.doc, kind):
        return before
    _refuse_bad_quantities([portion.quantity for portion in portions])
    moves = [
        Move(kind, lot_id, *ends, quantity, number, reason)
        for number, (lot_id, quantity) in enumerate(portions)
    ]
    return _done(db, cause, movements.post(db, cause, moves, is_fact=is_fact))


def _done(db: Session, cause: Cause, made: list[Movement]) -> list[Movement]:
    units = sum(movement.quantity for movement in made)
    kind = made[0].kind
    audit.record(db, cause.actor, f"stock.{kind}", cause.doc.kind, cause.doc.id, units=units)
    return made


def _open(place: Place) -> Place:
    if place.closed_at is not None:
        raise PlaceClosed
    return place


def _end(db: Session, actor: Actor, place_id: int) -> Place:
    place = places.get_place(db, place_id)
    return place if place.kind == "transit" else places.tended(db, actor, place.id)


def _lot_ids(portions: Sequence[Portion]) -> list[int]:
    return [portion.lot_id for portion in portions]


def _refuse_bad_quantities(quantities: Sequence[int]) -> None:
    limits = settings(CooperativeSettings)
    if not 0 < len(quantities) <= limits.goods_lines_max:
        raise BadGoods
    if not all(type(q) is int and 0 < q <= limits.units_max for q in quantities):
        raise BadGoods
