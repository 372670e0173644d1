"""Who joins a bazaar: members ask, places are given in turn, in an order that everybody sees."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date

from flask_babel import lazy_gettext as _
from sqlalchemy import Subquery, func, select
from sqlalchemy.orm import Session, aliased

from cooperatives.bazaars import rotation, sight
from cooperatives.bazaars.planning import joined, still_open
from cooperatives.bazaars.rotation import Turn
from cooperatives.models import Bazaar, BazaarGroup, BazaarLoad, BazaarSeat
from core import audit, clock
from core.actors import Actor
from core.db import Reader, in_transaction
from core.errors import DomainError, NotFound
from core.orgs import Organisation
from sellers.models import Seller
from sellers.owning import own_shop

WHY_MIN, WHY_MAX = 10, 200
ORDER = {"joined": 0, "wants": 1, "reserve": 2, "withdrawn": 3}


class NoPlaceLeft(DomainError):
    """The cooperative has no place left."""

    status = 409
    sentence = _("Tempatnya sudah penuh.")


class ReasonNeeded(DomainError):
    """Whoever takes a member out of turn says why, for all to read."""

    sentence = _("Ada yang gilirannya lebih dulu. Tulis alasannya, semua anggota membacanya.")


class GoodsAreOut(DomainError):
    """Who has goods at the bazaar cannot leave it before they are back."""

    status = 409
    sentence = _("Barangnya sudah dikirim ke bazar. Ambil dulu barangnya.")


@dataclass(frozen=True, slots=True)
class Seat:
    """A member of the list, as everybody at the bazaar sees her: no goods, no money."""

    seller_id: int
    organisation_id: int
    shop: str
    call_me: str
    group: str
    state: str
    slots: int
    why: str
    last_on: date | None


@in_transaction(retries=3)
def ask(db: Session, *, actor: Actor, bazaar_id: int, seller_id: int) -> None:
    """She asks to join, or her coordinator asks for her. Asking again changes nothing.

    Raises NotFound where her cooperative does not take part, AlreadyClosed.
    """
    bazaar, seller = _hers(db, actor, bazaar_id, seller_id)
    group = db.get(BazaarGroup, (bazaar.id, seller.organisation_id))
    if group is None or group.state != "accepted":
        raise NotFound
    seat = _seat(db, bazaar, seller.id)
    if seat is None:
        db.add(BazaarSeat(bazaar_id=bazaar.id, seller_id=seller.id))
    elif seat.state == "withdrawn":
        seat.state, seat.why, seat.asked_at = "wants", "", clock.now()
    audit.record(db, actor, "bazaar.asked", "bazaar", bazaar.id, seller=seller.id)


@in_transaction(retries=3)
def withdraw(db: Session, *, actor: Actor, bazaar_id: int, seller_id: int) -> None:
    """She does not join after all. Raises GoodsAreOut, AlreadyClosed, NotFound."""
    bazaar, seller = _hers(db, actor, bazaar_id, seller_id)
    seat = _seat(db, bazaar, seller.id)
    if seat is None:
        raise NotFound
    loads = select(BazaarLoad.id).where(
        BazaarLoad.bazaar_id == bazaar.id, BazaarLoad.seller_id == seller.id
    )
    if db.scalar(loads.limit(1)) is not None:
        raise GoodsAreOut
    seat.state, seat.why = "withdrawn", ""
    audit.record(db, actor, "bazaar.withdrawn", "bazaar", bazaar.id, seller=seller.id)


@in_transaction(retries=3)
def fill(db: Session, *, actor: Actor, bazaar_id: int, organisation_id: int) -> int:
    """Give a cooperative's free places in turn; who gets none waits in reserve. Answers how many
    joined. Raises NotFound, AlreadyClosed.
    """
    found = sight.of(db, actor, bazaar_id, lock=True)
    bazaar = still_open(found.bazaar)
    if organisation_id not in found.leads:
        raise NotFound
    turns, free = _waiting(db, bazaar, organisation_id), _free(db, bazaar, organisation_id)
    taken, left = rotation.take(turns, free)
    seats = {seat.seller_id: seat for seat in _seats(db, bazaar)}
    for turn in taken:
        seats[turn.seller_id].state, seats[turn.seller_id].chosen_at = "joined", clock.now()
    for turn in left:
        seats[turn.seller_id].state = "reserve"
    audit.record(db, actor, "bazaar.filled", "bazaar", bazaar.id, joined=len(taken))
    return len(taken)


@in_transaction(retries=3)
def choose(db: Session, *, actor: Actor, bazaar_id: int, seller_id: int, why: str = "") -> None:
    """Take one member; out of turn only with a reason that everybody reads.

    Raises ReasonNeeded, NoPlaceLeft, NotFound, AlreadyClosed.
    """
    bazaar, seller = sight.as_leader(db, actor, bazaar_id, seller_id)
    still_open(bazaar)
    seat = _seat(db, bazaar, seller.id)
    if seat is None or seat.state == "withdrawn":
        raise NotFound
    if seat.state == "joined":
        return
    turns = _waiting(db, bazaar, seller.organisation_id)
    is_out_of_turn = rotation.is_out_of_turn(turns, seller.id)
    why = why.strip()[:WHY_MAX]
    if is_out_of_turn and len(why) < WHY_MIN:
        raise ReasonNeeded
    if seat.slots > _free(db, bazaar, seller.organisation_id):
        raise NoPlaceLeft
    seat.state, seat.chosen_at = "joined", clock.now()
    seat.why = why if is_out_of_turn else ""
    audit.record(db, actor, "bazaar.chosen", "bazaar", bazaar.id, seller=seller.id)


def list_seats(db: Reader, bazaar: Bazaar) -> list[Seat]:
    """Everybody on the list: who joins first, then in turn."""
    last = _last_joined(bazaar)
    query = (
        select(BazaarSeat, Seller, Organisation.short_name, last.c.last_on)
        .join(Seller, Seller.id == BazaarSeat.seller_id)
        .join(Organisation, Organisation.id == Seller.organisation_id)
        .outerjoin(last, last.c.seller_id == BazaarSeat.seller_id)
        .where(BazaarSeat.bazaar_id == bazaar.id)
    )
    found = [
        Seat(
            seller_id=seller.id,
            organisation_id=seller.organisation_id,
            shop=seller.store_name,
            call_me=seller.call_me,
            group=group,
            state=seat.state,
            slots=seat.slots,
            why=seat.why,
            last_on=last_on,
        )
        for seat, seller, group, last_on in db.execute(query)
    ]
    turns = rotation.in_turn(bazaar.id, [Turn(s.seller_id, s.last_on) for s in found])
    place = {turn.seller_id: number for number, turn in enumerate(turns)}
    return sorted(found, key=lambda s: (ORDER[s.state], place[s.seller_id]))


def not_on_the_list(
    db: Reader, bazaar_id: int, organisation_ids: Collection[int]
) -> list[tuple[int, str]]:
    """Members that a coordinator may still ask for: id and the name of the shop."""
    asked = select(BazaarSeat.seller_id).where(
        BazaarSeat.bazaar_id == bazaar_id, BazaarSeat.state != "withdrawn"
    )
    query = (
        select(Seller.id, Seller.store_name)
        .where(Seller.organisation_id.in_(organisation_ids), Seller.id.not_in(asked))
        .where(Seller.closed_at.is_(None))
        .order_by(Seller.store_name, Seller.id)
    )
    return [(row.id, row.store_name) for row in db.execute(query)]


def _hers(db: Session, actor: Actor, bazaar_id: int, seller_id: int) -> tuple[Bazaar, Seller]:
    """Locked, for herself or for who coordinates her cooperative."""
    try:
        seller = own_shop(db, actor, seller_id)
    except NotFound:
        bazaar, seller = sight.as_leader(db, actor, bazaar_id, seller_id)
        return still_open(bazaar), seller
    found = db.get(Bazaar, bazaar_id, with_for_update=True, populate_existing=True)
    if found is None:
        raise NotFound
    return still_open(found), seller


def seat_of(db: Reader, bazaar_id: int, seller_id: int) -> BazaarSeat | None:
    """A member's own place on the list, if she is on it."""
    query = select(BazaarSeat).where(
        BazaarSeat.bazaar_id == bazaar_id, BazaarSeat.seller_id == seller_id
    )
    return db.execute(query).scalar_one_or_none()


def _seat(db: Session, bazaar: Bazaar, seller_id: int) -> BazaarSeat | None:
    return seat_of(db, bazaar.id, seller_id)


def _seats(db: Session, bazaar: Bazaar) -> Sequence[BazaarSeat]:
    return db.scalars(select(BazaarSeat).where(BazaarSeat.bazaar_id == bazaar.id)).all()


def _free(db: Session, bazaar: Bazaar, organisation_id: int) -> int:
    group = db.get(BazaarGroup, (bazaar.id, organisation_id))
    if group is None or group.state != "accepted":
        raise NotFound
    return group.quota - joined(db, bazaar.id, organisation_id)


def _waiting(db: Session, bazaar: Bazaar, organisation_id: int) -> list[Turn]:
    last = _last_joined(bazaar)
    query = (
        select(BazaarSeat.seller_id, last.c.last_on, BazaarSeat.slots)
        .join(Seller, Seller.id == BazaarSeat.seller_id)
        .outerjoin(last, last.c.seller_id == BazaarSeat.seller_id)
        .where(BazaarSeat.bazaar_id == bazaar.id, BazaarSeat.state.in_(("wants", "reserve")))
        .where(Seller.organisation_id == organisation_id)
    )
    return rotation.in_turn(bazaar.id, [Turn(*row) for row in db.execute(query)])


def _last_joined(bazaar: Bazaar) -> Subquery:
    """The last day of the last bazaar that each member joined before this one."""
    before = aliased(Bazaar)
    return (
        select(BazaarSeat.seller_id, func.max(before.ends_on).label("last_on"))
        .join(before, before.id == BazaarSeat.bazaar_id)
        .where(BazaarSeat.state == "joined", before.id != bazaar.id)
        .where(before.ends_on < bazaar.starts_on)
        .group_by(BazaarSeat.seller_id)
        .subquery()
    )
