"""Her new product: five questions in one page, and the calculator that leads to a fair price."""

from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from cooperatives import consignment, costing, hints
from cooperatives.forms import FRESH, CostsForm, ProductForm
from cooperatives.new_product import KIND
from cooperatives.sharing import Rate
from core import acts, clock, visitor
from core.access import holds
from core.config import settings
from core.db import db
from core.errors import DomainError
from core.keeping import kept_on_phone
from core.web import say
from sellers import checks, listings, permit_numbers, permits, photos, shops
from sellers.models import Permit, Seller
from sellers.rights import GOODS, SELL
from sellers.settings import SellerSettings

bp = Blueprint("new_goods", __name__, url_prefix="/ibu")


@bp.route("/produk/baru", methods=["GET", "POST"])
@holds(GOODS)
@kept_on_phone
def ask() -> str | Response:
    """Foto, nama, harga, stok, berat; then everything once more, and it is shown."""
    session, actor = db.session(), visitor.actor()
    shop = shops.get_asked(session, actor, request.args.get("toko", ""), GOODS)
    form = ProductForm(data={"training": request.args.get("kelas", "")})
    shelves = listings.categories(session)
    form.offer(shelves, *_papers(shop))
    if form.validate_on_submit() and (answer := _added(form, shop)):
        return _go_on(answer, form.photo())
    rate = consignment.rate_at_home(session, shop.organisation_id) or Rate()
    calculator = CostsForm(formdata=None, pieces=1)
    calculator.offer_gains()
    return render_template(
        "cooperatives/new_product.html",
        form=form,
        shop=shop,
        shops=shops.list_own(session, actor, GOODS),
        fresh=FRESH,
        fresh_days=settings(SellerSettings).fresh_food_days,
        rules=hints.for_phone(shelves),
        rate=rate,
        shares=hints.shares(rate),
        kept=costing.received(form.price.data or 0, rate),
        calculator=calculator,
    )


def _papers(shop: Seller) -> tuple[dict[str, Any], dict[str, Any]]:
    """Food and halal papers in force that may cover the product, as choices."""
    rules, today = settings(SellerSettings), clock.today()
    food: dict[str, Any] = {}
    halal: dict[str, Any] = {}
    for one in permits.list_of(db.session(), shop.id):
        if one.number and (one.valid_until is None or one.valid_until >= today):
            if one.kind in checks.FOOD_PERMITS:
                food[str(one.id)] = _shown(one)
            elif one.kind == "halal":
                halal[str(one.id)] = _shown(one)
    if rules.fresh_food_days:
        food[FRESH] = _("Makanan basah, habis dalam %(days)s hari", days=rules.fresh_food_days)
    food[""] = _("Nomornya menyusul")
    halal[""] = _("Sertifikatnya menyusul")
    return food, halal


def _shown(permit: Permit) -> str:
    return permit_numbers.display(permit.kind, permit.number or "", is_sample=permit.is_sample)


def _added(form: ProductForm, shop: Seller) -> dict[str, Any] | None:
    """What became of the answers; a rule that says no is said above the form."""
    content = form.content(shop.id, settings(SellerSettings).fresh_food_days)
    try:
        return acts.carry_out(
            actor=visitor.actor(), act_id=form.act_id.data, kind=KIND, content=content
        )
    except DomainError as refused:
        form.name.errors = [*form.name.errors, str(refused.sentence)]
        return None


def _go_on(answer: dict[str, Any], photo: bytes | None) -> Response:
    """To the product; a photo that came along is taken in once."""
    listing_id = answer["listing"]
    if photo and not photos.list_of(db.session(), listing_id):
        try:
            photos.attach(actor=visitor.actor(), listing_id=listing_id, content=photo)
        except DomainError as refused:
            say(str(refused.sentence), "warning")
    say(answer["sentence"], "good" if answer["is_live"] else "info")
    page = "my_listings.show" if answer["is_live"] else "my_listings.check"
    return redirect(url_for(page, listing_id=listing_id), code=303)


@bp.route("/hitung", methods=["GET", "POST"])
@holds(SELL)
def costs() -> str:
    """From what a batch costs to a fair price; nothing of it is kept."""
    session, actor = db.session(), visitor.actor()
    shop = shops.get_asked(session, actor, request.args.get("toko", ""))
    rate = consignment.rate_at_home(session, shop.organisation_id) or Rate()
    form = CostsForm(pieces=1)
    form.offer_gains()
    return render_template(
        "cooperatives/costs.html",
        form=form,
        shop=shop,
        shares=hints.shares(rate),
        told=_figures(form, rate) if form.validate_on_submit() else None,
    )


def _figures(form: CostsForm, rate: Rate) -> dict[str, int] | None:
    """Cost, fair price, what she gets of it and what is left; None where no price is fair."""
    cost = form.costs().each
    price = costing.fair_price(cost, int(form.gain.data), rate)
    if price is None:
        return None
    kept = costing.received(price, rate)
    return {"cost": cost, "price": price, "kept": kept, "profit": kept - cost}
