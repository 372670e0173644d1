"""The till of a kiosk or a bazaar: sell, see what was sold, and take a sale back."""

from datetime import date
from typing import Any
from uuid import UUID, uuid4

from flask import (
    Blueprint,
    current_app,
    jsonify,
    redirect,
    render_template,
    request,
    session,
    url_for,
)
from flask_babel import gettext as _
from sqlalchemy import select
from werkzeug.wrappers import Response

from cooperatives.models import Place
from cooperatives.rights import COORDINATE, KEEP
from core import access, acts, clock, visitor
from core.access import holds
from core.assets import Assets
from core.db import db
from core.errors import DomainError, NotFound
from core.keeping import kept_on_phone
from core.wasm import reader_files, runs_wasm
from core.web import say
from orders.models import CounterSale
from orders.till import catalogue, flags, opening, plain, said, sale, today, undo
from orders.till.sold import CHANNELS
from orders.views.till_words import WORDS

bp = Blueprint("till", __name__, url_prefix="/kios-kerja/kasir")
TILL = "till"
SCRIPTS = (
    "till", "page", "goods", "basket", "pay", "today", "sums", "device", "lease", "scan", "receipt",
)  # fmt: skip


@bp.get("")
@holds(KEEP)
@kept_on_phone
@runs_wasm
def show() -> str:
    """The till itself; the phone keeps it, with the day's goods, to sell without signal."""
    tills = _tills()
    place = _chosen(tills)
    if place is None:
        return render_template("orders/till_place.html", places=tills)
    shelf = catalogue.of_place(db.session(), place)
    return render_template(
        "orders/till.html",
        place=place,
        several=len(tills) > 1,
        catalogue=shelf,
        said={name: str(word) for name, word in WORDS.items()},
        files=_files(),
        fresh=uuid4(),
    )


def _files() -> dict[str, Any]:
    """What the till needs without signal, and where its reader of codes is."""
    assets: Assets = current_app.extensions["assets"]
    reader = reader_files()
    own = [assets.url(f"js/till/{name}.js") for name in SCRIPTS]
    more = [assets.url(name) for name in ("css/till.css", "vendor/qrcode/qrcode.js")]
    return {**reader, "all": [*own, *more, *reader.values()]}


def _tills() -> list[Place]:
    """Places with a till that the visitor keeps."""
    mine = access.subjects(db.session(), visitor.actor(), KEEP)
    query = select(Place).where(
        Place.id.in_(mine), Place.kind.in_(CHANNELS), Place.closed_at.is_(None)
    )
    return list(db.session().scalars(query.order_by(Place.name)))


def _chosen(tills: list[Place]) -> Place | None:
    if len(tills) == 1:
        return tills[0]
    return next((place for place in tills if place.slug == request.args.get("tempat")), None)


@bp.post("/buka")
@holds(KEEP)
def open_up() -> Response:
    """A device says that its till is open; it gets its sign and the goods of the day."""
    place_id, device_id = _device()
    try:
        told = opening.open_till(
            actor=visitor.actor(),
            place_id=place_id,
            device_id=device_id,
            was=_till_before(device_id),
        )
    except DomainError as refused:
        return _refused(refused)
    session[TILL] = str(device_id)
    place = db.session().get_one(Place, place_id)
    return jsonify(**told, catalogue=catalogue.of_place(db.session(), place))


def _till_before(device_id: UUID) -> UUID | None:
    """Which till this browser was; a full phone may empty its storage and keep its cookies."""
    known = session.get(TILL)
    return UUID(known) if known and known != str(device_id) else None


@bp.post("/tutup")
@holds(KEEP)
def close_up() -> Response:
    """A device closes its till; nothing is kept for it any more."""
    place_id, device_id = _device()
    try:
        opening.close_till(actor=visitor.actor(), place_id=place_id, device_id=device_id)
    except DomainError as refused:
        return _refused(refused)
    return jsonify(closed=True)


def _device() -> tuple[int, UUID]:
    told = request.get_json(silent=True)
    told = told if isinstance(told, dict) else {}
    place_id = told.get("place")
    if type(place_id) is not int or not 0 < place_id <= said.ID_MAX:
        raise NotFound
    return place_id, said.uuid(told.get("device"))


def _refused(refused: DomainError) -> Response:
    answer = jsonify(sentence=str(refused.sentence))
    answer.status_code = refused.status
    return answer


@bp.get("/penjualan")
@holds(KEEP, COORDINATE)
def sales() -> str:
    """What was sold at a place on a day, with what needs a look."""
    places = today.places_of(db.session(), visitor.actor())
    place = next((one for one in places if one.slug == request.args.get("tempat")), None)
    place = place or (places[0] if places else None)
    day = _day()
    flagged = request.args.get("lihat") == "ya"
    rows = today.list_of(db.session(), place, day, only_flagged=flagged) if place else ()
    return render_template(
        "orders/till_sales.html",
        places=places,
        place=place,
        day=day,
        flagged=flagged,
        rows=rows,
        sums=today.sums_of(db.session(), place, day) if place else (0, 0, 0),
        flags=flags.WORDS,
    )


def _day() -> date:
    try:
        return date.fromisoformat(request.args.get("hari", ""))
    except ValueError:
        return clock.today()


@bp.route("/nota/<uuid:order_id>", methods=["GET", "POST"])
@holds(KEEP, COORDINATE)
def one(order_id: UUID) -> str | Response:
    """One sale: its lines and owners, what needs a look, and taking it back."""
    sold, order, place = today.get_sale(db.session(), visitor.actor(), order_id)
    if request.method == "POST":
        _deed(order_id)
        return redirect(url_for("till.one", order_id=order_id), code=303)
    return render_template(
        "orders/till_sale.html",
        sale=sold,
        order=order,
        place=place,
        lines=today.lines_of(db.session(), order_id),
        keeper=today.keeper_of(db.session(), sold),
        flags=[flags.WORDS[flag] for flag in sold.flags],
        why=undo.WHY,
        may_undo=sold.undone_at is None and clock.is_today(sold.sold_at),
        fresh=uuid4(),
    )


def _deed(order_id: UUID) -> None:
    if request.form.get("deed") == "looked":
        today.looked_at(actor=visitor.actor(), order_id=order_id)
        say(_("Sudah dilihat."))
        return
    content = {"sale": str(order_id), "why": request.form.get("why", "")}
    try:
        answer = acts.carry_out(
            actor=visitor.actor(), act_id=_act_id(), kind=undo.ACT, content=content
        )
    except DomainError as refused:
        say(str(refused.sentence), "warning")
    else:
        say(answer["sentence"])


def _act_id() -> UUID:
    return said.uuid(request.form.get("act_id"))


@bp.post("")
@holds(KEEP)
def sell() -> Response:
    """One sale from a browser without scripts, in cash or by QRIS."""
    place = _chosen(_tills())
    if place is None:
        raise NotFound
    act_id = _act_id()
    if db.session().get(CounterSale, act_id) is not None:
        return redirect(url_for("till.one", order_id=act_id), code=303)  # Pressed twice.
    try:
        content = plain.content(
            actor=visitor.actor(), place=place, act_id=act_id, typed=request.form.to_dict()
        )
        answer = acts.carry_out(
            actor=visitor.actor(), act_id=act_id, kind=sale.ACT, content=content
        )
    except DomainError as refused:
        say(str(refused.sentence), "warning")
        return redirect(url_for("till.show", tempat=place.slug), code=303)
    say(_("%(number)s tercatat.", number=answer["number"]))
    return redirect(url_for("till.show", tempat=place.slug), code=303)
