"""The treasurer's books: what waits for her, and the pages of her organisations."""

from flask import Blueprint, render_template, request, url_for
from flask_babel import gettext as _

from cooperatives import entry_words, statements, treasury
from cooperatives.membership.views.books import GROUPS
from cooperatives.models.books import FOR_ORDERS, MONEY, Kind
from cooperatives.rights import TREASURE
from core import desks, nav, visitor
from core.access import holds
from core.db import db
from core.paging import words_asked

bp = Blueprint("books", __name__, url_prefix="/kas")
STATEMENT_LINES = 50


@bp.get("")
@holds(TREASURE)
def home() -> str:
    """What waits, where to go, and what stands in her books in short."""
    actor = visitor.actor()
    places = ["treasury"]
    if treasury.keeps_house(db.session(), actor):
        places.append("house_treasury")
    if any(house.kind in GROUPS for house in treasury.houses(db.session(), actor)):
        places.append("group_treasury")
    doors = [link for place in places for link in nav.links(place, visitor.rights())]
    return render_template(
        "cooperatives/treasury_home.html",
        waiting=desks.waiting(TREASURE),
        counts=treasury.waiting(db.session(), actor),
        doors=doors,
        books=_books(),
        told=entry_words,
    )


def _books() -> list[tuple[str, list[object]]]:
    """Her organisations, each with what stands there by kind of page."""
    actor = visitor.actor()
    totals = treasury.totals(db.session(), actor)
    return [
        (house.name, [row for row in totals if row.organisation_id == house.id])
        for house in treasury.houses(db.session(), actor)
    ]


@bp.get("/akun")
@holds(TREASURE)
def accounts() -> str:
    """Her pages by owner and kind, with what stands on each."""
    kind, wanted = request.args.get("jenis", ""), words_asked()
    kind = kind if kind in entry_words.KIND_WORDS else ""
    after = max(request.args.get("sesudah", 0, type=int), 0)
    pages = treasury.list_accounts(
        db.session(), visitor.actor(), kind=kind, wanted=wanted, after=min(after, 2**62)
    )
    orders = (page.label for page in pages if page.kind in FOR_ORDERS)
    return render_template(
        "cooperatives/books_accounts.html",
        pages=pages,
        names=entry_words.order_names(db.session(), orders),
        told=entry_words,
        kind=kind,
        wanted=wanted,
        filters=_filters(kind),
        more=pages[-1].id if len(pages) == treasury.LIST_MAX else None,
        many_books=len({page.organisation_id for page in pages}) > 1,
    )


def _filters(chosen: str) -> list[dict[str, object]]:
    """One chip per kind that her books have; touching it again takes it away."""
    kinds = {row.kind for row in treasury.totals(db.session(), visitor.actor())}
    return [
        {
            "label": words,
            "on": kind == chosen,
            "url": url_for("books.accounts", jenis=None if kind == chosen else kind),
        }
        for kind, words in entry_words.KIND_WORDS.items()
        if kind in kinds
    ]


@bp.get("/akun/<int:account_id>")
@holds(TREASURE)
def account(account_id: int) -> str:
    """One page as the school notebook, newest month first."""
    actor = visitor.actor()
    page = treasury.get_account(db.session(), actor, account_id)
    before = request.args.get("sebelum", type=int)
    lines = statements.statement(
        db.session(), actor, account_id, before=before and min(before, 2**62), most=STATEMENT_LINES
    )
    labels = [page.label] if page.kind in FOR_ORDERS else []
    return render_template(
        "cooperatives/books_account.html",
        account=page,
        title=entry_words.KIND_WORDS[page.kind],
        label=entry_words.label(
            page.kind, page.label, entry_words.order_names(db.session(), labels)
        ),
        balance=entry_words.sign(page.kind) * page.balance,
        balance_words=_balance_words(page.kind),
        months=entry_words.notebook(db.session(), page.kind, lines),
        more=lines[-1].entry_id if len(lines) == STATEMENT_LINES else None,
        before=before,
    )


def _balance_words(kind: str) -> object:
    """What the figure at the top means."""
    if kind in MONEY:
        return _("Uang yang ada di sini")
    if kind in entry_words.COSTS:
        return _("Biaya sampai hari ini")
    if kind == Kind.ADVANCE:
        return _("Yang masih dipinjam")
    return _("Yang belum dibayarkan")
