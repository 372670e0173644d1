"""Answers to claims: by the seller or keeper first, by the coordinator where they do not agree."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from uuid import UUID

from flask_babel import lazy_gettext as _
from sqlalchemy.orm import Session

from cooperatives.rights import COORDINATE, KEEP
from core import clock, limits
from core.actors import Actor
from core.config import settings
from core.db import in_transaction
from core.errors import DomainError
from orders import (
    claim_desk,
    claim_goods,
    claim_money,
    claim_steps,
    claim_tasks,
    pickup_codes,
    working_days,
)
from orders.claim_goods import Back
from orders.claim_states import Bearer, ClaimEvent, ClaimState, Trouble, Wish, usual_bearer
from orders.models import Claim, ClaimLine, Line
from orders.parcels import Handled
from orders.settings import OrderSettings
from orders.states import IllegalMove
from sellers.rights import SELL

CODE_TRIES, CODE_SECONDS = 5, 15 * 60


class OddAnswer(DomainError):
    """No piece is named, or more than was claimed."""

    sentence = _("Isi jumlah barangnya, paling banyak sebanyak yang diadukan.")


class NoWords(DomainError):
    """A buyer who gets nothing is told why."""

    sentence = _("Tulis alasannya. Pembeli membacanya.")


class TooLittleToSend(DomainError):
    """The goods are worth less than what sending them back costs."""

    sentence = _("Barang semurah ini tidak perlu dikirim kembali.")


class WrongReplacementCode(DomainError):
    """The code is not the parcel's."""

    sentence = _("Kode ini tidak cocok. Lihat kode di halaman pesanan pembeli.")


class NotYours(DomainError):
    """This bearer is not for this actor to choose, or not for this claim."""

    sentence = _("Pilihan ini tidak bisa dipakai untuk keluhan ini.")


@dataclass(frozen=True, slots=True)
class Reply:
    """What is offered: `money` or `replace` for so many pieces by line, or `words` only.

    `fee_back` gives the whole delivery fee back too, `comes_back` asks for the goods first.
    """

    kind: str
    pieces: Mapping[int, int] = field(default_factory=dict)
    fee_back: bool = False
    comes_back: bool = False
    words: str = ""


def usual_answer(claim: Claim) -> str:
    """The kind of reply that gives the buyer what she wished; words where she asked."""
    return "words" if claim.wish == Wish.ASK else claim.wish


@in_transaction(retries=3)
def answer(db: Session, *, actor: Actor, claim_id: UUID, reply: Reply) -> None:
    """Answer a claim. All that the buyer wished is done at once; anything else she is asked first.

    Raises OddAnswer, NoWords, TooLittleToSend, OutOfStock, OwnCase, IllegalMove, NotFound and what
    paying raises.
    """
    claim, handled = claim_desk.lock(db, actor, claim_id, SELL, KEEP, COORDINATE)
    if claim.state == ClaimState.ESCALATED:
        claim_desk.refuse_own_case(db, actor, handled.place)
    rows = claim_money.rows_of(db, claim)
    event = _event(claim, rows, reply)
    if not claim_steps.step(db, actor, claim, event):
        raise IllegalMove  # Somebody has answered meanwhile.
    claim.answer, claim.answered_by, claim.answered_at = reply.words, actor.person_id, clock.now()
    _write_offer(claim, handled, rows, reply)
    db.flush()
    if claim.offer == "replace":
        claim_goods.promise(db, handled, claim)
    claim_tasks.forget(db, actor, claim)
    if event is ClaimEvent.GRANT:
        claim_steps.carry_out(db, actor, handled, claim)
    elif claim.state == ClaimState.CLOSED:
        claim_steps.end(db, actor, handled, claim, "claim_answered")
    else:
        days = settings(OrderSettings).claim_reply_days
        claim.due_at = working_days.end_of(clock.now(), days)
        claim_tasks.tell_buyer(db, claim, handled, "claim_answered", actor)


def _event(claim: Claim, rows: list[tuple[ClaimLine, Line]], reply: Reply) -> ClaimEvent:
    if reply.kind == "words":
        if not reply.words.strip():
            raise NoWords
        return ClaimEvent.REPLY
    is_wished = reply.kind == claim.wish
    is_all = all(reply.pieces.get(row.line_id, 0) == row.quantity for row, _line in rows)
    return ClaimEvent.GRANT if is_wished and is_all and not reply.comes_back else ClaimEvent.OFFER


def _write_offer(
    claim: Claim, handled: Handled, rows: list[tuple[ClaimLine, Line]], reply: Reply
) -> None:
    claim.offer = "" if reply.kind == "words" else reply.kind
    claim.comes_back, claim.fee_back = False, 0
    for row, _line in rows:
        row.granted = reply.pieces.get(row.line_id, 0) if claim.offer else 0
        if not 0 <= row.granted <= row.quantity:
            raise OddAnswer
    if not claim.offer:
        claim.bearer = ""
        return
    if not any(row.granted for row, _line in rows):
        raise OddAnswer
    if reply.comes_back:
        value = sum(row.granted * line.price for row, line in rows)
        if value < settings(OrderSettings).send_back_rupiah_min:
            raise TooLittleToSend
        claim.comes_back = True
    if claim.offer == "money" and reply.fee_back:
        claim.fee_back = handled.parcel.fee
    claim.bearer = usual_bearer(Trouble(claim.trouble), **claim_desk.where(handled)).value


@in_transaction(retries=3)
def choose_bearer(db: Session, *, actor: Actor, claim_id: UUID, bearer: str) -> None:
    """A coordinator or operator decides who bears it, before or after it is paid.

    Raises NotYours, OwnCase, NotFound.
    """
    claim, handled = claim_desk.lock(db, actor, claim_id, COORDINATE)
    claim_desk.refuse_own_case(db, actor, handled.place)
    if bearer not in claim_desk.bearers_for(db, actor, claim, handled):
        raise NotYours
    claim_tasks.forget(db, actor, claim, claim_tasks.LOOK)
    if bearer != claim.bearer:
        claim_money.move_cost(db, actor, handled, claim, Bearer(bearer))


@in_transaction(retries=3)
def send_replacement(
    db: Session, *, actor: Actor, claim_id: UUID, tracking: str = "", code: str = ""
) -> None:
    """The other goods leave: with the courier, or into the hands of who knows the pick-up code.

    Raises WrongReplacementCode, IllegalMove, NotFound and what the stock raises.
    """
    claim, handled = claim_desk.lock(db, actor, claim_id, SELL, KEEP, COORDINATE)
    if claim.state != ClaimState.AGREED or claim.offer != "replace":
        raise IllegalMove
    if claim.replaced_at is not None:
        return
    is_pickup = handled.parcel.way == "pickup"
    if is_pickup and not pickup_codes.is_same(code, handled.parcel.pickup_code):
        raise WrongReplacementCode
    claim_goods.give(db, actor, handled, claim, tracking)
    claim_tasks.forget(db, actor, claim, claim_tasks.REPLACE, claim_tasks.LATE)
    if is_pickup:
        claim.arrived_at = clock.now()
    else:
        claim.due_at = claim_steps.counts_as_arrived_at()
    claim_tasks.tell_buyer(db, claim, handled, "replacement_sent", actor)
    claim_steps.finish_if_done(db, actor, handled, claim)


def spend_code_try(place_id: int) -> None:
    """Count one try of a pick-up code for other goods; raises TooMany."""
    limits.spend(key=f"replacement:{place_id}", most=CODE_TRIES, seconds=CODE_SECONDS)


@in_transaction(retries=3)
def take_back(db: Session, *, actor: Actor, claim_id: UUID, came: Mapping[int, Back]) -> None:
    """Goods that were asked back are there; only now the buyer is paid.

    Raises OddBack, IllegalMove, NotFound and what stock and paying raise.
    """
    claim, handled = claim_desk.lock(db, actor, claim_id, SELL, KEEP, COORDINATE)
    if claim.state != ClaimState.AGREED or not claim.comes_back:
        raise IllegalMove
    if claim.back_at is not None:
        return
    claim_goods.take_back(db, actor, handled, claim, came)
    claim_tasks.forget(db, actor, claim, claim_tasks.TAKE_BACK, claim_tasks.LATE)
    claim_tasks.tell_buyer(db, claim, handled, "goods_back", actor)
    claim_steps.finish_if_done(db, actor, handled, claim)


@in_transaction(retries=3)
def decide_anew(db: Session, *, actor: Actor, claim_id: UUID) -> None:
    """What was agreed does not come about: a coordinator decides again. Raises IllegalMove."""
    claim, handled = claim_desk.lock(db, actor, claim_id, COORDINATE)
    claim_desk.refuse_own_case(db, actor, handled.place)
    if claim.paid_at is not None or claim.replaced_at is not None:
        raise IllegalMove
    if claim_steps.step(db, actor, claim, ClaimEvent.BREAK):
        claim_steps.to_coordinator(db, actor, handled, claim)
