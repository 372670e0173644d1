"""Certificates as files: taken along by their holder, checked against a public list, endorsed."""

from flask import Blueprint, Response, make_response, redirect, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as AnyResponse

from core import drawing, limits, visitor
from core.access import holds, public, signed_in
from core.config import settings
from core.db import reading
from core.web import say
from sellers.training import credentials, endorsements, proofs
from sellers.training.forms import EndorseForm
from sellers.training.rights import VERIFY
from sellers.training.settings import TrainingSettings

bp = Blueprint("badge", __name__)
WINDOW_SECONDS = 15 * 60
KEPT_SECONDS = 60  # So long a withdrawal may go unnoticed by who asks again and again.


@bp.post("/ibu/belajar/<int:enrolment_id>/lencana")
@signed_in
def take(enrolment_id: int) -> Response:
    """Her certificate as a signed file; the name only if she asks for it."""
    with_name = request.form.get("name") == "y"
    signed = credentials.export(
        actor=visitor.actor(), enrolment_id=enrolment_id, with_name=with_name
    )
    answer = make_response(credentials.written(signed))
    answer.mimetype = "application/ld+json"
    answer.headers["Content-Disposition"] = "attachment; filename=sertifikat-lumbung.json"
    answer.headers["Cache-Control"] = "no-store"
    return answer


@bp.get("/sertifikat/status/<int:list_id>")
@public
def status(list_id: int) -> Response:
    """Which credentials of a list were withdrawn, as bits; signed by who issued them."""
    limits.spend(
        key=f"status-list:{request.remote_addr or 'none'}",
        most=settings(TrainingSettings).certificate_tries,
        seconds=WINDOW_SECONDS,
    )

    def written() -> str:
        with reading() as db:
            return credentials.status_document(db, list_id)

    answer = make_response(drawing.lately(written, "status_list", list_id))
    answer.mimetype = "application/ld+json"
    answer.headers["Cache-Control"] = f"public, max-age={KEPT_SECONDS}"
    return answer


@bp.post("/sertifikat/<code>/dukungan")
@holds(VERIFY)
def endorse(code: str) -> AnyResponse:
    """Stand behind somebody's certificate with one sentence."""
    code = proofs.tidy_code(code)
    form = EndorseForm()
    if form.validate_on_submit():
        try:
            endorsements.give(actor=visitor.actor(), code=code, words=form.words.data)
        except endorsements.NotFromOutside as refused:
            say(str(refused.sentence), "warning")
        else:
            say(_("Dukungan Ibu sudah tercatat."))
    else:
        say(" ".join(str(error) for error in form.words.errors) or _("Coba lagi."), "warning")
    return redirect(url_for("certificate.check", code=code), code=303)


@bp.post("/sertifikat/dukungan/<int:endorsement_id>/tarik")
@holds(VERIFY)
def take_back(endorsement_id: int) -> AnyResponse:
    """End an endorsement of her own organisation."""
    code = endorsements.take_back(actor=visitor.actor(), endorsement_id=endorsement_id)
    say(_("Dukungan sudah ditarik."))
    return redirect(url_for("certificate.check", code=code), code=303)
