"""Past attendance from a file: what would be written, row by row, and the press that does it."""

from flask import Blueprint, render_template
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response

from core import bringing_form, visitor
from core.access import holds
from core.bringing import Preview
from core.bringing_form import SheetForm
from core.db import reading
from core.uploads import BytesField
from sellers.training import past
from sellers.training.rights import TEACH
from sellers.training.views.facilitator import sheet_of, to_cohort

bp = Blueprint("past", __name__, url_prefix="/fasilitator")


class FileForm(SheetForm):
    """Who was there, of one class."""

    file = BytesField(_l("Berkas daftar hadir (CSV)"))


@bp.route("/<int:cohort_id>/hadir/berkas", methods=["GET", "POST"])
@holds(TEACH)
def bring(cohort_id: int) -> str | Response:
    """Choose a file, look at every row, then let it be written."""
    sheet = sheet_of(cohort_id)
    form, actor = FileForm(), visitor.actor()

    def look(content: bytes) -> Preview[past.Line]:
        with reading() as db:
            return past.look(db, actor, cohort_id, content)

    step = bringing_form.step(
        form,
        look,
        lambda content, seal: past.bring_in(
            actor=actor, cohort_id=cohort_id, content=content, seal=seal
        ),
    )
    if step.added is not None:
        return to_cohort(cohort_id, _("%(count)s catatan hadir ditambahkan.", count=step.added))
    return render_template(
        "sellers/training/past.html",
        sheet=sheet,
        form=form,
        preview=step.preview,
        refusal=step.refusal,
    )
