"""Checkout in two steps on one address: how to get it, then look it over and order.

What she typed travels in the form. The id made with the first page becomes the order's id, so a
double click, a reload or a lost answer is one order.
"""

from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from cooperatives.allocation import BadQuantity, OutOfStock, TooManyHeld, Wish
from core import limits, visitor
from core.access import public
from core.config import settings
from core.db import db, reading
from core.errors import Busy, Conflict, DomainError, TooMany
from core.i18n import language
from core.people import get_person
from core.web import say
from orders import cash_trust, checkout, finding, methods
from orders.bill import NoDelivery, NoPickup
from orders.checkout import EmptyBasket, TotalChanged
from orders.methods import Method, MethodClosed
from orders.samples import TooManySamples
from orders.settings import OrderSettings
from orders.weights import OddParcel
from shop import basket, pickup
from shop.basket import Item, Look, Wishes
from shop.forms import SHIP, CheckoutForm
from shop.views import cookie

bp = Blueprint("checkout", __name__, url_prefix="/beli")

PLACING_SECONDS = 60 * 60
Answer = str | Response | tuple[str, int]
AT_THE_CHECK = (
    OutOfStock, TooManyHeld, TooManySamples, MethodClosed, TotalChanged, OddParcel, Busy, TooMany,
)  # fmt: skip


@bp.after_request
def keep_nowhere(response: Response) -> Response:
    """Her name and address stand in these pages."""
    response.headers["Cache-Control"] = "private, no-store"
    return response


@bp.get("")
@public
def begin() -> Answer:
    """The first step, with what is known of her already."""
    try:
        with reading() as connection:
            items, _picks = basket.stocked(connection, basket.items_of(connection, cookie.wishes()))
    except BadQuantity:  # The limit has been lowered since; the basket says so.
        items = []
    if not basket.can_be_had(items):
        return redirect(url_for("basket.show"), code=303)
    form = CheckoutForm()
    form.want(cookie.wishes())
    to, person = cookie.district(), visitor.visitor()
    form.fill({"way": SHIP, "district": to.code if to else None})
    if person:
        known = get_person(db.session(), person.person_id)
        form.fill({"name": known.name, "phone": known.phone, "email": known.email or ""})
    return _ask(form, items=items)


@bp.post("")
@public
def step() -> Answer:
    """Whatever button she pressed; the first one of a form is also what Enter presses."""
    form = CheckoutForm()
    go = request.form.get("go", "check")
    if go == "edit":
        return _ask(form)
    if go == "last":
        return _use_last_address(form)
    if not form.validate():
        return _ask(form, 422)
    if go == "order":
        return _order(form)
    if go == "take":
        return _take_what_is_left(form)
    return _check(form)


def _ask(form: CheckoutForm, status: int = 200, items: list[Item] | None = None) -> Answer:
    """Step one."""
    with reading() as connection:
        items = items or basket.items_of(connection, _wished(form))
        kiosks = pickup.list_kiosks(connection, items)
    if not items:
        return redirect(url_for("basket.show"), code=303)
    last = finding.last_delivery(db.session(), visitor.actor()) if visitor.visitor() else None
    page = render_template(
        "shop/checkout.html", form=form, items=items, kiosks=kiosks, last=last, SHIP=SHIP
    )
    return page, status


def _wished(form: CheckoutForm) -> Wishes:
    try:
        return form.wishes()
    except DomainError:  # Its sentence stands beside the goods already.
        return tuple(Wish(variant_id, 1) for variant_id in form.goods.data)


def _use_last_address(form: CheckoutForm) -> Answer:
    """One touch in place of typing the address again; only her own, and only signed in."""
    last = finding.last_delivery(db.session(), visitor.actor())
    if last is not None:
        form.fill_address(last)
    return _ask(form)


def _look(form: CheckoutForm) -> Look:
    with reading() as connection:
        return basket.look(
            connection,
            form.wishes(),
            district_code=form.district_code,
            kiosk_id=form.kiosk_id,
            services=form.service.data,
        )


def _check(form: CheckoutForm, refused: DomainError | None = None) -> Answer:
    """Step two: everything once more, with the total she will agree to."""
    seen = _look(form)
    if seen.trouble:
        return _ask_again(form, seen.trouble)
    fitting = methods.fitting(
        way="fetch" if seen.stand else "ship" if form.kiosk_id is None else "pickup",
        total=seen.bill.total,
        takes_cash=bool(seen.bill.bundles) and seen.bill.takes_cash,
    )
    closed = _no_cash(form, fitting, seen.bill.total)
    offered = [method for method in fitting if method.code not in closed] or fitting
    if form.method.data not in {method.code for method in offered}:
        form.fill({"method": offered[0].code})
    form.fill({"total_seen": str(seen.bill.total)})
    form.service.data = {b.place_id: b.quote.service_code for b in seen.bill.bundles if b.quote}
    page = render_template(
        "shop/check.html",
        form=form,
        seen=seen,
        methods=fitting,
        closed=closed,
        refused=refused,
        SHIP=SHIP,
    )
    status = refused.status if refused else 200 if seen.is_whole else OutOfStock.status
    return page, status


def _no_cash(form: CheckoutForm, fitting: list[Method], total: int) -> dict[str, Any]:
    """The ways to pay in cash that her history does not allow now, each with the reason."""
    cash = [method.code for method in fitting if method.is_cash]
    if not cash:
        return {}
    buyer_id = visitor.actor().person_id
    with reading() as connection:
        why = cash_trust.sentence(
            connection, buyer_id=buyer_id, phone=form.phone.data or "", total=total
        )
    return dict.fromkeys(cash, why) if why else {}


def _ask_again(form: CheckoutForm, refused: DomainError) -> Answer:
    """Back to step one, the sentence beside the box it is about."""
    boxes = {NoDelivery: form.district, NoPickup: form.way}
    boxes.get(type(refused), form.goods).errors = [refused.sentence]
    return _ask(form, refused.status)


def _take_what_is_left(form: CheckoutForm) -> Answer:
    """Fewer than wished, as many as there are."""
    left = _look(form).to_be_had
    if not left:
        return redirect(url_for("basket.show"), code=303)
    form.want(left)
    return _check(form)


def _order(form: CheckoutForm) -> Answer:
    """Place the order; on success nothing is looked up again."""
    most = settings(OrderSettings).placing_tries
    asked = form.asked(language(), cookie.links())
    try:
        limits.spend(key=f"order:{request.remote_addr}"[:200], most=most, seconds=PLACING_SECONDS)
        placed = checkout.place_order(actor=visitor.actor(), asked=asked)
    except AT_THE_CHECK as refused:
        return _check(form, refused)
    except (NoDelivery, NoPickup, EmptyBasket, BadQuantity) as refused:
        return _ask_again(form, refused)
    except Conflict:
        form.renew()
        sentence = _(
            "Pesanan dari halaman ini sudah kami terima, dengan isi yang sebelumnya."
            " Tekan Pesan sekarang hanya jika ingin pesanan baru."
        )
        return _check(form, Conflict(sentence))
    bought = [wish.variant_id for wish in asked.wishes]
    cookie.keep(basket.without(cookie.wishes(), bought))
    say(_("Pesanan sudah kami terima. Simpan alamat halaman ini."))
    return redirect(url_for("orders.show", code=placed.code), code=303)
