"""Pages behind the coordinator's half hour: one line, a list of lines, fairness, and papers."""

from datetime import datetime
from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response

from cooperatives.half_hour import cards, fairness, letters_file, lines, notes, papers
from cooperatives.half_hour.lines import Asked
from cooperatives.rights import COORDINATE
from core import access, clock, nav, people, visitor
from core.access import holds
from core.db import db
from core.errors import NotFound
from core.fields import TextField
from core.forms import HouseForm
from core.papers import answer
from core.web import say
from core.words import wa_link

bp = Blueprint("half_hour", __name__, url_prefix="/koord")


class NoteForm(HouseForm):
    """What was agreed, in a few words; the press alone says that it was seen to."""

    words = TextField(_l("Catatan"), required=False, longest=200)


def _whatsapp(phone: str) -> str:
    """To her WhatsApp; what is said is the coordinator's own."""
    return wa_link("", phone)


def _boards() -> frozenset[int]:
    return access.subjects(db.session(), visitor.actor(), COORDINATE)


@bp.route("/urusan/<topic>/<thing>", methods=["GET", "POST"])
@holds(COORDINATE)
def show(topic: str, thing: str) -> str | Response:
    """One line: what it is about, whom to call, and the note that it was seen to."""
    kind, line = lines.get(db.session(), _boards(), topic, thing)
    form = NoteForm()
    if form.validate_on_submit():
        notes.write(actor=visitor.actor(), topic=kind, line=line, words=form.words.data or "")
        say(_("Dicatat."))
        return redirect(url_for("coordinator.desk"), code=303)
    assert kind.tell is not None
    return render_template(
        "cooperatives/half_hour/line.html",
        topic=kind,
        line=line,
        told=kind.tell(db.session(), line),
        form=form,
        whatsapp=_whatsapp,
        earlier=notes.of(db.session(), kind.name, line),
    )


@bp.get("/urusan/<topic>")
@holds(COORDINATE)
def listed(topic: str) -> str:
    """All lines of one kind."""
    kind = lines.TOPICS.get(topic)
    if kind is None:
        raise NotFound
    found = kind.find(db.session(), Asked(_boards()))
    rows = [cards.card(kind, line) for line in found]
    return render_template("cooperatives/half_hour/lines.html", topic=kind, cards=rows)


def _cooperative() -> int:
    """The cooperative that the address names, or the first that she coordinates."""
    wanted = request.args.get("kelompok", type=int)
    return fairness.seen_by(db.session(), visitor.actor(), wanted).id


@bp.route("/adil", methods=["GET", "POST"])
@holds(COORDINATE)
def fair() -> str | Response:
    """How sales are spread over the members, with the sum anybody can redo."""
    cooperative_id, form = _cooperative(), NoteForm()
    if form.validate_on_submit():
        words = form.words.data or ""
        fairness.talked(actor=visitor.actor(), cooperative_id=cooperative_id, words=words)
        say(_("Dicatat."))
        return redirect(url_for("coordinator.desk"), code=303)
    session, days = db.session(), fairness.period()
    found = fairness.of_cooperative(session, cooperative_id, days)
    line = lines.Line(cooperative_id, str(cooperative_id), "")
    return render_template(
        "cooperatives/half_hour/fair.html",
        cooperative_id=cooperative_id,
        found=found,
        days=days,
        ask_first=fairness.ask_first(session, found),
        ways=nav.links("fairness", visitor.rights()),
        form=form,
        whatsapp=_whatsapp,
        earlier=notes.of(session, fairness.FAIR, line),
    )


@bp.get("/adil/<int:person_id>")
@holds(COORDINATE)
def fair_member(person_id: int) -> str:
    """What one member's figure is made of, day by day."""
    cooperative_id, session, days = _cooperative(), db.session(), fairness.period()
    found = fairness.of_cooperative(session, cooperative_id, days)
    if person_id not in {seat.person_id for seat in found.seats}:
        raise NotFound
    return render_template(
        "cooperatives/half_hour/fair_member.html",
        cooperative_id=cooperative_id,
        person=people.get_person(session, person_id),
        rows=fairness.days_of(session, cooperative_id, person_id, days),
        days=days,
    )


@bp.get("/tanpa-hp")
@holds(COORDINATE)
def letters() -> str:
    """Members without a phone, who helps each, and what waits for them."""
    found = papers.letters(db.session(), _boards())
    return render_template(
        "cooperatives/half_hour/letters.html",
        letters=found,
        waiting=[one for one in found if one.has_paper],
        now=clock.now().isoformat(),
    )


@bp.get("/tanpa-hp/kertas.pdf")
@holds(COORDINATE)
def paper() -> Response:
    """All their papers in one file, or those of one member."""
    wanted = request.args.get("anggota", type=int)
    found = papers.letters(db.session(), _boards())
    if wanted is not None:
        found = [one for one in found if one.person_id == wanted]
        if not found:
            raise NotFound
    else:
        found = [one for one in found if one.has_paper]
    content = letters_file.drawn(db.session(), visitor.actor(), found)
    return answer(content, f"kertas-anggota-{clock.today():%Y%m%d}.pdf")


@bp.post("/tanpa-hp/dibagikan")
@holds(COORDINATE)
def hand_out() -> Response:
    """Those that are named have their papers."""
    given = [_key(one) for one in request.form.getlist("anggota")]
    papers.hand_out(actor=visitor.actor(), given=given, seen_at=_moment())
    say(_("Dicatat: kertasnya sudah dibagikan."))
    return redirect(url_for("half_hour.letters"), code=303)


def _key(text: str) -> Any:
    organisation, _sign, person = text.partition("-")
    if not (organisation.isdigit() and person.isdigit() and len(text) <= 30):
        raise NotFound
    return int(organisation), int(person)


def _moment() -> datetime:
    """When the page was drawn; a form that does not say so covers nothing newer than her press."""
    try:
        said = datetime.fromisoformat(request.form.get("sampai", ""))
    except ValueError:
        return clock.now()
    return said if said.tzinfo else clock.now()
