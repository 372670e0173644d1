"""Pages of mentoring: the mentor's, hers, and the facilitator's."""

from typing import Any

from flask import Blueprint, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from werkzeug.wrappers import Response
from wtforms import HiddenField

from core import visitor
from core.access import holds, signed_in
from core.choices import DayField
from core.clock import WIB
from core.db import reading
from core.errors import NotFound
from core.fields import PhoneField, TextField
from core.web import say
from sellers.forms import CardsField, TicksField
from sellers.training import mentor_pages, mentoring, roster
from sellers.training.forms import MomentField
from sellers.training.rights import TEACH
from sellers.training.views.facilitator import asked_for, sheet_of

bp = Blueprint("mentoring", __name__)

OUTCOMES = {
    "reached": _l("Tujuannya tercapai"),
    "partly": _l("Tercapai sebagian"),
    "not_yet": _l("Belum, dilanjutkan sendiri"),
    "stopped": _l("Dihentikan"),
}
OPENED = {"goods": _l("Barang saya"), "classes": _l("Kelas yang saya ikuti")}
NOTES_WANTED = 3


class BeginForm(FlaskForm):
    """Who goes with her, and until when; `who` is asked where a family shares the number."""

    phone = PhoneField(_l("Nomor HP pendamping"))
    who = HiddenField()
    ends_on = DayField(_l("Sampai tanggal"))


class GoalForm(FlaskForm):
    """One goal, and when they meet next."""

    goal = TextField(_l("Satu tujuan"), longest=200)
    meets_at = MomentField(_l("Bertemu lagi (WIB)"), required=False)


class NoteForm(FlaskForm):
    """What was said."""

    words = TextField(_l("Catatan"), longest=1000, lines=True)


class OpenForm(FlaskForm):
    """What her mentor may see."""

    opened = TicksField(_l("Yang boleh dilihat pendamping"), OPENED)


class EndForm(FlaskForm):
    """The look back."""

    outcome = CardsField(
        _l("Bagaimana tujuannya?"), {one: OUTCOMES[one] for one in mentoring.OUTCOMES}
    )
    review = TextField(_l("Ulasan akhir"), longest=1000, lines=True)


@bp.get("/fasilitator/<int:cohort_id>/pendampingan")
@holds(TEACH)
def of_class(cohort_id: int) -> str:
    """Who goes with whom, and the notes that the women show."""
    sheet = sheet_of(cohort_id)
    with reading() as db:
        pairs = mentor_pages.list_of_cohort(db, cohort_id)
        notes = mentor_pages.list_notes(db, [pair.id for pair in pairs], all_of_them=False)
        rows = [row for row in roster.list_rows(db, cohort_id) if row.state != "waiting"]
    paired = {pair.person_id for pair in pairs if pair.ended_at is None}
    return render_template(
        "sellers/training/mentorings.html",
        sheet=sheet,
        pairs=pairs,
        notes=notes,
        alone=[row for row in rows if row.person_id not in paired],
        outcomes=OUTCOMES,
    )


@bp.route("/fasilitator/<int:cohort_id>/pendamping/<int:enrolment_id>", methods=["GET", "POST"])
@holds(TEACH)
def begin(cohort_id: int, enrolment_id: int) -> str | Response:
    """Ask somebody to go with a woman of the class."""
    sheet = sheet_of(cohort_id)
    with reading() as db:
        rows = {row.enrolment_id: row for row in roster.list_rows(db, cohort_id)}
    if enrolment_id not in rows:
        raise NotFound
    form, family = BeginForm(), []
    if form.validate_on_submit():
        actor = visitor.actor()
        chosen = asked_for(actor, form.phone.data, form.who.data)
        if not chosen:
            form.phone.errors = [_("Nomor ini belum terdaftar.")]
        elif len(chosen) > 1:
            family = chosen
        else:
            try:
                mentoring.begin(
                    actor=actor,
                    enrolment_id=enrolment_id,
                    mentor_id=chosen[0].id,
                    ends_on=form.ends_on.data,
                )
            except mentoring.EndsInThePast as wrong:
                form.ends_on.errors = [wrong.sentence]
            except (mentoring.OwnMentor, mentoring.HasMentor) as wrong:
                form.phone.errors = [wrong.sentence]
            else:
                say(_("Pendamping sudah ditunjuk dan diberi kabar."))
                return redirect(url_for("mentoring.of_class", cohort_id=cohort_id), code=303)
    return render_template(
        "sellers/training/mentor_begin.html",
        sheet=sheet,
        row=rows[enrolment_id],
        form=form,
        family=family,
    )


@bp.get("/mentor")
@signed_in
def index() -> str:
    """Those with whom she goes, and her own mentor."""
    with reading() as db:
        pairs = mentor_pages.list_as_mentor(db, visitor.actor())
        hers = mentor_pages.list_hers(db, visitor.actor())
    return render_template(
        "sellers/training/mentor_list.html", pairs=pairs, hers=hers, outcomes=OUTCOMES
    )


@bp.route("/mentor/<int:mentoring_id>", methods=["GET", "POST"])
@signed_in
def show(mentoring_id: int) -> str | Response:
    """One goal, what she opened, and the notes; a press writes the goal."""
    actor = visitor.actor()
    with reading() as db:
        pair = mentor_pages.get_as_mentor(db, actor, mentoring_id)
        page: dict[str, Any] = {
            "notes": mentor_pages.list_notes(db, [mentoring_id], all_of_them=True),
            "goods": mentor_pages.opened_goods(db, pair),
            "classes": mentor_pages.opened_classes(db, pair),
        }
    meets_at = pair.meets_at and pair.meets_at.astimezone(WIB)
    form = GoalForm(data={"goal": pair.goal, "meets_at": meets_at})
    if form.validate_on_submit():
        moment = form.meets_at.data
        mentoring.agree(
            actor=actor,
            mentoring_id=mentoring_id,
            goal=form.goal.data,
            meets_at=moment.replace(tzinfo=WIB) if moment else None,
        )
        return _to_pair(mentoring_id, _("Tujuan tersimpan."))
    return render_template(
        "sellers/training/mentor_one.html",
        pair=pair,
        form=form,
        note_form=NoteForm(formdata=None),
        wanted=NOTES_WANTED,
        outcomes=OUTCOMES,
        opened=OPENED,
        **page,
    )


def _to_pair(mentoring_id: int, sentence: str) -> Response:
    say(sentence)
    return redirect(url_for("mentoring.show", mentoring_id=mentoring_id), code=303)


@bp.post("/mentor/<int:mentoring_id>/catatan")
@signed_in
def note(mentoring_id: int) -> Response:
    """A new note."""
    form = NoteForm()
    if not form.validate_on_submit():
        with reading() as db:
            mentor_pages.get_as_mentor(db, visitor.actor(), mentoring_id)
        say(" ".join(map(str, form.words.errors)), "wrong")
        return redirect(url_for("mentoring.show", mentoring_id=mentoring_id), code=303)
    mentoring.write_note(actor=visitor.actor(), mentoring_id=mentoring_id, words=form.words.data)
    return _to_pair(mentoring_id, _("Catatan tersimpan."))


@bp.post("/mentor/<int:mentoring_id>/ingatkan")
@signed_in
def remind(mentoring_id: int) -> Response:
    """A kind word to her, once a day."""
    mentoring.remind(actor=visitor.actor(), mentoring_id=mentoring_id)
    return _to_pair(mentoring_id, _("Salam sudah dikirim. Cukup sekali sehari."))


@bp.route("/mentor/<int:mentoring_id>/selesai", methods=["GET", "POST"])
@signed_in
def end(mentoring_id: int) -> str | Response:
    """Look back at the goal together."""
    with reading() as db:
        pair = mentor_pages.get_as_mentor(db, visitor.actor(), mentoring_id)
    form = EndForm()
    if form.validate_on_submit():
        mentoring.end(
            actor=visitor.actor(),
            mentoring_id=mentoring_id,
            outcome=form.outcome.data,
            review=form.review.data,
        )
        return _to_pair(mentoring_id, _("Terima kasih. Pendampingan selesai."))
    return render_template("sellers/training/mentor_end.html", pair=pair, form=form)


@bp.route("/ibu/pendamping/<int:mentoring_id>", methods=["GET", "POST"])
@signed_in
def mine(mentoring_id: int) -> str | Response:
    """Her side: the goal, the notes, and what she opens."""
    actor = visitor.actor()
    with reading() as db:
        pair = mentor_pages.get_hers(db, actor, mentoring_id)
        notes = mentor_pages.list_notes(db, [mentoring_id], all_of_them=True)
    form = OpenForm(data={"opened": pair.opened})
    if form.validate_on_submit():
        mentoring.open_to_mentor(
            actor=actor, mentoring_id=mentoring_id, opened=form.opened.data or ()
        )
        return _to_mine(mentoring_id, _("Pilihan Ibu tersimpan."))
    return render_template(
        "sellers/training/mentor_mine.html", pair=pair, notes=notes, form=form, outcomes=OUTCOMES
    )


def _to_mine(mentoring_id: int, sentence: str) -> Response:
    say(sentence)
    return redirect(url_for("mentoring.mine", mentoring_id=mentoring_id), code=303)


@bp.post("/ibu/pendamping/<int:mentoring_id>/catatan/<int:note_id>/<any(tampil,sembunyi):way>")
@signed_in
def choose(mentoring_id: int, note_id: int, way: str) -> Response:
    """Show a note to the provider, or no longer."""
    mentoring.show_note(
        actor=visitor.actor(),
        mentoring_id=mentoring_id,
        note_id=note_id,
        is_shown=way == "tampil",
    )
    return _to_mine(mentoring_id, _("Pilihan Ibu tersimpan."))


@bp.route("/ibu/pendamping/<int:mentoring_id>/berhenti", methods=["GET", "POST"])
@signed_in
def stop(mentoring_id: int) -> str | Response:
    """Ask before she goes on alone."""
    with reading() as db:
        pair = mentor_pages.get_hers(db, visitor.actor(), mentoring_id)
    form = FlaskForm()
    if form.validate_on_submit():
        mentoring.stop(actor=visitor.actor(), mentoring_id=mentoring_id)
        return _to_mine(mentoring_id, _("Pendampingan dihentikan. Terima kasih sudah mencoba."))
    return render_template("sellers/training/mentor_stop.html", pair=pair)
