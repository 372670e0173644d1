"""What the signed cookie remembers of a visitor: her basket, her district, and by which links she
came; nothing personal.
"""

from flask import session

from cooperatives.allocation import Wish
from core import clock, regions
from core.config import settings
from shop.basket import Wishes
from shop.settings import ShopSettings

BASKET, DISTRICT, LINKS = "basket", "to", "links"
LINKS_MAX = 10


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


def keep_link(code: str) -> None:
    """Remember a link that led here, with its day; the oldest of many are let go."""
    today = clock.today().toordinal()
    others = [link for link in session.get(LINKS, ()) if link[0] != code]
    session.permanent = True
    session[LINKS] = [*others, [code, today]][-LINKS_MAX:]


def links() -> tuple[str, ...]:
    """Links by which she came lately, the newest last: it counts where two led to one product."""
    since = clock.today().toordinal() - settings(ShopSettings).link_days
    return tuple(code for code, day in session.get(LINKS, ()) if day > since)


def page_words() -> dict[str, object]:
    """What the header of every page shows of the basket; no query."""
    return {"basket_count": basket_count()}


def basket_count() -> int:
    """How many pieces are in the basket."""
    return sum(wish.quantity for wish in wishes())
