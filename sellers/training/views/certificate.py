"""Certificates: the public proof behind a code, and the pages of those who issue them."""

from flask import Blueprint, Response, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as AnyResponse

from core import access, limits, qr, visitor
from core.access import holds, public
from core.config import settings
from core.db import reading
from core.errors import NotFound
from core.settings import CoreSettings
from sellers.training import certificates, cohorts, endorsements, proofs, roster
from sellers.training.cohorts import Sheet
from sellers.training.forms import EndorseForm, ExceptionForm, IssueForm, WithdrawForm
from sellers.training.rights import VERIFY
from sellers.training.roster import Row
from sellers.training.settings import TrainingSettings
from sellers.training.views.facilitator import to_cohort

bp = Blueprint("certificate", __name__)
WINDOW_SECONDS = 15 * 60


def checked_at(code: str) -> str:
    """The whole address at which anybody can check a certificate."""
    return settings(CoreSettings).public_url + url_for("certificate.check", code=code)


@bp.get("/sertifikat")
@public
def ask() -> str | AnyResponse:
    """Type a code."""
    code = proofs.tidy_code(request.args.get("kode", ""))
    if code:
        return redirect(url_for("certificate.check", code=code), code=303)
    return render_template("sellers/training/proof_ask.html", is_empty="kode" in request.args)


@bp.get("/sertifikat/<code>")
@public
def check(code: str) -> Response:
    """Is it real, is it still valid, and what for; an unknown code looks the same, with 404."""
    limits.spend(
        key=f"certificate:{request.remote_addr or 'none'}",
        most=settings(TrainingSettings).certificate_tries,
        seconds=WINDOW_SECONDS,
    )
    code = proofs.tidy_code(code)
    with reading() as db:
        proof = proofs.find_proof(db, code)
        behind = endorsements.of_code(db, code) if proof else []
        verifies = VERIFY.name in visitor.rights()
        hers = access.subjects(db, visitor.actor(), VERIFY) if verifies else frozenset()
    page = render_template(
        "sellers/training/proof.html",
        proof=proof,
        behind=behind,
        hers=hers,
        form=EndorseForm() if verifies and proof and proof.state == "valid" else None,
        qr=qr.svg(checked_at(code), _("Alamat pemeriksaan sertifikat ini")) if proof else "",
    )
    answer = make_response(page, 200 if proof else 404)
    answer.headers["X-Robots-Tag"] = "noindex, nofollow"
    answer.headers["Cache-Control"] = "no-store"  # A withdrawn paper must not look valid.
    return answer


def _row(cohort_id: int, enrolment_id: int) -> tuple[Sheet, Row]:
    """A woman of a cohort whose certificates the visitor issues."""
    with reading() as db:
        sheet = cohorts.get_sheet(db, visitor.actor(), cohort_id, VERIFY)
        for row in roster.list_rows(db, cohort_id):
            if row.enrolment_id == enrolment_id and row.state != "waiting":
                return sheet, row
    raise NotFound


@bp.route("/fasilitator/<int:cohort_id>/sertifikat/<int:enrolment_id>", methods=["GET", "POST"])
@holds(VERIFY)
def issue(cohort_id: int, enrolment_id: int) -> str | AnyResponse:
    """Certify one woman, on her attendance or with a written exception."""
    sheet, row = _row(cohort_id, enrolment_id)
    form = IssueForm() if row.standing.is_completed else ExceptionForm()
    if form.validate_on_submit():
        try:
            code = certificates.issue(
                actor=visitor.actor(),
                enrolment_id=enrolment_id,
                valid_until=form.valid_until.data,
                exception=form.exception.data if form.exception else "",
            )
        except certificates.EndsInThePast as refused:
            form.valid_until.errors = [refused.sentence]
        else:
            return to_cohort(cohort_id, _("Sertifikat %(code)s sudah terbit.", code=code))
    return render_template("sellers/training/issue.html", sheet=sheet, row=row, form=form)


@bp.route(
    "/fasilitator/<int:cohort_id>/sertifikat/<int:enrolment_id>/tarik", methods=["GET", "POST"]
)
@holds(VERIFY)
def withdraw(cohort_id: int, enrolment_id: int) -> str | AnyResponse:
    """Take a certificate back with a reason; a new one may take its place."""
    sheet, row = _row(cohort_id, enrolment_id)
    if row.certificate_id is None:
        raise NotFound
    form = WithdrawForm()
    if form.validate_on_submit():
        if not form.is_replaced.data:
            certificates.withdraw(
                actor=visitor.actor(), certificate_id=row.certificate_id, reason=form.reason.data
            )
            return to_cohort(cohort_id, _("Sertifikat sudah ditarik."))
        try:
            code = certificates.replace(
                actor=visitor.actor(),
                certificate_id=row.certificate_id,
                reason=form.reason.data,
                valid_until=form.valid_until.data,
            )
        except certificates.EndsInThePast as refused:
            form.valid_until.errors = [refused.sentence]
        else:
            return to_cohort(cohort_id, _("Sertifikat pengganti %(code)s terbit.", code=code))
    return render_template("sellers/training/withdraw.html", sheet=sheet, row=row, form=form)
