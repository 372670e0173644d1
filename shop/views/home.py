"""The front door."""

from flask import Blueprint, render_template

from core.access import public

bp = Blueprint("home", __name__)


@bp.get("/")
@public
def show() -> str:
    """What Lumbung is, and the ways in."""
    return render_template("shop/home.html")
