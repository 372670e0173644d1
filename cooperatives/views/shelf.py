"""The shelf: by owner, by date, what must leave it, what runs out, and what is done with it."""

from typing import Any
from uuid import uuid4

from flask import Blueprint, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response

from cooperatives.models import Place
from cooperatives.receiving import asked
from cooperatives.rights import KEEP
from cooperatives.shelf import deeds, restock, standing
from cooperatives.views import which_place
from core import acts, visitor
from core.access import holds
from core.db import db
from core.errors import DomainError, NotFound
from core.forms import act_content
from core.keeping import kept_on_phone
from core.telling import told
from core.web import say
from sellers.models import Seller

bp = Blueprint("shelf", __name__, url_prefix="/kios-kerja/rak")
ORDERS: dict[str, tuple[str, Any]] = {
    "": ("owner", _l("Per pemilik")),
    "tanggal": ("expiry", _l("Per tanggal")),
    "tarik": ("pull", _l("Harus ditarik")),
    "habis": ("few", _l("Hampir habis")),
}
STATES: dict[str, tuple[Any, str]] = {
    "past": (_l("Lewat tanggal"), "wrong"),
    "pull": (_l("Tarik sekarang"), "warning"),
}


@bp.get("")
@holds(KEEP)
@kept_on_phone
def index() -> str:
    """What stands here."""
    return _page()


def _page(refused: DomainError | None = None) -> str:
    session, places = db.session(), which_place.kept()
    place = which_place.chosen(places)
    if place is None:
        return which_place.ask(places, _("Rak"), "shelf.index")
    chosen = request.args.get("urut", "")
    order = ORDERS.get(chosen, ORDERS[""])[0]
    said = request.args.get("q", "").strip()[:40]
    owner = _owner()
    rows = [] if order == "few" else standing.of_place(
        session, place, order=order, words=said, owner_id=owner.id if owner else 0
    )  # fmt: skip
    few = standing.few(session, place) if order == "few" else []
    return render_template(
        "cooperatives/shelf.html",
        place=place,
        several=len(places) > 1,
        tabs=_tabs(place, chosen if chosen in ORDERS else ""),
        order=order,
        said=said,
        owner=owner,
        due=standing.due(session, owner) if owner and rows else None,
        rows=rows,
        whole=len(rows) < standing.ROWS_MAX,
        few=few,
        asked_today=restock.asked_today(session, place, few),
        others=[other for other in places if other.id != place.id],
        latest=deeds.latest(session, place),
        words_of=deeds.words_of,
        why=deeds.WHY,
        headings=deeds.HEADINGS,
        states=STATES,
        fresh=uuid4,
        refused=refused,
        typed=request.form if refused else {},
    )


def _owner() -> Seller | None:
    owner_id = asked.number(request.args, "pemilik")
    return db.session().get(Seller, owner_id) if owner_id else None


def _tabs(place: Place, chosen: str) -> list[dict[str, Any]]:
    return [
        {
            "label": label,
            "url": url_for("shelf.index", kios=place.slug, urut=key or None),
            "current": key == chosen,
        }
        for key, (_order, label) in ORDERS.items()
    ]


@bp.post("")
@holds(KEEP)
def take() -> str | Response:
    """One deed: what a phone without signal sends later to /kirim."""
    try:
        answer = acts.carry_out(
            actor=visitor.actor(),
            act_id=asked.uuid(request.form.get("act_id")) or uuid4(),
            kind=deeds.ACT,
            content=act_content(request.form),
        )
    except NotFound:
        raise
    except DomainError as refused:
        return _page(refused)
    say(answer["sentence"])
    return _back()


@bp.post("/batal/<int:movement_id>")
@holds(KEEP)
def undo(movement_id: int) -> Response:
    """It was noted by mistake."""
    with told(_("Dibatalkan.")):
        deeds.undo(actor=visitor.actor(), movement_id=min(movement_id, 2**62))
    return _back()


@bp.post("/minta")
@holds(KEEP)
def ask_more() -> Response:
    """Ask a maker for more of a size."""
    try:
        restock.ask(
            actor=visitor.actor(),
            place_id=asked.number(request.form, "place"),
            variant_id=asked.number(request.form, "variant"),
            owner_id=asked.number(request.form, "owner"),
        )
    except (restock.AskedToday, restock.NobodyHears) as refused:
        say(str(refused.sentence), "warning")
    else:
        say(_("Pembuatnya sudah diberi tahu."))
    return _back()


def _back() -> Response:
    """To the same view of the shelf."""
    kept: dict[str, Any] = {name: request.args[name] for name in ("kios", "urut", "q", "pemilik")
            if request.args.get(name)}  # fmt: skip
    return redirect(url_for("shelf.index", **kept), code=303)
