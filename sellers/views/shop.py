"""Her shop: what it tells buyers, and its rest."""

from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from core import album, clock, people, regions, visitor
from core.access import holds
from core.channels import QUIET
from core.db import db
from core.errors import DomainError
from core.web import say
from core.words import tanggal
from sellers import photos, shops
from sellers.forms import CutoffForm, ProfileForm, QuietForm, RestForm
from sellers.models import Seller
from sellers.rights import SELL, SHOP

bp = Blueprint("my_shop", __name__)
BOXES = tuple(name for name in shops.Profile.__annotations__ if hasattr(ProfileForm, name))


def _shop() -> Seller:
    return shops.get_asked(db.session(), visitor.actor(), request.args.get("toko", ""), SHOP)


def _to(endpoint: str) -> Response:
    """Back to a page, of the same shop."""
    return redirect(url_for(endpoint, toko=request.args.get("toko")), code=303)


@bp.route("/ibu/toko", methods=["GET", "POST"])
@holds(SHOP)
def profile() -> str | Response:
    """What the shop tells, with what buyers can see of it beside."""
    shop = _shop()
    form = ProfileForm(data={box: getattr(shop, box) for box in BOXES})
    if visitor.actor().on_behalf_of is not None:
        _leave_to_her(form)
    if form.validate_on_submit() and _saved(form, shop.id):
        say(_("Toko Ibu sudah diperbarui."))
        return _to("my_shop.profile")
    shop = _shop()
    found = photos.shop_picture(db.session(), shop)
    return render_template(
        "sellers/shop.html",
        form=form,
        shop=shop,
        place=regions.district(shop.district_code),
        picture=found,
        photo=_photo(found),
        shops=shops.list_own(db.session(), visitor.actor(), SHOP),
    )


def _leave_to_her(form: ProfileForm) -> None:
    """A helper is asked only for what she may write."""
    for box in {*BOXES, "district_code"} - shops.TOLD_BY_HELPERS:
        del form[box]


def _photo(found: Any) -> Any:
    if found is None or found.state != "ready":
        return None
    return album.photo(found.key_base, found.width, found.height, found.alt, found.colour)


def _saved(form: ProfileForm, seller_id: int) -> bool:
    """Whether everything went in; what did not is said beside its box."""
    actor = visitor.actor()
    asked = [box for box in BOXES if box in form]
    changes = shops.Profile(**{box: form[box].data for box in asked})  # type: ignore[typeddict-item]
    if form.district_code is not None:
        changes["district_code"] = form.district_code.data or ""
    try:
        shops.edit_profile(actor=actor, seller_id=seller_id, changes=changes)
    except shops.ForbiddenWords as found:
        form[found.box].errors = [found.sentence]
        return False
    except shops.YearsTurned as turned:
        form.away_until_year.errors = [turned.sentence]
        return False
    if form.photo.data:
        try:
            photos.show_shop(actor=actor, seller_id=seller_id, content=form.photo.data)
        except DomainError as refused:
            form.photo.errors = [refused.sentence]
            return False
    return True


@bp.route("/ibu/libur", methods=["GET", "POST"])
@holds(SHOP)
def rest() -> str | Response:
    """Rest for a while, with no loss of anything."""
    shop = _shop()
    form = RestForm(data={"until": shop.resting_until, "note": shop.rest_note})
    if form.validate_on_submit():
        try:
            shops.rest(
                actor=visitor.actor(),
                seller_id=shop.id,
                until=form.until.data,
                note=form.note.data,
            )
        except shops.RestInThePast as past:
            form.until.errors = [past.sentence]
        else:
            _say_rest(form)
            return _to("my_shop.rest")
    return _rest_page(_shop(), rest=form)


def _say_rest(form: RestForm) -> None:
    if form.until.data:
        say(_("Toko Ibu istirahat sampai %(day)s.", day=tanggal(form.until.data)))
    else:
        say(_("Toko Ibu istirahat sampai Ibu buka lagi."))


def _rest_page(
    shop: Seller,
    *,
    rest: RestForm | None = None,
    cutoff: CutoffForm | None = None,
    quiet: QuietForm | None = None,
) -> str:
    """The page with its three forms; the one that was sent keeps what was typed."""
    person = people.get_person(db.session(), visitor.actor().person_id or 0)
    resting = {"until": shop.resting_until, "note": shop.rest_note}
    hours = {"begin": person.quiet_from, "end": person.quiet_until}
    return render_template(
        "sellers/rest.html",
        shop=shop,
        form=rest or RestForm(formdata=None, data=resting),
        cutoff=cutoff or CutoffForm(formdata=None, data={"cutoff": shop.cutoff}),
        quiet=quiet or QuietForm(formdata=None, data=hours),
        house_hours=QUIET,
        today=clock.today(),
        shops=shops.list_own(db.session(), visitor.actor(), SHOP),
    )


@bp.post("/ibu/libur/buka")
@holds(SHOP)
def reopen() -> Response:
    """Come back."""
    shops.reopen(actor=visitor.actor(), seller_id=_shop().id)
    say(_("Toko Ibu buka lagi. Selamat bekerja."))
    return _to("my_shop.rest")


@bp.post("/ibu/libur/jam")
@holds(SHOP)
def cutoff() -> str | Response:
    """Until when an order is packed on the same day."""
    shop = _shop()
    form = CutoffForm()
    if not form.validate_on_submit():
        return _rest_page(shop, cutoff=form)
    shops.edit_profile(
        actor=visitor.actor(), seller_id=shop.id, changes={"cutoff": form.cutoff.data}
    )
    say(_("Batas jam pesanan sudah disimpan."))
    return _to("my_shop.rest")


@bp.post("/ibu/libur/tenang")
@holds(SELL)
def quiet() -> str | Response:
    """When she wants no messages; what comes meanwhile waits for the morning."""
    form = QuietForm()
    if form.validate_on_submit():
        begin, end = form.begin.data, form.end.data
        try:
            people.set_quiet_hours(actor=visitor.actor(), begin=begin, end=end)
        except people.HalfQuiet as half:
            form.end.errors = [half.sentence]
        else:
            say(_("Jam tenang sudah disimpan."))
            return _to("my_shop.rest")
    return _rest_page(_shop(), quiet=form)
