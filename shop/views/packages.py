"""A package of several makers: what is in it, who gets what of its price, all into the basket."""

from collections import Counter

from flask import Blueprint, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from cooperatives.allocation import BadQuantity, OutOfStock, Wish, preview
from cooperatives.consignment import NotSoldHere
from cooperatives.packages import shown
from cooperatives.packages.shown import Shown
from core.access import public
from core.db import db
from core.orgs import Organisation
from core.web import say
from orders import bill
from shop import basket, pages
from shop.basket import BasketFull
from shop.catalogue import PRODUCT_URL
from shop.views import cookie

bp = Blueprint("packages", __name__, url_prefix="/paket")
OTHERS = ("cooperative", "kiosk", "operator")


@bp.get("/<slug>")
@public
def show(slug: str) -> str:
    """What is in it, and who gets what, by the very bill that an order would have now."""
    one = shown.get_open(db.session(), slug)
    return render_template(
        "shop/package.html",
        one=one,
        group=db.session().get_one(Organisation, one.package.organisation_id).name,
        rows=_who_gets_what(one),
        product_url=PRODUCT_URL,
    )


def _wishes(one: Shown) -> list[Wish]:
    return [Wish(row.part.variant_id, row.part.units) for row in one.content]


def _who_gets_what(one: Shown) -> list[list[object]]:
    """Each maker's part, then what the others get; nothing where the goods are not there."""
    try:
        drawn = bill.bundled(db.session(), preview(db.session(), _wishes(one)))
    except (OutOfStock, NotSoldHere):
        return []
    parts: Counter[str] = Counter()
    goods = [goods for bundle in drawn.bundles for goods in bundle.goods]
    for line in goods:
        parts[line.store_name] += line.shares.maker
    rows: list[list[object]] = [list(pair) for pair in parts.items()]
    for party in OTHERS:
        amount = sum(getattr(line.shares, party) for line in goods)
        if amount:
            rows.append([pages.PARTIES[party], amount])
    return rows


@bp.post("/<slug>/keranjang")
@public
def add(slug: str) -> Response:
    """Everything in it goes into the basket, as the goods that they are."""
    one = shown.get_open(db.session(), slug)
    wishes = cookie.wishes()
    try:
        for variant_id, units in _wishes(one):
            wishes = basket.put(wishes, variant_id, dict(wishes).get(variant_id, 0) + units)
    except (BasketFull, BadQuantity) as refused:
        say(refused.sentence)
        return redirect(url_for("packages.show", slug=slug), code=303)
    cookie.keep(wishes)
    say(_("Semua isi paket sudah masuk keranjang."))
    return redirect(url_for("basket.show"), code=303)
