"""Her stock: big − and + on each of her products, each press an act of its own."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID, uuid4

from flask import (
    Blueprint,
    get_template_attribute,
    redirect,
    render_template,
    request,
    url_for,
)
from flask_babel import gettext as _
from markupsafe import Markup
from werkzeug.wrappers import Response

from cooperatives import her_goods, home_shelf, home_stock
from cooperatives.goods import BadGoods
from cooperatives.home_stock import WHY_LESS, WORDS
from core import acts, visitor
from core.access import holds
from core.db import db
from core.errors import Busy, Conflict
from core.forms import act_content
from core.web import say
from sellers import shops
from sellers.rights import SELL, STOCK

bp = Blueprint("my_stock", __name__, url_prefix="/ibu")


def steppers(listing_ids: Sequence[int]) -> dict[int, Markup]:
    """The − and + of each product in her list, where the visitor may press them."""
    if STOCK.name not in visitor.rights():
        return {}
    draw = get_template_attribute("cooperatives/_stock.html", "sizes")
    shelves = home_shelf.of_listings(db.session(), listing_ids)
    return {
        listing_id: Markup(draw(sizes, WHY_LESS, WORDS, uuid4))  # noqa: S704  (our own template)
        for listing_id, sizes in shelves.items()
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
def consigned() -> str:
    """Her goods that kiosks and bazaars sell for her."""
    session, actor = db.session(), visitor.actor()
    shop = shops.get_asked(session, actor, request.args.get("toko", ""))
    return render_template(
        "cooperatives/consigned.html",
        shop=shop,
        shops=shops.list_own(session, actor),
        rows=her_goods.list_consigned(session, actor, shop.id),
        ends_soon=her_goods.ends_soon,
    )
