"""Lists of goods: everything, one kind, and what a search has found."""

from flask import Blueprint, request, url_for

from core.access import public
from core.db import reading
from core.drawing import draw, lately
from shop import front, search
from shop.catalogue import Cursor, Filter, Page, list_cards
from shop.front import Shelf
from shop.views.narrowing import YES, Narrowing, after_asked

bp = Blueprint("catalogue", __name__)


@bp.get("/kategori")
@public
def index() -> str:
    """Every kind of goods, and all goods from the newest on."""
    narrowing = Narrowing.read(url_for(".index"), request.args)
    wanted, after = narrowing.filter(), after_asked()
    shelves, page = lately(lambda: _read_all(wanted, after), "goods", wanted, after)
    return draw(
        "shop/categories.html",
        *(shelves, page.key, narrowing.key),
        context=lambda: {"shelves": shelves, "page": page, "narrowing": narrowing},
    )


def _read_all(wanted: Filter, after: Cursor | None) -> tuple[tuple[Shelf, ...], Page]:
    with reading() as db:
        return tuple(front.list_shelves(db)), list_cards(db, wanted, after=after)


@bp.get("/kategori/<slug>")
@public
def category(slug: str) -> str:
    """The goods of one kind, the newest first."""
    narrowing = Narrowing.read(url_for(".category", slug=slug), request.args)
    wanted, after = narrowing.filter(category=slug), after_asked()
    shelf, page = lately(lambda: _read_shelf(wanted, after), "shelf", wanted, after)
    return draw(
        "shop/category.html",
        *(shelf, page.key, narrowing.key),
        context=lambda: {"shelf": shelf, "page": page, "narrowing": narrowing},
    )


def _read_shelf(wanted: Filter, after: Cursor | None) -> tuple[Shelf, Page]:
    with reading() as db:
        page = list_cards(db, wanted, after=after)
        return front.get_shelf(db, wanted.category, page), page


@bp.get("/cari")
@public
def find() -> str:
    """What fits the typed words, or their nearest neighbours."""
    typed = " ".join(request.args.get("q", "")[: search.TYPED_MAX].replace("\0", " ").split())
    exactly = request.args.get("persis") == YES
    narrowing = Narrowing.read(url_for(".find"), request.args, q=typed, persis=YES * exactly)
    number = request.args.get("hal", "")
    with reading() as db:
        found = search.find(
            db,
            typed,
            narrowing.filter(),
            number=int(number) if number in search.PAGES else 1,
            exactly=exactly,
        )
        shelves = front.list_shelves(db) if not found.page.rows else []
    return draw(
        "shop/search.html",
        *(found.key, narrowing.key, tuple(shelves)),
        context=lambda: {"found": found, "narrowing": narrowing, "shelves": shelves},
    )
