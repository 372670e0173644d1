"""One member's goods at a bazaar: out, in, back, and her paper."""

from typing import Any
from uuid import uuid4

from flask import Blueprint, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from cooperatives.bazaars import coming_back, contesting, loads, shelf, sight, statement
from cooperatives.bazaars.coming_back import Counted
from cooperatives.bazaars.forms import by_lot
from cooperatives.bazaars.refused import NOTHING, Refused
from cooperatives.goods import Portion
from cooperatives.receiving.asked import WrongBoxes
from cooperatives.rights import COORDINATE, TREASURE
from cooperatives.views.bazaar_desk import Sent, an_id, number
from core import visitor
from core.access import holds
from core.db import db
from core.errors import DomainError, NotFound
from core.web import say
from core.words import wa_link
from sellers.models import Seller

bp = Blueprint("bazaar_goods", __name__, url_prefix="/koord/bazar")
ONE = "/<int:bazaar_id>/barang/<int:seller_id>"


@bp.get(ONE)
@holds(COORDINATE)
def goods(bazaar_id: int, seller_id: int) -> str:
    """Loads on their way, what is in the box, and the boxes to count it when it comes back."""
    return _show(bazaar_id, seller_id, NOTHING)


def _show(bazaar_id: int, seller_id: int, refused: Refused) -> str:
    session, actor = db.session(), visitor.actor()
    seen = sight.of(session, actor, bazaar_id)
    seller = session.get(Seller, seller_id)
    is_own = seller is not None and seller.organisation_id in seen.leads
    if seller is None or not (is_own or seen.is_host):
        raise NotFound
    return render_template(
        "cooperatives/bazaar_goods.html",
        bazaar=seen.bazaar,
        seen=seen,
        seller=seller,
        is_own=is_own,
        to_send=shelf.to_send(session, actor, seller_id) if is_own else [],
        loads=shelf.loads_of(session, bazaar_id, seller_id),
        in_box=shelf.in_box(session, seen.bazaar.place_id, seller_id) if seen.is_host else [],
        refused=refused,
        fresh=uuid4,
    )


@bp.post(ONE)
@holds(COORDINATE)
def act(bazaar_id: int, seller_id: int) -> str | Response:
    """Send, take in, explain what is missing, or count what came back."""
    deed = {"send": send, "take_in": _take_in, "explain": explain, "back": _back}.get(
        request.form.get("deed", "")
    )
    if deed is None:
        raise NotFound
    try:
        say(deed(bazaar_id, seller_id, request.form))
    except NotFound:
        raise
    except DomainError as why:
        return _show(bazaar_id, seller_id, Refused.by(why, request.form))
    to = url_for("bazaar_goods.goods", bazaar_id=bazaar_id, seller_id=seller_id)
    return redirect(to, code=303)


def send(bazaar_id: int, seller_id: int, sent: Sent) -> Any:
    """A load leaves one place, with what the boxes of that place say."""
    place_id = number(sent, "place")
    portions = [Portion(lot, units) for lot, units in by_lot(sent, "kirim").items() if units]
    loads.send(
        actor=visitor.actor(),
        load_id=an_id(sent),
        bazaar_id=bazaar_id,
        seller_id=seller_id,
        from_place_id=place_id,
        portions=portions,
    )
    return _("Barang dicatat berangkat ke bazar.")


def _take_in(_bazaar_id: int, _seller_id: int, sent: Sent) -> Any:
    arrived = by_lot(sent, "datang")
    loads.take_in(actor=visitor.actor(), load_id=an_id(sent), arrived=arrived)
    return _("Barang sudah masuk kotak bazar.")


def explain(_bazaar_id: int, _seller_id: int, sent: Sent) -> Any:
    """What did not arrive is back, or lost."""
    loads.explain(
        actor=visitor.actor(),
        load_id=an_id(sent),
        is_back=sent.get("how") == "back",
        reason=sent.get("reason", "").strip()[:200],
    )
    return _("Kekurangannya sudah dijelaskan.")


def _back(bazaar_id: int, seller_id: int, sent: Sent) -> Any:
    given, back = by_lot(sent, "cicip"), by_lot(sent, "kembali")
    if uncounted := given.keys() - back.keys():
        sentence = _("Tulis juga yang kembali. Kalau habis, tulis 0.")
        raise WrongBoxes({f"kembali-{lot}": sentence for lot in uncounted})
    counted = {lot: Counted(units, given.get(lot, 0)) for lot, units in back.items()}
    coming_back.bring_back(
        actor=visitor.actor(),
        act_id=an_id(sent),
        bazaar_id=bazaar_id,
        seller_id=seller_id,
        counted=counted,
        to_place_id=number(sent, "place") if sent.get("place") else None,
        reason=sent.get("reason", ""),
    )
    return _("Hitungan barang pulang dicatat.")


@bp.get("/<int:bazaar_id>/nota/<int:seller_id>")
@holds(COORDINATE, TREASURE)
def paper(bazaar_id: int, seller_id: int) -> str:
    """Her paper, to print or to send."""
    found = statement.for_board(db.session(), visitor.actor(), bazaar_id, seller_id)
    return drawn(found)


def drawn(found: statement.Statement, *, is_hers: bool = False) -> str:
    """The paper of one maker's part in a bazaar, the same to her and to those who lead it."""
    text = statement.as_text(found)
    return render_template(
        "cooperatives/bazaar_paper.html",
        found=found,
        outcomes=contesting.OUTCOMES,
        reckoned=statement.share_in_words(found),
        text=text,
        share=wa_link(text),
        is_hers=is_hers,
    )
