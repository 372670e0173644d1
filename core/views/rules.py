"""The rules of law as this house applies them, for operators to hold against the law."""

from flask import Blueprint, render_template

from core import config
from core.access import holds
from core.rights import OPERATE

bp = Blueprint("rules", __name__, url_prefix="/kelola/aturan")


@bp.get("")
@holds(OPERATE)
def index() -> str:
    """Every rule with its value; they are changed where the house is set up."""
    return render_template("core/rules.html", rules=config.rules())
