"""The basket: looked at, filled, counted and emptied, without an account and without a query to
write. It lives in the visitor's signed cookie.
"""

from flask import Blueprint, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from cooperatives.allocation import BadQuantity
from cooperatives.settings import CooperativeSettings
from core import regions
from core.access import public
from core.addresses import BIGINT_MAX
from core.config import settings
from core.db import reading
from core.errors import DomainError, NotFound
from core.web import say
from shop import basket
from shop.basket import BasketFull, Item, Look
from shop.catalogue import PRODUCT_URL
from shop.districts import resolve
from shop.views import cookie

bp = Blueprint("basket", __name__, url_prefix="/keranjang")
TYPED_SHOWN_MAX = 12


@bp.get("")
@public
def show() -> str:
    """What is in the basket now, in which parcels, and what it costs with delivery."""
    typed = request.args.get("ke", "").strip()
    unclear = None
    if typed:
        try:
            cookie.keep_district(resolve(typed).code)
        except regions.NoSuchDistrict as found:
            unclear = found
    return _page(typed=typed, unclear=unclear)


def _page(
    *,
    typed: str = "",
    unclear: regions.NoSuchDistrict | None = None,
    wrong: tuple[int, str, DomainError] | None = None,
) -> str:
    to = cookie.district()
    with reading() as db:
        seen = basket.look(db, cookie.wishes(), district_code=to.code if to else None)
    return render_template(
        "shop/basket.html",
        seen=seen,
        to=to,
        typed=typed,
        unclear=unclear,
        wrong=wrong if wrong and wrong[0] not in dict(cookie.wishes()) else None,
        groups=[_group(seen, items, wrong) for items in seen.by_maker()],
    )


def _group(
    seen: Look, items: list[Item], wrong: tuple[int, str, DomainError] | None
) -> tuple[str, str, list[dict[str, object]]]:
    """One maker: her name, where her goods leave from, and her lines."""
    places = ", ".join(seen.places_of(items[0].seller_id))
    way = _("Dikirim dari %(places)s", places=places) if places else ""
    return items[0].maker, way, [_line(item, wrong) for item in items]


def _line(item: Item, wrong: tuple[int, str, DomainError] | None) -> dict[str, object]:
    """A line as the macro shows it; a wrong quantity stays as typed, with its sentence."""
    is_wrong = wrong is not None and wrong[0] == item.variant_id
    return {
        "url": PRODUCT_URL + item.slug,
        "name": item.name,
        "note": item.note,
        "photo": item.photo,
        "price": item.price,
        "quantity": item.quantity,
        "shown": wrong[1][:TYPED_SHOWN_MAX] if wrong and is_wrong else "",
        "max": settings(CooperativeSettings).hold_units_max,
        "total": item.total,
        "left": item.left,
        "problem": wrong[2].sentence if wrong and is_wrong else item.problem,
        "change_url": url_for("basket.change", variant_id=item.variant_id),
        "remove_url": url_for("basket.remove", variant_id=item.variant_id),
    }


@bp.post("/tambah")
@public
def add() -> str | Response | tuple[str, int]:
    """Put something into the basket."""
    variant_id = _id(request.form.get("variant", ""))
    typed = request.form.get("quantity", "1")
    try:
        with reading() as db:
            cookie.keep(basket.add(db, cookie.wishes(), variant_id, basket.units(typed)))
    except (BadQuantity, BasketFull) as refused:
        return _page(wrong=(variant_id, typed, refused)), refused.status
    say(_("Sudah masuk keranjang."))
    return redirect(url_for("basket.show"), code=303)


@bp.post("/<int:variant_id>")
@public
def change(variant_id: int) -> str | Response | tuple[str, int]:
    """Another quantity of something that is in the basket."""
    typed, step = request.form.get("quantity", ""), request.form.get("step", "")
    if variant_id not in dict(cookie.wishes()):
        raise NotFound
    try:
        quantity = basket.units(typed, step)
        cookie.keep(basket.put(cookie.wishes(), variant_id, quantity))
    except (BadQuantity, BasketFull) as refused:
        return _page(wrong=(variant_id, typed, refused)), refused.status
    return redirect(url_for("basket.show"), code=303)


@bp.post("/<int:variant_id>/keluarkan")
@public
def remove(variant_id: int) -> Response:
    """Take something out; a second press finds it gone and is as good."""
    cookie.keep(basket.without(cookie.wishes(), [variant_id]))
    say(_("Barang sudah dikeluarkan."))
    return redirect(url_for("basket.show"), code=303)


def _id(text: str) -> int:
    """An id from a form; raises NotFound for what can be none."""
    if not (text.isascii() and text.isdigit() and len(text) <= 19 and int(text) <= BIGINT_MAX):
        raise NotFound
    return int(text)
