"""The treasurer and cash: what makers hand in, what drawers hold, and refused parcels' fees."""

from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response
from wtforms import HiddenField, SubmitField

from cooperatives import treasury
from cooperatives.rights import TREASURE
from core import visitor, words
from core.access import holds
from core.db import db
from core.errors import DomainError, NotFound
from core.fields import ActIdField, RupiahField
from core.forms import HouseForm
from core.web import say
from orders import cash_desk, refusals
from orders.states import IllegalMove

bp = Blueprint("cash_desk", __name__, url_prefix="/kas/tunai")


class CashForm(HouseForm):
    """An amount in the hand."""

    act = ActIdField()
    amount = RupiahField(_l("Jumlah yang dihitung"), least=0)
    what = HiddenField()
    submit = SubmitField(_l("Catat"))


DEEDS: dict[str, Any] = {
    "hand_in": _l("Uang titipan sudah dicatat masuk ke bank."),
    "deposit": _l("Setoran laci sudah dicatat masuk ke bank."),
    "count": _l("Selisih laci sudah dicatat."),
}


@bp.get("")
@holds(TREASURE)
def index() -> str:
    """Who carries how much, what is in which drawer, and what nobody bears yet."""
    return _page()


def _page(form: CashForm | None = None) -> str:
    actor, keeps_house = visitor.actor(), treasury.keeps_house(db.session(), visitor.actor())
    return render_template(
        "orders/cash.html",
        carried=cash_desk.list_carried(db.session(), actor) if keeps_house else [],
        drawers=cash_desk.list_drawers(db.session(), actor),
        undecided=refusals.list_undecided(db.session()) if keeps_house else [],
        keeps_house=keeps_house,
        sheet_of=lambda deed: _sheet(deed, form),
    )


def _sheet(deed: str, sent: CashForm | None) -> CashForm:
    """The form of one deed: as it was sent, or a fresh one; each box has an id of its own."""
    form = sent if sent and sent.what.data == deed else CashForm(formdata=None)
    form.amount.id = f"amount-{deed.replace(':', '-')}"
    return form


@bp.post("/catat")
@holds(TREASURE)
def note() -> str | Response:
    """Cash that was handed in, put into the bank, or counted; `what` says which, and whose."""
    form = CashForm()
    deed, _sep, whose = (form.what.data or "").partition(":")
    if deed not in DEEDS or not whose.isascii() or not whose.isdigit():
        raise NotFound
    if not form.validate_on_submit():
        return _page(form)
    try:
        _do(deed, int(whose[:18]), form)
    except NotFound:
        raise
    except DomainError as refused:
        form.amount.errors = [refused.sentence]
        return _page(form)
    return redirect(url_for("cash_desk.index"), code=303)


def _do(deed: str, whose: int, form: CashForm) -> None:
    asked: dict[str, Any] = {"actor": visitor.actor(), "act_id": form.act.data}
    if deed == "count":
        by = cash_desk.count(**asked, place_id=whose, counted=form.amount.data)
        said = _("Kurang %(n)s, sudah dicatat.") if by < 0 else _("Lebih %(n)s, sudah dicatat.")
        say(said % {"n": words.rupiah(abs(by))}, "warning")
        return
    if not form.amount.data:
        raise cash_desk.NotThatMuch
    if deed == "hand_in":
        cash_desk.hand_in(**asked, seller_id=whose, amount=form.amount.data)
    else:
        cash_desk.deposit(**asked, place_id=whose, amount=form.amount.data)
    say(str(DEEDS[deed]))


@bp.post("/ongkir")
@holds(TREASURE)
def bear() -> Response:
    """The operator bears the delivery of a refused parcel."""
    parcel_id = request.form.get("parcel", type=int) or 0
    if not 0 < parcel_id < 2**62:
        raise NotFound
    try:
        refusals.decide_fee(actor=visitor.actor(), parcel_id=parcel_id, bearer="operator")
    except refusals.NotABearer:
        raise NotFound from None
    except IllegalMove as refused:
        say(str(refused.sentence), "warning")
    else:
        say(_("Ongkir dicatat ditanggung pengelola."))
    return redirect(url_for("cash_desk.index"), code=303)
