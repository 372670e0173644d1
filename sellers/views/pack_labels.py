"""Labels for packs: choose a size, type batch and days, and get the paper."""

from flask import Blueprint, render_template, request
from werkzeug.wrappers import Response

from core import clock, nav, papers, visitor
from core.access import holds
from core.config import settings
from core.db import db
from core.settings import CoreSettings
from core.words import slug
from sellers import label_paper, label_rules, pack_labels, shops
from sellers.forms import ALLERGENS
from sellers.label_paper import PackLabel
from sellers.label_rules import WrongDay
from sellers.models import Seller
from sellers.pack_labels import LabelLacks, Pack
from sellers.rights import GOODS
from sellers.views.label_forms import LabelForm

bp = Blueprint("my_labels", __name__, url_prefix="/ibu/label")


@bp.get("")
@holds(GOODS)
def index() -> str:
    """Every size that can be eaten or drunk, and what its label lacks."""
    session, actor = db.session(), visitor.actor()
    shop = shops.get_asked(session, actor, request.args.get("toko", ""), GOODS)
    return render_template(
        "sellers/labels.html",
        shop=shop,
        packs=pack_labels.of_shop(session, shop.id),
        shops=shops.list_own(session, actor, GOODS),
    )


@bp.route("/<int:variant_id>", methods=["GET", "POST"])
@holds(GOODS)
def one(variant_id: int) -> str | Response:
    """The label of one size; while a part is missing it says which, and prints nothing."""
    pack = pack_labels.get(db.session(), visitor.actor(), variant_id)
    shop = db.session().get_one(Seller, pack.listing.seller_id)
    form = _form(pack, shop)
    if form.validate_on_submit():
        try:
            return _printed(form, pack)
        except WrongDay as wrong:
            form[wrong.box].errors = [wrong.sentence]
        except LabelLacks:
            pass  # The page names each part.
    return render_template("sellers/label.html", form=form, pack=pack, shop=shop)


def _form(pack: Pack, shop: Seller) -> LabelForm:
    today = clock.today()
    form = LabelForm(
        data={
            "made_on": today,
            "best_before": label_rules.proposed(today, pack.listing.shelf_life_days),
            "maker": shop.store_name,
            "district_code": shop.district_code,
        }
    )
    if pack.listing.allergens:
        del form.no_allergens
    return form


def _printed(form: LabelForm, pack: Pack) -> Response:
    """The paper itself; raises WrongDay, LabelLacks."""
    best_before = label_rules.settle(
        form.made_on.data, form.best_before.data, pack.listing.shelf_life_days, clock.today()
    )
    pack, numbers = pack_labels.print_out(
        actor=visitor.actor(), variant_id=pack.variant.id, pieces=form.pieces.data
    )
    label = PackLabel(
        name=pack.name,
        net_weight_grams=pack.variant.net_weight_grams or 0,
        ingredients=pack.listing.ingredients,
        allergens=[str(ALLERGENS.get(one, one)) for one in pack.listing.allergens],
        storage=pack.listing.storage,
        maker=form.maker.data,
        address=form.address(),
        numbers=numbers,
        made_on=form.made_on.data,
        batch=form.batch.data,
        best_before=best_before,
        url=_address(pack, form.batch.data),
    )
    drawn = label_paper.drawn(label, form.paper.data, form.pieces.data)
    return papers.answer(drawn, f"label-{slug(pack.name)}.pdf")


def _address(pack: Pack, batch: str) -> str:
    size = pack.variant.id
    path = nav.address("listing.public", slug=pack.listing.slug, batch=batch, ukuran=size)
    return settings(CoreSettings).public_url + path
