"""A buyer says that something is wrong with a parcel, and follows what comes of it.

Whoever has the order's code is its buyer. The claim's id is made by her page, so a double send is
one claim. Its first step is the seller's or keeper's, who has a promised time to answer.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from flask_babel import lazy_gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session

from cooperatives.models import Place
from core import acts, audit, clock, files, images
from core.actors import Actor
from core.config import settings
from core.db import Reader, in_transaction
from core.db import db as database
from core.errors import DomainError, NotFound
from core.files import Stored
from orders import claim_goods, claim_parts, claim_steps, claim_tasks, handover, working_days
from orders.claim_states import CLAIMABLE, LIVING, ClaimEvent, ClaimState, Trouble, Wish
from orders.finding import Whole
from orders.models import Claim, ClaimLine, Line, Order, Parcel
from orders.parcels import DUE, Handled
from orders.settings import OrderSettings
from orders.states import IllegalMove, ParcelState

WORDS_MAX, PHOTOS_MAX = 1_000, 5


class NothingToClaim(DomainError):
    """The parcel is not on its way yet, or everything of it was given back already."""

    status = 409
    sentence = _("Untuk paket ini belum bisa dilaporkan masalah. Muat ulang halaman pesanan.")


class ClaimedAlready(DomainError):
    """One problem with a parcel at a time."""

    status = 409
    sentence = _("Masalah paket ini sudah dilaporkan dan sedang diurus.")


class TooLate(DomainError):
    """The days in which goods are exchanged or paid back by right are over: she may still ask."""

    sentence = _("Waktu untuk menukar sudah lewat. Pilih bertanya dulu, kami bantu carikan jalan.")


class OddPieces(DomainError):
    """No piece at all, or more than she has."""

    sentence = _("Pilih barang yang bermasalah dan jumlahnya, paling banyak yang Anda terima.")


class EnoughPhotos(DomainError):
    """A few photos say enough."""

    status = 409
    sentence = _("Fotonya sudah cukup banyak. Ceritakan sisanya dengan kata-kata.")


@dataclass(frozen=True, slots=True)
class Told:
    """What the buyer says: about which pieces (by line), what is wrong, and what she wishes."""

    parcel_id: int
    pieces: Mapping[int, int]
    trouble: str
    wish: str
    words: str = ""

    def content(self) -> dict[str, Any]:
        """The same, in a shape that can be compared when it is sent again."""
        pieces = {str(line_id): units for line_id, units in sorted(self.pieces.items()) if units}
        return {
            "parcel": self.parcel_id,
            "pieces": pieces,
            "trouble": self.trouble,
            "wish": self.wish,
            "words": self.words,
        }


def report(
    *, actor: Actor, claim_id: UUID, order_id: UUID, told: Told, photo: bytes | None = None
) -> UUID:
    """Open a claim with its photo, which is redrawn clean and stored before anything is written.

    Raises what `open_claim` and reading the photo raise.
    """
    stored = files.store(images.plain(photo)) if photo else None
    try:
        return open_claim(
            actor=actor, claim_id=claim_id, order_id=order_id, told=told, photo=stored
        )
    finally:
        if stored:
            files.drop(database.session(), stored)


@in_transaction(retries=3)
def open_claim(
    db: Session,
    *,
    actor: Actor,
    claim_id: UUID,
    order_id: UUID,
    told: Told,
    photo: Stored | None = None,
) -> UUID:
    """Write a claim and ask whoever sent the parcel; the caller has checked the order's code.

    Raises NothingToClaim, ClaimedAlready, TooLate, OddPieces, Conflict, NotFound.
    """
    acts.once(
        db,
        act_id=claim_id,
        actor=actor,
        kind="claim.open",
        content={"order": str(order_id), **told.content()},
        do=lambda: _open(db, actor, claim_id, order_id, told, photo),
    )
    return claim_id


def _open(
    db: Session,
    actor: Actor,
    claim_id: UUID,
    order_id: UUID,
    told: Told,
    photo: Stored | None,
) -> dict[str, Any]:
    handled = claim_steps.lock_parcel(db, order_id, told.parcel_id)
    parcel = handled.parcel
    if handled.order.state not in DUE or handled.order.channel != "web":
        raise NothingToClaim
    if parcel.state not in CLAIMABLE:
        raise NothingToClaim
    if claim_parts.has_claim(db, parcel.id):
        raise ClaimedAlready
    if parcel.state == ParcelState.HANDED_OVER and told.trouble != Trouble.NOT_THERE:
        # Who can see what is wrong with the goods has got them.
        handover.receive.within(db, actor=actor, order_id=order_id, parcel_id=parcel.id)
    claim = Claim(
        id=claim_id,
        order_id=order_id,
        parcel_id=parcel.id,
        trouble=Trouble(told.trouble).value,
        wish=Wish(told.wish).value,
        is_late=is_late(parcel),
        words=told.words,
        opened_by=actor.person_id,
        due_at=working_days.end_of(clock.now(), settings(OrderSettings).claim_answer_days),
    )
    if claim.is_late and claim.wish != Wish.ASK:
        raise TooLate
    db.add(claim)
    db.flush()
    db.add_all(_lines(db, claim, told))
    if photo:
        files.attach.within(db, actor=actor, stored=photo, doc=doc_of(claim_id))
    claim_tasks.ask(db, claim_tasks.ANSWER, claim, handled, claim.due_at)
    claim_tasks.tell_handlers(db, claim, handled)
    claim_tasks.tell_buyer(db, claim, handled, "claim_opened", actor)
    audit.record(db, actor, "claim.open", "claim", claim.id, trouble=claim.trouble, wish=claim.wish)
    return {}


def doc_of(claim_id: UUID) -> tuple[str, object]:
    """The name under which private files know a claim."""
    return ("claim", claim_id)


def add_photo(*, actor: Actor, order_id: UUID, claim_id: UUID, photo: bytes) -> None:
    """The buyer shows more of it. Raises EnoughPhotos, NotFound, and what reading it raises."""
    stored = files.store(images.plain(photo))
    try:
        _add_photo(actor=actor, order_id=order_id, claim_id=claim_id, stored=stored)
    finally:
        files.drop(database.session(), stored)


@in_transaction(retries=3)
def _add_photo(
    db: Session, *, actor: Actor, order_id: UUID, claim_id: UUID, stored: Stored
) -> None:
    claim, _handled = of_buyer(db, order_id, claim_id)
    if claim.state not in LIVING:
        raise IllegalMove
    if len(files.list_of(db, doc_of(claim_id))) >= PHOTOS_MAX:
        raise EnoughPhotos
    files.attach.within(db, actor=actor, stored=stored, doc=doc_of(claim_id))


def is_late(parcel: Parcel) -> bool:
    """Whether the days are over in which she may exchange by right (PP 80/2019)."""
    return parcel.quiet_until is not None and parcel.quiet_until <= clock.now()


def _lines(db: Session, claim: Claim, told: Told) -> list[ClaimLine]:
    query = select(Line).where(Line.parcel_id == claim.parcel_id, Line.kind == "goods")
    lines = list(db.scalars(query))
    left = claim_parts.left_of(db, lines)
    asked = {line_id: units for line_id, units in told.pieces.items() if units}
    may = {line.id: left[line.id].unpaid for line in lines}
    if not asked or any(not 0 < units <= may.get(line_id, 0) for line_id, units in asked.items()):
        raise OddPieces
    return [
        ClaimLine(claim_id=claim.id, line_id=line_id, quantity=units)
        for line_id, units in sorted(asked.items())
    ]


@in_transaction(retries=3)
def accept(db: Session, *, actor: Actor, order_id: UUID, claim_id: UUID) -> None:
    """The buyer agrees to what she was offered. Raises IllegalMove, NotFound, NotPaidYet."""
    claim, handled = of_buyer(db, order_id, claim_id)
    if claim_steps.step(db, actor, claim, ClaimEvent.ACCEPT):
        claim_steps.carry_out(db, actor, handled, claim)


@in_transaction(retries=3)
def escalate(db: Session, *, actor: Actor, order_id: UUID, claim_id: UUID, words: str = "") -> None:
    """The buyer does not agree with the answer: the coordinator decides. Raises IllegalMove."""
    claim, handled = of_buyer(db, order_id, claim_id)
    is_offered = claim.state == ClaimState.OFFERED
    event = ClaimEvent.DECLINE if is_offered else ClaimEvent.ESCALATE
    if claim.state == ClaimState.OPEN:
        raise NotFound  # She has not been answered yet, and may still be in time.
    if claim_steps.step(db, actor, claim, event):
        claim.more_words = words
        claim_steps.to_coordinator(db, actor, handled, claim)


@in_transaction(retries=3)
def withdraw(db: Session, *, actor: Actor, order_id: UUID, claim_id: UUID) -> None:
    """The buyer lets it be. Raises IllegalMove once it is agreed."""
    claim, handled = of_buyer(db, order_id, claim_id)
    if claim_steps.step(db, actor, claim, ClaimEvent.WITHDRAW):
        claim_goods.release(db, claim, "withdrawn")
        claim_steps.end(db, actor, handled, claim, "claim_withdrawn")


@in_transaction(retries=3)
def receive(db: Session, *, actor: Actor, order_id: UUID, claim_id: UUID) -> None:
    """The buyer says that the other goods have come."""
    claim, handled = of_buyer(db, order_id, claim_id)
    if claim.replaced_at is None:
        raise NotFound
    claim.arrived_at = claim.arrived_at or clock.now()
    claim_steps.finish_if_done(db, actor, handled, claim)


def of_buyer(db: Session, order_id: UUID, claim_id: UUID) -> tuple[Claim, Handled]:
    """A claim of this very order, locked after order and parcel; raises NotFound."""
    claim, handled = claim_steps.lock(db, claim_id)
    if handled.order.id != order_id:
        raise NotFound
    return claim, handled


def claimable(db: Session, whole: Whole) -> list[int]:
    """Ids of the parcels of an order of which something can be claimed now."""
    found = [sent for sent in whole.parcels if sent.parcel.state in CLAIMABLE]
    if whole.order.state not in DUE or whole.order.channel != "web" or not found:
        return []  # What was bought at a counter is spoken about at that counter.
    left = claim_parts.left_of(db, [line for sent in found for line in sent.lines])
    return [
        sent.parcel.id
        for sent in found
        if any(left[line.id].unpaid for line in sent.lines)
        and not claim_parts.has_claim(db, sent.parcel.id)
    ]


def list_of_order(db: Reader, order: Order) -> list[Claim]:
    """The claims of an order, newest first."""
    query = select(Claim).where(Claim.order_id == order.id)
    return [row[0] for row in db.execute(query.order_by(Claim.opened_at.desc()))]


def get_claim(db: Session, order: Order, claim_id: UUID) -> tuple[Claim, Handled]:
    """One claim of this order, to look at; raises NotFound."""
    row = db.execute(
        select(Claim, Parcel, Place)
        .join(Parcel, Parcel.id == Claim.parcel_id)
        .join(Place, Place.id == Parcel.place_id)
        .where(Claim.id == claim_id, Claim.order_id == order.id)
    ).one_or_none()
    if row is None:
        raise NotFound
    return row[0], Handled(row[1], order, row[2])
