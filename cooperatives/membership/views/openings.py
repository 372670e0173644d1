"""Moving in by table: what would be written, row by row, and the press that does it."""

from flask import Blueprint, redirect, render_template, request, url_for
from flask import Response as FlaskResponse
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response

from cooperatives.membership import openings
from cooperatives.membership.openings import Kind
from cooperatives.membership.views.books import GROUPS
from cooperatives.rights import COORDINATE, TREASURE
from core import access, bringing_form, visitor, workbooks
from core.access import holds
from core.bringing_form import SheetForm
from core.db import db
from core.errors import NotFound
from core.orgs import Organisation
from core.uploads import BytesField
from core.web import say

bp = Blueprint("opening_desk", __name__, url_prefix="/koord/pindahan")
ONE = "/<any(anggota, simpanan, stok):word>"


class TableForm(SheetForm):
    """A table of the group's own."""

    file = BytesField(_l("Berkas Excel atau CSV"))


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
    kind, form, actor = openings.KINDS[word], TableForm(), visitor.actor()
    group = _group(kind)
    step = bringing_form.step(
        form,
        lambda content: openings.look(db.session(), actor, group.id, kind, content),
        lambda content, seal: openings.bring_in(
            actor=actor, group_id=group.id, kind=kind, content=content, seal=seal
        ),
    )
    if step.added is not None:
        say(_("%(count)s baris ditulis.", count=step.added))
        return redirect(url_for("opening_desk.index"), code=303)
    return render_template(
        "cooperatives/membership/opening.html",
        word=word,
        kind=kind,
        group=group,
        groups=_groups(kind),
        form=form,
        preview=step.preview,
        refusal=step.refusal,
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
