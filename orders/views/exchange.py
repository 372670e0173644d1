"""The treasurer's page of exchange rates for cards from abroad."""

from decimal import Decimal, InvalidOperation

from flask import Blueprint, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response
from wtforms import SubmitField

from cooperatives.rights import TREASURE
from core import visitor
from core.access import SamePerson, holds
from core.choices import OneOfField
from core.db import db
from core.fields import TextField, TypedField
from core.forms import HouseForm
from core.web import say
from orders import currencies, exchange
from orders.exchange import OddRate
from orders.states import IllegalMove

bp = Blueprint("exchange_desk", __name__, url_prefix="/kas/kurs")


class RateField(TypedField):
    """Rupiah for one whole unit: 16500, 16.500 or 11,85; in millionths."""

    inputmode = "decimal"
    longest = 20
    missing = _l("Kurs belum diisi. Contoh: 16500 atau 11,85.")

    def _read(self, text: str) -> int:
        whole, comma, decimals = text.replace(" ", "").partition(",")
        plain = whole.replace(".", "")
        if not (plain + decimals).isascii() or not plain.isdigit() or len(decimals) > 6:
            raise OddRate
        try:
            number = Decimal(f"{plain}.{decimals or 0}")
        except InvalidOperation:
            raise OddRate from None
        if comma and not decimals.isdigit():
            raise OddRate
        return int(number.scaleb(6))


class RateForm(HouseForm):
    """A rate from now on."""

    currency = OneOfField(_l("Mata uang"))
    rate = RateField(_l("Rupiah untuk satu unit"))
    source = TextField(_l("Sumber"), longest=exchange.SOURCE_MAX)
    submit = SubmitField(_l("Simpan kurs"))


@bp.route("", methods=["GET", "POST"])
@holds(TREASURE)
def index() -> str | Response:
    """All rates, and a new one."""
    exchange.require(db.session(), visitor.actor())
    form = RateForm()
    form.currency.offer((code, f"{code} {currencies.name(code)}") for code in currencies.OFFERED)
    if form.validate_on_submit():
        try:
            is_in_force = exchange.set_rate(
                actor=visitor.actor(),
                currency=form.currency.data,
                rate_micros=form.rate.data,
                source=form.source.data or "",
            )
        except OddRate as refused:
            form.rate.errors = [refused.sentence]
        else:
            if is_in_force:
                say(_("Kurs berlaku mulai sekarang."))
            else:
                say(_("Beda jauh dari kurs sebelumnya. Bendahara lain perlu menyetujui."), "info")
            return redirect(url_for("exchange_desk.index"), code=303)
    return _page(form)


def _page(form: RateForm, refused: object = "") -> str:
    return render_template(
        "orders/exchange.html",
        form=form,
        refused=refused,
        in_force=exchange.in_force(db.session()),
        newest=exchange.newest(db.session()),
        offered=currencies.OFFERED,
        name=currencies.name,
        shown=currencies.shown_rate,
        is_stale=exchange.is_stale,
        me=visitor.actor().person_id,
    )


@bp.post("/setuju")
@holds(TREASURE)
def agree() -> str | Response:
    """A second treasurer agrees."""
    exchange.require(db.session(), visitor.actor())
    typed = request.form.get("rate", "")[:18]
    try:
        exchange.agree(
            actor=visitor.actor(),
            rate_id=int(typed) if typed.isascii() and typed.isdigit() else 0,
        )
    except (SamePerson, IllegalMove) as refused:
        form = RateForm(formdata=None)
        form.currency.offer((code, code) for code in currencies.OFFERED)
        return _page(form, refused.sentence)
    say(_("Kurs berlaku mulai sekarang."))
    return redirect(url_for("exchange_desk.index"), code=303)
