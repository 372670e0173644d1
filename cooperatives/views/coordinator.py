"""The coordinator's desk: what waits for her, and helping a member who forgot her PIN."""

from flask import Blueprint, redirect, render_template, url_for
from werkzeug.wrappers import Response

from cooperatives import help_with_pin
from cooperatives.rights import COORDINATE
from core import day, recovery, visitor
from core.access import holds
from core.config import settings
from core.db import db
from core.settings import CoreSettings

bp = Blueprint("coordinator", __name__, url_prefix="/koord")
FIRST = 8  # So many at once; the others stand below.


@bp.get("")
@holds(COORDINATE)
def desk() -> str:
    """Her half hour: what waits, and what in her cooperative needs her, the most urgent first."""
    return render_template("cooperatives/desk.html", cards=day.cards(COORDINATE), first=FIRST)


@bp.get("/pin/<int:person_id>")
@holds(COORDINATE)
def ask(person_id: int) -> str:
    """Who asks, and how to be sure that it is she."""
    return _page(person_id)


@bp.post("/pin/<int:person_id>")
@holds(COORDINATE)
def give(person_id: int) -> str:
    """Show the code once; it is in no message and no log."""
    try:
        code = help_with_pin.give_code(actor=visitor.actor(), person_id=person_id)
    except recovery.MustWait:
        return _page(person_id)  # Her phone came in, or she stopped it, while this page was open.
    return _page(person_id, code)


@bp.post("/pin/<int:person_id>/mulai")
@holds(COORDINATE)
def begin(person_id: int) -> Response:
    """Begin the waiting time; she is told, and may stop it."""
    help_with_pin.begin(actor=visitor.actor(), person_id=person_id)
    return redirect(url_for("coordinator.ask", person_id=person_id), code=303)


def _page(person_id: int, code: str = "") -> str:
    person = help_with_pin.get_member(db.session(), visitor.actor(), person_id)
    return render_template(
        "cooperatives/pin.html",
        person=person,
        code=code,
        waits=recovery.find_open(db.session(), person_id),
        must_wait=not code and recovery.must_wait(db.session(), person_id),
        hours=settings(CoreSettings).recovery_hours,
    )
