"""/gaya: every component in every state, for whoever builds the next screen."""

from flask import Blueprint, render_template

from core import looks
from core.access import public

bp = Blueprint("looks", __name__)


@bp.get("/gaya")
@public
def show() -> str:
    """The style page."""
    return render_template("core/gaya.html", **looks.samples())
