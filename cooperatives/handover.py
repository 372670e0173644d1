"""Promised goods change hands: at the door, at the kiosk, or given to the courier.

Only now the `sale` movement is written, so `on_hand` is always what a person can count. Its line is
the hold's id, which ties each used promise to exactly one sale (the doctor's S6).
"""

from collections import Counter
from collections.abc import Mapping
from datetime import datetime

from flask_babel import lazy_gettext as _
from sqlalchemy import ColumnElement
from sqlalchemy.orm import Session

from cooperatives import holds, levels, movements, places
from cooperatives.holds import Doc, Open
from cooperatives.models.stock import Hold, Movement
from cooperatives.movements import Cause, Move
from core.actors import Actor
from core.errors import DomainError


class NotPromised(DomainError):
    """More units of a lot are handed over than were promised, or nothing is promised at all."""

    status = 409
    sentence = _("Barang ini tidak ada di pesanan. Periksa lagi pesanannya.")


class TooOldToHandOver(DomainError):
    """Promised goods have meanwhile passed their best-before date."""

    status = 409
    sentence = _("Tanggal baiknya sudah lewat. Ganti dengan yang baru.")


def consume(
    db: Session,
    *,
    actor: Actor,
    doc: Doc,
    place_id: int | None = None,
    taken: Mapping[int, int] | None = None,
    device_at: datetime | None = None,
) -> list[Movement]:
    """Hand over what a document was promised, all of it or what stands at one place.

    `taken` says how many units of each lot really changed hands; the rest of that scope is
    released (part-fulfilled). `device_at` makes it a fact that happened offline: then goods past
    their date are flagged and not refused. Handing over again answers with the same movements.

    Raises NotPromised, TooOldToHandOver.
    """
    scope: list[ColumnElement[bool]] = [holds.of_doc(doc)]
    if place_id is not None:
        scope.append(Hold.place_id == place_id)
    found = holds.lock_open(db, *scope)
    if not found.holds:
        return _handed_over_before(db, doc, place_id)
    if taken is not None:
        _release_rest(db, found, taken)
    cause = Cause.of(actor, doc, device_at)
    customer = places.virtual(db, "customer")
    moves = [
        _hand_over(found, hold, cause, customer) for hold in found.holds if hold.state in holds.OPEN
    ]
    levels.write(db, found.standings.values())
    return movements.record(db, cause, moves)


def _hand_over(found: Open, hold: Hold, cause: Cause, customer: int) -> Move:
    standing = found.under(hold)
    is_past = cause.is_past(standing)
    if is_past and cause.device_at is None:
        raise TooOldToHandOver
    standing.on_hand -= hold.quantity
    standing.reserved -= hold.quantity
    hold.state, hold.until = "used", None
    ends = (hold.place_id, customer)
    return Move("sale", hold.lot_id, *ends, hold.quantity, hold.id, is_flagged=is_past)


def _release_rest(db: Session, found: Open, taken: Mapping[int, int]) -> None:
    promised: Counter[int] = Counter()
    for hold in found.holds:
        promised[hold.lot_id] += hold.quantity
    if not all(0 <= units <= promised[lot_id] for lot_id, units in taken.items()):
        raise NotPromised
    open_units = Counter(taken)
    for hold in found.holds:
        quantity = min(open_units[hold.lot_id], hold.quantity)
        open_units[hold.lot_id] -= quantity
        if rest := hold.quantity - quantity:
            found.under(hold).reserved -= rest
            holds.end(db, hold, "part", rest)


def _handed_over_before(db: Session, doc: Doc, place_id: int | None) -> list[Movement]:
    made = movements.posted(db, doc, "sale")
    here = [movement for movement in made if place_id in (None, movement.from_place_id)]
    if not here:
        raise NotPromised
    return here
