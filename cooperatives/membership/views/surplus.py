"""The surplus on the treasurer's desk: simulated, decided, proposed, agreed to."""

from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for
from flask import Response as FlaskResponse
from flask_babel import gettext as _
from sqlalchemy import select
from werkzeug.wrappers import Response

from cooperatives import entry_words
from cooperatives.membership import surplus, surplus_booking
from cooperatives.membership.surplus import (
    Changed,
    NotNow,
    NotWhole,
    SecondPerson,
)
from cooperatives.membership.views import books
from cooperatives.membership.views.surplus_forms import PART_WORDS, MinutesForm, PolicyForm
from cooperatives.models import SurplusPolicy, SurplusShare
from cooperatives.rights import COORDINATE, TREASURE
from core import clock, files, images, visitor
from core.access import holds
from core.choices import YEARS
from core.db import db
from core.errors import DomainError
from core.people import Person
from core.web import say

bp = Blueprint("surplus_desk", __name__, url_prefix="/kas/shu")


def _year() -> int:
    asked = request.args.get("tahun", type=int)
    return asked if asked is not None and asked in YEARS else clock.today().year


@bp.get("")
@holds(TREASURE)
def index() -> str:
    """What the year gives so far, and each member's line."""
    return _page(MinutesForm())


def _page(form: MinutesForm) -> str:
    group, year = books.group_asked(), _year()
    found = surplus.simulate(db.session(), visitor.actor(), group.id, year)
    lines = found.shared.lines if found.shared else []
    return render_template(
        "cooperatives/membership/surplus.html",
        group=group,
        groups=books.groups(),
        year=year,
        found=found,
        names=_names([line.person_id for line in lines]),
        kinds=entry_words.KIND_WORDS,
        parts=PART_WORDS,
        made=surplus.find(db.session(), group.id, year),
        is_over=year < clock.today().year,
        form=form,
    )


def _names(people: list[int]) -> dict[int, str]:
    query = select(Person.id, Person.name).where(Person.id.in_(people))
    return {row.id: row.name for row in db.session().execute(query)}


@bp.post("")
@holds(TREASURE)
def propose() -> str | Response:
    """Propose to share the year out, with the minutes of the meeting."""
    group, form = books.group_asked(), MinutesForm()
    stored = None
    if not form.validate_on_submit() or not form.minutes.data:
        form.minutes.errors = [_("Kirim risalah rapat dulu, foto atau PDF.")]
        return _page(form)
    try:
        content = form.minutes.data
        is_paper = files.kind_of(content) == "application/pdf"
        stored = files.store(content if is_paper else images.plain(content))
        made = surplus.propose(
            actor=visitor.actor(), organisation_id=group.id, year=_year(), minutes=stored
        )
    except DomainError as refused:
        form.minutes.errors = [refused.sentence]
        if stored is not None:
            files.drop(db.session(), stored)
        return _page(form)
    say(_("Diusulkan. Orang kedua perlu menyetujui."))
    return redirect(url_for("surplus_desk.show", surplus_id=made.id), code=303)


@bp.route("/aturan", methods=["GET", "POST"])
@holds(TREASURE)
def policy() -> str | Response:
    """What the general meeting decided."""
    group = books.group_asked()
    now = surplus.policy_of(db.session(), group.id)
    form = PolicyForm(data=surplus.parts_of(now) if now else None)
    if form.validate_on_submit():
        try:
            surplus.write_policy(
                actor=visitor.actor(),
                organisation_id=group.id,
                decided_on=form.decided_on.data,
                parts=form.parts(),
            )
        except NotWhole as refused:
            form.reserve.errors = [refused.sentence]
        else:
            say(_("Keputusan rapat dicatat."))
            return redirect(url_for("surplus_desk.index", kelompok=group.id), code=303)
    return render_template(
        "cooperatives/membership/surplus_policy.html",
        group=group,
        now=now,
        form=form,
        parts=PART_WORDS,
    )


@bp.get("/<int:surplus_id>")
@holds(TREASURE, COORDINATE)
def show(surplus_id: int) -> str:
    """One year as it was proposed: each line, and the second person's word."""
    return _proposal(surplus_id)


def _proposal(surplus_id: int, refused: object = "") -> str:
    session, actor = db.session(), visitor.actor()
    made = surplus.get(session, actor, surplus_id)
    lines: list[Any] = list(
        session.scalars(
            select(SurplusShare)
            .where(SurplusShare.surplus_id == surplus_id)
            .order_by(SurplusShare.person_id)
        )
    )
    return render_template(
        "cooperatives/membership/surplus_one.html",
        made=made,
        lines=lines,
        names=_names([line.person_id for line in lines]),
        policy=surplus.parts_of(session.get_one(SurplusPolicy, made.policy_id)),
        parts=PART_WORDS,
        is_mine=made.made_by == actor.person_id,
        refused=refused,
    )


@bp.post("/<int:surplus_id>/<any(setuju, tolak):answer>")
@holds(TREASURE, COORDINATE)
def decide(surplus_id: int, answer: str) -> str | Response:
    """The second person agrees, or refuses."""
    deed = surplus_booking.agree if answer == "setuju" else surplus_booking.refuse
    try:
        deed(actor=visitor.actor(), surplus_id=surplus_id)
    except (SecondPerson, NotNow, Changed) as refused:
        return _proposal(surplus_id, refused.sentence)
    say(_("Sudah dicatat."))
    return redirect(url_for("surplus_desk.show", surplus_id=surplus_id), code=303)


@bp.get("/<int:surplus_id>/risalah")
@holds(TREASURE, COORDINATE)
def minutes(surplus_id: int) -> Response:
    """The minutes of the meeting, as an answer that nobody in between keeps."""
    kept = surplus.read_minutes(db.session(), visitor.actor(), surplus_id)
    headers = {"Cache-Control": "private, no-store", "X-Robots-Tag": "noindex"}
    return FlaskResponse(files.read(kept), content_type=kept.content_type, headers=headers)
