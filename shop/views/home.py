"""The front door: whose hands, what kinds of goods, and what is new."""

from flask import Blueprint, render_template

from core.access import public
from core.db import reading
from shop import front
from shop.catalogue import Filter, list_cards

bp = Blueprint("home", __name__)
NEW_SHOWN = 8


@bp.get("/")
@public
def show() -> str:
    """What Lumbung is, today's makers, one story, and the ways in."""
    with reading() as db:
        tellers = front.list_tellers(db)
        return render_template(
            "shop/home.html",
            tellers=tellers,
            story=front.the_story(tellers),
            shelves=front.list_shelves(db),
            kiosks=front.list_kiosks(db),
            goods=list_cards(db, Filter(), limit=NEW_SHOWN),
        )
