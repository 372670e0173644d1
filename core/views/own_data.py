"""My data: what is kept, a copy of it, and its erasure (UU 27/2022)."""

import json

from flask import Blueprint, Response, redirect, render_template
from flask_babel import gettext as _
from werkzeug.wrappers import Response as AnyResponse

from core import privacy, visitor
from core.access import signed_in
from core.db import db
from core.forms import EraseForm
from core.second_factor import asks_pin
from core.views.account import is_my_pin
from core.web import say

bp = Blueprint("own_data", __name__, url_prefix="/akun/data")


def _me() -> int:
    person_id = visitor.actor().person_id
    assert person_id is not None
    return person_id


@bp.get("")
@signed_in
def show() -> str:
    """What the house keeps of me, in words."""
    return render_template("core/own_data.html")


@bp.get("/salinan.json")
@signed_in
@asks_pin
def copy() -> Response:
    """All of it as a file; nobody else's."""
    gathered = privacy.gather(db.session(), _me())
    text = json.dumps(gathered, default=str, ensure_ascii=False, indent=2)
    return Response(
        text,
        content_type="application/json; charset=utf-8",
        headers={"Content-Disposition": 'attachment; filename="data-saya-lumbung.json"'},
    )


@bp.route("/hapus", methods=["GET", "POST"])
@signed_in
def erase() -> str | AnyResponse:
    """What goes, what must stay, and the PIN before anything goes."""
    form = EraseForm()
    reasons = privacy.reasons_to_wait(db.session(), _me())
    if not reasons and form.validate_on_submit():
        if is_my_pin(form.pin.data):
            try:
                privacy.erase(actor=visitor.actor())
            except privacy.MustWait as wait:
                reasons = wait.reasons
            else:
                visitor.leave()
                say(_("Data Anda sudah dihapus. Terima kasih sudah bersama Lumbung."))
                return redirect("/", code=303)
        else:
            form.pin.errors = [_("PIN belum cocok.")]
    return render_template("core/erase.html", form=form, reasons=reasons)
