"""The coordinator's desk: what waits for her, and helping a member who forgot her PIN."""

from flask import Blueprint, render_template

from cooperatives import help_with_pin
from cooperatives.rights import COORDINATE
from core import desks, visitor
from core.access import holds
from core.db import db

bp = Blueprint("coordinator", __name__, url_prefix="/koord")


@bp.get("")
@holds(COORDINATE)
def desk() -> str:
    """What waits, the most urgent first."""
    return render_template("cooperatives/desk.html", waiting=desks.waiting(COORDINATE))


@bp.get("/pin/<int:person_id>")
@holds(COORDINATE)
def ask(person_id: int) -> str:
    """Who asks, and how to be sure that it is she."""
    person = help_with_pin.get_member(db.session(), visitor.actor(), person_id)
    return render_template("cooperatives/pin.html", person=person, code="")


@bp.post("/pin/<int:person_id>")
@holds(COORDINATE)
def give(person_id: int) -> str:
    """Show the code once; it is in no message and no log."""
    code = help_with_pin.give_code(actor=visitor.actor(), person_id=person_id)
    person = help_with_pin.get_member(db.session(), visitor.actor(), person_id)
    return render_template("cooperatives/pin.html", person=person, code=code)
