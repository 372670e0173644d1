"""The treasurer and the orders' money: transfers she saw come in, refunds she sends out."""

from uuid import UUID

from flask import Blueprint, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from cooperatives import banks
from cooperatives.rights import TREASURE
from core import visitor, words
from core.access import SamePerson, holds
from core.config import settings
from core.db import db
from core.paging import words_asked
from core.web import say
from orders import (
    arrivals,
    by_hand,
    refund_accounts,
    refund_words,
    refunds,
    story,
    transfers,
)
from orders.forms import SeenForm
from orders.models import Attempt, Order, Refund
from orders.payment import AmountDiffers
from orders.settings import OrderSettings
from orders.states import IllegalMove

bp = Blueprint("treasury", __name__, url_prefix="/kas")


@bp.get("/transfer")
@holds(TREASURE)
def transfers_list() -> str:
    """Transfers still awaited, oldest first."""
    wanted = words_asked()
    waiting = transfers.list_waiting(db.session(), visitor.actor(), wanted)
    return render_template(
        "orders/transfers.html", waiting=waiting, wanted=wanted, is_late=_is_late
    )


@bp.route("/transfer/<uuid:attempt_id>", methods=["GET", "POST"])
@holds(TREASURE)
def transfer(attempt_id: UUID) -> str | Response:
    """One transfer: what to look for, and the amount she saw."""
    actor, form = visitor.actor(), SeenForm()
    found, differs = transfers.get_transfer(db.session(), actor, attempt_id), 0
    if form.validate_on_submit():
        try:
            is_booked = transfers.confirm(
                actor=actor,
                attempt_id=attempt_id,
                amount=form.amount.data,
                is_certain=form.certain.data,
            )
        except (AmountDiffers, SamePerson) as refused:
            form.amount.errors = [refused.sentence]
            differs = isinstance(refused, AmountDiffers) and form.amount.data
        else:
            return _seen(attempt_id, is_booked)
    return render_template(
        "orders/transfer.html",
        found=found,
        form=form,
        is_late=_is_late(found.Attempt),
        is_mine=found.Attempt.noted_by == actor.person_id,
        needs_two=transfers.needs_two(found.Attempt.amount),
        come=arrivals.come(db.session(), found.Order.id),
        differs=differs,
        order_state=story.ORDER_WORDS[found.Order.state],
        bank=settings(OrderSettings).bank_account,
    )


def _seen(attempt_id: UUID, is_booked: bool) -> Response:
    if is_booked:
        say(_("Uang masuk sudah dicatat di buku."))
        return redirect(url_for("treasury.transfers_list"), code=303)
    say(_("Sudah dicatat. Bendahara lain perlu melihatnya juga."), "info")
    return redirect(url_for("treasury.transfer", attempt_id=attempt_id), code=303)


def _is_late(attempt: Attempt) -> bool:
    return attempt.state in transfers.LATE


@bp.get("/kembali")
@holds(TREASURE)
def refunds_list() -> str:
    """Money to send back, and money another treasurer has to see leave."""
    waiting = refunds.list_open(db.session(), visitor.actor())
    return render_template("orders/refunds.html", waiting=waiting, reason=refund_words.reason_of)


@bp.get("/kembali/<uuid:refund_id>")
@holds(TREASURE)
def refund(refund_id: UUID) -> str:
    """One refund, whom to call, and where it goes as far as she may see it now."""
    return _refund_page(refund_id)


def _refund_page(refund_id: UUID, refused: object = "") -> str:
    actor = visitor.actor()
    found = refunds.get_refund(db.session(), actor, refund_id)
    phone = found.Contact.phone if found.Contact else ""
    text = by_hand.of_refund(found.Order, found.Refund)
    return render_template(
        "orders/refund.html",
        found=found,
        reason=refund_words.reason_of(found.Refund),
        **_account(found.Refund, found.Order),
        is_mine=found.Refund.asked_by == actor.person_id,
        refused=refused,
        whatsapp=words.wa_link(text, phone) if phone else "",
    )


def _account(refund: Refund, order: Order) -> dict[str, object]:
    """What the buyer has given: its end only, until this treasurer begins to send."""
    account = refund_accounts.of_order(db.session(), order.id)
    if account is None or refund.route != "by_hand":
        return {"account": None, "target": None, "has_begun": False}
    return {
        "account": account,
        "account_bank": banks.NAMES.get(account.bank, account.bank),
        "has_begun": refund_accounts.has_begun(account, refund),
        "target": refund_accounts.opened(db.session(), visitor.actor(), account, refund),
    }


@bp.post("/kembali/<uuid:refund_id>/rekening")
@holds(TREASURE)
def see_account(refund_id: UUID) -> str | Response:
    """She begins to send: the whole number is shown, and the buyer cannot change it any more."""
    try:
        refund_accounts.begin(actor=visitor.actor(), refund_id=refund_id)
    except IllegalMove as refused:
        return _refund_page(refund_id, refused.sentence)
    return redirect(url_for("treasury.refund", refund_id=refund_id), code=303)


@bp.post("/kembali/<uuid:refund_id>/rekening-salah")
@holds(TREASURE)
def ask_account_again(refund_id: UUID) -> str | Response:
    """The bank does not know the number: the buyer is asked again."""
    try:
        refund_accounts.ask_again(actor=visitor.actor(), refund_id=refund_id)
    except IllegalMove as refused:
        return _refund_page(refund_id, refused.sentence)
    say(_("Pembeli diminta mengisi rekeningnya sekali lagi."), "info")
    return redirect(url_for("treasury.refund", refund_id=refund_id), code=303)


@bp.post("/kembali/<uuid:refund_id>/kirim")
@holds(TREASURE)
def send_refund(refund_id: UUID) -> str | Response:
    """She has sent it."""
    try:
        refunds.send(actor=visitor.actor(), refund_id=refund_id)
    except IllegalMove as refused:
        return _refund_page(refund_id, refused.sentence)
    say(_("Sudah dicatat. Bendahara lain perlu melihat uang ini keluar."), "info")
    return redirect(url_for("treasury.refund", refund_id=refund_id), code=303)


@bp.post("/kembali/<uuid:refund_id>/keluar")
@holds(TREASURE)
def confirm_refund(refund_id: UUID) -> str | Response:
    """Another treasurer saw it leave."""
    try:
        refunds.confirm(actor=visitor.actor(), refund_id=refund_id)
    except (SamePerson, IllegalMove) as refused:
        return _refund_page(refund_id, refused.sentence)
    say(_("Uang kembali sudah dicatat keluar."))
    return redirect(url_for("treasury.refunds_list"), code=303)
