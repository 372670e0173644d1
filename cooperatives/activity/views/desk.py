"""The coordinator makes a report, changes its words, prints and sends it; the board reads it."""

from datetime import date

from flask import Blueprint, Response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as AnyResponse

from cooperatives.activity import counting, drafting, paper, reports
from cooperatives.activity.forms import ReportForm, SubjectForm
from cooperatives.activity.reports import WrongDays
from cooperatives.membership.views.roll import groups_of
from cooperatives.models import ActivityReport
from cooperatives.rights import COORDINATE, TREASURE
from cooperatives.views.paper_answers import pdf
from core import access, clock, files, images, visitor, words
from core.access import holds
from core.db import db
from core.errors import DomainError, NotFound
from core.files import Stored
from core.orgs import Organisation
from core.paging import page_asked, words_asked
from core.web import say

bp = Blueprint("activity", __name__, url_prefix="/koord/laporan")
ONE = "/<int:report_id>"
BOARD = (COORDINATE, TREASURE)


@bp.get("")
@holds(*BOARD)
def index() -> str:
    """Reports of her groups, the newest first."""
    groups = sorted(access.subjects(db.session(), visitor.actor(), *BOARD))
    asked, page = words_asked(), page_asked()
    found, more = reports.list_reports(db.session(), groups, asked=asked, page=page)
    return render_template(
        "cooperatives/activity/index.html",
        reports=found,
        days=reports.days,
        asked=asked,
        page_number=page,
        more=more,
        may_make=COORDINATE.name in visitor.rights(),
    )


@bp.route("/baru", methods=["GET", "POST"])
@holds(COORDINATE)
def make() -> str | AnyResponse | tuple[str, int]:
    """What it is about: this month so far, unless she says otherwise."""
    form, today = _subject_form(), clock.today()
    if not form.is_submitted():
        form.since.data, form.until.data = today.replace(day=1), today
        return render_template("cooperatives/activity/new.html", form=form)
    if form.validate():
        try:
            made = reports.make(
                actor=visitor.actor(),
                organisation_id=form.group.chosen or 0,
                about=form.about.data,
                about_id=_chosen(form),
                since=form.since.data or date.max,
                until=form.until.data or date.min,
            )
        except WrongDays as wrong:
            form.until.errors = [wrong.sentence]
        except NotFound:
            chosen = form.bazaar if form.about.data == "bazaar" else form.cohort
            chosen.errors = [_("Pilih salah satu dari daftar.")]
        else:
            say(_("Laporan dibuat dari catatan. Ubah kata-katanya kalau perlu."))
            return redirect(url_for("activity.change", report_id=made.id), code=303)
    return render_template("cooperatives/activity/new.html", form=form), 422


def _chosen(form: SubjectForm) -> int | None:
    """The bazaar or class that the report is about."""
    if form.about.data == "period":
        return None
    return form.bazaar.chosen if form.about.data == "bazaar" else form.cohort.chosen


def _subject_form() -> SubjectForm:
    form, groups = SubjectForm(), groups_of()
    form.group.offer((one.id, one.name) for one in groups)
    for box, known in ((form.bazaar, counting.bazaars_of), (form.cohort, counting.classes_of)):
        found = {
            key: f"{name}, {words.tanggal(day)}"
            for group in groups
            for key, name, day in known(db.session(), group.id)
        }
        box.offer(found.items())
    return form


@bp.get(ONE)
@holds(*BOARD)
def show(report_id: int) -> str:
    """One page, for reading and for print."""
    report = _report(report_id)
    parts = reports.parts_of(report)
    return render_template(
        "cooperatives/activity/show.html",
        report=report,
        group=_group(report),
        parts=parts,
        headings=drafting.headings(),
        figures=drafting.figures(report.figures),
        photo=reports.photo_of(db.session(), report),
        whatsapp=words.wa_link(drafting.whatsapp(report.title, _group(report), parts)),
        may_change=report.organisation_id
        in access.subjects(db.session(), visitor.actor(), COORDINATE),
    )


def _report(report_id: int) -> ActivityReport:
    return reports.get(db.session(), visitor.actor(), report_id)


def _group(report: ActivityReport) -> str:
    return db.session().get_one(Organisation, report.organisation_id).name


@bp.route(f"{ONE}/ubah", methods=["GET", "POST"])
@holds(COORDINATE)
def change(report_id: int) -> str | AnyResponse | tuple[str, int]:
    """Her own words, and a photo."""
    report = _report(report_id)
    form = ReportForm(obj=None if request.method == "POST" else report)
    if form.validate_on_submit() and _change(report, form):
        say(_("Laporan tersimpan."))
        return redirect(url_for("activity.show", report_id=report_id), code=303)
    has_photo = reports.photo_of(db.session(), report) is not None
    page = render_template(
        "cooperatives/activity/change.html", form=form, report=report, has_photo=has_photo
    )
    return (page, 422) if form.is_submitted() else page


def _change(report: ActivityReport, form: ReportForm) -> bool:
    """Whether it was changed; a file that is no photo is told beside its box."""
    stored: Stored | None = None
    try:
        if form.photo.data:
            stored = files.store(images.plain(form.photo.data))
    except DomainError as refused:
        form.photo.errors = [refused.sentence]
        return False
    reports.change(
        actor=visitor.actor(),
        report_id=report.id,
        title=form.title.data or "",
        parts={part: form[part].data or "" for part in drafting.PARTS},
        photo=stored,
    )
    return True


@bp.get(f"{ONE}/foto")
@holds(*BOARD)
def photo(report_id: int) -> Response:
    """Its photo, for the board alone."""
    found = reports.photo_of(db.session(), _report(report_id))
    if found is None:
        raise NotFound
    headers = {"Cache-Control": "private, no-store", "X-Robots-Tag": "noindex"}
    return Response(files.read(found), content_type=found.content_type, headers=headers)


@bp.get(f"{ONE}/cetak")
@holds(*BOARD)
def file(report_id: int) -> Response:
    """The same page as PDF."""
    report = _report(report_id)
    found = reports.photo_of(db.session(), report)
    content = paper.drawn(
        report.title,
        _group(report),
        reports.parts_of(report),
        drafting.figures(report.figures),
        files.read(found) if found else b"",
    )
    return pdf(content, f"laporan-{report.id}")
