"""Her stock: big − and + on each of her products, each press an act of its own."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID, uuid4

from flask import (
    Blueprint,
    current_app,
    get_template_attribute,
    jsonify,
    redirect,
    render_template,
    request,
    url_for,
)
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from markupsafe import Markup
from werkzeug.wrappers import Response

from cooperatives import her_goods, her_shelf, home_shelf, home_stock, notebook, ready_news
from cooperatives.counts import bearing, contesting
from cooperatives.goods import BadGoods
from cooperatives.home_stock import WHY_LESS, WORDS
from cooperatives.receiving import asked, notes, offers
from core import acts, second_factor, visitor
from core.access import holds
from core.db import db
from core.errors import Busy, Conflict
from core.forms import act_content
from core.keeping import kept_on_phone
from core.second_factor import Ask
from core.web import say
from core.words import rupiah
from sellers import shops
from sellers.rights import SELL, STOCK

bp = Blueprint("my_stock", __name__, url_prefix="/ibu")
OFFER_WORDS: dict[str, tuple[Any, str]] = {
    "open": (_l("Menunggu"), "wait"),
    "taken": (_l("Sudah diterima"), "good"),
    "declined": (_l("Belum bisa diterima"), "wrong"),
    "withdrawn": (_l("Dibatalkan"), "rest"),
}


def steppers(listing_ids: Sequence[int]) -> dict[int, Markup]:
    """The − and + of each product in her list, where the visitor may press them."""
    if STOCK.name not in visitor.rights():
        return {}
    draw = get_template_attribute("cooperatives/_stock.html", "product")
    shelves = home_shelf.of_listings(db.session(), listing_ids)
    shown = ready_news.shown_of(db.session(), listing_ids)
    told = ready_news.told_today(db.session(), list(shown))
    return {
        listing_id: Markup(  # noqa: S704  (our own template)
            draw(listing_id, sizes, WHY_LESS, WORDS, uuid4, listing_id in shown, listing_id in told)
        )
        for listing_id, sizes in shelves.items()
    }


def today(shop_ids: Sequence[int]) -> dict[int, Markup]:
    """What others sell for her, on her first page: for each shop that has goods there."""
    if SELL.name not in visitor.rights():
        return {}
    draw = get_template_attribute("cooperatives/_now.html", "on_first_page")
    session, actor = db.session(), visitor.actor()
    script = current_app.extensions["assets"].url("js/shelf_now.js")
    standing = (
        (shop, her_shelf.now(session, actor, shop.id))
        for shop in shops.list_own(session, actor)
        if shop.id in shop_ids
    )
    shown = [(shop, now) for shop, now in standing if now.shelf or now.sold]
    due = _due() if shown else ""  # Hers, not a shop's: added up once.
    return {
        shop.id: Markup(draw(shop.store_name, shop.slug, now, due, script))  # noqa: S704  (our own template)
        for shop, now in shown
    }


@bp.post("/stok")
@holds(STOCK)
def change() -> Response:
    """One press, or one taken back: what a phone without signal sends later to /kirim."""
    content = act_content(request.form)
    variant_id = request.form.get("variant", "")
    try:
        answer = acts.carry_out(
            actor=visitor.actor(), act_id=_act_id(), kind=home_stock.ACT, content=content
        )
    except (BadGoods, Busy, Conflict) as refused:
        say(str(refused.sentence), "warning")
    else:
        undone = "undoes" in content
        say(_("Dibatalkan. %(left)s", left=answer["sentence"]) if undone else answer["sentence"])
    return _back(variant_id)


def _act_id() -> UUID:
    try:
        return UUID(request.form.get("act_id", ""))
    except ValueError:
        raise Conflict from None


def _back(variant_id: str) -> Response:
    """To the list, of the same shop and page, at the same size."""
    kept: dict[str, Any] = {name: request.args[name] for name in ("toko", "hal", "q", "keadaan")
            if request.args.get(name)}  # fmt: skip
    here = f"ukuran-{variant_id}" if variant_id.isdecimal() else None
    return redirect(url_for("my_listings.index", **kept, _anchor=here), code=303)


@bp.get("/titip")
@holds(SELL)
@kept_on_phone
def consigned() -> str:
    """Her goods that kiosks and bazaars sell for her."""
    session, actor = db.session(), visitor.actor()
    shop = shops.get_asked(session, actor, request.args.get("toko", ""))
    offered = offers.of_shop(session, shop.id)
    return render_template(
        "cooperatives/consigned.html",
        shop=shop,
        offered=offered,
        offered_lines=offers.lines_of(session, [one.id for one in offered]),
        offer_words=OFFER_WORDS,
        reasons=asked.REASONS,
        notes=notes.latest_of(session, shop.id),
        shops=shops.list_own(session, actor),
        counted=contesting.of_shop(session, actor, shop.id),
        can_contest=contesting.can_contest,
        count_reasons=bearing.REASONS,
        bearers=bearing.TOLD,
        outcomes=contesting.OUTCOMES,
        rows=her_goods.list_consigned(session, actor, shop.id),
        now=her_shelf.now(session, actor, shop.id),
        due=_due(),
        ends_soon=her_goods.ends_soon,
    )


def _due() -> str:
    """What we owe her, in words; it stands behind her PIN: nothing until she has shown it."""
    person_id = visitor.actor().person_id
    if person_id is None or not second_factor.is_fresh(Ask.PIN):
        return ""
    return rupiah(notebook.stands(db.session(), person_id))


@bp.get("/titip/angka")
@holds(SELL)
def figures() -> Response:
    """The figures of that page alone, for a phone that asks again every few seconds.

    While nothing was sold the answer has no body.
    """
    session, actor = db.session(), visitor.actor()
    shop = shops.get_asked(session, actor, request.args.get("toko", ""))
    now = her_shelf.now(session, actor, shop.id)
    answer = jsonify(shelf=now.shelf, sold=now.sold, due=_due(), left=now.left)
    answer.headers["Cache-Control"] = "private, no-cache"
    answer.add_etag()
    return answer.make_conditional(request)


@bp.post("/produk/<int:listing_id>/baru-jadi")
@holds(STOCK)
def ready(listing_id: int) -> Response:
    """*Baru jadi!*: the members of her cooperative hear of it."""
    try:
        told = ready_news.tell(actor=visitor.actor(), listing_id=listing_id)
    except (ready_news.NotShown, ready_news.ToldToday) as refused:
        say(str(refused.sentence), "warning")
    else:
        say(_("%(count)s anggota diberi tahu. Mereka bisa langsung membagikannya.", count=told))
    return redirect(url_for("my_listings.index", _anchor=f"barang-{listing_id}"), code=303)
