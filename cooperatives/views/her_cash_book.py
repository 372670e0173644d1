"""Her cash book on the screen: an amount, one of four buttons, and what is left at month's end."""

from uuid import UUID, uuid4

from flask import Blueprint, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from cooperatives import cash_book
from cooperatives.views.her_money import after, before, month_asked, name_of, person_id
from core import acts, clock, visitor
from core.access import holds
from core.db import db
from core.errors import Conflict, DomainError
from core.forms import act_content
from core.paging import page_asked
from core.second_factor import asks_pin
from core.web import say
from sellers.rights import SELL

bp = Blueprint("my_cash", __name__, url_prefix="/ibu/uang/kas")


@bp.get("")
@holds(SELL)
@asks_pin
def show() -> str:
    """One month, and the four buttons."""
    return _page()


def _page(wrong: object = "", typed: str = "", note: str = "") -> str:
    month, page = month_asked(), page_asked()
    stretch = month, after(month)
    notes, more = cash_book.list_notes(db.session(), person_id(), *stretch, page=page)
    return render_template(
        "cooperatives/her_cash_book.html",
        month=f"{month:%Y-%m}",
        name=name_of(month),
        notes=notes,
        moved=cash_book.moved(db.session(), person_id(), *stretch),
        presses=cash_book.PRESSES,
        act_id=uuid4(),
        wrong=wrong,
        typed=typed,
        note=note,
        page_number=page,
        more=more,
        before=f"{before(month):%Y-%m}",
        after=f"{after(month):%Y-%m}" if month < clock.today().replace(day=1) else "",
    )


@bp.post("")
@holds(SELL)
@asks_pin
def write() -> str | Response:
    """Write a line; what cannot be one is said, and what was typed stays."""
    try:
        act_id = UUID(request.form.get("act_id", ""))
    except ValueError:
        act_id = uuid4()
    try:
        acts.carry_out(
            actor=visitor.actor(),
            act_id=act_id,
            kind=cash_book.ACT,
            content=act_content(request.form),
        )
    except Conflict as refused:
        say(str(refused.sentence), "warning")
    except DomainError as refused:
        return _page(refused.sentence, request.form.get("amount", ""), request.form.get("note", ""))
    return redirect(url_for("my_cash.show"), code=303)


@bp.post("/<uuid:note_id>/coret")
@holds(SELL)
@asks_pin
def strike(note_id: UUID) -> Response:
    """Strike a line out, or bring it back."""
    cash_book.strike(actor=visitor.actor(), note_id=note_id)
    say(_("Sudah dicoret atau dikembalikan."))
    return redirect(url_for("my_cash.show", bulan=request.args.get("bulan")), code=303)
