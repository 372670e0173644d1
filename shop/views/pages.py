"""Pages of words: who gets what, help, what we do with data, and the terms of use."""

from flask import Blueprint, render_template, request
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.datastructures import MultiDict
from wtforms import SelectField

from cooperatives.consignment import DEFAULT_RATES, TermsSettings
from core.access import public
from core.config import settings
from core.db import reading
from core.fields import RupiahField
from core.forms import HouseForm
from orders.methods import METHODS
from orders.settings import OrderSettings
from shop import pages
from shop.settings import ShopSettings

bp = Blueprint("pages", __name__)


class PriceForm(HouseForm):
    """A price to be shared, and by whose terms; sent by GET, so its address can be passed on."""

    price = RupiahField(_l("Harga jual"), name="harga", least=1)
    house = SelectField(
        _l("Menurut aturan"),
        name="koperasi",
        invalid_choice_message=_l("Pilih salah satu dari daftar."),  # type: ignore[call-arg]
    )


@bp.get("/biaya")
@public
def fees() -> str:
    """Who gets what of Rp 100.000, or of any price one asks about."""
    with reading() as db:
        houses = pages.list_houses(db)
    asked = {"harga": str(pages.EXAMPLE_PRICE), "koperasi": "", **request.args.to_dict()}
    form = PriceForm(MultiDict(asked), meta={"csrf": False})
    form.house.choices = [("", _("Aturan awal Lumbung"))] + [(h.slug, h.name) for h in houses]
    price, rates = pages.EXAMPLE_PRICE, DEFAULT_RATES
    if form.validate():
        price, rates = form.price.data, pages.rates_of(houses, form.house.data)
    return render_template(
        "shop/fees.html",
        form=form,
        houses=houses,
        price=price,
        ways=pages.share_out(rates, price),
        parties=pages.PARTIES,
        notice_days=settings(TermsSettings).fee_notice_days,
    )


@bp.get("/bantuan")
@public
def help_page() -> str:
    """What buyers and sellers really ask, each with a short answer and one link."""
    return render_template(
        "shop/help.html",
        rules=settings(ShopSettings),
        orders=settings(OrderSettings),
        methods=[method.label for method in METHODS.values() if method.is_open],
    )


@bp.get("/privasi")
@public
def privacy() -> str:
    """What we keep, why, how long and who sees it; what everybody may ask of us."""
    return render_template("shop/privacy.html", rules=settings(ShopSettings))


@bp.get("/syarat")
@public
def terms() -> str:
    """The terms of use, without a clause that the law forbids."""
    return render_template(
        "shop/terms.html",
        since=pages.TERMS_SINCE,
        rules=settings(ShopSettings),
        orders=settings(OrderSettings),
        notice_days=settings(TermsSettings).fee_notice_days,
    )
