"""What the signed cookie remembers of a visitor: her basket and her district, nothing personal."""

from flask import session

from cooperatives.allocation import Wish
from core import regions
from shop.basket import Wishes

BASKET, DISTRICT = "basket", "to"


def wishes() -> Wishes:
    """What is in the basket."""
    return tuple(Wish(*pair) for pair in session.get(BASKET, ()))


def keep(basket: Wishes) -> None:
    """Keep the basket, also when the browser is closed."""
    session.permanent = True
    session[BASKET] = [list(wish) for wish in basket]


def district() -> regions.District | None:
    """Where she said that parcels should go."""
    return regions.district(session.get(DISTRICT, ""))


def keep_district(code: str) -> None:
    """Remember where parcels should go."""
    if session.get(DISTRICT) != code:
        session[DISTRICT] = code


def page_words() -> dict[str, object]:
    """What the header of every page shows of the basket; no query."""
    return {"basket_count": basket_count()}


def basket_count() -> int:
    """How many pieces are in the basket."""
    return sum(wish.quantity for wish in wishes())
