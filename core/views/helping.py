"""The end of acting for somebody else; how it begins is known to the floor that keeps mandates."""

from flask import Blueprint, redirect
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from core import visitor
from core.access import signed_in, while_paused
from core.web import say

bp = Blueprint("helping", __name__)


@bp.post("/titip-tangan/selesai")
@signed_in
@while_paused
def stop() -> Response:
    """From now on she works for herself again."""
    visitor.end_helping()
    say(_("Terima kasih sudah membantu. Sekarang Ibu bekerja atas nama sendiri."))
    return redirect("/titip-tangan", code=303)
