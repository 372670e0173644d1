"""Where her phones leave what she has answered so far, and find what another of hers left."""

import json
from typing import Any
from uuid import UUID

from flask import Blueprint, jsonify, request
from flask_babel import lazy_gettext as _
from flask_wtf.csrf import generate_csrf
from werkzeug.wrappers import Response

from cooperatives import drafts
from core import visitor
from core.access import holds
from core.db import db
from core.errors import DomainError
from sellers import shops
from sellers.owning import refuse_helpers
from sellers.rights import SELL

bp = Blueprint("product_drafts", __name__, url_prefix="/ibu/produk/baru")
BYTES_MAX = 8 * 1024


class Unreadable(DomainError):
    """No draft of our page."""

    status = 422
    sentence = _("Draf tidak bisa dibaca. Muat ulang halaman.")


@bp.get("/draf")
@holds(SELL)
def show() -> Response:
    """What is known, and a token for saving more."""
    found = drafts.find(db.session(), visitor.actor(), _shop_id())
    told = drafts.told(found) if found else {}
    return jsonify(token=generate_csrf(), **_with_photo(told))


@bp.post("/draf")
@holds(SELL)
def save() -> Response:
    """Take in one phone's answers; `act` is missing where the draft is over."""
    shop_id = _shop_id()
    refuse_helpers(visitor.actor())
    act_id, ended, fields = _read(request.get_data(cache=False))
    told = drafts.save(
        actor=visitor.actor(), seller_id=shop_id, act_id=act_id, ended=ended, fields=fields
    )
    return jsonify(_with_photo(told or {}))


def _shop_id() -> int:
    session, actor = db.session(), visitor.actor()
    return shops.get_asked(session, actor, request.args.get("toko", "")).id


def _with_photo(told: dict[str, Any]) -> dict[str, Any]:
    """With the address of the draft's photo, once her other phone has brought it."""
    photo = drafts.photo(db.session(), visitor.actor(), told.get("fields", {}))
    return told | ({"photo": photo.url} if photo else {})


def _read(body: bytes) -> tuple[UUID, UUID | None, dict[str, tuple[str, int]]]:
    if len(body) > BYTES_MAX:
        raise Unreadable
    try:
        said: Any = json.loads(body)
        fields = {
            str(name): (value, at)
            for name, (value, at) in said["fields"].items()
            if isinstance(value, str) and "\0" not in value and isinstance(at, int) and at >= 0
        }
        ended = said.get("ended")
        return UUID(said["act"]), UUID(ended) if ended else None, fields
    except (ValueError, TypeError, KeyError, AttributeError) as wrong:
        raise Unreadable from wrong
