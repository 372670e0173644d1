"""The visitor's language: chosen by her, kept in a cookie, never guessed."""

from flask import Blueprint, redirect, render_template, request
from werkzeug.wrappers import Response

from core.access import public, while_paused
from core.i18n import COOKIE, LANGUAGES
from core.web import safe_next

bp = Blueprint("language", __name__)
YEAR_SECONDS = 365 * 24 * 3600


@bp.get("/bahasa")
@public
def show() -> str:
    """The languages to choose from."""
    return render_template("core/language.html", back=safe_next(request.args.get("lanjut")))


@bp.post("/bahasa")
@public
@while_paused
def choose() -> Response:
    """Keep the chosen language and go back to the page she came from."""
    answer = redirect(safe_next(request.form.get("lanjut")), code=303)
    chosen = request.form.get("bahasa", "")
    if chosen in LANGUAGES:
        answer.set_cookie(COOKIE, chosen, max_age=YEAR_SECONDS, samesite="Lax", httponly=True)
    return answer
