"""My messages: what the house told me, read and unread."""

from flask import Blueprint, redirect, render_template, url_for
from werkzeug.wrappers import Response

from core import notify, visitor
from core.access import signed_in
from core.db import db
from core.paging import page_asked
from core.web import safe_next

bp = Blueprint("notices", __name__, url_prefix="/akun/pesan")


@bp.get("")
@signed_in
def index() -> str:
    """All my messages, newest first."""
    person_id, page = visitor.actor().person_id, page_asked()
    assert person_id is not None
    count, unread = notify.count(db.session(), person_id)
    return render_template(
        "core/notices.html",
        notices=notify.list_for(db.session(), person_id, page),
        unread=unread,
        page_number=page,
        pages=max(1, -(-count // notify.PAGE_SIZE)),
    )


@bp.post("/<int:notice_id>/baca")
@signed_in
def read(notice_id: int) -> Response:
    """Mark one message as read and go where it leads."""
    link = notify.read_one(actor=visitor.actor(), notice_id=notice_id)
    return redirect(safe_next(link) if link else url_for("notices.index"), code=303)


@bp.post("/baca-semua")
@signed_in
def read_all() -> Response:
    """Mark all my messages as read."""
    notify.read_all(actor=visitor.actor())
    return redirect(url_for("notices.index"), code=303)
