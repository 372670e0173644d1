"""The kiosk's desk: what waits today, its parcels, and handing over pick-ups by code."""

from collections.abc import Mapping, Sequence
from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import and_, or_, select
from werkzeug.wrappers import Response

from cooperatives import lot_codes
from cooperatives.models import Lot, Place
from cooperatives.rights import KEEP
from core import access, desks, visitor
from core.access import holds
from core.db import db
from core.errors import TooMany
from core.keeping import kept_on_phone
from core.web import say
from orders import handover, parcels
from orders.forms import CodeForm, NameAndDigitsForm
from orders.models import Line, Parcel
from orders.views import handling, parcel_papers
from orders.views.handling import Desk
from orders.views.seller import HEADINGS, heading_of
from sellers.models import Seller

bp = Blueprint("kiosk_desk", __name__, url_prefix="/kios-kerja")
DESK = Desk(
    right=KEEP,
    title=_l("Paket kios"),
    none=_l("Pesanan untuk kios muncul di sini."),
    list="kiosk_desk.index",
    one="kiosk_desk.show",
    note="kiosk_desk.note",
    label="kiosk_desk.label",
    reach="kiosk_desk.reach",
)


@bp.get("")
@holds(KEEP)
@kept_on_phone
def today() -> str:
    """What waits at her kiosks, and where to go from here."""
    return render_template("orders/kiosk.html", waiting=desks.waiting(KEEP))


@bp.get("/paket")
@holds(KEEP)
@kept_on_phone
def index() -> str:
    """The kiosk's open parcels."""
    return handling.listed(DESK, heading_of, list(HEADINGS.values()))


@bp.route("/paket/<int:parcel_id>", methods=["GET", "POST"])
@holds(KEEP)
@kept_on_phone
def show(parcel_id: int) -> str | Response:
    """One parcel, and what can be done with it now."""
    return handling.worked(DESK, parcel_id)


@bp.get("/paket/<int:parcel_id>/cetak")
@holds(KEEP)
def note(parcel_id: int) -> str | Response:
    """The packing note."""
    return handling.noted(DESK, parcel_id)


@bp.get("/paket/<int:parcel_id>/label")
@holds(KEEP)
def label(parcel_id: int) -> Response:
    """The address label."""
    return parcel_papers.label(DESK, parcel_id)


@bp.get("/paket/<int:parcel_id>/hubungi")
@holds(KEEP)
def reach(parcel_id: int) -> Response:
    """To the buyer's WhatsApp or telephone."""
    return parcel_papers.reach(DESK, parcel_id)


@bp.route("/ambil", methods=["GET", "POST"])
@holds(KEEP)
def pickup() -> str | Response:
    """Find a pick-up by its code, see what to hand over and what to take, and hand it over.

    The code (or name and digits) is sent again with the last button: it is the proof.
    """
    kiosks = _kiosks()
    kiosk = _chosen(kiosks)
    if kiosk is None:
        return render_template("orders/pickup_place.html", kiosks=kiosks)
    form, found, problem = _form(kiosk), None, None
    if form.validate_on_submit():
        try:
            found = _found(kiosk, form)
        except (handover.WrongCode, handover.WrongName, TooMany) as wrong:
            if type(_form(kiosk)) is type(form):
                form.first.errors = [wrong.sentence]
            else:
                problem, form = wrong.sentence, _form(kiosk, blank=True)
    if found is not None and "give" in request.form:
        _give(found)
        return redirect(url_for("kiosk_desk.pickup", kios=kiosk.slug), code=303)
    return render_template(
        "orders/pickup.html",
        kiosk=kiosk,
        several=len(kiosks) > 1,
        form=form,
        problem=problem,
        awaited=handover.awaited_at(db.session(), kiosk.id) if kiosk.kind == "bazaar" else [],
        found=_to_give(found) if found else None,
    )


def _kiosks() -> list[Place]:
    mine = access.subjects(db.session(), visitor.actor(), KEEP)
    is_open = or_(Place.closed_at.is_(None), handover.is_awaited())
    query = select(Place).where(
        Place.id.in_(mine), or_(Place.kind == "kiosk", and_(Place.kind == "bazaar", is_open))
    )
    return list(db.session().scalars(query.order_by(Place.name)))


def _chosen(kiosks: list[Place]) -> Place | None:
    if len(kiosks) == 1:
        return kiosks[0]
    return next((kiosk for kiosk in kiosks if kiosk.slug == request.args.get("kios")), None)


def _form(kiosk: Place, *, blank: bool = False) -> CodeForm | NameAndDigitsForm:
    """The code is asked as long as it may be tried, then name and digits."""
    kind = CodeForm if handover.tries_left(db.session(), kiosk.id) else NameAndDigitsForm
    return kind(formdata=None) if blank else kind()


def _found(kiosk: Place, form: CodeForm | NameAndDigitsForm) -> Parcel:
    asked: dict[str, Any] = {"actor": visitor.actor(), "place_id": kiosk.id}
    if isinstance(form, CodeForm):
        return handover.find_pickup(db.session(), code=form.code.data, **asked)
    name, last_four = form.name.data, form.last_four.data
    return handover.find_pickup(db.session(), name=name, last_four=last_four, **asked)


def _to_give(parcel: Parcel) -> dict[str, Any]:
    """What the keeper puts on the counter, and what she takes."""
    handled = parcels.fetched_here(db.session(), visitor.actor(), parcel.id)
    is_own = handled.parcel.fetch_place_id is None
    lines = parcels.goods(db.session(), parcel.id)
    expected = parcels.expected(db.session(), handled, lines)
    return {
        "number": handled.order.number,
        "name": parcels.contact(db.session(), handled.order.id).name,
        "makers": _by_maker([line for line in lines if expected[line.id]], expected),
        "note": _note_of(handled.parcel) if is_own else "",
        "cash": handover.cash_due(db.session(), handled.order),
    }


def _note_of(parcel: Parcel) -> str:
    return url_for(DESK.note, parcel_id=parcel.id) if parcel.accepted_at else ""


def _by_maker(lines: Sequence[Line], pieces: Mapping[int, int]) -> dict[str, list[Any]]:
    """What to take from the shelf, maker by maker: pieces, name, the label and its date."""
    query = select(Lot, Seller.store_name).join(Seller, Seller.id == Lot.owner_id)
    lots = db.session().execute(query.where(Lot.id.in_([line.lot_id for line in lines])))
    about = {lot.id: (lot, maker) for lot, maker in lots}
    found: dict[str, list[Any]] = {}
    for line in lines:
        lot, maker = about[line.lot_id or 0]
        row = (pieces[line.id], line.name, lot_codes.code_of(lot.id), lot.best_before)
        found.setdefault(maker, []).append(row)
    return dict(sorted(found.items()))


def _give(parcel: Parcel) -> None:
    seen = request.form.get("seen", type=int)
    try:
        handover.give_out(actor=visitor.actor(), parcel_id=parcel.id, cash_seen=seen)
    except handling.REFUSALS as refused:
        say(str(refused.sentence), "warning")
    else:
        say(_("Barang sudah diserahkan. Terima kasih."))
