"""The front door: whose hands, what kinds of goods, and what is new."""

from typing import NamedTuple

from flask import Blueprint

from cooperatives.packages.shown import Named, list_newest
from core.access import public
from core.db import reading
from core.drawing import draw, lately
from shop import front
from shop.catalogue import Filter, Page, list_cards
from shop.front import Kiosk, Shelf, Teller

bp = Blueprint("home", __name__)
NEW_SHOWN = 8


@bp.get("/")
@public
def show() -> str:
    """What Lumbung is, today's makers, one story, and the ways in."""
    seen = lately(_read, "home")
    return draw(
        "shop/home.html",
        *(*seen[:4], seen.goods.key),
        context=lambda: {"story": front.the_story(seen.tellers), **seen._asdict()},
    )


class Seen(NamedTuple):
    """What the front door shows."""

    tellers: tuple[Teller, ...]
    shelves: tuple[Shelf, ...]
    kiosks: tuple[Kiosk, ...]
    packages: tuple[Named, ...]
    goods: Page


def _read() -> Seen:
    with reading() as db:
        return Seen(
            tuple(front.list_tellers(db)),
            tuple(front.list_shelves(db)),
            tuple(front.list_kiosks(db)),
            tuple(list_newest(db)),
            list_cards(db, Filter(), limit=NEW_SHOWN),
        )
