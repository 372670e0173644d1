"""What she has allowed others, on one page; each is ended with one tap."""

from itertools import groupby

from flask import Blueprint, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from cooperatives import pay_ways
from cooperatives.membership import advances, edges
from cooperatives.views.her_money import person_id
from core import visitor
from core.access import holds
from core.db import db
from core.web import say
from sellers.rights import SELL

bp = Blueprint("my_edges", __name__, url_prefix="/ibu/izin-kelompok")


@bp.get("")
@holds(SELL)
def show() -> str:
    """Who may do what for her, where her money goes, and what is taken from it."""
    session = db.session()
    found = edges.list_of(session, visitor.actor())
    now, _waiting = pay_ways.of_person(session, person_id())
    return render_template(
        "cooperatives/membership/edges.html",
        helpers=[(name, list(rows)) for name, rows in groupby(found, lambda one: one.helper)],
        labels=edges.LABELS,
        way=pay_ways.words(now),
        advances=[
            one
            for one in advances.list_of_person(session, person_id())
            if one.owed and one.advance.percent and not one.advance.ended_at
        ],
    )


@bp.post("/<int:grant_id>/cabut")
@holds(SELL)
def end(grant_id: int) -> Response:
    """One tap, and it is over."""
    edges.end(actor=visitor.actor(), grant_id=grant_id)
    say(_("Izin dicabut dan langsung tidak berlaku."))
    return redirect(url_for("my_edges.show"), code=303)
