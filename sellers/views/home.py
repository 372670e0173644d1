"""Her first page: what she has to do today, and the ways to everything else."""

from flask import Blueprint, render_template

from core import desks
from core.access import holds
from sellers.rights import SELL

bp = Blueprint("my_day", __name__, url_prefix="/ibu")


@bp.get("")
@holds(SELL)
def today() -> str:
    """Everything that waits for her, the most urgent first."""
    return render_template("sellers/home.html", waiting=desks.waiting(SELL))
