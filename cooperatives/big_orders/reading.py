"""Big orders as pages show them: who was asked, what she said, what is made, what has come."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from flask_babel import lazy_gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session

from cooperatives.big_orders import hands, keeping, rules
from cooperatives.big_orders.states import Share, State
from cooperatives.models import BigOrder, BigShare, Place
from core import clock
from core.db import Reader
from core.errors import NotFound
from sellers.models import Category, Listing, Seller, Variant

STATES = {
    State.DRAFT: (_("Sedang dirancang"), "wait"),
    State.ASKING: (_("Menunggu jawaban"), "moving"),
    State.AGREED: (_("Sedang dibuat"), "info"),
    State.DONE: (_("Selesai"), "good"),
    State.CANCELLED: (_("Batal"), "rest"),
}
SHARES = {
    Share.PROPOSED: (_("Usulan"), "rest"),
    Share.ASKED: (_("Ditanya"), "wait"),
    Share.YES: (_("Sanggup"), "good"),
    Share.NO: (_("Tidak kali ini"), "rest"),
    Share.LATE: (_("Tidak menjawab"), "warning"),
    Share.PASSED: (_("Belum kebagian"), "rest"),
    Share.DROPPED: (_("Berhalangan"), "warning"),
}
LIST_MAX = 50


@dataclass(frozen=True, slots=True)
class Row:
    """One share with its maker and her goods; `came` is what the kiosk has taken in."""

    share: BigShare
    shop: str
    goods: str
    unit: str
    came: int

    @property
    def state(self) -> tuple[Any, str]:
        """Its word and kind of badge; a part of what was asked is told as such."""
        if self.share.agreed is not None and self.share.agreed < self.share.units:
            return _("Sanggup sebagian"), "info"
        return SHARES[Share(self.share.state)]


@dataclass(frozen=True, slots=True)
class Told:
    """A whole big order."""

    order: BigOrder
    place: Place
    category: str
    rows: Sequence[Row]
    kept: int

    def of(self, *states: str) -> list[Row]:
        """The shares in these states."""
        return [row for row in self.rows if row.share.state in states]

    @property
    def state(self) -> tuple[Any, str]:
        """Its word and kind of badge."""
        return STATES[State(self.order.state)]

    @property
    def agreed(self) -> int:
        """Pieces that somebody has promised."""
        return sum(row.share.agreed or 0 for row in self.rows)

    @property
    def waiting(self) -> int:
        """Pieces that somebody was asked for."""
        return sum(row.share.units for row in self.of("asked"))

    @property
    def ready(self) -> int:
        """Pieces that are made."""
        return sum(row.share.ready for row in self.rows)

    @property
    def came(self) -> int:
        """Pieces that the kiosk has."""
        return sum(row.came for row in self.rows)

    @property
    def missing(self) -> int:
        """Pieces that nobody has been asked for or has promised."""
        return max(0, self.order.wanted - self.agreed - self.waiting)

    @property
    def is_over(self) -> bool:
        """Whether the time to answer is past."""
        return self.order.answer_by is not None and clock.now() > self.order.answer_by

    @property
    def days(self) -> list[tuple[Any, bool]]:
        """Each day, and whether rain is expected."""
        every = rules.days(self.order.starts_on, self.order.due_on)
        return [(day, sky == rules.RAINY) for day, sky in zip(every, self.order.skies, strict=True)]

    @property
    def weather(self) -> tuple[int, int]:
        """How many days are dry, and how many wet."""
        return self.order.skies.count(rules.SUNNY), self.order.skies.count(rules.RAINY)


def told(db: Session, order: BigOrder) -> Told:
    """All of an order; the caller has checked who asks."""
    query = (
        select(BigShare, Seller.store_name, Listing.name, Variant.name, Variant.unit)
        .join(Seller, Seller.id == BigShare.seller_id)
        .join(Variant, Variant.id == BigShare.variant_id)
        .join(Listing, Listing.id == Variant.listing_id)
        .where(BigShare.big_order_id == order.id)
        .order_by(BigShare.round, BigShare.id)
    )
    came = keeping.collected(db, [order.id])
    rows = [
        Row(share, shop, f"{name} {size}".strip(), unit, came.get(share.id, 0))
        for share, shop, name, size, unit in db.execute(query)
    ]
    place, category = db.get_one(Place, order.place_id), db.get_one(Category, order.category_id)
    return Told(order, place, category.name, rows, keeping.kept(db, order.id))


@dataclass(frozen=True, slots=True)
class Choice:
    """Goods that could be made for an order, and how many of them in these days."""

    row: Any
    strength: int
    taken: int
    has_refused: bool
    is_best: bool = False

    @property
    def goods(self) -> str:
        """Her goods with their size."""
        return f"{self.row.name} {self.row.size}".strip()

    @property
    def room(self) -> int:
        """What is left of her strength."""
        return max(0, self.strength - self.taken)


def choices(db: Session, order: BigOrder) -> list[Choice]:
    """Whom the coordinator may choose, who has room first; of each maker what she has most of."""
    rows = hands.choices(db, order)
    used = hands.taken(db, order, [row.listing_id for row in rows])
    gone = hands.refusers(db, order.id)
    found = [
        Choice(row, hands.strength(order, row), used.get(row.listing_id, 0), row.seller_id in gone)
        for row in rows
    ]
    best: dict[int, Choice] = {}
    for one in sorted(found, key=lambda one: one.room):
        if one.room and not one.has_refused:
            best[one.row.seller_id] = one
    marked = [replace(one, is_best=best.get(one.row.seller_id) is one) for one in found]
    return sorted(marked, key=lambda one: (one.has_refused, one.room == 0, one.row.store_name))


ASKED_ONCE = tuple(state for state in Share if state not in (Share.PROPOSED, Share.PASSED))


def hers(db: Reader, seller_ids: Sequence[int]) -> list[Any]:
    """Shares that these shops were asked, with their order, the newest first."""
    query = (
        select(BigShare, BigOrder)
        .join(BigOrder, BigOrder.id == BigShare.big_order_id)
        .where(BigShare.seller_id.in_(seller_ids), BigShare.state.in_(ASKED_ONCE))
        .order_by(BigOrder.due_on.desc(), BigShare.id.desc())
        .limit(LIST_MAX)
    )
    return list(db.execute(query))


def get_hers(db: Session, seller_ids: Sequence[int], order_id: int) -> Told:
    """An order of which one of these shops was asked a share; raises NotFound.

    She sees what each maker was asked, and what each said: shares are no secret.
    """
    mine = select(BigShare.id).where(
        BigShare.big_order_id == order_id,
        BigShare.seller_id.in_(seller_ids),
        BigShare.state.in_(ASKED_ONCE),
    )
    if db.scalar(mine.limit(1)) is None:
        raise NotFound
    found = told(db, db.get_one(BigOrder, order_id))
    shown = [row for row in found.rows if row.share.state != Share.PROPOSED]
    return Told(found.order, found.place, found.category, shown, found.kept)


def kiosks(db: Reader) -> list[tuple[int, str]]:
    """Where goods may be brought together: every open kiosk, for one serves many groups."""
    query = (
        select(Place.id, Place.name)
        .where(Place.kind == "kiosk", Place.closed_at.is_(None))
        .order_by(Place.name)
    )
    return [(row.id, row.name) for row in db.execute(query)]


def kinds(db: Reader) -> list[tuple[int, str]]:
    """Kinds of goods of which some maker wrote down what she can make."""
    query = (
        select(Category.id, Category.name)
        .where(Category.closed_reason == "")
        .where(
            select(Listing.id)
            .where(Listing.category_id == Category.id, Listing.state == "live")
            .where((Listing.capacity_sunny > 0) | (Listing.capacity_rainy > 0))
            .exists()
        )
        .order_by(Category.position, Category.name)
    )
    return [(row.id, row.name) for row in db.execute(query)]
