"""A big order is written down, proposed by the rule, and changed by hand before it is asked."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from flask_babel import lazy_gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session

from cooperatives import places
from cooperatives.big_orders import hands, rules, states
from cooperatives.big_orders.states import Event, Share
from cooperatives.models import BigOrder, BigShare
from cooperatives.models.big_orders import DAYS_MAX
from cooperatives.rights import COORDINATE
from core import access, audit, clock
from core.actors import Actor
from core.db import Reader, in_transaction
from core.errors import DomainError, NotFound
from sellers.models import Category, Seller

DOC = "big_order"
WANTED_MAX = 100_000
AHEAD_DAYS_MAX = 366
PAGE = 20


class WrongDays(DomainError):
    """They are past, too many, or the wrong way round."""

    sentence = _("Pilih hari mulai dari hari ini, dan paling lama 31 hari sampai jadi.")


class NobodyChosen(DomainError):
    """A proposal needs somebody."""

    sentence = _("Pilih dulu ibu yang bisa membuat.")


class OneEach(DomainError):
    """One kind of goods for each maker: her hands are counted once."""

    sentence = _("Pilih satu barang saja untuk setiap ibu.")


class TooMuch(DomainError):
    """More than she can make, or more than is wanted."""

    def __init__(self, shop: str, most: int) -> None:
        super().__init__(_("%(shop)s paling banyak %(most)s.", shop=shop, most=most))


class MoreThanWanted(DomainError):
    """Together it is more than what was ordered."""

    def __init__(self, over: int) -> None:
        super().__init__(_("Jumlahnya kelebihan %(n)s. Kurangi dulu.", n=over))


class NoWhy(DomainError):
    """Whoever leaves the rule says why, to everybody."""

    sentence = _("Tulis alasannya. Semua ibu akan membacanya.")


@dataclass(frozen=True, slots=True)
class Wish:
    """What is wanted, how many, from when and by when, and where it is brought."""

    what: str
    wanted: int
    category_id: int
    place_id: int
    starts_on: date
    due_on: date
    least: int = 1


@in_transaction(retries=3)
def write_down(db: Session, *, actor: Actor, organisation_id: int, wish: Wish) -> BigOrder:
    """Write a big order down; every day is dry until somebody says otherwise.

    Raises WrongDays, NotFound.
    """
    access.require(db, actor, COORDINATE, organisation_id)
    place = places.get_place(db, wish.place_id)
    if place.kind != "kiosk" or place.closed_at is not None:
        raise NotFound
    if db.get(Category, wish.category_id) is None:
        raise NotFound
    count = (wish.due_on - wish.starts_on).days + 1
    today = clock.today()
    if wish.starts_on < today or not 1 <= count <= DAYS_MAX:
        raise WrongDays
    if wish.due_on > today + timedelta(days=AHEAD_DAYS_MAX):
        raise WrongDays
    order = BigOrder(
        organisation_id=organisation_id,
        skies=rules.SUNNY * count,
        created_by=actor.person_id,
        **{field: getattr(wish, field) for field in wish.__slots__},
    )
    db.add(order)
    db.flush()
    audit.record(db, actor, "big_order.write", DOC, order.id, wanted=wish.wanted)
    return order


def locked(db: Session, actor: Actor, order_id: int) -> BigOrder:
    """A big order for whoever coordinates its group, locked; raises NotFound."""
    order = db.get(BigOrder, order_id, with_for_update=True, populate_existing=True)
    if order is None:
        raise NotFound
    access.require(db, actor, COORDINATE, order.organisation_id)
    return order


def get(db: Session, actor: Actor, order_id: int) -> BigOrder:
    """The same to read."""
    order = db.get(BigOrder, order_id)
    if order is None:
        raise NotFound
    access.require(db, actor, COORDINATE, order.organisation_id)
    return order


@in_transaction(retries=3)
def propose(
    db: Session, *, actor: Actor, order_id: int, variant_ids: Sequence[int], rainy: Sequence[date]
) -> BigOrder:
    """Let the rule share out what is still missing among these goods, with this weather.

    What was proposed before and not asked is forgotten. The weather stays as it was first asked.
    Raises NobodyChosen, OneEach, NotNow, NotFound.
    """
    order = locked(db, actor, order_id)
    order.state = states.after(order.state, Event.PROPOSE)
    if not order.round:
        order.skies = skies(order, rainy)
    gone = hands.refusers(db, order.id)
    rows = [row for row in hands.choices(db, order) if row.id in set(variant_ids)]
    if len(rows) != len(set(variant_ids)):
        raise NotFound
    rows = [row for row in rows if row.seller_id not in gone]
    if not rows:
        raise NobodyChosen
    if len({row.seller_id for row in rows}) != len(rows):
        raise OneEach
    for share in proposed(db, order):
        db.delete(share)
    db.flush()
    order.why = ""
    missing = order.wanted - hands.agreed(db, order.id) - _waiting(db, order)
    db.add_all(hands.proposal(db, order, rows, missing))
    audit.record(db, actor, "big_order.propose", DOC, order.id, hands=len(rows))
    return order


def skies(order: BigOrder, rainy: Sequence[date]) -> str:
    """A letter for each day of an order."""
    wet = set(rainy)
    every = rules.days(order.starts_on, order.due_on)
    return "".join(rules.RAINY if day in wet else rules.SUNNY for day in every)


def proposed(db: Session, order: BigOrder) -> list[BigShare]:
    """Shares that nobody was asked yet, in the order in which they were given."""
    query = select(BigShare).where(
        BigShare.big_order_id == order.id, BigShare.state == Share.PROPOSED
    )
    return list(db.scalars(query.order_by(BigShare.id)))


def _waiting(db: Session, order: BigOrder) -> int:
    """Pieces that somebody was asked and has not answered."""
    query = select(BigShare.units).where(
        BigShare.big_order_id == order.id, BigShare.state == Share.ASKED
    )
    return sum(db.scalars(query))


@in_transaction(retries=3)
def adjust(
    db: Session, *, actor: Actor, order_id: int, units: Mapping[int, int], why: str
) -> BigOrder:
    """Change proposed shares by hand, by the shop; nobody above her strength, not more than wanted.

    Whatever differs from the rule has a reason, which every maker reads.
    Raises TooMuch, MoreThanWanted, NoWhy, NotNow, NotFound.
    """
    order = locked(db, actor, order_id)
    order.state = states.after(order.state, Event.PROPOSE)
    shares = {share.seller_id: share for share in proposed(db, order)}
    if units.keys() - shares.keys() or not shares:
        raise NotFound
    for seller_id, count in units.items():
        share = shares[seller_id]
        if not 0 <= count <= share.room:
            raise TooMuch(db.get_one(Seller, seller_id).store_name, share.room)
        share.units = count
    over = sum(one.units for one in shares.values()) + hands.agreed(db, order.id)
    over += _waiting(db, order) - order.wanted
    if over > 0:
        raise MoreThanWanted(over)
    by_hand = any(one.units != one.proposed for one in shares.values())
    if by_hand and len(why.strip()) < 3:
        raise NoWhy
    order.why = why.strip()[:200] if by_hand else ""
    audit.record(db, actor, "big_order.adjust", DOC, order.id)
    return order


def list_orders(
    db: Reader, group_ids: Sequence[int], *, asked: str = "", page: int = 1
) -> tuple[list[BigOrder], bool]:
    """Big orders of these groups, the newest first; whether more follow."""
    query = select(BigOrder).where(BigOrder.organisation_id.in_(group_ids))
    if asked:
        query = query.where(BigOrder.what.ilike(f"%{asked}%"))
    query = query.order_by(BigOrder.due_on.desc(), BigOrder.id.desc())
    found = list(db.execute(query.limit(PAGE + 1).offset(PAGE * (page - 1))).scalars())
    return found[:PAGE], len(found) > PAGE
