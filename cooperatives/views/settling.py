"""A settlement round: how far it is, what it made, and everybody's statement to print."""

from flask import Blueprint, render_template
from werkzeug.wrappers import Response

from cooperatives import entry_words
from cooperatives.rights import COORDINATE, TREASURE
from cooperatives.settling import rounds, statement_file, stating
from core import orgs, visitor
from core.access import holds
from core.db import db
from core.papers import answer

bp = Blueprint("settling", __name__, url_prefix="/kas/bayar")
PRINTED_MAX = 60


@bp.get("/putaran/<int:round_id>")
@holds(TREASURE, COORDINATE)
def show(round_id: int) -> str:
    """How far a round is, and each settlement it has made."""
    found = rounds.get(db.session(), visitor.actor(), round_id)
    return render_template(
        "cooperatives/settling_round.html",
        found=found,
        book=db.session().get_one(orgs.Organisation, found.organisation_id).name,
        rows=stating.list_of_round(db.session(), visitor.actor(), round_id),
        told=entry_words,
        printed_max=PRINTED_MAX,
    )


@bp.get("/putaran/<int:round_id>/lembar-<int:sheet>.pdf")
@holds(TREASURE, COORDINATE)
def papers(round_id: int, sheet: int) -> Response:
    """Many statements in one file, so that they are printed by one press."""
    listed = stating.list_of_round(db.session(), visitor.actor(), round_id)
    first = (max(min(sheet, 1_000), 1) - 1) * PRINTED_MAX
    wanted = [row.id for row in listed[first : first + PRINTED_MAX]]
    found = [stating.for_board(db.session(), visitor.actor(), one) for one in wanted]
    return answer(statement_file.drawn(found), f"hitungan-{round_id}-{sheet}.pdf")


@bp.get("/hitungan/<int:settlement_id>.pdf")
@holds(TREASURE, COORDINATE)
def paper(settlement_id: int) -> Response:
    """One statement, for a member who has no phone."""
    found = stating.for_board(db.session(), visitor.actor(), settlement_id)
    return answer(statement_file.drawn([found]), f"hitungan-{settlement_id}.pdf")
