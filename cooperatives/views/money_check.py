"""Whether the money adds up, for the treasurer: every figure opens into its journals."""

from collections.abc import Mapping, Sequence
from typing import Any

from flask import Blueprint, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from cooperatives import entry_words
from cooperatives.models.books import FOR_ORDERS, Kind
from cooperatives.reconciling import books, journals, money
from cooperatives.reconciling.books import Asked
from cooperatives.reconciling.words import WAYS
from cooperatives.rights import TREASURE
from cooperatives.views import sheet_answers
from cooperatives.views.reconciling import days_asked, id_asked
from core import access, documents, visitor
from core.access import holds
from core.db import db
from core.paging import words_asked

bp = Blueprint("money_check", __name__, url_prefix="/kas/cocok")
LINES_MAX = 200


def _asked() -> Asked:
    kind = request.args.get("jenis", "")
    return Asked(
        days_asked(),
        book_id=id_asked("buku"),
        kind=kind if kind in entry_words.KIND_WORDS else "",
        person_id=id_asked("pemilik"),
        place_id=id_asked("tempat"),
        account_id=id_asked("rekening"),
        words=words_asked(),
    )


def _query(asked: Asked, **more: Any) -> dict[str, Any]:
    """What an address must say to mean the same money and days; unset parts are left out."""
    same = {
        "buku": asked.book_id,
        "jenis": asked.kind,
        "pemilik": asked.person_id,
        "tempat": asked.place_id,
        "rekening": asked.account_id,
        "q": asked.words,
        "dari": asked.days.first.isoformat(),
        "sampai": asked.days.last.isoformat(),
    }
    return {name: value for name, value in (same | more).items() if value}


@bp.get("")
@holds(TREASURE)
def index() -> str:
    """Her books by kind of page; one kind, person or place by page; their sums."""
    asked = _asked()
    session, actor = db.session(), visitor.actor()
    found = money.account(session, actor, asked)
    lines = found.lines[:LINES_MAX]
    boards = access.subjects(session, actor, TREASURE)
    places = books.places_of(session, boards)
    return render_template(
        "cooperatives/money_check.html",
        asked=asked,
        found=found,
        lines=lines,
        names=_names(lines),
        about=_about(asked, found, {place.id: place.name for place in places}),
        told=entry_words,
        deeper=lambda line: url_for("money_check.index", **_query(asked, **_next(line))),
        behind=lambda line, way: url_for(
            "money_check.list_entries", **_query(asked, **_next(line), macam=way)
        ),
        query=_query(asked),
        places=_places(asked, places),
        differences=money.open_differences(session, boards),
    )


def _names(lines: Sequence[Any]) -> dict[str, str]:
    """How the orders among these pages are called."""
    kept = (line.label for line in lines if _kind(line) in FOR_ORDERS)
    return entry_words.order_names(db.session(), kept)


def _kind(line: Any) -> str:
    return str(getattr(line, "page_kind", None) or line.kind)


def _about(asked: Asked, found: money.Found, places: Mapping[int, str]) -> str:
    """What the page is about, in names; whose it is stands on its lines."""
    if asked.place_id:
        return places.get(asked.place_id, str(_("Satu tempat")))
    if asked.words:
        return asked.words
    if not found.lines or not (asked.kind or asked.person_id or asked.account_id):
        return ""
    first = found.lines[0]
    kind = str(entry_words.KIND_WORDS[first.kind])
    if asked.account_id:
        page = entry_words.page_name(first.kind, first.label, _names(found.lines))
        return f"{page}, {first.owner}"
    return first.owner if asked.person_id else kind


def _next(line: money.Line) -> Mapping[str, Any]:
    """The narrower question a line opens: a kind its pages, a page itself."""
    if line.account_id:
        return {"rekening": line.account_id, "jenis": None, "buku": None, "pemilik": None,
                "tempat": None, "q": None}  # fmt: skip
    return {"jenis": line.kind, "buku": line.book_id}


def _places(asked: Asked, places: Sequence[Any]) -> list[dict[str, object]]:
    """One chip per place of hers; touching it again takes it away."""
    return [
        {
            "label": place.name,
            "on": place.id == asked.place_id,
            "url": url_for(
                "money_check.index",
                tempat=None if place.id == asked.place_id else place.id,
                dari=asked.days.first,
                sampai=asked.days.last,
            ),
        }
        for place in places
    ]


@bp.get("/catatan")
@holds(TREASURE)
def list_entries() -> str:
    """The journals that make up a figure."""
    asked, way = _asked(), request.args.get("macam", "")
    session, actor = db.session(), visitor.actor()
    found = journals.list_entries(session, actor, asked, way=way, before=id_asked("sebelum"))
    docs = [(row.Journal.doc_type, row.Journal.doc_id) for row in found]
    return render_template(
        "cooperatives/money_entries.html",
        asked=asked,
        rows=found,
        papers=documents.papers(session, actor, docs),
        names=_names(found),
        told=entry_words,
        words=_words(found),
        way=WAYS.get(way, ""),
        back=url_for("money_check.index", **_query(asked)),
        query=_query(asked, macam=way if way in WAYS else None),
        more=found[-1].entry_id if len(found) == journals.LIST_MAX else None,
    )


def _words(rows: Sequence[Any]) -> dict[int, tuple[str, str]]:
    """What each entry says on its page, and why if somebody wrote that."""
    about = entry_words.ABOUT_ORDERS
    memos = (row.Journal.memo for row in rows if row.Journal.kind in about)
    names = entry_words.order_names(db.session(), memos)
    told = {}
    for row in rows:
        is_of_order = row.Journal.kind in about
        order = names.get(row.Journal.memo, "") if is_of_order else ""
        words = entry_words.told(row.page_kind, row.Journal.kind, order)
        told[row.entry_id] = (words, "" if is_of_order else row.Journal.memo)
    return told


@bp.get("/catatan/<int:journal_id>")
@holds(TREASURE)
def journal(journal_id: int) -> str:
    """One journal: which pages, by which paper, by whom, who agreed, and what undid it."""
    session, actor = db.session(), visitor.actor()
    found = journals.get_journal(session, actor, min(journal_id, 2**62))
    doc = (found.journal.doc_type, found.journal.doc_id)
    is_of_order = found.journal.kind in entry_words.ABOUT_ORDERS
    orders = entry_words.order_names(session, [found.journal.memo] if is_of_order else [])
    return render_template(
        "cooperatives/money_journal.html",
        found=found,
        journal=found.journal,
        title=entry_words.told(Kind.HELD, found.journal.kind, orders.get(found.journal.memo, "")),
        paper=documents.papers(session, actor, [doc])[doc],
        reason="" if is_of_order else found.journal.memo,
        names=_names(found.lines),
        told=entry_words,
    )


@bp.get("/unduh.<any(csv, xlsx):form>")
@holds(TREASURE)
def file(form: str) -> Response:
    """The lines as a file."""
    asked = _asked()
    found = money.account(db.session(), visitor.actor(), asked)
    names = _names(found.lines)
    header = [_("Buku"), _("Untuk apa"), _("Pemilik"), _("Rekening"), _("Mata uang"), _("Awal"),
              _("Masuk"), _("Keluar"), _("Koreksi"), _("Akhir")]  # fmt: skip
    rows = [
        [
            line.book,
            str(entry_words.KIND_WORDS[line.kind]),
            line.owner,
            entry_words.label(line.kind, line.label, names),
            line.currency,
            line.sums.opening,
            line.sums.came,
            line.sums.left,
            line.sums.adjusted,
            line.sums.closing,
        ]
        for line in found.lines
    ]
    return sheet_answers.answer(form, f"uang-{asked.days.last}", header, rows)


@bp.get("/catatan/unduh.<any(csv, xlsx):form>")
@holds(TREASURE)
def entries_file(form: str) -> Response:
    """The journals as a file; no more than a sheet that opens quickly."""
    asked, way = _asked(), request.args.get("macam", "")
    session, actor = db.session(), visitor.actor()
    found = journals.list_entries(session, actor, asked, way=way, most=sheet_answers.ROWS_MAX)
    papers = documents.papers(
        session, actor, [(row.Journal.doc_type, row.Journal.doc_id) for row in found]
    )
    words, names = _words(found), _names(found)
    header = [_("Nomor"), _("Waktu"), _("Kejadian"), _("Keterangan"), _("Buku"), _("Untuk apa"),
              _("Pemilik"), _("Rekening"), _("Mata uang"), _("Jumlah"), _("Dokumen"),
              _("Dicatat oleh")]  # fmt: skip
    rows = [
        [
            row.Journal.id,
            sheet_answers.moment(row.Journal.posted_at),
            *words[row.entry_id],
            row.book,
            str(entry_words.KIND_WORDS[row.page_kind]),
            row.owner,
            entry_words.label(row.page_kind, row.label, names),
            row.currency,
            row.amount,
            papers[row.Journal.doc_type, row.Journal.doc_id].words,
            row.doer or "",
        ]
        for row in found
    ]
    return sheet_answers.answer(form, f"catatan-uang-{asked.days.last}", header, rows)
