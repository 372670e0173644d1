"""Closing a month: what is in order, and the lock."""

import re
from datetime import date

from flask import Blueprint, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from cooperatives.membership import closing
from cooperatives.membership.views import books
from cooperatives.rights import TREASURE
from core import clock, visitor
from core.access import holds
from core.choices import YEARS
from core.db import db
from core.web import say

bp = Blueprint("month_desk", __name__, url_prefix="/kas/tutup-bulan")
MONTHS_SHOWN = 12


def _before(month: date) -> date:
    return date(month.year - (month.month == 1), (month.month - 2) % 12 + 1, 1)


def _month() -> date:
    """The month in the address, or the last one that is over."""
    found = re.fullmatch("([0-9]{4})-([0-9]{2})", request.args.get("bulan", ""))
    year, month = (int(found[1]), int(found[2])) if found else (0, 0)
    if year in YEARS and 1 <= month <= 12:
        return date(year, month, 1)
    return _before(clock.today().replace(day=1))


@bp.get("")
@holds(TREASURE)
def index() -> str:
    """The checks of one month, and which months are closed."""
    group, month, actor = books.group_asked(), _month(), visitor.actor()
    recent = [_before(clock.today().replace(day=1))]
    while len(recent) < MONTHS_SHOWN:
        recent.append(_before(recent[-1]))
    return render_template(
        "cooperatives/membership/month.html",
        group=group,
        groups=books.groups(),
        month=month,
        recent=recent,
        checks=closing.checks(db.session(), actor, group.id, month),
        locks=closing.list_locks(db.session(), actor, group.id),
        is_over=month < clock.today().replace(day=1),
    )


@bp.post("")
@holds(TREASURE)
def lock() -> Response:
    """Close the month."""
    group, month = books.group_asked(), _month()
    try:
        closing.lock(actor=visitor.actor(), organisation_id=group.id, month=month)
        say(_("Bulan ditutup. Yang datang terlambat masuk ke bulan berikutnya."))
    except (closing.NotOver, closing.NotInOrder) as refused:
        say(str(refused.sentence), "warning")
    return redirect(
        url_for("month_desk.index", kelompok=group.id, bulan=f"{month:%Y-%m}"), code=303
    )
