"""Bazaars for a maker: joining, sending her goods, her paper, and what sells where."""

from typing import Any
from uuid import uuid4

from flask import Blueprint, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from cooperatives.bazaars import contesting, hers, notes, seats, shelf, statement
from cooperatives.bazaars.refused import NOTHING, Refused
from cooperatives.models import BazaarLine
from cooperatives.views import bazaar_goods
from cooperatives.views.bazaar_desk import Sent, number
from core import clock, visitor
from core.access import holds
from core.db import db
from core.errors import DomainError, NotFound
from core.paging import page_asked, words_asked
from core.second_factor import asks_pin
from core.web import say
from core.words import bulan
from sellers import shops
from sellers.models import Seller
from sellers.rights import SELL

bp = Blueprint("my_bazaars", __name__, url_prefix="/ibu/bazar")


@bp.get("")
@holds(SELL)
def index() -> str:
    """Bazaars of her cooperative, the next ones first."""
    shop = _shop()
    return render_template(
        "cooperatives/her_bazaars.html", rows=hers.list_of(db.session(), shop), today=clock.today()
    )


@bp.get("/laku")
@holds(SELL)
def what_sells() -> str:
    """What members have told, by place and month."""
    asked, page, month = words_asked(), page_asked(), request.args.get("bulan", 0, type=int)
    found, more = notes.find(
        db.session(), asked=asked, month=month if 1 <= month <= 12 else None, page=page
    )
    return render_template(
        "cooperatives/what_sells.html",
        notes=found,
        asked=asked,
        month=month,
        months=bulan(),
        page_number=page,
        more=more,
    )


@bp.get("/<int:bazaar_id>")
@holds(SELL)
def show(bazaar_id: int) -> str:
    """One bazaar: who joins and why, her goods, her paper."""
    return _show(bazaar_id, NOTHING)


def _show(bazaar_id: int, refused: Refused) -> str:
    session, shop = db.session(), _shop()
    bazaar = hers.get(session, shop, bazaar_id)
    seat = seats.seat_of(session, bazaar_id, shop.id)
    return render_template(
        "cooperatives/her_bazaar.html",
        bazaar=bazaar,
        shop=shop,
        state=seat.state if seat else "",
        seats=seats.list_seats(session, bazaar),
        to_send=shelf.to_send(session, visitor.actor(), shop.id),
        loads=shelf.loads_of(session, bazaar_id, shop.id),
        results=contesting.results_of(session, bazaar, BazaarLine.seller_id == shop.id),
        outcomes=contesting.OUTCOMES,
        note=notes.note_of(session, bazaar_id, shop.id),
        has_begun=bazaar.starts_on <= clock.today(),
        refused=refused,
        fresh=uuid4,
    )


@bp.get("/<int:bazaar_id>/nota")
@holds(SELL)
@asks_pin
def paper(bazaar_id: int) -> str:
    """Her paper: goods, her part, the costs."""
    session, shop = db.session(), _shop()
    hers.get(session, shop, bazaar_id)
    found = statement.for_maker(session, visitor.actor(), bazaar_id, shop.id)
    return bazaar_goods.drawn(found, is_hers=True)


@bp.post("/<int:bazaar_id>")
@holds(SELL)
def act(bazaar_id: int) -> str | Response:
    """She joins or not, sends goods, or tells what sold."""
    shop = _shop()
    deed = DEEDS.get(request.form.get("deed", ""))
    hers.get(db.session(), shop, bazaar_id)
    if deed is None:
        raise NotFound
    try:
        say(deed(bazaar_id, shop.id, request.form))
    except NotFound:
        raise
    except DomainError as why:
        return _show(bazaar_id, Refused.by(why, request.form))
    return redirect(url_for("my_bazaars.show", bazaar_id=bazaar_id), code=303)


def _ask(bazaar_id: int, seller_id: int, _sent: Sent) -> Any:
    seats.ask(actor=visitor.actor(), bazaar_id=bazaar_id, seller_id=seller_id)
    return _("Nama Ibu sudah masuk daftar.")


def _withdraw(bazaar_id: int, seller_id: int, _sent: Sent) -> Any:
    seats.withdraw(actor=visitor.actor(), bazaar_id=bazaar_id, seller_id=seller_id)
    return _("Nama Ibu sudah keluar dari daftar.")


def _note(bazaar_id: int, seller_id: int, sent: Sent) -> Any:
    text = sent.get("text", "")
    notes.write(actor=visitor.actor(), bazaar_id=bazaar_id, seller_id=seller_id, text=text)
    return _("Terima kasih. Catatan Ibu bisa dibaca semua anggota.")


def _contest(bazaar_id: int, seller_id: int, sent: Sent) -> Any:
    contesting.contest(
        actor=visitor.actor(),
        bazaar_id=bazaar_id,
        seller_id=seller_id,
        lot_id=number(sent, "lot"),
        words=sent.get("words", ""),
    )
    return _("Terkirim. Koordinator akan memutuskan.")


DEEDS = {
    "ask": _ask,
    "withdraw": _withdraw,
    "send": bazaar_goods.send,
    "contest": _contest,
    "note": _note,
}


def _shop() -> Seller:
    return shops.get_asked(db.session(), visitor.actor(), "")
