"""Paying through a gateway: the way there and the way back, by whole pages only.

What is in the address of the way back proves nothing: we ask the gateway, and the order page shows
what is so. The address names no order by its secret code; her browser remembers that.
"""

from contextlib import suppress
from uuid import UUID

from flask import Blueprint, make_response, redirect, render_template, request, session, url_for
from sqlalchemy import select
from werkzeug.wrappers import Response

from core import limits, visitor
from core.access import public
from core.config import settings
from core.db import db
from core.errors import RemoteError
from core.remote import TooBusy
from orders import asking, attempts, currencies, endings, finding, methods, opening, presenting
from orders.models import Attempt, Order
from orders.settings import OrderSettings
from orders.states import AttemptState

bp = Blueprint("pay", __name__, url_prefix="/pesanan")

PAYING = "paying"  # Codes of the orders this browser went to pay, newest last.
REMEMBERED_MAX = 5
REFRESH_SECONDS = 4
REFRESHES_MAX = 10
PAY_SECONDS = 60 * 60


@bp.route("/<code>/bayar", methods=["GET", "POST"])
@public
def go(code: str) -> str | Response:
    """Lead to the gateway, or say why not yet; the order stands whatever happens."""
    order = finding.by_code(db.session(), code)
    if request.method == "POST":
        return _lead_there(order)
    attempt = attempts.newest_open(db.session(), order.id)
    if order.state not in endings.ENDS_UNPAID:
        return redirect(url_for("orders.show", code=code), code=303)
    return _wait_page(order, attempt, "waiting" if _tries() else "")


def _lead_there(order: Order) -> str | Response:
    most = settings(OrderSettings).placing_tries
    limits.spend(key=f"pay:{request.remote_addr}"[:200], most=most, seconds=PAY_SECONDS)
    remember(order.code)
    try:
        url = opening.open_payment(actor=visitor.actor(), order_id=order.id)
    except presenting.CurrencyNotChosen:
        return redirect(url_for("pay.currency", code=order.code), code=303)
    except TooBusy:
        opening.open_later(order_id=order.id)
        here = url_for("pay.go", code=order.code, tunggu=1)
        return redirect(here, code=303)
    except RemoteError:
        attempt = attempts.newest_open(db.session(), order.id)
        return _wait_page(order, attempt, "down")
    return redirect(url or url_for("orders.show", code=order.code, tunggu=1), code=303)


def _wait_page(order: Order, attempt: Attempt | None, why: str) -> Response:
    page = make_response(
        render_template(
            "orders/pay.html",
            order=order,
            attempt=attempt,
            method=methods.known(order.method),
            why=why,
            pay_url=attempt.pay_url
            if attempt is not None and attempt.state == AttemptState.PENDING
            else "",
        )
    )
    if why == "waiting":
        refresh(page, "pay.go", order.code)
    return page


def remember(code: str) -> None:
    """Let the way back find this order in this browser."""
    codes = [known for known in session.get(PAYING, []) if known != code]
    session[PAYING] = [*codes, code][-REMEMBERED_MAX:]


def _tries() -> int:
    asked = request.args.get("tunggu", "")
    return int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 4 else 0


def refresh(page: Response, endpoint: str, code: str) -> None:
    """Let a page that waits look again by itself, some times and then no more."""
    tries = _tries()
    if 0 < tries <= REFRESHES_MAX:
        again = url_for(endpoint, code=code, tunggu=tries + 1)
        page.headers["Refresh"] = f"{REFRESH_SECONDS}; url={again}"


@bp.route("/<code>/mata-uang", methods=["GET", "POST"])
@public
def currency(code: str) -> str | Response:
    """Choose the money for a card from abroad; a sum once shown never changes."""
    order, refused = finding.by_code(db.session(), code), None
    if order.state not in endings.ENDS_UNPAID or not presenting.is_abroad(order.method):
        return redirect(url_for("orders.show", code=code), code=303)
    chosen = request.form.get("currency", "")[:3]
    if request.method == "POST":
        try:
            endings.close_payment(order.id)
            presenting.choose(actor=visitor.actor(), order_id=order.id, currency=chosen)
        except presenting.NotOffered as no:
            refused = no.sentence
        except methods.MethodClosed:
            return redirect(url_for("orders.show", code=code), code=303)  # Paid meanwhile.
        except RemoteError:
            return _wait_page(order, attempts.newest_open(db.session(), order.id), "down")
        else:
            return redirect(url_for("orders.show", code=code), code=303)
    guess = chosen or presenting.guess(db.session(), order)
    offers = presenting.offers(db.session(), order.total)
    return render_template(
        "orders/currency.html",
        order=order,
        refused=refused,
        offers=sorted(offers, key=lambda offer: offer.currency != guess),
        guess=guess,
        shown=currencies.shown_rate,
    )


@bp.get("/kembali")
@public
def back() -> Response:
    """Back from the gateway: ask it how things stand, and show the order as it is."""
    key = request.args.get("pembayaran", "").replace("\x00", "")[:40]
    query = select(Attempt.id, Order.code, Order.number).join(Order, Order.id == Attempt.order_id)
    found = db.session().execute(query.where(Attempt.gateway_key == key)).first()
    if found is None:
        return redirect(url_for("orders.find"), code=303)
    _learn(found.id)
    if found.code not in session.get(PAYING, []):
        return redirect(url_for("orders.find", nomor=found.number), code=303)
    return redirect(url_for("orders.show", code=found.code, tunggu=1), code=303)


def _learn(attempt_id: UUID) -> None:
    with suppress(RemoteError):  # The notice or the poller will tell.
        asking.learn(actor=visitor.actor(), attempt_id=attempt_id)
