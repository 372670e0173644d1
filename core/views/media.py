"""Public pictures from local storage. In production a bucket or the web server answers instead."""

from flask import Blueprint, Response, abort

from core.access import public
from core.album import storage
from core.images import CONTENT_TYPES
from core.storage import CACHE_FOREVER

bp = Blueprint("media", __name__)


@bp.get("/media/<path:name>")
@public
def picture(name: str) -> Response:
    """One copy of a picture; its address never changes its content."""
    kind = CONTENT_TYPES.get(name.rpartition(".")[2])
    if kind is None:
        abort(404)
    content = storage().get(f"public/{name}")
    return Response(content, content_type=kind, headers={"Cache-Control": CACHE_FOREVER})
