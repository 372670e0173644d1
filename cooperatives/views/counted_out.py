"""Monday at the kiosk: cash is counted out to a maker, and she signs."""

from flask import Blueprint, Response, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as AnyResponse

from cooperatives.days import paying
from cooperatives.rights import COORDINATE, KEEP, TREASURE
from cooperatives.views.day_forms import SignedForm
from core import files, visitor
from core.access import holds
from core.db import db
from core.errors import DomainError, NotFound
from core.web import say

bp = Blueprint("counted_out", __name__, url_prefix="/kios-kerja/setor/bayar")


@bp.route("/<int:payout_id>", methods=["GET", "POST"])
@holds(KEEP, COORDINATE)
def pay(payout_id: int) -> str | AnyResponse:
    """Who gets how much, and the photo of what she signed."""
    form = SignedForm()
    found = paying.get_waiting(db.session(), visitor.actor(), payout_id)
    if form.validate_on_submit():
        if not form.signed.data:
            form.signed.errors = [_("Foto dulu tanda tangan atau cap jempolnya.")]
        elif _pay(form, payout_id):
            say(_("Uang sudah dicatat keluar dari laci."))
            return redirect(url_for("drawer.bring", kios=found.place), code=303)
    return render_template("cooperatives/counted_out.html", form=form, found=found)


def _pay(form: SignedForm, payout_id: int) -> bool:
    """Whether it is paid; what hinders it stands beside the photo."""
    try:
        signed = files.store(form.signed.data)
    except files.NotAFile as refused:
        form.signed.errors = [refused.sentence]
        return False
    is_kept = False
    try:
        is_kept = paying.pay_out(actor=visitor.actor(), payout_id=payout_id, signed=signed)
    except NotFound:
        raise
    except DomainError as refused:
        form.signed.errors = [refused.sentence]
        return False
    finally:
        if not is_kept:
            files.drop(db.session(), signed)
    return True


@bp.get("/<int:payout_id>/tanda")
@holds(KEEP, COORDINATE, TREASURE)
def signature(payout_id: int) -> Response:
    """What she signed."""
    found = paying.signature_of(db.session(), visitor.actor(), payout_id)
    headers = {"Cache-Control": "private, no-store", "X-Robots-Tag": "noindex"}
    return Response(files.read(found), content_type=found.content_type, headers=headers)
