"""The operator's home: what waits for her, her other pages, and the audit trail."""

from flask import Blueprint, render_template, request

from core import desks, nav, trail
from core.access import holds
from core.addresses import BIGINT_MAX
from core.db import db
from core.rights import OPERATE

bp = Blueprint("operator_desk", __name__, url_prefix="/kelola")
WORD_LETTERS_MAX = 60


@bp.get("")
@holds(OPERATE)
def home() -> str:
    """What waits, the most urgent first, and the ways to all other pages of operators."""
    links = nav.links_for("account", OPERATE)
    return render_template("core/operator.html", waiting=desks.waiting(OPERATE), links=links)


def id_asked(name: str) -> int | None:
    """An id from the query string, or None: a list then starts at its beginning."""
    typed = request.args.get(name, "")
    is_id = typed.isascii() and typed.isdigit() and len(typed) <= len(str(BIGINT_MAX))
    return min(int(typed), BIGINT_MAX) if is_id else None


def _word(name: str) -> str:
    return request.args.get(name, "").replace("\x00", "").strip()[:WORD_LETTERS_MAX]


@bp.get("/jejak")
@holds(OPERATE)
def audit_trail() -> str:
    """Who did what to what, newest first."""
    action, subject = _word("perbuatan"), _word("hal")
    deeds = trail.list_deeds(
        db.session(), action=action, subject=subject, before=id_asked("sebelum")
    )
    return render_template(
        "core/trail.html",
        deeds=deeds,
        action=action,
        subject=subject,
        first=request.args.get("sebelum") is None,
        older=deeds[-1].id if len(deeds) == trail.PAGE_SIZE else None,
    )
