"""Goods go out per member, from her home or a kiosk, and are counted when they come to the box.

On the way they stand in the host's transit. What did not arrive stays there until somebody says
what became of it: it went back where it came from, or it is lost.
"""

from collections.abc import Mapping, Sequence
from uuid import UUID

from flask_babel import lazy_gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session

from cooperatives import goods, places
from cooperatives.bazaars.planning import still_open
from cooperatives.bazaars.seats import seat_of
from cooperatives.goods import Portion
from cooperatives.holds import Doc
from cooperatives.models import Bazaar, BazaarLoad, BazaarLoadLine, Lot
from core import clock
from core.actors import Actor
from core.db import in_transaction
from core.errors import DomainError, NotFound

SENT, TAKEN_IN, REST = "bazaar_load", "bazaar_in", "bazaar_rest"


class NotJoined(DomainError):
    """Only who joins a bazaar sends goods there."""

    status = 409
    sentence = _("Ibu belum masuk daftar peserta bazar ini.")


class NotHers(DomainError):
    """A load is one member's; the goods of somebody else need a load of their own."""

    sentence = _("Satu kiriman hanya untuk barang satu ibu.")


class MoreThanSent(DomainError):
    """More arrived than was sent: the sender's paper is wrong, or it is somebody else's jar."""

    sentence = _("Yang datang lebih banyak dari yang dikirim. Hitung lagi.")


@in_transaction(retries=3)
def send(
    db: Session,
    *,
    actor: Actor,
    load_id: UUID,
    bazaar_id: int,
    seller_id: int,
    from_place_id: int,
    portions: Sequence[Portion],
) -> BazaarLoad:
    """A member's goods leave for the box; sent again, it is the same load.

    Raises NotJoined, NotHers, NotSoMany, BadGoods, AlreadyClosed; NotFound for a strange place.
    """
    if (before := db.get(BazaarLoad, load_id)) is not None:
        places.tended(db, actor, before.from_place_id)
        return before
    bazaar = _bazaar(db, bazaar_id)
    seat = seat_of(db, bazaar.id, seller_id)
    places.tended(db, actor, from_place_id)
    if seat is None or seat.state != "joined":
        raise NotJoined
    lot_ids = [portion.lot_id for portion in portions]
    owners = set(db.scalars(select(Lot.owner_id).where(Lot.id.in_(lot_ids))))
    if owners - {seller_id} or len(set(lot_ids)) != len(lot_ids):
        raise NotHers
    goods.transfer_goods.within(
        db,
        actor=actor,
        doc=Doc(SENT, str(load_id)),
        from_place_id=from_place_id,
        to_place_id=places.transit_of(db, bazaar.organisation_id).id,
        portions=portions,
    )
    load = BazaarLoad(
        id=load_id, bazaar_id=bazaar.id, seller_id=seller_id, from_place_id=from_place_id
    )
    db.add(load)
    db.flush()
    db.add_all(BazaarLoadLine(load_id=load.id, lot_id=p.lot_id, sent=p.quantity) for p in portions)
    return load


@in_transaction(retries=3)
def take_in(db: Session, *, actor: Actor, load_id: UUID, arrived: Mapping[int, int]) -> BazaarLoad:
    """What came out of the car goes into the box; a lot that is not named did not arrive.

    Taking in again changes nothing. Raises MoreThanSent, BadGoods, AlreadyClosed, NotFound.
    """
    load, bazaar = _load(db, load_id)
    places.tended(db, actor, bazaar.place_id)
    if load.taken_in_at is not None:
        return load
    lines = lines_of(db, load.id)
    for line in lines:
        line.arrived = arrived.get(line.lot_id, 0)
        if not 0 <= line.arrived <= line.sent:
            raise MoreThanSent
    portions = [Portion(line.lot_id, line.arrived) for line in lines if line.arrived]
    if portions:
        goods.transfer_goods.within(
            db,
            actor=actor,
            doc=Doc(TAKEN_IN, str(load.id)),
            from_place_id=places.transit_of(db, bazaar.organisation_id).id,
            to_place_id=bazaar.place_id,
            portions=portions,
        )
    load.taken_in_at = clock.now()
    if all(line.arrived == line.sent for line in lines):
        load.settled_at = load.taken_in_at
    return load


@in_transaction(retries=3)
def explain(
    db: Session, *, actor: Actor, load_id: UUID, is_back: bool, reason: str = ""
) -> BazaarLoad:
    """Say what became of what did not arrive: it is back where it was, or lost, with the reason.

    Back says who keeps the place it came from; lost says who coordinates the host. Again changes
    nothing. Raises NotFound.
    """
    load, bazaar = _load(db, load_id)
    if load.taken_in_at is None:
        raise NotFound
    if load.settled_at is not None:
        places.tended(db, actor, load.from_place_id if is_back else bazaar.place_id)
        return load
    missing = missing_of(lines_of(db, load.id))
    transit, doc = places.transit_of(db, bazaar.organisation_id).id, Doc(REST, str(load.id))
    if is_back:
        goods.transfer_goods.within(
            db,
            actor=actor,
            doc=doc,
            from_place_id=transit,
            to_place_id=load.from_place_id,
            portions=missing,
        )
    else:
        goods.write_off.within(
            db, actor=actor, doc=doc, place_id=transit, portions=missing, reason=reason
        )
    load.settled_at = clock.now()
    return load


def missing_of(lines: Sequence[BazaarLoadLine]) -> list[Portion]:
    """What was sent and did not arrive."""
    return [
        Portion(line.lot_id, line.sent - line.arrived)
        for line in lines
        if line.arrived is not None and line.arrived < line.sent
    ]


def lines_of(db: Session, load_id: UUID) -> Sequence[BazaarLoadLine]:
    """The goods of a load, by lot."""
    query = select(BazaarLoadLine).where(BazaarLoadLine.load_id == load_id)
    return db.scalars(query.order_by(BazaarLoadLine.lot_id)).all()


def _load(db: Session, load_id: UUID) -> tuple[BazaarLoad, Bazaar]:
    load = db.get(BazaarLoad, load_id, with_for_update=True, populate_existing=True)
    if load is None:
        raise NotFound
    return load, _bazaar(db, load.bazaar_id)


def _bazaar(db: Session, bazaar_id: int) -> Bazaar:
    """Locked with others who only look, so that it is not closed meanwhile."""
    bazaar = db.get(Bazaar, bazaar_id, with_for_update={"read": True}, populate_existing=True)
    if bazaar is None:
        raise NotFound
    return still_open(bazaar)
