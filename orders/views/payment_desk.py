"""The treasurer and payments that do not fit: odd amounts, money a bank holds back."""

from uuid import UUID

from flask import Blueprint, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from cooperatives.rights import TREASURE
from core import visitor
from core.access import holds
from core.db import db
from core.errors import RemoteError
from core.paging import words_asked
from core.web import say
from orders import asking, payment_watch, story, taken_back
from orders.taken_back import NotABearer

bp = Blueprint("payment_desk", __name__, url_prefix="/kas/pembayaran")


@bp.get("")
@holds(TREASURE)
def index() -> str:
    """Payments somebody should look at, or those found by their key."""
    wanted = words_asked()
    found = payment_watch.list_odd(db.session(), visitor.actor(), wanted)
    return render_template(
        "orders/payments.html", found=found, wanted=wanted, words=story.ATTEMPT_WORDS
    )


@bp.get("/<uuid:attempt_id>")
@holds(TREASURE)
def one(attempt_id: UUID) -> str:
    """One payment: what was asked, what came, and what to do."""
    return _page(attempt_id)


def _page(attempt_id: UUID, refused: object = "") -> str:
    found = payment_watch.get_payment(db.session(), visitor.actor(), attempt_id)
    return render_template(
        "orders/payment.html",
        found=found,
        words=story.ATTEMPT_WORDS,
        bearers=taken_back.BEARERS,
        refused=refused,
    )


@bp.post("/<uuid:attempt_id>/tanya")
@holds(TREASURE)
def ask(attempt_id: UUID) -> Response:
    """Ask the gateway now."""
    payment_watch.get_payment(db.session(), visitor.actor(), attempt_id)
    try:
        asking.learn(actor=visitor.actor(), attempt_id=attempt_id)
        say(_("Sudah ditanyakan. Ini keadaannya sekarang."))
    except RemoteError:
        say(_("Layanan pembayaran tidak menjawab. Coba lagi sebentar."), "warning")
    return redirect(url_for("payment_desk.one", attempt_id=attempt_id), code=303)


@bp.post("/<uuid:attempt_id>/selesai")
@holds(TREASURE)
def close(attempt_id: UUID) -> str | Response:
    """She has looked, and says what it was."""
    try:
        payment_watch.close_look(
            actor=visitor.actor(), attempt_id=attempt_id, reason=request.form.get("reason", "")
        )
    except payment_watch.NoReason as refused:
        return _page(attempt_id, refused.sentence)
    say(_("Sudah dicatat."))
    return redirect(url_for("payment_desk.index"), code=303)


@bp.post("/<uuid:attempt_id>/menanggung")
@holds(TREASURE)
def decide(attempt_id: UUID) -> str | Response:
    """Who bears what the buyer's bank kept."""
    try:
        taken_back.decide(
            actor=visitor.actor(), attempt_id=attempt_id, bearer=request.form.get("bearer", "")
        )
    except NotABearer as refused:
        return _page(attempt_id, refused.sentence)
    say(_("Sudah dicatat di buku."))
    return redirect(url_for("payment_desk.one", attempt_id=attempt_id), code=303)
