"""One parcel on three desks: the maker's, the keeper's and the coordinator's do the same with it.

A desk says whose parcels lie on it and where its pages are. Every act is a POST to the page of the
parcel; what is not possible any more is said in a sentence on that page.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from flask import redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import select
from werkzeug.wrappers import Response

from cooperatives.handover import NotPromised, TooOldToHandOver
from cooperatives.rights import COORDINATE
from core import access, clock, visitor, words
from core.access import Right
from core.db import db
from core.desks import Shown
from core.errors import NotFound
from core.forms import HouseForm
from core.paging import words_asked
from core.people import Person
from core.web import say
from orders import fulfilment, handover, parcels, pickups, reaching, refusals, talk
from orders.forms import (
    ArrivedForm,
    BackForm,
    BearerForm,
    DeclineForm,
    FewerForm,
    SendForm,
    TalkForm,
)
from orders.models import Line
from orders.parcels import Handled
from orders.states import IllegalMove, ParcelState
from orders.views import not_taken
from sellers.models import Seller
from sellers.owning import MoneyIsHers
from sellers.rights import ORDERS

REFUSALS = (
    MoneyIsHers,
    IllegalMove,
    parcels.BeingMended,
    fulfilment.OddQuantity,
    handover.CashMissing,
    handover.CashChanged,
    handover.CodeNeeded,
    NotPromised,
    TooOldToHandOver,
    refusals.NotYetMissed,
    refusals.NotABearer,
    refusals.OddBack,
)
WORDS: dict[str, tuple[Any, str]] = {
    ParcelState.TO_ACCEPT: (_l("Perlu dijawab"), "wait"),
    ParcelState.ACCEPTED: (_l("Perlu dikemas"), "info"),
    ParcelState.PACKED: (_l("Siap diserahkan"), "info"),
    ParcelState.HANDED_OVER: (_l("Di jalan"), "moving"),
    ParcelState.DELIVERED: (_l("Sampai"), "good"),
    ParcelState.QUIET: (_l("Sampai"), "good"),
    ParcelState.EARNED: (_l("Selesai"), "good"),
    ParcelState.DECLINED: (_l("Tidak bisa dipenuhi"), "wrong"),
    ParcelState.REFUSED: (_l("Ditolak saat diantar"), "wrong"),
    ParcelState.RETURNED: (_l("Dikembalikan"), "rest"),
    ParcelState.CANCELLED: (_l("Dibatalkan"), "rest"),
}
SAID = {
    "accept": _l("Pesanan diterima. Sekarang tinggal dikemas."),
    "fewer": _l("Pesanan diterima sebagian. Pembeli tidak membayar sisanya."),
    "decline": _l("Pesanan ditolak. Pembeli tidak perlu membayar, atau uangnya kembali."),
    "pack": _l("Paket sudah dikemas dan siap diserahkan."),
    "send": _l("Paket tercatat sudah diserahkan."),
    "arrived": _l("Paket tercatat sudah sampai."),
    "refuse": _l("Pesanan ditutup tanpa uang. Barangnya dijual lagi setelah kembali."),
    "back": _l("Barang tercatat sudah kembali."),
    "reply": _l("Jawaban sudah dikirim ke pembeli."),
    "fee": _l("Sudah dicatat siapa yang menanggung ongkirnya."),
}
PLAIN: dict[str, Callable[..., None]] = {
    "accept": fulfilment.accept,
    "pack": fulfilment.pack,
    "refuse": refusals.refuse,
}
"""Acts that need no form."""

DRAWINGS = {"ship": "truck", "pickup": "kiosk"}


@dataclass(frozen=True)
class Desk:
    """Whose parcels, under which words, and the endpoints of list, parcel and what leads on."""

    right: Right
    title: Any
    none: Any
    list: str
    one: str
    note: str
    label: str
    reach: str
    acts: Mapping[str, str] = field(default_factory=dict)  # Deeds that a phone may send later.

    def parcel(self, parcel_id: int) -> Handled:
        """A parcel that lies on this desk of the visitor; raises NotFound."""
        return parcels.get_handled(db.session(), visitor.actor(), parcel_id, self.right)


def listed(desk: Desk, groups: Callable[[Handled], Any], headings: Sequence[Any]) -> str:
    """The open parcels of a desk, grouped; `groups` gives the heading of one."""
    sought = words_asked()
    found = parcels.list_open(db.session(), visitor.actor(), desk.right, words=sought)
    pieces = parcels.pieces(db.session(), found)
    rows: dict[Any, list[Shown]] = {heading: [] for heading in headings}
    for handled in found:
        heading = groups(handled)
        if heading is not None:
            rows[heading].append(_row(desk, handled, pieces.get(handled.parcel.id, 0)))
    shown = [(heading, rows[heading]) for heading in headings if rows[heading]]
    return render_template("orders/parcels.html", desk=desk, groups=shown, words=sought)


def _row(desk: Desk, handled: Handled, pieces: int) -> Shown:
    parcel = handled.parcel
    state, kind = state_of(handled)
    detail = _("%(pieces)s barang", pieces=pieces)
    if desk.right is not ORDERS:
        detail = f"{handled.place.name} · {detail}"
    if parcel.state == ParcelState.TO_ACCEPT and parcel.accept_by:
        by = words.tanggal_jam(parcel.accept_by)
        detail += " · " + _("jawab sebelum %(time)s", time=by)
    url = url_for(desk.one, parcel_id=parcel.id)
    return Shown(kind, DRAWINGS.get(parcel.way, "box"), handled.order.number, url, detail, state)


def state_of(handled: Handled) -> tuple[Any, str]:
    """The state of a parcel in words, and its kind."""
    parcel = handled.parcel
    if handled.order.state not in parcels.DUE and parcel.state in parcels.OPEN:
        return WORDS[ParcelState.CANCELLED]
    if is_late(handled):
        return _l("Terlambat dijawab"), "warning"
    return WORDS[parcel.state]


def is_late(handled: Handled) -> bool:
    """Nobody has answered in time."""
    by = handled.parcel.accept_by
    return handled.parcel.state == ParcelState.TO_ACCEPT and by is not None and by <= clock.now()


def worked(desk: Desk, parcel_id: int) -> str | Response:
    """The page of one parcel, and every act on it."""
    handled = desk.parcel(parcel_id)
    lines = parcels.goods(db.session(), parcel_id)
    expected = parcels.expected(db.session(), handled, lines)
    asked = [(line.id, line.name, expected[line.id]) for line in lines if expected[line.id]]
    act = request.form.get("act", "") if request.method == "POST" else ""
    sheets: dict[str, HouseForm] = {
        "fewer": FewerForm.of(asked),
        "decline": DeclineForm(),
        "send": SendForm(),
        "arrived": ArrivedForm(),
        "back": BackForm.of(asked),
        "reply": TalkForm.of(parcel_id),
        "fee": BearerForm.of(refusals.may_decide(db.session(), visitor.actor(), handled)),
    }
    if request.method == "POST" and _done(handled, act, sheets):
        return redirect(url_for(desk.one, parcel_id=parcel_id), code=303)
    contact = parcels.contact(db.session(), handled.order.id)
    return render_template(
        "orders/parcel.html",
        desk=desk,
        handled=handled,
        state=state_of(handled),
        is_late=is_late(handled),
        fetched_at=pickups.place_told(db.session(), handled.parcel, handled.place),
        rows=_goods(lines, expected),
        total=sum(expected.values()),
        receives=_receives(lines, expected) if _is_makers(desk) else None,
        cash=handover.cash_due(db.session(), handled.order),
        contact=contact,
        shows_buyer=reaching.is_in_hand(handled),
        order_is_open=handled.order.state in parcels.DUE,
        chosen=act or request.args.get("jawab", ""),
        sheets=sheets,
        handlers=_handlers(desk, handled),
        said=talk.of_order(db.session(), handled.order.id).get(parcel_id, []),
        may_reply=talk.may_ask(handled.order.state),
        refusal=not_taken.offered(desk.right, handled),
    )


def _done(handled: Handled, act: str, sheets: dict[str, HouseForm]) -> bool:
    """Do what was asked; False where a form has to be filled in again."""
    if act not in SAID:
        raise NotFound
    form = sheets.get(act)
    if form is not None and not form.validate_on_submit():
        return False
    try:
        _act(handled, act, form)
    except (talk.NumberInWords, talk.SaidEnough, talk.NotOpen) as refused:
        sheets["reply"]["words"].errors = [refused.sentence]
        return False
    except REFUSALS as refused:
        say(str(refused.sentence), "warning")
    else:
        say(str(SAID[act]))
    return True


def _act(handled: Handled, act: str, form: HouseForm | None) -> None:
    who: dict[str, Any] = {"actor": visitor.actor(), "parcel_id": handled.parcel.id}
    match form:
        case BackForm():
            refusals.take_back(**who, good=form.given())
        case BearerForm():
            refusals.decide_fee(**who, bearer=form.bearer.data)
        case TalkForm():
            talk.answer(**who, words=form.words.data)
        case FewerForm():
            fulfilment.accept(**who, given=form.given())
        case DeclineForm():
            fulfilment.decline(**who, reason=form.why.data, words=form.words.data)
        case SendForm():
            handover.send(**who, tracking=form.number)
        case ArrivedForm():
            seen = request.form.get("seen", type=int)
            handover.deliver(**who, cash_taken=form.cash.data, cash_seen=seen)
        case _:
            PLAIN[act](**who)


def _goods(lines: Sequence[Line], expected: Any) -> list[dict[str, Any]]:
    ids = {line.seller_id for line in lines}
    found = db.session().scalars(select(Seller).where(Seller.id.in_(ids)))
    names = {seller.id: seller.store_name for seller in found}
    return [
        {
            "name": line.name,
            "pieces": expected[line.id],
            "ordered": line.quantity,
            "maker": names.get(line.seller_id or 0, ""),
        }
        for line in lines
    ]


def _is_makers(desk: Desk) -> bool:
    """Whether the maker herself looks: what she earns is no business of a helper."""
    return desk.right is ORDERS and visitor.actor().on_behalf_of is None


def _receives(lines: Sequence[Line], expected: Any) -> int:
    """The maker's part of what she gives."""
    return sum(parcels.frozen(ln).units(expected[ln.id], ln.quantity).maker for ln in lines)


def _handlers(desk: Desk, handled: Handled) -> list[Person]:
    """Whom the coordinator rings when nobody answers."""
    if desk.right is not COORDINATE:
        return []
    right, subject_id = parcels.handlers(handled.place)
    ids = access.people_who(db.session(), right, subject_id)
    query = select(Person).where(Person.id.in_(ids), Person.phone.is_not(None))
    return list(db.session().scalars(query.order_by(Person.name)))


def noted(desk: Desk, parcel_id: int) -> str | Response:
    """The packing note on paper: a large number, the address, and what goes in."""
    handled = desk.parcel(parcel_id)
    if not reaching.is_in_hand(handled):
        say(_("Nota kemas dicetak setelah pesanan diterima, sampai paketnya tiba."), "warning")
        return redirect(url_for(desk.one, parcel_id=parcel_id), code=303)
    lines = parcels.goods(db.session(), parcel_id)
    expected = parcels.expected(db.session(), handled, lines)
    return render_template(
        "orders/packing_note.html",
        desk=desk,
        handled=handled,
        fetched_at=pickups.place_told(db.session(), handled.parcel, handled.place),
        rows=_goods(lines, expected),
        contact=parcels.contact(db.session(), handled.order.id),
        cash=handover.cash_due(db.session(), handled.order),
    )
