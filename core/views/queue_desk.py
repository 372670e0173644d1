"""Dead letters: jobs that failed for good, tried once more or closed by an operator."""

from flask import Blueprint, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from core import dead_letters, visitor
from core.access import holds
from core.db import db
from core.forms import CloseJobForm
from core.rights import OPERATE
from core.views.operator_desk import id_asked
from core.web import say

bp = Blueprint("queue_desk", __name__, url_prefix="/kelola/antrian")


@bp.get("")
@holds(OPERATE)
def index() -> str:
    """Failed jobs, newest first, and how full the queue is."""
    letters = dead_letters.list_failed(db.session(), id_asked("sebelum"))
    return render_template(
        "core/queue.html",
        letters=letters,
        counts=dead_letters.count_by_status(db.session()),
        older=letters[-1].id if len(letters) == dead_letters.PAGE_SIZE else None,
    )


@bp.post("/<int:job_id>/lagi")
@holds(OPERATE)
def retry(job_id: int) -> Response:
    """Let it run once more."""
    try:
        done = dead_letters.retry(actor=visitor.actor(), job_id=job_id)
    except dead_letters.TwinWaits as twin:
        say(str(twin.sentence), "warning")
    else:
        _tell(done, _("Pekerjaan ini akan dicoba sekali lagi."))
    return redirect(url_for("queue_desk.index"), code=303)


@bp.route("/<int:job_id>/tutup", methods=["GET", "POST"])
@holds(OPERATE)
def close(job_id: int) -> str | Response:
    """Drop it, and say why."""
    form = CloseJobForm()
    if form.validate_on_submit():
        done = dead_letters.close(
            actor=visitor.actor(), job_id=job_id, reason=form.reason.data or ""
        )
        _tell(done, _("Pekerjaan ini sudah ditutup."))
        return redirect(url_for("queue_desk.index"), code=303)
    letter = dead_letters.get_failed(db.session(), job_id)
    return render_template("core/close_job.html", form=form, letter=letter)


def _tell(done: bool, sentence: str) -> None:
    say(sentence if done else _("Pekerjaan ini sudah tidak ada di daftar gagal."))
