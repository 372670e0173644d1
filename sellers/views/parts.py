"""Parts of a product with pages of their own: its sizes and its photos."""

from typing import Any
from uuid import UUID

from flask import Blueprint, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from core import album, visitor
from core.access import holds
from core.config import settings
from core.db import db
from core.errors import DomainError
from core.web import say
from sellers import awaited, photos, variants
from sellers.forms import UNITS, PhotoForm, SizeForm
from sellers.models import Variant
from sellers.owning import own_listing, own_variant
from sellers.rights import GOODS, PRICES, PUBLISH, SHELF
from sellers.settings import SellerSettings

bp = Blueprint("my_parts", __name__, url_prefix="/ibu/produk")
SIZES = "/<int:listing_id>/varian"
PHOTOS = "/<int:listing_id>/foto"
ONE_SIZE = "/varian/<int:variant_id>"
ONE_PHOTO = f"{PHOTOS}/<int:picture_id>"


@bp.route(SIZES, methods=["GET", "POST"])
@holds(*SHELF)
def sizes(listing_id: int) -> str | Response:
    """The sizes of a product, and a new one."""
    form = SizeForm()
    if visitor.actor().on_behalf_of is not None:
        form.leave_out(production_cost=None)
    if form.validate_on_submit():
        try:
            variants.add(actor=visitor.actor(), listing_id=listing_id, size=form.size())
        except variants.TooManyVariants as full:
            form.name.errors = [full.sentence]
        else:
            say(_("Ukuran baru sudah disimpan."))
            return redirect(url_for("my_parts.sizes", listing_id=listing_id), code=303)
    session = db.session()
    listing = own_listing(session, visitor.actor(), listing_id, *SHELF)
    return render_template(
        "sellers/sizes.html",
        form=form,
        listing=listing,
        sizes=variants.list_of(session, listing_id),
        away=variants.list_of(session, listing_id, archived=True),
    )


@bp.route(ONE_SIZE, methods=["GET", "POST"])
@holds(GOODS, PRICES)
def size(variant_id: int) -> str | Response:
    """Change one size for what is sold from now on."""
    listing, variant = own_variant(db.session(), visitor.actor(), variant_id, *SHELF)
    form = SizeForm(data=_typed(variant))
    form.leave_out(**_not_hers(variant))
    if variant.unit not in UNITS:
        form.unit.offer({**UNITS, variant.unit: variant.unit})
    if form.validate_on_submit():
        try:
            variants.edit(actor=visitor.actor(), variant_id=variant_id, size=form.size())
        except variants.LastVariant as last:
            form.is_sample.errors = [last.sentence]
        else:
            say(_("Ukuran sudah disimpan."))
            return redirect(url_for("my_parts.sizes", listing_id=listing.id), code=303)
    return render_template("sellers/size.html", form=form, listing=listing, variant=variant)


def _not_hers(variant: Variant) -> dict[str, int | None]:
    """What a helper neither reads nor changes: the cost, and the price without leave for it."""
    kept: dict[str, int | None] = {}
    if visitor.actor().on_behalf_of is not None:
        kept["production_cost"] = variant.production_cost
    if PRICES.name not in visitor.rights():
        kept["price"] = variant.price
    return kept


def _typed(variant: Variant) -> dict[str, Any]:
    sides = (variant.length_cm, variant.width_cm, variant.height_cm)
    typed = {name: getattr(variant, name) for name in variants.Size.__dataclass_fields__}
    return typed | {"box": sides if all(sides) else None}


@bp.post(f"{ONE_SIZE}/arsip")
@holds(PUBLISH)
def archive_size(variant_id: int) -> Response:
    """Put a size away."""
    try:
        variant = variants.archive(actor=visitor.actor(), variant_id=variant_id)
    except variants.LastVariant as last:
        say(str(last.sentence), "warning")
        return redirect(url_for("my_parts.size", variant_id=variant_id), code=303)
    say(_("Ukuran ini tidak dijual lagi. Ibu bisa mengembalikannya."))
    return redirect(url_for("my_parts.sizes", listing_id=variant.listing_id), code=303)


@bp.post(f"{ONE_SIZE}/kembali")
@holds(PUBLISH)
def restore_size(variant_id: int) -> Response:
    """Sell it again."""
    variant = variants.restore(actor=visitor.actor(), variant_id=variant_id)
    say(_("Ukuran ini dijual lagi."))
    return redirect(url_for("my_parts.sizes", listing_id=variant.listing_id), code=303)


@bp.route(PHOTOS, methods=["GET", "POST"])
@holds(GOODS)
def pictures(listing_id: int) -> str | Response:
    """The photos of a product, and a new one."""
    form = PhotoForm()
    if form.validate_on_submit() and _received(form, listing_id):
        say(_("Foto sudah terkirim dan sedang dirapikan."))
        return redirect(url_for("my_parts.pictures", listing_id=listing_id), code=303)
    session = db.session()
    return render_template(
        "sellers/photos.html",
        form=form,
        listing=own_listing(session, visitor.actor(), listing_id, GOODS),
        pictures=[(one, _photo(one)) for one in photos.list_of(session, listing_id)],
        waiting=awaited.waiting_of(session, listing_id),
        most=settings(SellerSettings).photos_max,
    )


def _photo(row: Any) -> Any:
    if row.state != "ready":
        return None
    return album.photo(row.key_base, row.width, row.height, row.alt, row.colour)


def _received(form: PhotoForm, listing_id: int) -> bool:
    """Whether the photo went in; why not is said beside its box."""
    own_listing(db.session(), visitor.actor(), listing_id, GOODS)
    if not form.photo.data:
        form.photo.errors = [_("Foto belum dipilih. Ambil foto atau pilih dari galeri.")]
        return False
    try:
        photos.attach(
            actor=visitor.actor(),
            listing_id=listing_id,
            content=form.photo.data,
            alt=form.alt.data,
        )
    except DomainError as refused:
        form.photo.errors = [refused.sentence]
        return False
    return True


@bp.post(f"{ONE_PHOTO}/<any(naik, turun, depan):way>")
@holds(GOODS)
def move_picture(listing_id: int, picture_id: int, way: str) -> Response:
    """One place forward or back, or to the front, where it stands on the card."""
    steps = {"naik": -1, "turun": 1, "depan": -settings(SellerSettings).photos_max}[way]
    photos.move(actor=visitor.actor(), listing_id=listing_id, picture_id=picture_id, steps=steps)
    return redirect(url_for("my_parts.pictures", listing_id=listing_id), code=303)


@bp.post(f"{ONE_PHOTO}/hapus")
@holds(GOODS)
def remove_picture(listing_id: int, picture_id: int) -> Response:
    """Take a photo off the product."""
    photos.remove(actor=visitor.actor(), listing_id=listing_id, picture_id=picture_id)
    say(_("Foto sudah dihapus dari barang ini."))
    return redirect(url_for("my_parts.pictures", listing_id=listing_id), code=303)


@bp.post(f"{PHOTOS}/<uuid:photo_id>/batal")
@holds(GOODS)
def give_up_picture(listing_id: int, photo_id: UUID) -> Response:
    """Wait no longer for a photo that has not come."""
    awaited.give_up(actor=visitor.actor(), listing_id=listing_id, photo_id=photo_id)
    say(_("Foto itu tidak ditunggu lagi."))
    return redirect(url_for("my_parts.pictures", listing_id=listing_id), code=303)


@bp.post(f"{ONE_PHOTO}/keterangan")
@holds(GOODS)
def describe_picture(listing_id: int, picture_id: int) -> Response:
    """Say what a photo shows."""
    form = PhotoForm()
    if form.alt.validate(form):
        photos.describe(
            actor=visitor.actor(),
            listing_id=listing_id,
            picture_id=picture_id,
            alt=form.alt.data,
        )
        say(_("Keterangan foto sudah disimpan."))
    else:
        say(" ".join(str(error) for error in form.alt.errors), "warning")
    return redirect(url_for("my_parts.pictures", listing_id=listing_id), code=303)
