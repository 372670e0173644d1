"""What makes the house an app on a phone: manifest, service worker, and the page without signal."""

from flask import Blueprint, Response, current_app, jsonify, render_template, request
from flask_babel import gettext as _
from werkzeug.wrappers import Response as AnyResponse

from core import nav, visitor
from core.access import public
from core.assets import Assets

bp = Blueprint("phone", __name__)

# The shell: what a page of hers needs before anything of its own.
SHELL = (
    "css/components.css",
    "js/comfort.js",
    "js/outbox.js",
    "js/unsent.js",
    "js/sendings.js",
    "img/favicon.svg",
    "img/rejeng.svg",
)


def _assets() -> Assets:
    found: Assets = current_app.extensions["assets"]
    return found


@bp.get("/manifest.webmanifest")
@public
def manifest() -> Response:
    """The app's name, drawing and first page: the desk of whoever installs it."""
    ways = nav.links("account", visitor.rights())
    icons = [
        ("img/app-192.png", "192x192", "any"),
        ("img/app-512.png", "512x512", "any"),
        ("img/app-full.png", "512x512", "maskable"),
    ]
    answer = jsonify(
        id="/",
        name="Lumbung",
        short_name="Lumbung",
        description=_("Pasar bersama usaha rumahan"),
        lang="id",
        start_url=ways[0].url if ways and visitor.visitor() else "/",
        scope="/",
        display="standalone",
        theme_color="#22305A",
        background_color="#FBF7EC",
        icons=[
            {"src": _assets().url(name), "sizes": sizes, "type": "image/png", "purpose": purpose}
            for name, sizes, purpose in icons
        ],
    )
    answer.content_type = "application/manifest+json"
    return answer


@bp.get("/sw.js")
@public
def worker() -> AnyResponse:
    """The service worker, at the root so that it may answer for every page; new with any file."""
    version = _assets().version
    script = render_template("core/sw.js", version=version, files=SHELL)
    answer = Response(script, content_type="text/javascript; charset=utf-8")
    answer.headers["Cache-Control"] = "no-cache"
    answer.add_etag()
    return answer.make_conditional(request)


@bp.get("/tanpa-sinyal")
@public
def no_signal() -> str:
    """Shown by the service worker where a page cannot be fetched and none is kept."""
    return render_template("core/no_signal.html")
