"""Past attendance from a file: what would be written, row by row, and the press that does it."""

import base64
import binascii

from flask import Blueprint, render_template
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from werkzeug.wrappers import Response
from wtforms import HiddenField

from core import visitor
from core.access import holds
from core.db import reading
from core.sheet_files import NotASheet
from core.uploads import BytesField
from sellers.training import past
from sellers.training.rights import TEACH
from sellers.training.views.facilitator import sheet_of, to_cohort

bp = Blueprint("past", __name__, url_prefix="/fasilitator")


class FileForm(FlaskForm):
    """A file to look at, or the same file again with what was shown of it."""

    file = BytesField(_l("Berkas daftar hadir (CSV)"))
    content = HiddenField()
    seal = HiddenField()

    def sent(self) -> bytes | None:
        """The file, on either way; None where there is none."""
        if self.file.data:
            return bytes(self.file.data)
        try:
            return base64.b64decode(self.content.data or "", validate=True) or None
        except binascii.Error:
            return None


@bp.route("/<int:cohort_id>/hadir/berkas", methods=["GET", "POST"])
@holds(TEACH)
def bring(cohort_id: int) -> str | Response:
    """Choose a file, look at every row, then let it be written."""
    sheet = sheet_of(cohort_id)
    form, preview, refusal = FileForm(), None, None
    if form.validate_on_submit():
        content = form.sent()
        try:
            if content is None:
                form.file.errors = [_("Berkas belum dipilih.")]
            elif form.seal.data and not form.file.data:
                added = past.bring_in(
                    actor=visitor.actor(),
                    cohort_id=cohort_id,
                    content=content,
                    seal=form.seal.data,
                )
                return to_cohort(cohort_id, _("%(count)s catatan hadir ditambahkan.", count=added))
        except (past.Changed, past.AlreadyBrought, past.NothingNew) as refused:
            refusal = refused.sentence
        except (NotASheet, past.FileTooBig) as refused:
            form.file.errors, content = [refused.sentence], None
        if content is not None:
            try:
                with reading() as db:
                    preview = past.look(db, visitor.actor(), cohort_id, content)
                form.content.data = base64.b64encode(content).decode()
                form.seal.data = preview.seal
            except (NotASheet, past.FileTooBig) as refused:
                form.file.errors = [refused.sentence]
    return render_template(
        "sellers/training/past.html", sheet=sheet, form=form, preview=preview, refusal=refusal
    )
