"""Whether the goods add up, for the coordinator: every number opens into what it is made of."""

from collections.abc import Mapping
from typing import Any

from flask import Blueprint, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from cooperatives import lot_codes
from cooperatives.reconciling import goods, moves
from cooperatives.reconciling.asked import BadDays, Days, Scope, days_of
from cooperatives.reconciling.goods import Account
from cooperatives.reconciling.words import KINDS, WAYS, reason
from cooperatives.rights import COORDINATE
from cooperatives.views import sheet_answers
from core import documents, visitor
from core.access import holds
from core.db import db
from core.errors import NotFound
from core.web import say

bp = Blueprint("goods_check", __name__, url_prefix="/koord/cocok")
LINES_MAX = 200


def days_asked() -> Days:
    """The days in the address; today, and a sentence, where they are none."""
    try:
        return days_of(request.args.get("dari", ""), request.args.get("sampai", ""))
    except BadDays as bad:
        say(str(bad.sentence), "warning")
        return days_of("", "")


def id_asked(name: str) -> int | None:
    """A number in the address; none where it is no number of anything."""
    found = request.args.get(name, type=int)
    return found if found and 0 < found < 2**31 else None


def _scope() -> Scope:
    return Scope(days_asked(), id_asked("tempat"), id_asked("pemilik"), _lot() or id_asked("lot"))


def _lot() -> int | None:
    """The lot whose label was read or typed; raises NotFound for a misread one."""
    said = request.args.get("q", "").strip()[:40]
    if not said:
        return None
    found = lot_codes.lot_of(said)
    if found is None:
        raise NotFound
    return found


def _query(scope: Scope, **more: Any) -> dict[str, Any]:
    """What an address must say to mean the same goods and days; unset parts are left out."""
    asked = {
        "tempat": scope.place_id,
        "pemilik": scope.owner_id,
        "lot": scope.lot_id,
        "dari": scope.days.first.isoformat(),
        "sampai": scope.days.last.isoformat(),
    }
    return {name: value for name, value in (asked | more).items() if value}


@bp.get("")
@holds(COORDINATE)
def index() -> str:
    """Places, one place by owner, one owner or lot by lot; their sums, and whether they add up."""
    scope = _scope()
    found = goods.account(db.session(), visitor.actor(), scope)
    return render_template(
        "cooperatives/goods_check.html",
        scope=scope,
        found=found,
        lines=found.lines[:LINES_MAX],
        about=_about(scope, found),
        deeper=lambda line: url_for("goods_check.index", **_query(scope, **_next(line))),
        behind=lambda line, way: url_for(
            "goods_check.list_moves", **_query(scope, **_exactly(scope, line), macam=way)
        ),
        query=_query(scope),
        code_of=lot_codes.code_of,
    )


def _about(scope: Scope, found: Account) -> str:
    """What the page is about, in names; the names are those of its lines."""
    if not found.lines or not (scope.place_id or scope.owner_id or scope.lot_id):
        return ""
    first = found.lines[0]
    parts = [
        f"{first.name} {first.batch}".strip() if scope.lot_id else "",
        first.owner if scope.owner_id or scope.lot_id else "",
        first.place if scope.place_id else "",
    ]
    return ", ".join(part for part in parts if part)


def _next(line: goods.Line) -> Mapping[str, Any]:
    """The narrower question a line opens: a place its owners, an owner her lots, a lot itself."""
    if line.lot_id:
        return {"lot": line.lot_id, "tempat": None, "pemilik": None}
    return {"tempat": line.place_id, "pemilik": line.owner_id}


def _exactly(scope: Scope, line: goods.Line) -> Mapping[str, Any]:
    return {"tempat": line.place_id, "pemilik": line.owner_id or scope.owner_id, "lot": line.lot_id}


@bp.get("/gerak")
@holds(COORDINATE)
def list_moves() -> str:
    """The movements that make up a number."""
    scope, before = _scope(), request.args.get("sebelum", type=int)
    way = request.args.get("macam", "")
    session, actor = db.session(), visitor.actor()
    found = moves.list_moves(
        session, actor, scope, way=way, before=before and min(before, 2**31 - 1)
    )
    docs = [(row.Movement.doc_type, row.Movement.doc_id) for row in found]
    return render_template(
        "cooperatives/goods_moves.html",
        scope=scope,
        rows=found,
        papers=documents.papers(session, actor, docs),
        words=KINDS,
        way=WAYS.get(way, ""),
        back=url_for("goods_check.index", **_query(scope)),
        query=_query(scope, macam=way if way in WAYS else None),
        more=found[-1].Movement.id if len(found) == moves.LIST_MAX else None,
    )


@bp.get("/gerak/<int:movement_id>")
@holds(COORDINATE)
def move(movement_id: int) -> str:
    """One movement: which goods, from where to where, by which paper, by whom and when."""
    session, actor = db.session(), visitor.actor()
    found = moves.get_move(session, actor, movement_id)
    doc = (found.Movement.doc_type, found.Movement.doc_id)
    return render_template(
        "cooperatives/goods_move.html",
        found=found,
        move=found.Movement,
        paper=documents.papers(session, actor, [doc])[doc],
        words=KINDS,
        reason=reason(found.Movement.reason),
        code=lot_codes.code_of(found.Movement.lot_id),
    )


@bp.get("/unduh.<any(csv, xlsx):form>")
@holds(COORDINATE)
def file(form: str) -> Response:
    """The lines as a file."""
    scope = _scope()
    found = goods.account(db.session(), visitor.actor(), scope)
    header = [_("Tempat"), _("Pemilik"), _("Barang"), _("Kode"), _("Baik sampai"), _("Awal"),
              _("Masuk"), _("Keluar"), _("Koreksi"), _("Akhir")]  # fmt: skip
    rows = [
        [
            line.place,
            line.owner,
            f"{line.name} {line.batch}".strip(),
            lot_codes.code_of(line.lot_id) if line.lot_id else "",
            line.best_before,
            line.sums.opening,
            line.sums.came,
            line.sums.left,
            line.sums.adjusted,
            line.sums.closing,
        ]
        for line in found.lines
    ]
    return sheet_answers.answer(form, f"barang-{scope.days.last}", header, rows)


@bp.get("/gerak/unduh.<any(csv, xlsx):form>")
@holds(COORDINATE)
def moves_file(form: str) -> Response:
    """The movements as a file; no more than a sheet that opens quickly."""
    scope, way = _scope(), request.args.get("macam", "")
    session, actor = db.session(), visitor.actor()
    found = moves.list_moves(session, actor, scope, way=way, most=sheet_answers.ROWS_MAX)
    docs = [(row.Movement.doc_type, row.Movement.doc_id) for row in found]
    papers = documents.papers(session, actor, docs)
    header = [_("Nomor"), _("Waktu"), _("Kejadian"), _("Barang"), _("Pemilik"), _("Dari"), _("Ke"),
              _("Jumlah"), _("Dokumen"), _("Dicatat oleh"), _("Alasan")]  # fmt: skip
    rows = [
        [
            row.Movement.id,
            sheet_answers.moment(row.Movement.posted_at),
            str(KINDS[row.Movement.kind]),
            row.goods,
            row.owner,
            row.giver,
            row.taker,
            row.Movement.quantity,
            papers[row.Movement.doc_type, row.Movement.doc_id].words,
            row.doer or "",
            str(reason(row.Movement.reason)),
        ]
        for row in found
    ]
    return sheet_answers.answer(form, f"gerak-{scope.days.last}", header, rows)
