"""The learner's pages: her classes, what she shows of them, and the classes she may join."""

from functools import partial

from flask import Blueprint, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from core import nav, people, qr, visitor
from core.access import signed_in
from core.config import settings
from core.db import db as database
from core.db import reading
from core.errors import NotFound
from core.paging import page_asked, words_asked
from core.settings import CoreSettings
from core.web import say
from sellers.training import cohorts, enrolments, history, offers, proofs, sessions, showing
from sellers.training.forms import ListingsForm, ShowForm
from sellers.training.views.certificate import checked_at
from sellers.training.wording import KINDS, LEVELS

REFUSALS = (enrolments.PrerequisiteMissing, enrolments.ByApplication, cohorts.AlreadyClosed)

bp = Blueprint("learner", __name__, url_prefix="/ibu/belajar")


def _to_class(enrolment_id: int, sentence: str) -> Response:
    say(sentence)
    return redirect(url_for("learner.show", enrolment_id=enrolment_id), code=303)


@bp.get("")
@signed_in
def mine() -> str:
    """Her classes, newest first."""
    words = words_asked()
    with reading() as db:
        found = history.list_mine(db, visitor.actor(), words=words)
    return render_template("sellers/training/mine.html", found=found, words=words)


@bp.get("/kelas")
@signed_in
def offered() -> str:
    """The classes she may join."""
    page, words = page_asked(), words_asked()
    with reading() as db:
        found, has_more = offers.list_offers(db, visitor.actor(), words=words, page=page)
    return render_template(
        "sellers/training/offers.html",
        found=found,
        words=words,
        page_number=page,
        has_more=has_more,
        turn=partial(url_for, "learner.offered", q=words or None),
    )


@bp.route("/kelas/<int:cohort_id>", methods=["GET", "POST"])
@signed_in
def join(cohort_id: int) -> str | Response:
    """Everything about one class before she joins it."""
    actor = visitor.actor()
    with reading() as db:
        offer = offers.get_offer(db, actor, cohort_id)
        meetings = sessions.list_sessions(db, cohort_id)
    refusal = None
    if request.method == "POST":
        try:
            state = enrolments.join(actor=actor, cohort_id=cohort_id)
        except REFUSALS as refused:
            refusal = refused.sentence
        else:
            say(
                _("Ibu masuk daftar tunggu. Bila ada tempat, Ibu langsung ikut.")
                if state == "waiting"
                else _("Ibu terdaftar di kelas ini.")
            )
            return redirect(url_for("learner.mine"), code=303)
    return render_template(
        "sellers/training/offer.html",
        offer=offer,
        meetings=meetings,
        refusal=refusal,
        kinds=KINDS,
        levels=LEVELS,
    )


@bp.get("/<int:enrolment_id>")
@signed_in
def show(enrolment_id: int) -> str:
    """One of her classes: sessions, attendance, completion, certificate, and what she shows."""
    actor = visitor.actor()
    assert actor.person_id is not None
    with reading() as db:
        found = history.get_mine(db, actor, enrolment_id)
        meetings = sessions.list_sessions(db, found.cohort_id)
        marks = history.list_marks(db, actor, enrolment_id)
        withdrawn = history.list_withdrawn(db, actor, enrolment_id)
        choices = showing.list_choices(db, actor, enrolment_id)
    person = people.get_person(database.session(), actor.person_id)
    return render_template(
        "sellers/training/mine_one.html",
        mine=found,
        meetings=meetings,
        marks=marks,
        withdrawn=withdrawn,
        choices=choices,
        person=person,
        holder=proofs.holder_words(person.name, person.call_me, is_shown=found.is_shown),
        show_form=ShowForm(data={"is_shown": found.is_shown}),
        adding=nav.links("listing.new", visitor.rights()),
    )


@bp.get("/<int:enrolment_id>/sertifikat")
@signed_in
def paper(enrolment_id: int) -> str:
    """Her certificate as a page to print, with her whole name: only she opens it."""
    actor = visitor.actor()
    assert actor.person_id is not None
    with reading() as db:
        found = history.get_mine(db, actor, enrolment_id)
    if found.certificate_code is None:
        raise NotFound
    person = people.get_person(database.session(), actor.person_id)
    return render_template(
        "sellers/training/paper.html",
        mine=found,
        person=person,
        address=settings(CoreSettings).public_url + url_for("certificate.ask"),
        qr=qr.svg(checked_at(found.certificate_code), _("Alamat pemeriksaan sertifikat ini")),
    )


@bp.post("/<int:enrolment_id>/tampil")
@signed_in
def choose_shown(enrolment_id: int) -> Response:
    """Her own choice, either way."""
    form = ShowForm()
    showing.show(
        actor=visitor.actor(), enrolment_id=enrolment_id, is_shown=bool(form.is_shown.data)
    )
    return _to_class(
        enrolment_id,
        _("Kelas ini sekarang tampil di toko Ibu.")
        if form.is_shown.data
        else _("Kelas ini tidak tampil di toko Ibu."),
    )


@bp.post("/<int:enrolment_id>/barang")
@signed_in
def link(enrolment_id: int) -> Response:
    """Which of her goods grew out of this class."""
    actor = visitor.actor()
    with reading() as db:
        choices = showing.list_choices(db, actor, enrolment_id)
    form = ListingsForm()
    form.listings.offer([choice.listing_id for choice in choices])
    if not form.validate_on_submit():
        say(" ".join(form.listings.errors), "wrong")
        return redirect(url_for("learner.show", enrolment_id=enrolment_id), code=303)
    showing.link_listings(actor=actor, enrolment_id=enrolment_id, listing_ids=form.listings.ids)
    return _to_class(enrolment_id, _("Pilihan barang tersimpan."))


@bp.route("/<int:enrolment_id>/berhenti", methods=["GET", "POST"])
@signed_in
def leave(enrolment_id: int) -> str | Response:
    """Ask before she gives her seat back."""
    with reading() as db:
        found = history.get_mine(db, visitor.actor(), enrolment_id)
    if request.method == "GET":
        return render_template("sellers/training/leave.html", mine=found)
    enrolments.leave(actor=visitor.actor(), enrolment_id=enrolment_id)
    say(_("Tempat Ibu sudah dilepas. Ibu boleh ikut lagi kapan saja."))
    return redirect(url_for("learner.mine"), code=303)
