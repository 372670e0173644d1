"""Her settlements: what each is made of, line by line, to read, to print and to send on."""

from flask import Blueprint, render_template
from werkzeug.wrappers import Response

from cooperatives.settling import statement_file, statement_words, stating
from cooperatives.views.her_money import person_id
from core.access import signed_in
from core.db import db
from core.papers import answer
from core.second_factor import asks_pin
from core.words import wa_link

bp = Blueprint("my_statements", __name__, url_prefix="/ibu/uang/hitungan")


@bp.get("/<int:settlement_id>")
@signed_in
@asks_pin
def show(settlement_id: int) -> str:
    """One settlement as her notebook, with the sums she may redo."""
    found = stating.of_person(db.session(), person_id(), settlement_id)
    text = statement_words.text(found)
    return render_template(
        "cooperatives/her_statement.html",
        statement=found,
        words=statement_words,
        text=text,
        share=wa_link(text),
    )


@bp.get("/<int:settlement_id>.pdf")
@signed_in
@asks_pin
def paper(settlement_id: int) -> Response:
    """The same as a file."""
    found = stating.of_person(db.session(), person_id(), settlement_id)
    return answer(statement_file.drawn([found]), f"hitungan-{settlement_id}.pdf")
