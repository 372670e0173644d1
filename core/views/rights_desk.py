"""People and their rights, for operators: find, give, confirm by a second one, end."""

from flask import Blueprint, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]

from core import rights_desk, subjects, visitor
from core.access import RIGHTS, Right, SamePerson, holds
from core.db import db
from core.errors import NotFound
from core.paging import words_asked
from core.rights import OPERATE
from core.rights_forms import EvidenceForm
from core.web import say

bp = Blueprint("rights_desk", __name__, url_prefix="/kelola/orang")


@bp.get("")
@holds(OPERATE)
def people() -> str:
    """Find a person; what waits for a second operator stands above."""
    words = words_asked()
    return render_template(
        "core/people.html",
        words=words,
        people=rights_desk.find_people(db.session(), visitor.actor(), words),
        waiting=rights_desk.waiting(db.session(), visitor.actor()),
    )


@bp.get("/<int:person_id>")
@holds(OPERATE)
def person(person_id: int) -> str:
    """Who she is and what she may do."""
    actor = visitor.actor()
    return render_template(
        "core/person.html",
        person=rights_desk.get_person_asked(db.session(), actor, person_id),
        held=rights_desk.held_by(db.session(), actor, person_id),
        rights=sorted(_given_here(), key=lambda right: str(right.label)),
        me=actor.person_id,
    )


@bp.route("/<int:person_id>/hak/<name>", methods=["GET", "POST"])
@holds(OPERATE)
def give(person_id: int, name: str) -> str | Response:
    """Give one right: choose on what, and write down why."""
    right, actor = _right(name), visitor.actor()
    who = rights_desk.get_person_asked(db.session(), actor, person_id)
    words = words_asked()
    form = EvidenceForm()
    form.subject.choices = [
        SelectChoice(row.id, row.name)
        for row in subjects.search(db.session(), right.subject_kind, words)
    ]
    if form.validate_on_submit():
        try:
            grant = rights_desk.give(
                actor=actor,
                person_id=person_id,
                right=right,
                subject_id=form.subject.data,
                evidence=form.evidence.data or "",
            )
        except rights_desk.REFUSALS as refused:
            form.subject.errors = [refused.sentence]
        else:
            say(_told(grant.needs_confirmation))
            return redirect(url_for("rights_desk.person", person_id=person_id), code=303)
    return render_template("core/give_right.html", who=who, right=right, form=form, words=words)


def _told(waits: bool) -> str:
    if waits:
        return str(_("Hak dicatat. Berlaku setelah pengelola lain menyetujui."))
    return str(_("Hak sudah diberikan."))


@bp.post("/hak/<int:grant_id>/setuju")
@holds(OPERATE)
def confirm(grant_id: int) -> Response:
    """The second operator agrees."""
    try:
        person_id = rights_desk.confirm(actor=visitor.actor(), grant_id=grant_id)
    except SamePerson as refused:
        say(str(refused.sentence), "wrong")
        return redirect(url_for("rights_desk.people"), code=303)
    say(_("Hak disetujui dan mulai berlaku."))
    return redirect(url_for("rights_desk.person", person_id=person_id), code=303)


@bp.post("/hak/<int:grant_id>/akhiri")
@holds(OPERATE)
def end(grant_id: int) -> Response:
    """End a right at once."""
    try:
        person_id = rights_desk.end(actor=visitor.actor(), grant_id=grant_id)
    except rights_desk.LastOperator as refused:
        say(str(refused.sentence), "wrong")
        return redirect(url_for("rights_desk.people"), code=303)
    say(_("Hak sudah diakhiri."))
    return redirect(url_for("rights_desk.person", person_id=person_id), code=303)


def _given_here() -> list[Right]:
    """Parts of a right are given by whoever holds the whole, and by no operator."""
    return [right for right in RIGHTS.values() if right.part_of is None]


def _right(name: str) -> Right:
    for right in _given_here():
        if right.name == name:
            return right
    raise NotFound
