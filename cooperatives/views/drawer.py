"""A drawer that changes hands, and cash that is carried from it to the bank."""

from uuid import UUID

from flask import Blueprint, Response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as AnyResponse

from cooperatives.days import bags, drawers, figures, on_paper, paying, reading, shifts
from cooperatives.days.closing import DayClosed, FiguresChanged
from cooperatives.days.figures import Way
from cooperatives.days.pieces import NeedsReason
from cooperatives.models import Place
from cooperatives.rights import COORDINATE, KEEP, TREASURE
from cooperatives.views import which_place
from cooperatives.views.day_close import places
from cooperatives.views.day_forms import GiveBackForm, PackForm, SeenForm, ShiftForm, SlipForm
from core import files, visitor
from core.access import holds
from core.db import db
from core.errors import NotFound
from core.telling import told
from core.web import say

bp = Blueprint("drawer", __name__)


@bp.route("/kios-kerja/ganti", methods=["GET", "POST"])
@holds(KEEP, COORDINATE)
def change() -> str | AnyResponse:
    """Count the drawer and offer it; or what is offered now."""
    mine = places()
    place = which_place.chosen(mine)
    if place is None:
        return which_place.ask(mine, _("Ganti penjaga"), "drawer.change")
    form = ShiftForm()
    if form.is_submitted():
        form.validate()
        if form.is_counted() and "offer" in request.form:
            return _offer(form, place)
        if form.is_counted() and "again" not in request.form:
            form.reason_cash.errors = []
            return _compare(form, place)
    form.reason_cash.errors = []
    waiting = shifts.find_waiting(db.session(), place.id)
    return render_template(
        "cooperatives/drawer_change.html",
        form=form,
        place=place,
        waiting=waiting,
        is_mine=waiting is not None and waiting.counted_by == visitor.actor().person_id,
        refusing=GiveBackForm(formdata=None),
    )


def _stands(place: Place) -> Way:
    found = reading.find_open(db.session(), place)
    return found[1].cash if found else figures.nothing(drawers.holds_now(db.session(), place))


def _compare(form: ShiftForm, place: Place, problem: object = "") -> str:
    return render_template(
        "cooperatives/drawer_compare.html",
        form=form,
        place=place,
        stands=_stands(place),
        told=on_paper,
        counted=form.amount,
        problem=problem,
    )


def _offer(form: ShiftForm, place: Place) -> str | AnyResponse:
    try:
        shifts.offer(
            actor=visitor.actor(), act_id=form.act_id, place_id=place.id, counted=form.cash()
        )
    except NeedsReason as refused:
        is_other = form.reason_cash.data == "other"
        (form.words_cash if is_other else form.reason_cash).errors = [refused.sentence]
        return _compare(form, place)
    except (FiguresChanged, DayClosed) as refused:
        return _compare(form, place, refused.sentence)
    except shifts.StillOffered as refused:
        say(str(refused.sentence), "warning")
    else:
        say(_("Laci sudah dihitung. Sekarang penjaga berikutnya yang menerima."))
    return redirect(url_for("drawer.change", kios=place.slug), code=303)


@bp.post("/kios-kerja/ganti/<uuid:count_id>/terima")
@holds(KEEP, COORDINATE)
def take(count_id: UUID) -> AnyResponse:
    """She has counted it too: from now on the drawer is hers."""
    try:
        shifts.take(actor=visitor.actor(), count_id=count_id)
    except (shifts.OwnHands, shifts.NotOffered) as refused:
        say(str(refused.sentence), "warning")
    else:
        say(_("Laci sekarang Ibu yang pegang."))
    return _back_to_change(count_id)


@bp.post("/kios-kerja/ganti/<uuid:count_id>/kembali")
@holds(KEEP, COORDINATE)
def give_back(count_id: UUID) -> AnyResponse:
    """She counted something else, or the offer is taken back."""
    form = GiveBackForm()
    try:
        shifts.give_back(actor=visitor.actor(), count_id=count_id, why=form.words.data or "")
    except shifts.NotOffered as refused:
        say(str(refused.sentence), "warning")
    else:
        say(_("Serah terima dibatalkan. Hitung lagi lacinya bersama-sama."), "info")
    return _back_to_change(count_id)


def _back_to_change(count_id: UUID) -> AnyResponse:
    slug = shifts.place_slug(db.session(), count_id)
    return redirect(url_for("drawer.change", kios=slug), code=303)


@bp.route("/kios-kerja/setor", methods=["GET", "POST"])
@holds(KEEP, COORDINATE)
def bring() -> str | AnyResponse:
    """What is in the drawer, taking some of it to the bank, and the bags on their way."""
    mine = places()
    place = which_place.chosen(mine)
    if place is None:
        return which_place.ask(mine, _("Setor uang"), "drawer.bring")
    form = PackForm()
    if form.validate_on_submit():
        try:
            bags.pack(
                actor=visitor.actor(),
                act_id=form.act.data,
                place_id=place.id,
                amount=form.amount.data,
            )
        except bags.NotInDrawer as refused:
            form.amount.errors = [refused.sentence]
        else:
            say(_("Uang dicatat keluar dari laci. Hati-hati di jalan, Bu."))
            return redirect(url_for("drawer.bring", kios=place.slug), code=303)
    return render_template(
        "cooperatives/drawer_bring.html",
        form=form,
        place=place,
        stands=drawers.holds_now(db.session(), place),
        rows=bags.list_of(db.session(), place.id),
        to_pay=paying.list_waiting(db.session(), place.id),
        me=visitor.actor().person_id,
        slip=SlipForm(formdata=None),
    )


@bp.post("/kios-kerja/setor/<uuid:bag_id>")
@holds(KEEP, COORDINATE)
def brought(bag_id: UUID) -> AnyResponse:
    """It is at the bank, with the slip if she has one."""
    form, stored = SlipForm(), None
    place_slug = bags.place_slug(db.session(), bag_id)
    try:
        stored = files.store(form.slip.data) if form.slip.data else None
        bags.bring(actor=visitor.actor(), bag_id=bag_id, slip=stored)
    except NotFound:
        if stored is not None:
            files.drop(db.session(), stored)
        raise
    except files.NotAFile as refused:
        say(str(refused.sentence), "warning")
    else:
        say(_("Terima kasih, Bu. Bendahara akan mengeceknya di bank."))
    return redirect(url_for("drawer.bring", kios=place_slug), code=303)


@bp.get("/kas/setoran/<uuid:bag_id>/bukti")
@holds(KEEP, COORDINATE, TREASURE)
def slip(bag_id: UUID) -> Response:
    """The photo of the bank's slip."""
    found = bags.slip_of(db.session(), visitor.actor(), bag_id)
    headers = {"Cache-Control": "private, no-store", "X-Robots-Tag": "noindex"}
    return Response(files.read(found), content_type=found.content_type, headers=headers)


@bp.get("/kas/setoran")
@holds(TREASURE)
def bags_on_the_way() -> str:
    """The treasurer's list: cash that is on its way to her bank."""
    return _treasurers_list()


def _treasurers_list(sent: SeenForm | None = None, bag_id: UUID | None = None) -> str:
    rows = bags.list_unseen(db.session(), visitor.actor())
    forms = {row.id: SeenForm(formdata=None, data={"received": row.amount}) for row in rows}
    if sent is not None and bag_id in forms:
        forms[bag_id] = sent
    for key, form in forms.items():
        form.received.id = f"received-{key.hex[:8]}"
    return render_template(
        "cooperatives/bags.html",
        rows=rows,
        forms_of=forms,
        slips=bags.with_slip(db.session(), [row.id for row in rows]),
        me=visitor.actor().person_id,
    )


@bp.post("/kas/setoran/<uuid:bag_id>")
@holds(TREASURE)
def confirm(bag_id: UUID) -> str | AnyResponse:
    """The treasurer has seen it at the bank."""
    form = SeenForm()
    if not form.validate_on_submit():
        bags.refuse_strangers(db.session(), visitor.actor(), bag_id)
        return _treasurers_list(form, bag_id)
    with told(_("Setoran dicatat masuk ke bank.")):
        bags.confirm(actor=visitor.actor(), bag_id=bag_id, received=form.received.data)
    return redirect(url_for("drawer.bags_on_the_way"), code=303)
