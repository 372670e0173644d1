"""The facilitator's pages: her cohorts, one roster, who was there, and how a class ends."""

from datetime import date
from functools import partial

from flask import Blueprint, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from core import access, acts, clock, limits, people, visitor
from core.access import Right, holds
from core.actors import Actor
from core.config import settings
from core.db import db as database
from core.db import reading
from core.errors import NotFound
from core.forms import act_content
from core.paging import page_asked, words_asked
from core.people import Person
from core.phones import DEMO_PREFIX
from core.web import say
from core.words import tanggal_jam, wa_link
from sellers.training import attendance, cohorts, enrolments, programmes, roster, sessions
from sellers.training.cohorts import Sheet
from sellers.training.forms import AttendanceForm, CloseForm, EnrolForm, FollowUpForm, SeatsForm
from sellers.training.rights import TEACH, VERIFY
from sellers.training.roster import Overview, Row
from sellers.training.sessions import Numbered
from sellers.training.settings import TrainingSettings

bp = Blueprint("facilitator", __name__, url_prefix="/fasilitator")
WINDOW_SECONDS = 15 * 60


def asked_for(actor: Actor, phone: str, who: str | None) -> list[Person]:
    """Whom a number means: the one that was picked of its family, else all of them. Each look
    counts, so that nobody tries numbers out; raises TooMany.
    """
    most = settings(TrainingSettings).enrol_tries
    limits.spend(key=f"enrol:{actor.person_id}", most=most, seconds=WINDOW_SECONDS)
    found = people.list_with_phone(database.session(), phone)
    return [person for person in found if str(person.id) == who] or found


REFUSALS = (enrolments.PrerequisiteMissing, enrolments.ByApplication, cohorts.AlreadyClosed)


def sheet_of(cohort_id: int) -> Sheet:
    """A cohort for whom teaches there, or NotFound."""
    with reading() as db:
        return cohorts.get_sheet(db, visitor.actor(), cohort_id, TEACH)


def to_cohort(cohort_id: int, sentence: str) -> Response:
    """Back to the roster, with one sentence on it."""
    say(sentence)
    return redirect(url_for("facilitator.show", cohort_id=cohort_id), code=303)


@bp.get("")
@holds(TEACH, VERIFY)
def mine() -> str:
    """The cohorts of her organisations."""
    page, words = page_asked(), words_asked()
    with reading() as db:
        lines, pages = cohorts.list_own(db, visitor.actor(), words=words, page=page)
        own = programmes.list_own(db, visitor.actor())
    return render_template(
        "sellers/training/cohorts.html",
        lines=lines,
        own=own,
        words=words,
        page_number=page,
        pages=pages,
        may_teach=TEACH.name in visitor.rights(),
        turn=partial(url_for, "facilitator.mine", q=words or None),
    )


def _overview(cohort_id: int, *rights: Right) -> tuple[Sheet, Overview]:
    with reading() as db:
        sheet = cohorts.get_sheet(db, visitor.actor(), cohort_id, *rights)
        rows = roster.list_rows(db, cohort_id)
        return sheet, Overview(rows, sessions.list_sessions(db, cohort_id))


@bp.get("/<int:cohort_id>")
@holds(TEACH, VERIFY)
def show(cohort_id: int) -> str:
    """One cohort: roster, who to ask how she is, completion with its formula."""
    sheet, overview = _overview(cohort_id, TEACH, VERIFY)
    return render_template(
        "sellers/training/cohort.html",
        sheet=sheet,
        overview=overview,
        stuck=[(row, _draft(sheet, overview, row)) for row in overview.stuck],
        may_teach=_may(TEACH, sheet),
        may_verify=_may(VERIFY, sheet),
    )


def _may(right: Right, sheet: Sheet) -> bool:
    with reading() as db:
        return sheet.provider_id in access.subjects(db, visitor.actor(), right)


def _draft(sheet: Sheet, overview: Overview, row: Row) -> str:
    """A WhatsApp link with a kind word; without her number where she does not use WhatsApp."""
    to_come = [session.starts_at for session in overview.sessions if not session.may_be_noted]
    facts = {"name": row.call_me, "class": sheet.programme}
    sentences = [_("Halo %(name)s, ini dari kelas %(class)s. Apa kabar?", **facts)]
    if to_come:
        sentences.append(_("Pertemuan berikutnya %(when)s.", when=tanggal_jam(min(to_come))))
    sentences.append(_("Bila ada halangan, cerita saja. Kita cari jalannya bersama."))
    is_reachable = row.channel == "whatsapp" and not (row.phone or "").startswith(DEMO_PREFIX)
    return wa_link(" ".join(sentences), row.phone if is_reachable else None)


@bp.route("/<int:cohort_id>/hadir/<int:session_id>", methods=["GET", "POST"])
@holds(TEACH)
def attend(cohort_id: int, session_id: int) -> str | Response:
    """Who was there: one big row to tick for each woman."""
    sheet, overview = _overview(cohort_id, TEACH)
    session = _session(overview, session_id)
    rows = [row for row in overview.took_part if row.state == "enrolled" or session.id in row.marks]
    with reading() as db:
        shown = {"session": session_id, "saw": attendance.newest_note(db, session_id)}
    form = AttendanceForm(data=shown)
    for field in (form.listed, form.present):
        field.offer(row.enrolment_id for row in rows)
    if form.validate_on_submit():
        answer = acts.carry_out(
            actor=visitor.actor(),
            act_id=form.act_id.data,
            kind=attendance.SHEET,
            content=act_content(request.form) | {"session": str(session_id)},
        )
        if answer["older"]:
            return to_cohort(cohort_id, _("Tersimpan. Sebagian sudah dibetulkan orang lain."))
        return to_cohort(cohort_id, _("Kehadiran tersimpan."))
    return render_template(
        "sellers/training/attendance.html",
        sheet=sheet,
        overview=overview,
        session=session,
        rows=rows,
        form=form,
    )


def _session(overview: Overview, session_id: int) -> Numbered:
    for session in overview.sessions:
        if session.id == session_id:
            return session
    raise NotFound


@bp.post("/<int:cohort_id>/hadir/<int:session_id>/pembuka")
@holds(TEACH)
def say_opening(cohort_id: int, session_id: int) -> Response:
    """The session began with the words of the programme."""
    sessions.say_opening(actor=visitor.actor(), session_id=session_id)
    return redirect(
        url_for("facilitator.attend", cohort_id=cohort_id, session_id=session_id), code=303
    )


@bp.route("/<int:cohort_id>/peserta/baru", methods=["GET", "POST"])
@holds(TEACH)
def enrol(cohort_id: int) -> str | Response:
    """Take a woman into the class by her phone number; a family is asked who it is."""
    sheet = sheet_of(cohort_id)
    form = EnrolForm()
    family: list[Person] = []
    if form.validate_on_submit():
        actor = visitor.actor()
        chosen = asked_for(actor, form.phone.data, form.who.data)
        if not chosen:
            form.phone.errors = [_("Nomor ini belum terdaftar. Minta peserta mendaftar dulu.")]
        elif len(chosen) > 1:
            family = chosen
        else:
            try:
                state = enrolments.enrol(actor=actor, cohort_id=cohort_id, person_id=chosen[0].id)
            except REFUSALS as refused:
                form.phone.errors = [refused.sentence]
            else:
                return to_cohort(cohort_id, _welcome(chosen[0].call_me, state))
    return render_template("sellers/training/enrol.html", sheet=sheet, form=form, family=family)


def _welcome(name: str, state: str) -> str:
    if state == "waiting":
        return str(_("Tempat sudah penuh. %(name)s masuk daftar tunggu.", name=name))
    return str(_("%(name)s mendapat tempat di kelas ini.", name=name))


@bp.route("/<int:cohort_id>/peserta/<int:enrolment_id>/berhenti", methods=["GET", "POST"])
@holds(TEACH)
def stop(cohort_id: int, enrolment_id: int) -> str | Response:
    """Ask before a seat is given back; her attendance stays."""
    sheet, overview = _overview(cohort_id, TEACH)
    row = next((row for row in overview.rows if row.enrolment_id == enrolment_id), None)
    if row is None:
        raise NotFound
    if request.method == "GET":
        return render_template("sellers/training/stop.html", sheet=sheet, row=row)
    enrolments.leave(actor=visitor.actor(), enrolment_id=enrolment_id)
    return to_cohort(cohort_id, _("Tempatnya sudah dilepas. Kehadirannya tetap tersimpan."))


@bp.route("/<int:cohort_id>/tempat", methods=["GET", "POST"])
@holds(TEACH)
def seats(cohort_id: int) -> str | Response:
    """More or fewer seats; those who wait move up."""
    sheet = sheet_of(cohort_id)
    form = SeatsForm(data={"seats": sheet.seats})
    if form.validate_on_submit():
        try:
            enrolments.change_seats(
                actor=visitor.actor(), cohort_id=cohort_id, seats=form.seats.data
            )
        except enrolments.SeatsInUse as wrong:
            form.seats.errors = [wrong.sentence]
        else:
            return to_cohort(cohort_id, _("Jumlah tempat sudah diubah."))
    return render_template("sellers/training/seats.html", sheet=sheet, form=form)


@bp.route("/<int:cohort_id>/tutup", methods=["GET", "POST"])
@holds(TEACH)
def close(cohort_id: int) -> str | Response:
    """End a class with a day to ask how they fare."""
    sheet = sheet_of(cohort_id)
    form = CloseForm(data={"follow_up_on": _half_a_year() if sheet.is_scholarship else None})
    if form.validate_on_submit():
        try:
            cohorts.close_cohort(
                actor=visitor.actor(), cohort_id=cohort_id, follow_up_on=form.follow_up_on.data
            )
        except (cohorts.FollowUpInThePast, cohorts.FollowUpTooSoon) as wrong:
            form.follow_up_on.errors = [wrong.sentence]
        else:
            return to_cohort(cohort_id, _("Kelas ditutup. Tindak lanjut sudah dijadwalkan."))
    return render_template("sellers/training/close.html", sheet=sheet, form=form)


def _half_a_year() -> date:
    return clock.today() + cohorts.HALF_A_YEAR


@bp.route("/<int:cohort_id>/tindak-lanjut", methods=["GET", "POST"])
@holds(TEACH)
def follow_up(cohort_id: int) -> str | Response:
    """They were asked how they fare."""
    sheet = sheet_of(cohort_id)
    form = FollowUpForm()
    if form.validate_on_submit():
        cohorts.note_follow_up(actor=visitor.actor(), cohort_id=cohort_id, result=form.result.data)
        return to_cohort(cohort_id, _("Tindak lanjut tercatat. Terima kasih."))
    return render_template("sellers/training/follow_up.html", sheet=sheet, form=form)
