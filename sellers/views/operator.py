"""The operator's pages about goods: their kinds, and hiding a product with a reason."""

from flask import Blueprint, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from core import visitor
from core.access import holds
from core.db import db
from core.errors import DomainError
from core.paging import words_asked
from core.rights import OPERATE
from core.web import say
from sellers import listings, publishing, shelves
from sellers.shelves import Shelf
from sellers.slugs import ReservedName
from sellers.views.operator_forms import HideForm, ShelfForm

bp = Blueprint("goods_desk", __name__, url_prefix="/kelola")
REFUSALS: tuple[type[DomainError], ...] = (
    ReservedName, shelves.NoShelfName, shelves.TooManyShelves,
)  # fmt: skip


@bp.get("/kategori")
@holds(OPERATE)
def kinds() -> str:
    """Every kind of goods in its order."""
    return render_template("sellers/shelves.html", shelves=listings.categories(db.session()))


@bp.route("/kategori/baru", methods=["GET", "POST"])
@holds(OPERATE)
def new_kind() -> str | Response:
    """Add a kind of goods."""
    form = ShelfForm()
    if form.validate_on_submit():
        try:
            shelves.add(actor=visitor.actor(), shelf=_typed(form))
        except REFUSALS as refused:
            form.name.errors = [refused.sentence]
        else:
            say(_("Jenis barang ditambahkan."))
            return redirect(url_for("goods_desk.kinds"), code=303)
    return render_template("sellers/shelf.html", form=form, shelf=None)


@bp.route("/kategori/<int:category_id>", methods=["GET", "POST"])
@holds(OPERATE)
def kind(category_id: int) -> str | Response:
    """Rename, move or close one."""
    shelf = shelves.get_shelf(db.session(), visitor.actor(), category_id)
    form = ShelfForm(obj=shelf)
    if form.validate_on_submit():
        shelves.edit(actor=visitor.actor(), category_id=category_id, shelf=_typed(form))
        say(_("Perubahan disimpan."))
        return redirect(url_for("goods_desk.kinds"), code=303)
    return render_template("sellers/shelf.html", form=form, shelf=shelf)


def _typed(form: ShelfForm) -> Shelf:
    return Shelf(
        name=form.name.data or "",
        name_en=form.name_en.data or "",
        is_food=form.is_food.data,
        is_herbal=form.is_herbal.data,
        position=form.position.data,
        closed_reason=form.closed_reason.data or "",
    )


@bp.get("/barang")
@holds(OPERATE)
def goods() -> str:
    """Published products of all shops; those that are hidden can be asked for."""
    words, only_hidden = words_asked(), request.args.get("tersembunyi") == "1"
    found = shelves.find_listings(
        db.session(), visitor.actor(), words=words, only_hidden=only_hidden
    )
    return render_template(
        "sellers/all_listings.html", found=found, words=words, only_hidden=only_hidden
    )


@bp.route("/barang/<int:listing_id>/sembunyikan", methods=["GET", "POST"])
@holds(OPERATE)
def hide(listing_id: int) -> str | Response:
    """Hide a product; its seller is told why."""
    listing = publishing.get_any(db.session(), visitor.actor(), listing_id)
    form = HideForm()
    if form.validate_on_submit():
        publishing.hide(actor=visitor.actor(), listing_id=listing_id, reason=form.reason.data or "")
        say(_("Barang disembunyikan. Penjualnya sudah diberi tahu alasannya."))
        return redirect(url_for("goods_desk.goods"), code=303)
    return render_template("sellers/hide.html", form=form, listing=listing)


@bp.post("/barang/<int:listing_id>/tampilkan")
@holds(OPERATE)
def show_again(listing_id: int) -> Response:
    """Lift what was hidden."""
    publishing.show_again(actor=visitor.actor(), listing_id=listing_id)
    say(_("Barang tampil lagi."))
    return redirect(url_for("goods_desk.goods"), code=303)
