"""What a class is and when it meets: programmes, new cohorts and their sessions."""

from flask import Blueprint, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from core import visitor
from core.access import holds
from core.db import reading
from core.errors import NotFound
from core.web import say
from sellers.training import cohorts, programmes, sessions, skills
from sellers.training.forms import CohortForm, ProgrammeForm, SessionForm
from sellers.training.models import ALL_SESSIONS_PERCENT
from sellers.training.rights import TEACH
from sellers.training.views.facilitator import sheet_of, to_cohort

NOTHING_BROUGHT = {"data_mb": 0, "audio_summary_seconds": 0, "loan_phones": 0}

bp = Blueprint("plan", __name__, url_prefix="/fasilitator")


@bp.route("/program/baru", methods=["GET", "POST"])
@holds(TEACH)
def open_programme() -> str | Response:
    """A new programme; next she opens its first cohort."""
    form = ProgrammeForm(data={"fee": 0, "pass_percent": ALL_SESSIONS_PERCENT})
    with reading() as db:
        form.provider.offer(programmes.list_providers(db, visitor.actor()))
        form.prerequisite.offer(programmes.list_all(db))
        form.skills.offer(dict(skills.list_skills(db)))
    if form.validate_on_submit():
        assert form.provider.chosen is not None  # The field refuses a form without it.
        programme_id = programmes.open_programme(
            actor=visitor.actor(), provider_id=form.provider.chosen, plan=form.plan()
        )
        say(_("Kelas tersimpan. Sekarang buka angkatannya."))
        return redirect(url_for("plan.open_cohort", kelas=programme_id), code=303)
    return render_template(
        "sellers/training/programme.html", form=form, title=_("Kelas baru"), is_new=True
    )


@bp.route("/program/<int:programme_id>", methods=["GET", "POST"])
@holds(TEACH)
def change_programme(programme_id: int) -> str | Response:
    """Say something else about a programme; who teaches it stays."""
    with reading() as db:
        plan = programmes.get_plan(db, visitor.actor(), programme_id)
    form = ProgrammeForm.of(plan)
    del form.provider
    with reading() as db:
        form.prerequisite.offer(programmes.list_all(db))
        form.skills.offer(dict(skills.list_skills(db)))
    if form.validate_on_submit():
        try:
            programmes.change_programme(
                actor=visitor.actor(), programme_id=programme_id, plan=form.plan()
            )
        except programmes.WrongPrerequisite as wrong:
            form.prerequisite.errors = [wrong.sentence]
        else:
            say(_("Perubahan tersimpan."))
            return redirect(url_for("facilitator.mine"), code=303)
    return render_template(
        "sellers/training/programme.html", form=form, title=plan.name, is_new=False
    )


@bp.route("/angkatan/baru", methods=["GET", "POST"])
@holds(TEACH)
def open_cohort() -> str | Response:
    """A new run of one of her programmes; she leads it herself."""
    actor = visitor.actor()
    form = CohortForm(data={"programme": request.args.get("kelas")})
    with reading() as db:
        form.programme.offer(programmes.list_own(db, actor))
    if form.validate_on_submit():
        assert form.programme.chosen is not None  # The field refuses a form without it.
        try:
            cohort_id = cohorts.open_cohort(
                actor=actor,
                programme_id=form.programme.chosen,
                name=form.name.data,
                seats=form.seats.data,
                selection=form.selection.data,
                facilitator_id=actor.person_id,
            )
        except cohorts.NameTaken as taken:
            form.name.errors = [taken.sentence]
        else:
            return to_cohort(cohort_id, _("Angkatan dibuka. Sekarang tulis pertemuannya."))
    return render_template("sellers/training/open_cohort.html", form=form)


@bp.route("/<int:cohort_id>/pertemuan/baru", methods=["GET", "POST"])
@holds(TEACH)
def add_session(cohort_id: int) -> str | Response:
    """The next session."""
    sheet = sheet_of(cohort_id)
    form = SessionForm(data={**NOTHING_BROUGHT, "is_required": True})
    if form.validate_on_submit():
        sessions.add_session(actor=visitor.actor(), cohort_id=cohort_id, meeting=form.meeting())
        return to_cohort(cohort_id, _("Pertemuan ditambahkan."))
    return render_template("sellers/training/session.html", sheet=sheet, form=form)


@bp.route("/<int:cohort_id>/pertemuan/<int:session_id>", methods=["GET", "POST"])
@holds(TEACH)
def change_session(cohort_id: int, session_id: int) -> str | Response:
    """Another day, place or title; attendance stays."""
    sheet = sheet_of(cohort_id)
    with reading() as db:
        found = {session.id: session for session in sessions.list_sessions(db, cohort_id)}
    if session_id not in found:
        raise NotFound
    form = SessionForm.of(found[session_id])
    if form.validate_on_submit():
        sessions.change_session(
            actor=visitor.actor(), session_id=session_id, meeting=form.meeting()
        )
        return to_cohort(cohort_id, _("Pertemuan diubah."))
    return render_template("sellers/training/session.html", sheet=sheet, form=form)
