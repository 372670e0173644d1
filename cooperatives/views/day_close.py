"""Closing a kiosk's day, and reading the days that are closed."""

from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as AnyResponse

from cooperatives.days import closing, on_paper, reading, report_paper
from cooperatives.days.closing import DayClosed, FiguresChanged, TooMuchLeft
from cooperatives.days.figures import Figures
from cooperatives.days.pieces import NeedsReason
from cooperatives.models import Place, TradingDay
from cooperatives.rights import COORDINATE, KEEP, TREASURE
from cooperatives.views import sheet_answers, which_place
from cooperatives.views.day_forms import CloseForm
from core import papers, visitor
from core.access import holds
from core.db import db
from core.web import say

bp = Blueprint("day_close", __name__, url_prefix="/kios-kerja")


def places() -> list[Place]:
    """Where the visitor may close a day."""
    return reading.list_places(db.session(), visitor.actor())


@bp.route("/tutup", methods=["GET", "POST"])
@holds(KEEP, COORDINATE)
def close() -> str | AnyResponse:
    """Count first, then compare, then close: three steps of one form."""
    mine = places()
    place = which_place.chosen(mine)
    if place is None:
        return which_place.ask(mine, _("Tutup hari"), "day_close.close")
    found = reading.find_open(db.session(), place)
    if found is None:
        last = reading.list_days(db.session(), place.id)[:1]
        return render_template("cooperatives/day_none.html", place=place, last=last)
    form = CloseForm()
    if form.is_submitted() and _is_ready(form):
        if "close" in request.form and form.day.data == str(found[0].id):
            return _close(form, place, found)
        if "again" not in request.form:
            return _compare(form, place, found)
    return _count(form, place, found)


def _is_ready(form: CloseForm) -> bool:
    """Whether what was counted can be read; what is left for tomorrow is asked afterwards."""
    form.validate()
    later = {"leave", "reason_cash", "reason_qris"}
    is_asked = any(box.errors for box in form if box.name not in later)
    return bool(form.is_counted() and not is_asked)


def _count(form: CloseForm, place: Place, found: tuple[TradingDay, Figures]) -> str:
    """Step one: what is there, before anybody sees what should be."""
    day, stands = found
    for late in ("leave", "reason_cash", "reason_qris"):
        form[late].errors = []
    if not form.is_submitted() and not stands.qris.payments:
        form.qris.data = 0
    return render_template("cooperatives/day_count.html", form=form, place=place, day=day)


def _compare(
    form: CloseForm, place: Place, found: tuple[TradingDay, Figures], problem: object = ""
) -> str:
    """Step two: what should be there, and why it differs."""
    day, stands = found
    if "close" not in request.form:
        for asked in ("leave", "reason_cash", "reason_qris"):
            form[asked].errors = []
    if form.leave.data is None and not form.leave.errors:
        form.leave.raw_data, form.leave.data = None, min(form.amount, max(day.opening, 0))
    return render_template(
        "cooperatives/day_compare.html",
        form=form,
        place=place,
        day=day,
        stands=stands,
        told=on_paper,
        counted={"cash": form.amount, "qris": form.qris.data},
        problem=problem,
    )


def _close(form: CloseForm, place: Place, found: tuple[TradingDay, Figures]) -> str | AnyResponse:
    day, stands = found
    if form.leave.errors:
        return _compare(form, place, found)
    try:
        day_id = closing.close(
            actor=visitor.actor(),
            act_id=form.act_id,
            day_id=day.id,
            counts=form.counts(),
            leave=form.leave.data or 0,
        )
    except DayClosed as refused:
        say(str(refused.sentence), "warning")
        return redirect(url_for("day_close.report", day_id=day.id), code=303)
    except FiguresChanged as refused:
        return _compare(form, place, _again(place, found), refused.sentence)
    except TooMuchLeft as refused:
        form.leave.errors = [refused.sentence]
        return _compare(form, place, found)
    except NeedsReason as refused:
        _ask_reasons(form, stands, refused.sentence)
        return _compare(form, place, found)
    say(_("Hari ini sudah ditutup. Terima kasih, Bu."))
    return redirect(url_for("day_close.report", day_id=day_id), code=303)


def _again(place: Place, before: tuple[TradingDay, Figures]) -> tuple[TradingDay, Figures]:
    return reading.find_open(db.session(), place) or before


def _ask_reasons(form: CloseForm, stands: Figures, sentence: Any) -> None:
    for way, counted in form.counts().items():
        if counted.amount != stands.of(way).stands:
            box = form["words_" + way if counted.reason == "other" else "reason_" + way]
            box.errors = [sentence]


@bp.get("/hari")
@holds(KEEP, COORDINATE)
def days() -> str:
    """The days of a place, newest first."""
    mine = places()
    place = which_place.chosen(mine)
    if place is None:
        return which_place.ask(mine, _("Laporan hari"), "day_close.days")
    before = max(request.args.get("sebelum", 0, type=int), 0)
    rows = reading.list_days(db.session(), place.id, before=min(before, 2**62))
    return render_template(
        "cooperatives/days.html",
        place=place,
        rows=rows,
        several=len(mine) > 1,
        more=rows[-1].number if len(rows) == reading.LIST_MAX else None,
    )


@bp.get("/hari/<int:day_id>")
@holds(KEEP, COORDINATE, TREASURE)
def report(day_id: int) -> str:
    """One day on a page, to read and to print."""
    whole = reading.get_day(db.session(), visitor.actor(), day_id)
    return render_template("cooperatives/day_report.html", whole=whole, told=on_paper)


@bp.get("/hari/<int:day_id>/unduh")
@holds(KEEP, COORDINATE, TREASURE)
def download(day_id: int) -> AnyResponse:
    """The same as a file: Excel, CSV, or PDF to sign."""
    whole = reading.get_day(db.session(), visitor.actor(), day_id)
    wanted = request.args.get("bentuk", "csv")
    name = f"laporan-{whole.place.slug}-{whole.day.number}"
    if wanted == "pdf":
        return papers.answer(report_paper.drawn(whole), f"{name}.pdf")
    form = "xlsx" if wanted == "xlsx" else "csv"
    response = sheet_answers.answer(form, name, on_paper.header(), on_paper.rows(whole))
    response.headers["Cache-Control"] = "no-store"
    return response
