"""Who gets which jar: wishes become picks from lots, and the picked goods are held for the buyer.

The pick decides who is paid, so its rule is fixed and pure (`pick`). For each wish, lots are taken
in this order:

1. first expired, first out; a lot without a date comes last;
2. among lots of one date: the place that could meet the most wishes of this cart by itself, so
   that a cart needs few parcels;
3. the oldest receipt, then the lower number.

A wish may be met from several lots; "3 of 2 + 1" becomes two picks that a page shows as one.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple

from flask_babel import lazy_gettext as _
from sqlalchemy import BigInteger, String, any_, bindparam, func, literal_column, select
from sqlalchemy.orm import Session

from cooperatives import levels, stock
from cooperatives.holds import Doc
from cooperatives.levels import Standing
from cooperatives.models.stock import Hold, Level
from cooperatives.settings import CooperativeSettings
from core.config import settings
from core.db import Reader, Ready
from core.errors import DomainError
from core.inserts import Insert

WISHED = levels.Shelf(Level.variant_id == any_(stock.VARIANTS), *stock.ONLINE)
HOLDING = Insert(Hold)
# The state stands in the text: as a value it would keep a prepared plan from the index of what is
# held, and every order would read through all holds there ever were.
HELD = Ready(
    select(func.sum(Hold.quantity).cast(BigInteger).label("units")).where(
        Hold.buyer_key == bindparam("buyer", type_=String),
        Hold.state == literal_column("'held'"),
    )
)


class Wish(NamedTuple):
    """So many units of a variant are wanted."""

    variant_id: int
    quantity: int


@dataclass(frozen=True, slots=True)
class Pick:
    """Units of one lot at one place, with what its line freezes: owner, organisation, terms."""

    variant_id: int
    lot_id: int
    place_id: int
    owner_id: int
    organisation_id: int
    terms_id: int
    quantity: int

    @classmethod
    def of(cls, standing: Standing, quantity: int) -> "Pick":
        """So many units of a level."""
        return cls(
            variant_id=standing.variant_id,
            lot_id=standing.lot_id,
            place_id=standing.place_id,
            owner_id=standing.owner_id,
            organisation_id=standing.organisation_id,
            terms_id=standing.terms_id,
            quantity=quantity,
        )


class OutOfStock(DomainError):
    """Fewer units are left than wished; `left` says how many, for each variant that is short."""

    status = 409

    def __init__(self, left: Mapping[int, int], asked: Mapping[int, int]) -> None:
        self.left = dict(left)
        first = next(iter(left))
        if left[first]:
            tells = _(
                "Stok tinggal %(left)s, Anda minta %(asked)s.",
                left=left[first],
                asked=asked[first],
            )
        else:
            tells = _("Stok sudah habis.")
        super().__init__(tells)


class TooManyHeld(DomainError):
    """The buyer already holds as much unpaid as one buyer may."""

    sentence = _("Anda masih punya pesanan yang belum dibayar. Selesaikan dulu, lalu pesan lagi.")


class BadQuantity(DomainError):
    """A quantity is a whole number from one to a limit."""

    def __init__(self, most: int) -> None:
        super().__init__(_("Jumlahnya dari 1 sampai %(most)s.", most=most))


def merged(wishes: Iterable[Wish]) -> dict[int, int]:
    """Units wanted of each variant, lines of one variant together. Raises BadQuantity."""
    most = settings(CooperativeSettings).hold_units_max
    wanted: Counter[int] = Counter()
    for wish in wishes:
        if type(wish.quantity) is not int or wish.quantity < 1:
            raise BadQuantity(most)
        wanted[wish.variant_id] += wish.quantity
    if not wanted or wanted.total() > most:
        raise BadQuantity(most)
    return dict(sorted(wanted.items()))


def pick(wanted: Mapping[int, int], shelf: Sequence[Standing]) -> list[tuple[Standing, int]]:
    """Choose lots for every wish, in the order told above. Raises OutOfStock."""
    by_place: dict[int, Counter[int]] = defaultdict(Counter)
    for standing in shelf:
        by_place[standing.place_id][standing.variant_id] += standing.free
    meets = {
        place: sum(free[variant] >= quantity for variant, quantity in wanted.items())
        for place, free in by_place.items()
    }
    ordered = sorted(
        shelf, key=lambda s: (s.best_before or date.max, -meets[s.place_id], *s.turn[1:])
    )
    open_wishes, chosen = dict(wanted), []
    for standing in ordered:
        quantity = min(open_wishes[standing.variant_id], standing.free)
        if quantity > 0:
            open_wishes[standing.variant_id] -= quantity
            chosen.append((standing, quantity))
    short = {v: wanted[v] - missing for v, missing in open_wishes.items() if missing}
    if short:
        raise OutOfStock(short, wanted)
    return sorted(chosen, key=lambda taken: taken[0].variant_id)


def preview(
    db: Reader, wishes: Iterable[Wish], place_ids: Sequence[int] | None = None
) -> list[Pick]:
    """What `allocate` would pick now; nothing is locked, held or promised.

    Raises OutOfStock, BadQuantity.
    """
    wanted = merged(wishes)
    return [Pick.of(*chosen) for chosen in pick(wanted, see(db, list(wanted), place_ids))]


def see(
    db: Reader, variant_ids: Sequence[int], place_ids: Sequence[int] | None = None
) -> list[Standing]:
    """The levels that could meet wishes for these variants now, not locked."""
    return WISHED.see(db, stock.asked(variant_ids, place_ids))


def allocate(
    db: Session,
    wishes: Iterable[Wish],
    *,
    until: datetime,
    doc: Doc,
    buyer_key: str,
    place_ids: Sequence[int] | None = None,
) -> list[Pick]:
    """Hold goods for a buyer until then, or raise and hold nothing.

    Levels are locked before the pick, so whoever comes second picks from what is really left.
    Raises OutOfStock, TooManyHeld, BadQuantity.
    """
    assert buyer_key, "a promise is made to somebody"
    wanted = merged(wishes)
    shelf = WISHED.lock(db, stock.asked(list(wanted), place_ids))
    _refuse_hoarding(db, buyer_key, sum(wanted.values()))
    chosen = pick(wanted, shelf)
    for standing, quantity in chosen:
        standing.reserved += quantity
    levels.write(db, shelf)
    promise = {"until": until, "doc_type": doc.kind, "doc_id": doc.id, "buyer_key": buyer_key}
    HOLDING.rows(
        db,
        [
            {"lot_id": s.lot_id, "place_id": s.place_id, "quantity": quantity, **promise}
            for s, quantity in chosen
        ],
    )
    return [Pick.of(standing, quantity) for standing, quantity in chosen]


def _refuse_hoarding(db: Session, buyer_key: str, wanted: int) -> None:
    """Asked after the levels are locked, so that one buyer's parallel tries see each other."""
    held = HELD.rows(db, {"buyer": buyer_key})[0].units or 0
    if wanted + held > settings(CooperativeSettings).hold_units_max:
        raise TooManyHeld
