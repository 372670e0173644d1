"""Moving in by table: what would be written, row by row, and the press that does it."""

import base64
import binascii

from flask import Blueprint, redirect, render_template, request, url_for
from flask import Response as FlaskResponse
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response
from wtforms import HiddenField

from cooperatives.membership import openings
from cooperatives.membership.openings import Kind
from cooperatives.membership.views.books import GROUPS
from cooperatives.rights import COORDINATE, TREASURE
from core import access, visitor, workbooks
from core.access import holds
from core.db import db
from core.errors import NotFound
from core.forms import HouseForm
from core.orgs import Organisation
from core.sheet_files import NotASheet
from core.uploads import BytesField
from core.web import say

bp = Blueprint("opening_desk", __name__, url_prefix="/koord/pindahan")
ONE = "/<any(anggota, simpanan, stok):word>"


class TableForm(HouseForm):
    """A file to look at, or the same file again with what was shown of it."""

    file = BytesField(_l("Berkas Excel atau CSV"))
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


def _groups(*kinds: Kind) -> list[Organisation]:
    """Groups into which the visitor may bring any of these tables."""
    rights = {kind.right for kind in kinds}
    mine = access.subjects(db.session(), visitor.actor(), *rights)
    found = (db.session().get_one(Organisation, one) for one in sorted(mine))
    return [one for one in found if one.kind in GROUPS]


@bp.get("")
@holds(COORDINATE, TREASURE)
def index() -> str:
    """The three tables, and which of them the visitor may bring."""
    may = {word: bool(_groups(kind)) for word, kind in openings.KINDS.items()}
    return render_template("cooperatives/membership/openings.html", kinds=openings.KINDS, may=may)


@bp.route(ONE, methods=["GET", "POST"])
@holds(COORDINATE, TREASURE)
def bring(word: str) -> str | Response:
    """Choose a file, look at every row, then let it be written."""
    kind, form, preview, refusal = openings.KINDS[word], TableForm(), None, None
    group = _group(kind)
    content = form.sent() if form.validate_on_submit() else None
    if form.is_submitted() and content is None:
        form.file.errors = [_("Berkas belum dipilih.")]
    if content and form.seal.data and not form.file.data:
        try:
            added = openings.bring_in(
                actor=visitor.actor(), group_id=group.id, kind=kind, content=content,
                seal=form.seal.data,
            )  # fmt: skip
        except (openings.Changed, openings.AlreadyBrought, openings.NothingNew) as refused:
            refusal = refused.sentence
        except (NotASheet, openings.FileTooBig) as refused:
            form.file.errors, content = [refused.sentence], None
        else:
            say(_("%(count)s baris ditulis.", count=added))
            return redirect(url_for("opening_desk.index"), code=303)
    if content:
        try:
            preview = openings.look(db.session(), visitor.actor(), group.id, kind, content)
            form.content.data = base64.b64encode(content).decode()
            form.seal.data = preview.seal
        except (NotASheet, openings.FileTooBig) as refused:
            form.file.errors = [refused.sentence]
    return render_template(
        "cooperatives/membership/opening.html",
        word=word,
        kind=kind,
        group=group,
        groups=_groups(kind),
        form=form,
        preview=preview,
        refusal=refusal,
    )


def _group(kind: Kind) -> Organisation:
    asked = request.args.get("kelompok", type=int)
    for one in _groups(kind):
        if asked in (None, one.id):
            return one
    raise NotFound


@bp.get(f"{ONE}/contoh.xlsx")
@holds(COORDINATE, TREASURE)
def example(word: str) -> Response:
    """An Excel file with the right headings and a few invented rows."""
    kind = openings.KINDS[word]
    header = [column.names[0] for column in kind.layout.columns]
    content = workbooks.written(header, kind.example)
    headers = {"Content-Disposition": f'attachment; filename="contoh-{word}.xlsx"'}
    return FlaskResponse(content, content_type=workbooks.CONTENT_TYPE, headers=headers)
