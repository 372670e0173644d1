"""Lists of goods: everything, one kind, and what a search has found."""

from flask import Blueprint, render_template, request, url_for

from core.access import public
from core.db import reading
from shop import front, search
from shop.catalogue import list_cards
from shop.views.narrowing import YES, Narrowing, after_asked

bp = Blueprint("catalogue", __name__)


@bp.get("/kategori")
@public
def index() -> str:
    """Every kind of goods, and all goods from the newest on."""
    narrowing = Narrowing.read(url_for(".index"), request.args)
    with reading() as db:
        shelves = front.list_shelves(db)
        page = list_cards(db, narrowing.filter(), after=after_asked())
    return render_template("shop/categories.html", shelves=shelves, page=page, narrowing=narrowing)


@bp.get("/kategori/<slug>")
@public
def category(slug: str) -> str:
    """The goods of one kind, the newest first."""
    with reading() as db:
        shelf = front.get_shelf(db, slug)
        narrowing = Narrowing.read(url_for(".category", slug=shelf.slug), request.args)
        page = list_cards(db, narrowing.filter(category_id=shelf.id), after=after_asked())
    return render_template("shop/category.html", shelf=shelf, page=page, narrowing=narrowing)


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
        shelves = front.list_shelves(db) if not found.page.cards else []
    return render_template("shop/search.html", found=found, narrowing=narrowing, shelves=shelves)
