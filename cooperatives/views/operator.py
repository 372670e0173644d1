"""The operator's pages about organisations: found one, open and close places, write terms."""

from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from cooperatives import board, consignment, members, places
from cooperatives.counts import bearing
from cooperatives.fair_terms import OddShares
from cooperatives.members import Founding
from cooperatives.membership import network
from cooperatives.views.operator_forms import SOLD_AT, OrganisationForm, PlaceForm, TermsForm
from core import visitor
from core.access import holds
from core.db import db
from core.errors import NotFound
from core.rights import OPERATE
from core.web import say
from core.words import slug

bp = Blueprint("board_desk", __name__, url_prefix="/kelola/organisasi")


@bp.get("")
@holds(OPERATE)
def organisations() -> str:
    """Every organisation of the house."""
    rows = board.list_all(db.session(), visitor.actor())
    return render_template("cooperatives/organisations.html", rows=rows)


@bp.route("/baru", methods=["GET", "POST"])
@holds(OPERATE)
def found() -> str | Response:
    """Open a cooperative or a joint group; it begins with the usual terms."""
    form = OrganisationForm()
    if form.validate_on_submit():
        try:
            made = members.found(actor=visitor.actor(), founding=_founding(form))
        except members.NameTaken as taken:
            form.name.errors = [taken.sentence]
        else:
            say(_("Organisasi dibuka dengan aturan titip jual yang biasa."))
            return _to(made.id)
    return render_template("cooperatives/found.html", form=form)


def _founding(form: OrganisationForm) -> Founding:
    return Founding(
        slug=slug(form.short_name.data or ""),
        name=form.name.data or "",
        short_name=form.short_name.data or "",
        kind=form.kind.data,
        founded_on=form.founded_on.data,
        village=form.village.data or "",
        district_code=form.district.data or "",
        landmark=form.landmark.data or "",
        story=form.story.data or "",
    )


@bp.get("/<int:organisation_id>")
@holds(OPERATE)
def one(organisation_id: int) -> str:
    """One organisation: its places and its terms."""
    whole = board.whole(db.session(), visitor.actor(), organisation_id)
    others = [
        row
        for row in board.list_all(db.session(), visitor.actor())
        if row.id != organisation_id and row.kind in board.KINDS_OF_GROUPS
    ]
    return render_template(
        "cooperatives/organisation.html",
        whole=whole,
        ways=SOLD_AT,
        bearers=bearing.WORDS,
        others=others,
    )


@bp.route("/<int:organisation_id>/tempat/baru", methods=["GET", "POST"])
@holds(OPERATE)
def open_place(organisation_id: int) -> str | Response:
    """Open a kiosk or a bazaar box."""
    whole = board.whole(db.session(), visitor.actor(), organisation_id)
    form = PlaceForm()
    if form.validate_on_submit():
        try:
            places.open_place(
                actor=visitor.actor(),
                kind=form.kind.data,
                organisation_id=organisation_id,
                slug=slug(form.name.data or ""),
                name=form.name.data or "",
                more=_place(form),
            )
        except places.NameTaken as taken:
            form.name.errors = [taken.sentence]
        else:
            say(_("Tempat dibuka. Beri hak penjaga kepada orangnya."))
            return _to(organisation_id)
    return render_template("cooperatives/open_place.html", form=form, whole=whole)


def _place(form: PlaceForm) -> dict[str, Any]:
    hours = {"mon_sat": form.weekdays.data, "sun": form.sunday.data}
    return {
        "district_code": form.district.data or "",
        "village": form.village.data or "",
        "landmark": form.landmark.data or "",
        "opening_hours": {day: told for day, told in hours.items() if told},
        "is_pickup": form.is_pickup.data,
    }


@bp.post("/<int:organisation_id>/induk")
@holds(OPERATE)
def put_under(organisation_id: int) -> Response:
    """Say which network or group stands above it; none is said by an empty choice."""
    parent_id = request.form.get("induk", type=int)
    try:
        network.put_under(
            actor=visitor.actor(), organisation_id=organisation_id, parent_id=parent_id
        )
        say(_("Induk kelompok dicatat."))
    except network.Circle as refused:
        say(str(refused.sentence), "warning")
    return _to(organisation_id)


@bp.post("/<int:organisation_id>/tempat/<int:place_id>/tutup")
@holds(OPERATE)
def close_place(organisation_id: int, place_id: int) -> Response:
    """Nothing is sold from here any more."""
    whole = board.whole(db.session(), visitor.actor(), organisation_id)
    if place_id not in {place.id for place in whole.places}:
        raise NotFound
    places.close_place(actor=visitor.actor(), place_id=place_id)
    say(_("Tempat ditutup. Barang di dalamnya masih bisa diambil pemiliknya."))
    return _to(organisation_id)


@bp.route("/<int:organisation_id>/ketentuan", methods=["GET", "POST"])
@holds(OPERATE)
def terms(organisation_id: int) -> str | Response:
    """Write the next version of an organisation's terms."""
    whole = board.whole(db.session(), visitor.actor(), organisation_id)
    form = TermsForm()
    if form.validate_on_submit():
        try:
            consignment.write_terms(
                actor=visitor.actor(),
                organisation_id=organisation_id,
                valid_from=form.valid_from.data,
                rates=form.rates(),
                note=form.note.data or "",
                missing=form.missing.data,
            )
        except (consignment.TooSoon, OddShares) as refused:
            form.valid_from.errors = [refused.sentence]
        else:
            say(_("Aturan baru dicatat. Barang yang sudah dititipkan tetap memakai aturan lama."))
            return _to(organisation_id)
    elif not form.is_submitted():
        form.begin_with(whole.terms[0] if whole.terms else None)
    return render_template("cooperatives/terms.html", form=form, whole=whole)


def _to(organisation_id: int) -> Response:
    return redirect(url_for("board_desk.one", organisation_id=organisation_id), code=303)
