"""Her savings and advances with each of her groups, and ending what is taken from her sales."""

from flask import Blueprint, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from cooperatives.members import memberships_of
from cooperatives.membership import advances, savings, surplus, wording
from cooperatives.views.her_money import person_id
from core import clock, visitor
from core.access import holds
from core.db import db
from core.errors import NotFound
from core.orgs import Organisation
from core.second_factor import asks_pin
from core.web import say
from sellers.rights import SELL

bp = Blueprint("my_savings", __name__, url_prefix="/ibu/uang/simpanan")


@bp.get("")
@holds(SELL)
@asks_pin
def show() -> str:
    """What she has saved, by group, and what she still owes."""
    session, actor, hers = db.session(), visitor.actor(), person_id()
    year = clock.today().year
    groups = [
        {
            "group": session.get_one(Organisation, row.cooperative_id),
            "standing": savings.standings(session, actor, row.cooperative_id, person_id=hers)[0],
            "rows": savings.history(session, row.cooperative_id, hers),
            "surplus": surplus.hers(session, hers, row.cooperative_id, year),
        }
        for row in memberships_of(session, hers)
    ]
    return render_template(
        "cooperatives/membership/her_savings.html",
        groups=groups,
        advances=advances.list_of_person(session, hers),
        sorts=savings.SORT_WORDS,
        told=wording,
    )


@bp.post("/pinjaman/<int:advance_id>/berhenti")
@holds(SELL)
@asks_pin
def stop_share(advance_id: int) -> Response:
    """One tap: nothing more is taken from her sales."""
    advance = advances.get_advance(db.session(), visitor.actor(), advance_id)
    if advance.person_id != person_id():
        raise NotFound
    advances.stop_share(actor=visitor.actor(), advance_id=advance_id)
    say(_("Potongan dari penjualan Ibu sudah dihentikan."))
    return redirect(url_for("my_savings.show"), code=303)
