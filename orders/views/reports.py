"""The treasurer and gateways' reports: laid beside the books, differences closed by people."""

from collections.abc import Callable

from flask import Blueprint, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from cooperatives.rights import TREASURE
from core import clock, visitor
from core.access import SamePerson, holds
from core.db import db
from core.paging import words_asked
from core.sheet_files import NotASheet
from core.web import say
from orders.models import ReportLine
from orders.reports import differences, intake, matching, standing, words
from orders.reports.differences import BooksMoved, NoRupiah, NotToBook, Said
from orders.reports.layouts import BY_LAYOUT, GATEWAY_NAMES
from orders.states import IllegalMove
from orders.views.report_forms import ExplainForm, ReportForm

bp = Blueprint("reports", __name__, url_prefix="/kas/cocokkan")
AT_ONCE = 200
LINE = "/selisih/<int:report_line_id>"


@bp.route("", methods=["GET", "POST"])
@holds(TREASURE)
def index() -> str | Response:
    """How each gateway stands, what is open, and the box for the next report."""
    actor, form, wanted = visitor.actor(), ReportForm(), words_asked()
    standings = standing.of_gateways(db.session(), actor)
    if form.validate_on_submit():
        try:
            return _taken(form)
        except (NotASheet, intake.NothingInIt) as refused:
            form.file.errors = [refused.sentence]
    return render_template(
        "orders/reports.html",
        form=form,
        standings=standings,
        rows=differences.list_open(db.session(), actor, wanted),
        reports=standing.list_reports(db.session(), actor),
        layouts=BY_LAYOUT,
        names=GATEWAY_NAMES,
        told=words,
        today=clock.today(),
        wanted=wanted,
    )


def _taken(form: ReportForm) -> Response:
    found = intake.read(form.file.data)
    report_id = intake.take_in(actor=visitor.actor(), found=found)
    matching.work_through(report_id, most=AT_ONCE)
    return redirect(url_for("reports.report", report_id=report_id), code=303)


@bp.get("/laporan/<int:report_id>")
@holds(TREASURE)
def report(report_id: int) -> str:
    """One report: how its lines agree, and those that could not be read."""
    actor = visitor.actor()
    found = standing.get_report(db.session(), actor, report_id)
    after = min(max(request.args.get("sesudah", 0, type=int), 0), 2**62)
    rows = differences.list_of(db.session(), actor, report_id, after)
    return render_template(
        "orders/report.html",
        found=found,
        rows=rows,
        more=rows[-1].ReportLine.id if len(rows) == differences.LIST_MAX else None,
        layout=BY_LAYOUT[found.GatewayReport.layout].layout,
        told=words,
    )


@bp.route(LINE, methods=["GET", "POST"])
@holds(TREASURE)
def one(report_line_id: int) -> str | Response:
    """One line: what the gateway says, what our books say, and the way to close it."""
    actor, form = visitor.actor(), ExplainForm()
    line_id = differences.get_one(db.session(), actor, report_line_id).ReportLine.id
    if form.validate_on_submit():
        said = Said(form.reason.data, form.money.data == "follows", form.rupiah.data or None)
        try:
            is_closed = differences.explain(actor=actor, line_id=line_id, said=said)
        except NoRupiah as refused:
            form.rupiah.errors = [refused.sentence]
        except NotToBook as refused:
            form.money.errors = [refused.sentence]
        except IllegalMove as refused:
            return _page(line_id, form, refused.sentence)
        else:
            return _explained(line_id, is_closed)
    return _page(line_id, form)


def _explained(line_id: int, is_closed: bool) -> Response:
    if is_closed:
        say(_("Selisihnya ditutup."))
        return redirect(url_for("reports.index"), code=303)
    say(_("Sudah dicatat. Bendahara lain perlu menyetujuinya."), "info")
    return redirect(url_for("reports.one", report_line_id=line_id), code=303)


def _page(line_id: int, form: ExplainForm, refused: object = "") -> str:
    actor = visitor.actor()
    found = differences.get_one(db.session(), actor, line_id)
    line: ReportLine = found.ReportLine
    return render_template(
        "orders/report_line.html",
        found=found,
        form=form,
        refused=refused,
        told=words,
        gateway=GATEWAY_NAMES[line.gateway],
        is_open=line.state in matching.OPEN,
        is_mine=line.noted_by == actor.person_id,
        may_book=differences.may_book(line, found.Attempt),
    )


@bp.post(f"{LINE}/setuju")
@holds(TREASURE)
def agree(report_line_id: int) -> str | Response:
    """The second treasurer agrees, and the books follow."""
    return _second(report_line_id, differences.agree, _("Sudah dicatat di buku."))


@bp.post(f"{LINE}/kembalikan")
@holds(TREASURE)
def disagree(report_line_id: int) -> str | Response:
    """It is looked into again, with nothing booked."""
    return _second(report_line_id, differences.disagree, _("Dikembalikan. Buku tidak berubah."))


def _second(line_id: int, step: Callable[..., None], done: str) -> str | Response:
    try:
        step(actor=visitor.actor(), line_id=line_id)
    except (SamePerson, IllegalMove, BooksMoved, NoRupiah) as refused:
        return _page(line_id, ExplainForm(), refused.sentence)
    say(done)
    return redirect(url_for("reports.one", report_line_id=line_id), code=303)
