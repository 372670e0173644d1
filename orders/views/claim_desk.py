"""Claims on three desks: the maker's, the keeper's, and that of coordinators and operators.

The same pages for all; whose claims lie on a desk, and who may do what with one, the nouns decide.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from flask import Blueprint, Response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response as AnyResponse

from cooperatives.allocation import OutOfStock
from cooperatives.handover import NotPromised, TooOldToHandOver
from cooperatives.rights import COORDINATE, KEEP
from core import clock, visitor
from core.access import Right, holds
from core.config import settings
from core.db import db
from core.desks import Shown
from core.errors import DomainError, NotFound, TooMany
from core.forms import HouseForm
from core.rights import OPERATE
from core.web import say
from orders import (
    claim_answers,
    claim_desk,
    claim_goods,
    claim_money,
    claim_parts,
    parcels,
    working_days,
)
from orders.claim_states import LIVING, Bearer, ClaimState, Trouble
from orders.claim_words import BEARER_WORDS, STATE_WORDS, WISH_WORDS
from orders.models import Claim
from orders.parcels import Handled
from orders.refund_words import TROUBLE_WORDS
from orders.settings import OrderSettings
from orders.states import IllegalMove
from orders.views import claim_photos
from orders.views.claim_forms import AnswerForm, BackForm, ReplaceForm
from sellers.rights import SELL

REFUSALS = (
    IllegalMove,
    OutOfStock,
    NotPromised,
    TooOldToHandOver,
    TooMany,
    claim_desk.OwnCase,
    claim_answers.OddAnswer,
    claim_answers.NotYours,
    claim_answers.TooLittleToSend,
    claim_answers.WrongReplacementCode,
    claim_goods.OddBack,
    claim_money.NotPaidYet,
    claim_money.PaidBack,
    claim_money.WithTheBank,
)
SAID = {
    "answer": _l("Jawaban sudah terkirim ke pembeli."),
    "replace": _l("Barang pengganti tercatat sudah diserahkan."),
    "back": _l("Barang yang kembali sudah dicatat."),
    "bearer": _l("Penanggung sudah dicatat."),
    "anew": _l("Keluhan ini menunggu putusan baru."),
}


@dataclass(frozen=True)
class Desk:
    """Whose claims, and where."""

    name: str
    prefix: str
    right: Right
    gates: tuple[Right, ...]
    title: Any

    def blueprint(self) -> Blueprint:
        """Its pages: the list, one claim, and its photos."""
        bp = Blueprint(self.name, __name__, url_prefix=self.prefix)
        gate: Callable[..., Any] = holds(*self.gates)

        @bp.get("")
        @gate
        def index() -> str:
            """Claims that are not over, the most urgent first."""
            return listed(self)

        @bp.route("/<uuid:claim_id>", methods=["GET", "POST"])
        @gate
        def show(claim_id: UUID) -> str | AnyResponse:
            """One claim, and what can be done with it now."""
            return worked(self, claim_id)

        @bp.get("/<uuid:claim_id>/foto/<uuid:file_id>")
        @gate
        def photo(claim_id: UUID, file_id: UUID) -> Response:
            """One of its photos."""
            return claim_photos.sent(self.claim(claim_id)[0], file_id)

        return bp

    def claim(self, claim_id: UUID) -> tuple[Claim, Handled]:
        """A claim that lies on this desk of the visitor; raises NotFound."""
        return claim_desk.get_claim(db.session(), visitor.actor(), claim_id, self.right)


DESKS = (
    Desk("my_claims", "/ibu/masalah", SELL, (SELL,), _l("Masalah dari pembeli")),
    Desk("kiosk_claims", "/kios-kerja/masalah", KEEP, (KEEP,), _l("Masalah paket kios")),
    Desk(
        "claim_watch",
        "/koord/masalah",
        COORDINATE,
        (COORDINATE, OPERATE),
        _l("Masalah antara pembeli dan penjual"),
    ),
)


def listed(desk: Desk) -> str:
    """The living claims of a desk."""
    found = claim_desk.list_open(db.session(), visitor.actor(), desk.right)
    rows = [_row(desk, claim, handled) for claim, handled in found]
    return render_template("orders/claims.html", desk=desk, rows=rows)


def _row(desk: Desk, claim: Claim, handled: Handled) -> Shown:
    state, kind = STATE_WORDS[claim.state]
    detail = str(TROUBLE_WORDS[claim.trouble])
    if desk.right is not SELL:
        detail = f"{handled.place.name} · {detail}"
    is_ours = claim.state in (ClaimState.OPEN, ClaimState.ESCALATED, ClaimState.AGREED)
    if claim.due_at and is_ours:
        detail += " · " + _("paling lambat %(time)s", time=working_days.spoken(claim.due_at))
        kind = "warning" if claim.due_at <= clock.now() else kind
    url = url_for(f"{desk.name}.show", claim_id=claim.id)
    return Shown(kind, "box", handled.order.number, url, detail, state)


def worked(desk: Desk, claim_id: UUID) -> str | AnyResponse:
    """The page of one claim, and every act on it."""
    claim, handled = desk.claim(claim_id)
    rows = claim_money.rows_of(db.session(), claim)
    act = request.form.get("act", "") if request.method == "POST" else ""
    sheets = _sheets(claim, rows)
    if request.method == "POST" and _done(claim, handled, act, sheets):
        return redirect(url_for(f"{desk.name}.show", claim_id=claim_id), code=303)
    return _page(desk, claim, handled, rows, sheets)


def _sheets(claim: Claim, rows: claim_money.Rows) -> dict[str, HouseForm]:
    asked = [(line.id, line.name, row.quantity) for row, line in rows]
    is_lost = claim.trouble == Trouble.NOT_THERE
    wished = claim_answers.usual_answer(claim)
    return {
        "answer": AnswerForm.of(asked, filled=True, kind=wished, fee=is_lost),
        "replace": ReplaceForm(),
        "back": BackForm.of(rows),
    }


def _page(
    desk: Desk,
    claim: Claim,
    handled: Handled,
    rows: claim_money.Rows,
    sheets: dict[str, HouseForm],
) -> str:
    actor, session = visitor.actor(), db.session()
    value = sum(row.quantity * line.price for row, line in rows)
    fee = handled.parcel.fee - claim_parts.fee_paid(session, handled.parcel.id)
    contact = parcels.contact(session, handled.order.id)
    return render_template(
        "orders/claim_desk.html",
        desk=desk,
        claim=claim,
        handled=handled,
        rows=rows,
        sheets=sheets,
        state=STATE_WORDS[claim.state],
        wish=WISH_WORDS[claim.wish],
        trouble=TROUBLE_WORDS[claim.trouble],
        photo_urls=[
            url_for(f"{desk.name}.photo", claim_id=claim.id, file_id=kept.id)
            for kept in claim_photos.listed(claim)
        ],
        may_answer=claim_desk.may_answer(session, actor, claim, handled.place),
        is_own_case=claim_desk.is_own_case(session, actor, handled.place),
        value=value,
        worth=claim_money.worth(claim, rows) if claim.offer == "money" else 0,
        fee=fee,
        may_ask_back=value >= settings(OrderSettings).send_back_rupiah_min,
        bearers=_bearers(claim, handled),
        bearer=BEARER_WORDS.get(claim.bearer, ""),
        contact=contact if claim.state in LIVING else None,
        may_tend=_may_tend(desk, handled),
        spoken=working_days.spoken,
    )


def _bearers(claim: Claim, handled: Handled) -> list[tuple[Bearer, Any]]:
    may = claim_desk.bearers_for(db.session(), visitor.actor(), claim, handled)
    return [(bearer, BEARER_WORDS[bearer]) for bearer in may]


def _may_tend(desk: Desk, handled: Handled) -> bool:
    """Whether goods may come into this place by the visitor: at a home only by who sells there."""
    return desk.right is not COORDINATE or handled.place.kind != "home"


def _done(claim: Claim, handled: Handled, act: str, sheets: dict[str, HouseForm]) -> bool:
    """Do what was asked; False where a form has to be filled in again."""
    if act not in SAID:
        raise NotFound
    form = sheets.get(act)
    if form is not None and not form.validate_on_submit():
        return False
    try:
        _act(claim, handled, act, form)
    except REFUSALS as refused:
        return _refused(form, refused)
    say(str(SAID[act]))
    return True


def _refused(form: HouseForm | None, refused: DomainError) -> bool:
    """Beside its field where there is one, and else on the page that follows."""
    match form, refused:
        case AnswerForm(), claim_answers.OddAnswer() | OutOfStock():
            form.boxes[0].errors = [refused.sentence]
        case AnswerForm(), claim_answers.TooLittleToSend():
            form.back.errors = [refused.sentence]
        case ReplaceForm(), claim_answers.WrongReplacementCode():
            form.code.errors = [refused.sentence]
        case BackForm(), claim_goods.OddBack():
            form.boxes[0].errors = [refused.sentence]
        case _:
            say(str(refused.sentence), "warning")
            return True
    return False


def _act(claim: Claim, handled: Handled, act: str, form: HouseForm | None) -> None:
    who: dict[str, Any] = {"actor": visitor.actor(), "claim_id": claim.id}
    match form:
        case AnswerForm():
            claim_answers.answer(**who, reply=form.reply())
        case ReplaceForm():
            if handled.parcel.way == "pickup":
                claim_answers.spend_code_try(handled.place.id)
            claim_answers.send_replacement(**who, tracking=form.tracking.data, code=form.code.data)
        case BackForm():
            claim_answers.take_back(**who, came=form.came())
        case _ if act == "bearer":
            claim_answers.choose_bearer(**who, bearer=request.form.get("bearer", ""))
        case _:
            claim_answers.decide_anew(**who)
