"""The buyer's order: found by its link or by number and phone, told in words, ended in time."""

from collections.abc import Mapping
from typing import Any

from flask import Blueprint, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from cooperatives.bazaars import fetching
from core import limits, visitor
from core.access import public, signed_in
from core.config import settings
from core.db import Reader, db, reading
from core.web import say
from orders import (
    attempts,
    cash_trust,
    claim_words,
    claims,
    endings,
    finding,
    handover,
    messages,
    methods,
    presenting,
    signs,
    story,
    talk,
)
from orders.forms import FindForm, TalkForm
from orders.settings import OrderSettings
from orders.states import OrderState
from orders.views import pay

bp = Blueprint("orders", __name__, url_prefix="/pesanan")
FIND_SECONDS = 15 * 60
Other = tuple[methods.Method, Any]


@bp.route("", methods=["GET", "POST"])
@public
def find() -> str | Response:
    """Find an order by its number and phone; tries are counted per address and per number."""
    form = FindForm(number=request.args.get("nomor", "")[:20])
    if form.validate_on_submit():
        most = settings(OrderSettings).finding_tries
        for key in (f"find:{request.remote_addr}", f"find:{form.number.data}"):
            limits.spend(key=key[:200], most=most, seconds=FIND_SECONDS)
        try:
            order = finding.by_number(db.session(), number=form.number.data, phone=form.phone.data)
        except finding.NotThatOrder as wrong:
            form.number.errors = [wrong.sentence]
        else:
            return redirect(url_for("orders.show", code=order.code), code=303)
    return render_template("orders/find.html", form=form)


@bp.get("/saya")
@signed_in
def mine() -> str:
    """My own orders."""
    orders = finding.list_of(db.session(), visitor.actor())
    return render_template("orders/mine.html", orders=orders, words=story.ORDER_WORDS)


@bp.get("/<code>")
@public
def show(code: str) -> Response:
    """Everything of one order; whoever has the link is its buyer."""
    with reading() as db:
        whole = finding.whole_by_code(db, code)
        attempt = attempts.see_open(db, whole.order.id)
        others = _other_methods(db, whole)
        signs_of_it = signs.of(db, whole.order.id)
        posted = messages.posted(db, whole.order)
        fetched = {sent.parcel.fetch_place_id for sent in whole.parcels} - {None}
        stands = {place_id: fetching.named(db, place_id) for place_id in fetched}
    page = make_response(_page(whole, attempt, others, signs_of_it, posted, stands))
    if attempt is not None and attempt.state in attempts.ASKED:
        pay.refresh(page, "orders.show", code)
    return page


def _page(
    whole: finding.Whole,
    attempt: Any,
    others: list[Other],
    signs_of_it: Any,
    posted: messages.Posted,
    stands: Mapping[int, fetching.Stand],
) -> str:
    come = signs_of_it.come if attempt and attempt.method == "transfer" else 0
    return render_template(
        "orders/show.html",
        whole=whole,
        stands=stands,
        attempt=attempt,
        come=come,
        presented=presenting.shown(attempt),
        is_abroad=presenting.is_abroad(whole.order.method),
        rest=max(1, attempt.amount - come) if attempt else 0,
        state=story.ORDER_WORDS[whole.order.state],
        parcel_words=story.PARCEL_WORDS,
        steps=story.timeline(whole),
        method=methods.known(whole.order.method),
        others=others,
        bank=settings(OrderSettings).bank_account,
        may_cancel=_may_cancel(whole),
        posted=posted,
        asks_account=signs_of_it.asks_account,
        has_account=signs_of_it.has_account,
        claims=claims.list_of_order(db.session(), whole.order) if signs_of_it.has_claims else (),
        said=talk.of_order(db.session(), whole.order.id) if signs_of_it.has_talk else {},
        talk_forms=_talk_forms(whole),
        claim_words=claim_words.BUYERS_WORDS,
        claimable=claims.claimable(db.session(), whole),
    )


def _talk_forms(whole: finding.Whole) -> dict[int, TalkForm]:
    """A box for a question about each parcel, while the order is talked of."""
    if not talk.may_ask(whole.order.state):
        return {}
    return {sent.parcel.id: TalkForm.of(sent.parcel.id) for sent in whole.parcels}


def _other_methods(db: Reader, whole: finding.Whole) -> list[Other]:
    """Other ways to pay, each with the reason why it is closed for this buyer, if it is."""
    order = whole.order
    if order.state not in endings.ENDS_UNPAID:
        return []
    way, takes_cash = endings.delivered_how(db, order.id)
    fitting = methods.fitting(way=way, total=order.total, takes_cash=takes_cash)
    others = [method for method in fitting if method.code != order.method]
    why = None
    if any(method.is_cash for method in others):
        why = cash_trust.sentence_for(db, order)
    return [(method, why if method.is_cash else None) for method in others]


def _may_cancel(whole: finding.Whole) -> bool:
    is_open = whole.order.state in (*endings.ENDS_UNPAID, OrderState.PAID)
    untouched = all(sent.parcel.state in endings.STILL_CANCELLABLE for sent in whole.parcels)
    return is_open and untouched


@bp.post("/<code>/batal")
@public
def cancel(code: str) -> Response:
    """The buyer wants it no more."""
    order = finding.by_code(db.session(), code)
    endings.cancel(actor=visitor.actor(), order_id=order.id)
    say(_("Pesanan sudah dibatalkan."))
    return redirect(url_for("orders.show", code=code), code=303)


@bp.post("/<code>/cara-bayar")
@public
def change_method(code: str) -> Response:
    """Another way to pay; the attempt before is closed at its gateway first."""
    order = finding.by_code(db.session(), code)
    try:
        endings.refuse_method(db.session(), order=order, method_code=request.form.get("method", ""))
        endings.close_payment(order.id)
        endings.change_method(
            actor=visitor.actor(), order_id=order.id, method_code=request.form.get("method", "")
        )
    except cash_trust.CashRefused as refused:
        say(str(refused.sentence), "warning")
    else:
        say(_("Cara bayar sudah diganti."))
    return redirect(url_for("orders.show", code=code), code=303)


@bp.post("/<code>/paket/<int:parcel_id>/sampai")
@public
def received(code: str, parcel_id: int) -> Response:
    """The buyer says that a parcel has come."""
    order = finding.by_code(db.session(), code)
    parcel = finding.parcel_of(db.session(), order.id, parcel_id)
    handover.receive(actor=visitor.actor(), order_id=order.id, parcel_id=parcel.id)
    say(_("Terima kasih sudah memberi kabar."))
    return redirect(url_for("orders.show", code=code), code=303)
