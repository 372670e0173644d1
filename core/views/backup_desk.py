"""Backups for operators: what there is, how old it is, and whether it was proved to come back."""

from flask import Blueprint, render_template

from core import pause
from core.access import holds
from core.backup import runs, watch
from core.backup.settings import BackupSettings
from core.config import settings
from core.db import db
from core.rights import OPERATE

bp = Blueprint("backup_desk", __name__, url_prefix="/kelola/cadangan")


@bp.get("")
@holds(OPERATE)
def index() -> str:
    """The newest of each kind, what is late, and the last thirty runs."""
    session = db.session()
    kinds = [kind for kind in watch.PROMISED if kind == "drill" or kind in runs.kinds_here()]
    return render_template(
        "core/backups.html",
        enabled=settings(BackupSettings).enabled,
        kinds=kinds,
        newest=watch.newest_good(session),
        troubles=watch.troubles(session, kinds),
        log=watch.log_state(session),
        paused=pause.find(session),
        runs=runs.list_newest(session),
    )
