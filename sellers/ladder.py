"""Tangga Izin: the four rungs a home business climbs, and which one comes next.

NIB comes first, then P-IRT or BPOM MD, then halal, then a full label (docs/listings.md).
"""

from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from core import clock
from core.config import settings
from sellers import checks, permits, sheets
from sellers.checks import Sheet
from sellers.models import Listing, Permit
from sellers.settings import SellerSettings

FOOD_KINDS = ("pirt", "md", "tr")
FOOD_GAPS = frozenset({"no_food_permit", "food_permit_ended", "no_herbal_permit"})
LABEL_GAPS = frozenset({"no_ingredients", "no_shelf_life", "no_net_weight"})


@dataclass(frozen=True, slots=True)
class Rung:
    """One step: `state` is done, moving, todo or spare (not needed yet).

    `lacking` are the goods that keep it from being done, `offers` the permits to write down here.
    """

    name: str
    state: str
    permits: tuple[Permit, ...]
    lacking: tuple[Listing, ...] = ()
    offers: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Good:
    """Something to eat or drink, and what it lacks by code."""

    listing: Listing
    sheet: Sheet
    gaps: frozenset[str]


def climb(db: Session, seller_id: int) -> list[Rung]:
    """The ladder of one shop, as it stands today."""
    held = permits.list_of(db, seller_id)
    goods = _edible(db, seller_id)
    return [_nib(held, clock.today()), _food(held, goods), _halal(held, goods), _label(goods)]


def next_rung(rungs: list[Rung]) -> Rung | None:
    """The first rung that waits for her; what is being processed waits for others."""
    return next((rung for rung in rungs if rung.state == "todo"), None)


def _edible(db: Session, seller_id: int) -> list[_Good]:
    """What can be eaten or drunk and is not put away."""
    listings = list(db.scalars(sheets.edible(seller_id).order_by(Listing.id)))
    rules, today = settings(SellerSettings), clock.today()
    return [
        _Good(one, sheet, frozenset(gap.code for gap in checks.find_gaps(sheet, rules, today)))
        for one, sheet in zip(listings, sheets.collect(db, listings).values(), strict=True)
    ]


def _nib(held: list[Permit], today: date) -> Rung:
    own = tuple(one for one in held if one.kind == "nib")
    given = any(one.number and (one.valid_until or today) >= today for one in own)
    state = "done" if given else "moving" if own else "todo"
    return Rung("nib", state, own, offers=() if own else ("nib",))


def _food(held: list[Permit], goods: list[_Good]) -> Rung:
    own = tuple(one for one in held if one.kind in FOOD_KINDS)
    asked = [one for one in goods if not _is_fresh_food(one.sheet)]
    lacking = [one for one in asked if one.gaps & FOOD_GAPS]
    waiting = [one for one in asked if "food_permit_waits" in one.gaps]
    offers = FOOD_KINDS[:2] if any(one.sheet.is_food for one in goods) else ()
    if any(one.sheet.is_herbal for one in goods):
        offers = (*offers, "tr")
    return Rung("food", _state(asked, lacking, waiting), own, _names(lacking, waiting), offers)


def _is_fresh_food(sheet: Sheet) -> bool:
    return not sheet.is_herbal and checks.is_fresh(sheet.shelf_life_days, settings(SellerSettings))


def _halal(held: list[Permit], goods: list[_Good]) -> Rung:
    own = tuple(one for one in held if one.kind == "halal")
    foods = [one for one in goods if one.sheet.is_food]
    lacking = [one for one in foods if "no_halal" in one.gaps]
    waiting = [one for one in foods if one.sheet.halal == "in_process"]
    offers = ("halal",) if foods else ()
    return Rung("halal", _state(foods, lacking, waiting), own, _names(lacking, waiting), offers)


def _label(goods: list[_Good]) -> Rung:
    lacking = [one for one in goods if one.gaps & LABEL_GAPS]
    return Rung("label", _state(goods, lacking, []), (), _names(lacking, []))


def _names(lacking: list[_Good], waiting: list[_Good]) -> tuple[Listing, ...]:
    return tuple(one.listing for one in (*lacking, *waiting))


def _state(asked: list[_Good], lacking: list[_Good], waiting: list[_Good]) -> str:
    if not asked:
        return "spare"
    if lacking:
        return "todo"
    return "moving" if waiting else "done"
