"""Is the house alive, is it ready, and its figures for operators."""

from flask import Blueprint, Response

from core import db, dead_letters, metrics
from core.access import holds, public
from core.backup import watch
from core.rights import OPERATE

bp = Blueprint("health", __name__)


@bp.get("/healthz")
@public
def alive() -> Response:
    """This process runs; says nothing of the database."""
    return Response("ok\n", mimetype="text/plain")


@bp.get("/readyz")
@public
def ready() -> Response:
    """This process can serve people: the database answers."""
    db.is_alive()
    return Response("ready\n", mimetype="text/plain")


@bp.get("/metrics")
@holds(OPERATE)
def figures() -> Response:
    """Prometheus figures."""
    with db.reading() as connection:
        return metrics.page(dead_letters.count_by_status(connection), watch.ages(connection))
