"""What happened to goods: typed, append-only, each with its document, its people and its times.

`post` is the one way to move goods: it locks the levels, checks them, changes them and writes the
movements. A report that comes twice is recognised by document, line and kind (`posted`). A mistake
is mended by `reverse`, the mirror image, at most once.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from flask_babel import lazy_gettext as _
from sqlalchemy import select, tuple_
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from cooperatives import holds, levels, places, shortfalls
from cooperatives.holds import Doc
from cooperatives.levels import Standing
from cooperatives.models.stock import VIRTUAL_KINDS, Hold, Level, Movement
from core import audit, clock
from core.actors import Actor
from core.clock import WIB
from core.db import in_transaction
from core.errors import Conflict, DomainError, NotFound

REASON_MAX = 200
BEYOND = "taken beyond what was on record"
AHEAD_MAX = timedelta(minutes=5)
BACK_MAX = timedelta(days=30)


class NotSoMany(DomainError):
    """Fewer units may be moved than asked: the rest is not there, or promised to buyers."""

    status = 409

    def __init__(self, left: int) -> None:
        self.left = left
        super().__init__(_("Yang bisa diambil tinggal %(left)s.", left=left))


class NotReversible(DomainError):
    """A reversal, or something reversed before, cannot be reversed."""

    status = 409
    sentence = _("Catatan ini sudah dibatalkan.")


@dataclass(frozen=True)
class Cause:
    """Why goods move: who says so, by which document, and when it happened.

    `device_at` is given for what was done offline. A phone's clock more than 5 minutes ahead or 30
    days behind cannot be right: its time is clamped to that and the movement flagged.
    """

    actor: Actor
    doc: Doc
    posted_at: datetime
    device_at: datetime | None = None
    is_flagged: bool = False

    @classmethod
    def of(cls, actor: Actor, doc: Doc, device_at: datetime | None = None) -> "Cause":
        """A cause as of now."""
        now = clock.now()
        if device_at is None:
            return cls(actor, doc, now)
        likely = min(max(device_at, now - BACK_MAX), now)
        is_wrong = device_at < now - BACK_MAX or device_at > now + AHEAD_MAX
        return cls(actor, doc, now, likely if is_wrong else device_at, is_wrong)

    @property
    def happened_at(self) -> datetime:
        """When it happened, as far as we know."""
        return self.device_at or self.posted_at

    def is_past(self, standing: Standing) -> bool:
        """Whether the lot was past its best-before date when it happened."""
        return standing.is_past(self.happened_at.astimezone(WIB).date())


@dataclass(frozen=True)
class Move:
    """Units of a lot from one place to another, as one line of a document."""

    kind: str
    lot_id: int
    from_place_id: int
    to_place_id: int
    quantity: int
    line: int = 0
    reason: str = ""
    is_flagged: bool = False
    reverses_id: int | None = None


Hearer = Callable[[Session, Cause, Sequence[Movement]], None]
_hearers: list[Hearer] = []


def hear_of_facts(hearer: Hearer) -> None:
    """Call `hearer` with what a device tells that has happened before; once, when imported."""
    _hearers.append(hearer)


def posted(db: Session, doc: Doc, *kinds: str) -> list[Movement]:
    """What a document has moved already, by line."""
    query = select(Movement).where(
        Movement.doc_type == doc.kind, Movement.doc_id == doc.id, Movement.kind.in_(kinds)
    )
    return list(db.scalars(query.order_by(Movement.line, Movement.id)))


def record(db: Session, cause: Cause, moves: Sequence[Move]) -> list[Movement]:
    """Write movements whose levels are changed already. Raises Conflict if a line was posted."""
    rows = [
        {
            "kind": move.kind,
            "lot_id": move.lot_id,
            "from_place_id": move.from_place_id,
            "to_place_id": move.to_place_id,
            "quantity": move.quantity,
            "doc_type": cause.doc.kind,
            "doc_id": cause.doc.id,
            "line": move.line,
            "reverses_id": move.reverses_id,
            "reason": move.reason[:REASON_MAX],
            "actor_id": cause.actor.person_id,
            "on_behalf_of": cause.actor.on_behalf_of,
            "device_at": cause.device_at,
            "posted_at": cause.posted_at,
            "is_flagged": cause.is_flagged or move.is_flagged,
        }
        for move in moves
    ]
    if not rows:
        return []
    written = insert(Movement).values(rows).on_conflict_do_nothing().returning(Movement)
    made = sorted(db.scalars(written), key=lambda movement: (movement.line, movement.id))
    if len(made) != len(rows):
        raise Conflict
    if cause.device_at is not None:
        for hearer in _hearers:
            hearer(db, cause, made)
    return made


def post(
    db: Session,
    cause: Cause,
    moves: Sequence[Move],
    *,
    is_fact: bool = False,
    by_till: bool = False,
) -> list[Movement]:
    """Move goods. What people intend must be there and promised to nobody, else NotSoMany.

    A *fact* is never refused: what is missing is first booked in as a flagged adjustment, and
    promises that it eats become shortfalls. A till takes the goods kept for it before free ones.
    """
    standings = _lock_ends(db, moves)
    adjusted: list[Move] = []
    for move in moves:
        giver = standings.get((move.lot_id, move.from_place_id))
        taker = standings.get((move.lot_id, move.to_place_id))
        if giver and is_fact:
            adjusted += _adjusted(db, giver, move)
            promised = move.quantity - giver.unpromised
            if promised > 0:
                shortfalls.break_promises(db, giver, promised, move.kind)
        elif giver and giver.unpromised < move.quantity:
            raise NotSoMany(giver.unpromised)
        if giver:
            giver.take(move.quantity, kept_first=by_till)
        if taker:
            taker.on_hand += move.quantity
    levels.write(db, standings.values())
    return record(db, cause, [*adjusted, *moves])


def _lock_ends(db: Session, moves: Sequence[Move]) -> dict[tuple[int, int], Standing]:
    """Lock the levels at both ends; a virtual place has none, a real taker gets hers."""
    unreal = {places.virtual(db, kind) for kind in VIRTUAL_KINDS}
    takers = {move.to_place_id for move in moves} - unreal
    for place_id in sorted(takers):
        levels.stand(db, place_id, [m.lot_id for m in moves if m.to_place_id == place_id])
    ends = {(m.lot_id, m.from_place_id) for m in moves} | {(m.lot_id, m.to_place_id) for m in moves}
    real = sorted(end for end in ends if end[1] not in unreal)
    found = levels.lock(db, tuple_(Level.lot_id, Level.place_id).in_(real))
    standings = {(standing.lot_id, standing.place_id): standing for standing in found}
    if len(standings) != len(real):
        raise NotFound
    return standings


def _adjusted(db: Session, giver: Standing, move: Move) -> list[Move]:
    """Book in what a fact took beyond what was on record. A count says itself what is there."""
    missing = move.quantity - giver.on_hand
    if missing <= 0:
        return []
    if move.kind == "count":
        raise NotSoMany(giver.on_hand)
    giver.on_hand += missing
    source = places.virtual(db, "adjustment")
    return [
        Move("count", giver.lot_id, source, giver.place_id, missing, move.line, BEYOND, True),
    ]


@in_transaction()
def reverse(db: Session, *, actor: Actor, movement_id: int, reason: str) -> Movement:
    """Mend a mistake by its mirror image. Raises NotReversible, NotSoMany, NotFound.

    When a hand-over is reversed the buyer is promised the goods again, by a new hold.
    """
    original = db.get(Movement, movement_id)
    if original is None:
        raise NotFound
    _tended(db, actor, original)
    twin = select(Movement.id).where(Movement.reverses_id == original.id)
    if original.kind == "reversal" or db.scalar(twin) is not None:
        raise NotReversible
    mirror = Move(
        "reversal",
        original.lot_id,
        original.to_place_id,
        original.from_place_id,
        original.quantity,
        reason=reason,
        reverses_id=original.id,
    )
    made = post(db, Cause.of(actor, Doc("movement", str(original.id))), [mirror])
    if original.kind == "sale":
        _promise_again(db, original)
    audit.record(db, actor, "stock.reversed", "movement", original.id, kind=original.kind)
    return made[0]


def _tended(db: Session, actor: Actor, movement: Movement) -> None:
    unreal = {places.virtual(db, kind) for kind in VIRTUAL_KINDS}
    for place_id in {movement.from_place_id, movement.to_place_id} - unreal:
        places.tended(db, actor, place_id)


def _promise_again(db: Session, sale: Movement) -> None:
    """Goods that were not handed over after all are still the buyer's; a till sale had no hold."""
    doc = Doc(sale.doc_type, sale.doc_id)
    kept = select(Hold).where(holds.of_doc(doc), Hold.id == sale.line, Hold.state == "used")
    hold = db.scalar(kept.with_for_update())
    if hold is None:
        return
    db.add(holds.again(hold))
    holds.end(db, hold, "reversed")
    (standing,) = levels.lock(db, Level.lot_id == hold.lot_id, Level.place_id == hold.place_id)
    standing.reserved += hold.quantity
    levels.write(db, [standing])
