"""Her products: the list, one product, and the check before buyers see it."""

from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from core import album, nav, parts, visitor
from core.access import holds
from core.db import db
from core.keeping import kept_on_phone
from core.paging import page_asked, words_asked
from core.web import say
from sellers import listings, permit_numbers, permits, photos, publishing, shops, variants
from sellers.forms import ALLERGENS, HALAL, DetailsForm
from sellers.listings import Details
from sellers.models import Category, Listing, Seller
from sellers.owning import own_listing
from sellers.rights import GOODS, PUBLISH, SHELF

bp = Blueprint("my_listings", __name__, url_prefix="/ibu/produk")
ONE = "/<int:listing_id>"
BOXES = tuple(name for name in Details.__annotations__ if hasattr(DetailsForm, name))


@bp.get("")
@holds(*SHELF)
@kept_on_phone
def index() -> str:
    """Every product of one shop, newest first."""
    session, actor = db.session(), visitor.actor()
    shop = shops.get_asked(session, actor, request.args.get("toko", ""), *SHELF)
    state, words, page = request.args.get("keadaan", ""), words_asked(), page_asked()
    found, count = listings.list_page(session, actor, shop.id, state=state, words=words, page=page)
    return render_template(
        "sellers/listings.html",
        shop=shop,
        rows=[(row, album.photo_of(row)) for row in found],
        parts_of=parts.of("my_listings", [row.id for row in found]),
        count=count,
        state=state,
        words=words,
        page_number=page,
        pages=max(1, -(-count // listings.PAGE_SIZE)),
        shops=shops.list_own(session, actor, *SHELF),
        adding=nav.links("listing.new", visitor.rights()),
    )


def asked_listing(listing_id: int) -> Listing:
    """The product of this page; raises NotFound for those of others."""
    return own_listing(db.session(), visitor.actor(), listing_id, *SHELF)


@bp.get(ONE)
@holds(*SHELF)
@kept_on_phone
def show(listing_id: int) -> str:
    """One product at a glance, and what can be done with it."""
    listing = asked_listing(listing_id)
    session = db.session()
    pictures = photos.list_of(session, listing_id)
    first = next((one for one in pictures if one.state == "ready"), None)
    return render_template(
        "sellers/listing.html",
        listing=listing,
        shop=session.get_one(Seller, listing.seller_id),
        category=_category(listing),
        sizes=variants.list_of(session, listing_id),
        gaps=publishing.check(session, listing),
        photo=album.photo_of(first) if first else None,
        pictures=pictures,
        halal=HALAL.get(listing.halal),
        permits=_permit_words(listing_id),
        translations_url=nav.address("listing.translations", listing_id=listing_id),
    )


def _category(listing: Listing) -> Category | None:
    return db.session().get(Category, listing.category_id) if listing.category_id else None


def _permit_words(listing_id: int) -> list[str]:
    """The numbers that cover a product, as on its label."""
    return [
        permit_numbers.display(one.kind, one.number, is_sample=one.is_sample)
        for one in permits.covering(db.session(), listing_id)
        if one.number
    ]


@bp.route(f"{ONE}/isi", methods=["GET", "POST"])
@holds(GOODS)
def edit(listing_id: int) -> str | Response:
    """Everything the product tells, in one form; only the name is needed."""
    listing = asked_listing(listing_id)
    form = DetailsForm(data=_typed(listing))
    offered = [one for one in listings.categories(db.session()) if _is_offered(one, listing)]
    form.category.offer((one.id, one.name) for one in offered)
    if form.validate_on_submit() and _saved(form, listing_id):
        say(_("%(name)s sudah disimpan.", name=form.name.data))
        return redirect(url_for("my_listings.show", listing_id=listing_id), code=303)
    return render_template("sellers/details.html", form=form, listing=asked_listing(listing_id))


def _is_offered(category: Category, listing: Listing) -> bool:
    return not category.closed_reason or category.id == listing.category_id


def _typed(listing: Listing) -> dict[str, Any]:
    """The product as the form shows it."""
    typed = {box: getattr(listing, box) for box in BOXES}
    typed["category"] = str(listing.category_id or "")
    typed["allergens"] = [one for one in listing.allergens if one in ALLERGENS]
    typed["more_allergens"] = ", ".join(one for one in listing.allergens if one not in ALLERGENS)
    typed["halal"] = "none" if listing.halal == "not_food" else listing.halal
    return typed


def _saved(form: DetailsForm, listing_id: int) -> bool:
    """Whether everything went in; what buyers may not see is said beside its box."""
    changes = Details(**{box: form[box].data for box in BOXES})  # type: ignore[typeddict-item]
    changes["category_id"] = form.category.chosen
    changes["allergens"] = form.all_allergens()
    try:
        listings.edit(actor=visitor.actor(), listing_id=listing_id, changes=changes)
    except publishing.NotReady as unfit:
        for gap in unfit.gaps:
            box = form[gap.box if gap.box in form else "name"]
            box.errors = [*box.errors, gap.sentence]
        return False
    return True


@bp.route(f"{ONE}/periksa", methods=["GET", "POST"])
@holds(PUBLISH)
def check(listing_id: int) -> str | Response:
    """Everything once more before buyers see it; what is missing leads to where it is mended."""
    if request.method == "POST":
        try:
            listing = publishing.publish(actor=visitor.actor(), listing_id=listing_id)
        except publishing.NotReady as unfit:
            say(_("Belum bisa tayang: %(gap)s", gap=unfit.gaps[0].sentence), "warning")
            return redirect(url_for("my_listings.check", listing_id=listing_id), code=303)
        say(_("%(name)s sudah tayang.", name=listing.name))
        return redirect(url_for("my_listings.show", listing_id=listing_id), code=303)
    listing = asked_listing(listing_id)
    session = db.session()
    gaps = publishing.check(session, listing)
    return render_template(
        "sellers/check.html",
        listing=listing,
        shop=session.get_one(Seller, listing.seller_id),
        category=_category(listing),
        sizes=variants.list_of(session, listing_id),
        pictures=photos.list_of(session, listing_id),
        halal=HALAL.get(listing.halal),
        permits=_permit_words(listing_id),
        blocking=[gap for gap in gaps if gap.blocks],
        advice=[gap for gap in gaps if not gap.blocks],
    )


@bp.post(f"{ONE}/arsip")
@holds(PUBLISH)
def archive(listing_id: int) -> Response:
    """Put it away; one touch brings it back, so nobody is asked twice."""
    listing = listings.archive(actor=visitor.actor(), listing_id=listing_id)
    say(_("%(name)s sudah diarsipkan. Ibu bisa mengembalikannya.", name=listing.name))
    return redirect(url_for("my_listings.show", listing_id=listing_id), code=303)


@bp.post(f"{ONE}/kembali")
@holds(PUBLISH)
def restore(listing_id: int) -> Response:
    """Back to a draft."""
    listing = listings.restore(actor=visitor.actor(), listing_id=listing_id)
    say(_("%(name)s kembali menjadi draf.", name=listing.name))
    return redirect(url_for("my_listings.show", listing_id=listing_id), code=303)


@bp.post(f"{ONE}/salin")
@holds(GOODS)
def duplicate(listing_id: int) -> Response:
    """A new draft like this one."""
    made = listings.duplicate(actor=visitor.actor(), listing_id=listing_id)
    say(_("Salinan sudah dibuat. Ubah namanya, lalu tambah foto."))
    return redirect(url_for("my_listings.edit", listing_id=made.id), code=303)
