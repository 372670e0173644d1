"""Public pages of bazaars: what comes next, and who will be there."""

from flask import Blueprint, render_template

from cooperatives.bazaars import fetching
from core.access import public
from core.db import reading
from shop import bazaars
from shop.catalogue import neighbourhood
from shop.views.makers import SHOP_URL

bp = Blueprint("bazaars", __name__, url_prefix="/bazar")


@bp.get("")
@public
def index() -> str:
    """The next bazaars, and the last ones."""
    with reading() as db:
        coming, past = bazaars.coming(db), bazaars.past(db)
    return render_template("shop/bazaars.html", coming=coming, past=past)


@bp.get("/<int:bazaar_id>")
@public
def show(bazaar_id: int) -> str:
    """Days, place, makers; ordering ahead is done in each maker's shop."""
    with reading() as db:
        row = bazaars.find_bazaar(db, bazaar_id)
        makers = bazaars.makers_at(db, bazaar_id)
        groups = bazaars.groups_at(db, bazaar_id)
        stand = fetching.at(db, row.place_id)
    return render_template(
        "shop/bazaar.html",
        row=row,
        where=neighbourhood(row.district_code),
        makers=[(one, neighbourhood(one.district_code)) for one in makers],
        groups=groups,
        orders_until=fetching.orders_until(row.starts_on) if stand and stand.takes_orders else None,
        shop_url=SHOP_URL,
    )
