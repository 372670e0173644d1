"""Her stock: big − and + on each of her products, each press an act of its own."""

import re
from collections.abc import Sequence
from typing import Any
from uuid import UUID, uuid4

from flask import Blueprint, get_template_attribute, redirect, request, url_for
from flask_babel import gettext as _
from markupsafe import Markup
from werkzeug.wrappers import Response

from cooperatives import home_shelf, home_stock
from cooperatives.goods import BadGoods
from cooperatives.home_stock import WHY_LESS, WORDS
from core import visitor
from core.access import holds
from core.db import db
from core.errors import Busy, Conflict
from core.web import say
from sellers.rights import SELL

bp = Blueprint("my_stock", __name__, url_prefix="/ibu/stok")


def steppers(listing_ids: Sequence[int]) -> dict[int, Markup]:
    """The − and + of each product in her list."""
    draw = get_template_attribute("cooperatives/_stock.html", "sizes")
    shelves = home_shelf.of_listings(db.session(), listing_ids)
    return {
        listing_id: Markup(draw(sizes, WHY_LESS, WORDS, uuid4))  # noqa: S704  (our own template)
        for listing_id, sizes in shelves.items()
    }


@bp.post("")
@holds(SELL)
def change() -> Response:
    """One press: `press` is `more`, or why there are fewer; `quantity` says how many."""
    pressed = request.form.get("press", "")
    units, variant_id = _number("quantity", "1"), _number("variant")
    act_id = _act_id()
    if units is None or variant_id is None or act_id is None or pressed not in ("more", *WHY_LESS):
        say(str(BadGoods.sentence), "warning")
        return _back(variant_id)
    by, why = (units, home_stock.MADE) if pressed == "more" else (-units, pressed)
    return _done(act_id, {"variant": variant_id, "by": by, "why": why}, variant_id)


@bp.post("/batal")
@holds(SELL)
def undo() -> Response:
    """Take the last press back."""
    act_id, variant_id = _act_id(), _number("variant")
    if act_id is None:
        say(str(Conflict.sentence), "warning")
        return _back(variant_id)
    return _done(act_id, {"undoes": request.form.get("undoes", "")}, variant_id)


def _done(act_id: UUID, content: dict[str, Any], variant_id: int | None) -> Response:
    try:
        answer = home_stock.press(actor=visitor.actor(), act_id=act_id, content=content)
    except (BadGoods, Busy, Conflict) as refused:
        say(str(refused.sentence), "warning")
    else:
        undone = "undoes" in content
        say(_("Dibatalkan. %(left)s", left=answer["sentence"]) if undone else answer["sentence"])
    return _back(variant_id)


def _number(box: str, unless_typed: str = "") -> int | None:
    """What was typed, if it can be meant: more digits than that would not go into a column."""
    typed = request.form.get(box, "").strip() or unless_typed
    return int(typed) if re.fullmatch("[0-9]{1,9}", typed) else None


def _act_id() -> UUID | None:
    try:
        return UUID(request.form.get("act_id", ""))
    except ValueError:
        return None


def _back(variant_id: int | None) -> Response:
    """To the list, of the same shop and page, at the same size."""
    kept: dict[str, Any] = {name: request.args[name] for name in ("toko", "hal", "q", "keadaan")
            if request.args.get(name)}  # fmt: skip
    here = f"ukuran-{variant_id}" if variant_id else None
    return redirect(url_for("my_listings.index", **kept, _anchor=here), code=303)
