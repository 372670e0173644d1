"""Scholarships: what anybody may check, asking for a seat, and the desk of those who judge."""

from flask import Blueprint, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from core import visitor
from core.access import holds, public, signed_in
from core.db import reading
from core.errors import NotFound
from core.web import say
from sellers.training import batches, cohorts, enrolments, scholarships, sessions, verdicts
from sellers.training.batches import Applicant, Shown
from sellers.training.cohorts import Sheet
from sellers.training.rights import TEACH
from sellers.training.views.facilitator import sheet_of
from sellers.training.views.scholarship_forms import ApplyForm, BatchForm, ConfirmForm, JudgeForm

bp = Blueprint("scholarship", __name__)


@bp.get("/beasiswa")
@public
def index() -> str:
    """Batches one can ask for, and those that were decided."""
    with reading() as db:
        found = batches.list_batches(db)
    return render_template("sellers/training/scholarships.html", found=found)


@bp.get("/beasiswa/<slug>")
@public
def show(slug: str) -> str:
    """One batch: how seats are given, and once it is decided, the record to check it by."""
    with reading() as db:
        batch = batches.get_batch(db, slug)
        meetings = sessions.list_sessions(db, batch.cohort_id)
        record = batches.list_record(db, batch.cohort_id) if batch.decided_at else []
        mine = batches.find_mine(db, visitor.actor(), batch.cohort_id)
    return render_template(
        "sellers/training/scholarship.html",
        batch=batch,
        meetings=meetings,
        record=record,
        mine=mine,
    )


@bp.route("/beasiswa/<slug>/daftar", methods=["GET", "POST"])
@signed_in
def apply(slug: str) -> str | Response:
    """Ask for a seat in one's own words."""
    with reading() as db:
        batch = batches.get_batch(db, slug)
        mine = batches.find_mine(db, visitor.actor(), batch.cohort_id)
    form = ApplyForm(data={"words": mine.words if mine else ""})
    if form.validate_on_submit():
        try:
            scholarships.apply(
                actor=visitor.actor(), cohort_id=batch.cohort_id, words=form.words.data
            )
        except (scholarships.TooLate, enrolments.PrerequisiteMissing) as refused:
            form.words.errors = [refused.sentence]
        else:
            say(_("Pendaftaran Ibu tersimpan. Kabarnya kami kirim setelah diputuskan."))
            return redirect(url_for("scholarship.show", slug=slug), code=303)
    return render_template("sellers/training/apply.html", batch=batch, form=form, mine=mine)


@bp.post("/beasiswa/<slug>/batal")
@signed_in
def withdraw(slug: str) -> Response:
    """Ask no longer."""
    with reading() as db:
        batch = batches.get_batch(db, slug)
    scholarships.withdraw(actor=visitor.actor(), cohort_id=batch.cohort_id)
    say(_("Pendaftaran Ibu dibatalkan."))
    return redirect(url_for("scholarship.show", slug=slug), code=303)


@bp.route("/fasilitator/<int:cohort_id>/beasiswa", methods=["GET", "POST"])
@holds(TEACH)
def desk(cohort_id: int) -> str | Response:
    """Open a batch, or see who asked and what is still to be judged."""
    sheet = sheet_of(cohort_id)
    with reading() as db:
        batch = batches.find_own(db, visitor.actor(), cohort_id)
        applicants = batches.list_applicants(db, cohort_id)
    if batch is None:
        return _open(sheet)
    return render_template(
        "sellers/training/scholarship_desk.html",
        sheet=sheet,
        batch=batch,
        applicants=applicants,
        me=visitor.actor().person_id,
        judges=verdicts.JUDGES,
    )


def _open(sheet: Sheet) -> str | Response:
    form = BatchForm()
    if form.validate_on_submit():
        try:
            scholarships.open_batch(actor=visitor.actor(), cohort_id=sheet.id, batch=form.batch())
        except scholarships.TooLate:
            form.apply_until.errors = [_("Tanggal ini sudah lewat. Pilih mulai hari ini.")]
        except scholarships.BadPoints:
            form.criteria.errors = [_("Tulis ukuran bila dinilai, kosongkan bila diundi.")]
        except (scholarships.HasWomen, cohorts.AlreadyClosed) as refused:
            form.apply_until.errors = [refused.sentence]
        else:
            say(_("Pendaftaran beasiswa dibuka."))
            return redirect(url_for("scholarship.desk", cohort_id=sheet.id), code=303)
    return render_template("sellers/training/scholarship_open.html", sheet=sheet, form=form)


def _applicant(cohort_id: int, number: int) -> tuple[Sheet, Shown, Applicant]:
    sheet = sheet_of(cohort_id)
    with reading() as db:
        batch = batches.find_own(db, visitor.actor(), cohort_id)
        for one in batches.list_applicants(db, cohort_id):
            if one.number == number and batch is not None:
                return sheet, batch, one
    raise NotFound


@bp.route("/fasilitator/<int:cohort_id>/beasiswa/<int:application_id>", methods=["GET", "POST"])
@holds(TEACH)
def judge(cohort_id: int, application_id: int) -> str | Response:
    """What one judge thinks of an application: said once, with a reason."""
    sheet, batch, one = _applicant(cohort_id, application_id)
    form = JudgeForm()
    form.offer(batch.criteria)
    if form.validate_on_submit():
        try:
            scholarships.judge(
                actor=visitor.actor(),
                application_id=application_id,
                points=form.given(),
                reason=form.reason.data,
            )
        except (
            scholarships.OwnApplication,
            scholarships.AlreadyJudged,
            scholarships.TooLate,
        ) as refused:
            form.reason.errors = [refused.sentence]
        else:
            say(_("Penilaian tersimpan dan tidak bisa diubah."))
            return redirect(url_for("scholarship.desk", cohort_id=cohort_id), code=303)
    return render_template(
        "sellers/training/judge.html",
        sheet=sheet,
        batch=batch,
        one=one,
        form=form,
        me=visitor.actor().person_id,
    )


@bp.route("/fasilitator/<int:cohort_id>/beasiswa/putuskan", methods=["GET", "POST"])
@holds(TEACH)
def decide(cohort_id: int) -> str | Response:
    """Ask before the seats are given: it is done once."""
    sheet = sheet_of(cohort_id)
    form = ConfirmForm()
    refusal = None
    if form.validate_on_submit():
        try:
            verdicts.decide(actor=visitor.actor(), cohort_id=cohort_id)
        except (
            verdicts.TooSoon,
            verdicts.NotJudged,
            verdicts.NothingToDecide,
            cohorts.AlreadyClosed,
        ) as refused:
            refusal = refused.sentence
        else:
            say(_("Tempat sudah dibagi. Catatannya bisa diperiksa siapa pun."))
            return redirect(url_for("scholarship.desk", cohort_id=cohort_id), code=303)
    return render_template("sellers/training/decide.html", sheet=sheet, refusal=refusal)
