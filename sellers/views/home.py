"""Her first page: what she has to do today, and the ways to everything else."""

from flask import Blueprint, render_template
from markupsafe import Markup

from core import day, parts, visitor
from core.access import holds
from core.db import db
from core.keeping import kept_on_phone
from sellers import shops
from sellers.rights import PARTS, SELL

bp = Blueprint("my_day", __name__, url_prefix="/ibu")
FIRST = 5  # So many at once; the others stand below.


@bp.get("")
@holds(*PARTS)
@kept_on_phone
def today() -> str:
    """Everything that waits for her, the most urgent first."""
    return render_template(
        "sellers/home.html", cards=day.cards(SELL, *PARTS), first=FIRST, figures=_figures()
    )


def _figures() -> list[Markup]:
    """What the floors above show of each of her shops as it is this minute."""
    mine = [shop.id for shop in shops.list_own(db.session(), visitor.actor())]
    return list(parts.of("my_day", mine).values())
