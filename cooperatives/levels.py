"""The guard of every sale: levels are locked in id order and changed in one statement.

This is the only module that writes `level`. Whoever wants to change goods locks the levels it may
need, changes the `Standing`s it got in memory, and hands them to `write`. Everybody locks levels
in id order and holds after levels, so carts never wait for each other in a ring.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    BigInteger,
    ClauseElement,
    ColumnElement,
    Integer,
    Select,
    bindparam,
    func,
    literal,
    select,
    true,
    update,
)
from sqlalchemy.dialects.postgresql import ARRAY, insert
from sqlalchemy.orm import Session

from cooperatives.models.stock import Level, Lot
from core.config import is_off_in_test
from core.db import Reader, Ready
from core.errors import Busy

FREE = Level.on_hand - Level.reserved - Level.counter_kept
"""What the web may still promise from a level."""


@dataclass(slots=True)
class Standing:
    """One locked level, to be changed in memory, with what its lot says (owner, date, terms)."""

    id: int
    lot_id: int
    place_id: int
    variant_id: int
    on_hand: int
    reserved: int
    counter_kept: int
    best_before: date | None
    received_at: datetime
    owner_id: int
    organisation_id: int
    terms_id: int
    was: tuple[int, int, int] = (0, 0, 0)

    def __post_init__(self) -> None:
        self.was = self.now

    @property
    def now(self) -> tuple[int, int, int]:
        """On hand, reserved, kept."""
        return self.on_hand, self.reserved, self.counter_kept

    @property
    def free(self) -> int:
        """What the web may still promise."""
        return self.on_hand - self.reserved - self.counter_kept

    @property
    def unpromised(self) -> int:
        """What people at the place may still move: free goods and those kept for the till."""
        return self.on_hand - self.reserved

    @property
    def turn(self) -> tuple[date, datetime, int, int]:
        """First expired first out (no date comes last), then oldest receipt, then id."""
        return self.best_before or date.max, self.received_at, self.lot_id, self.id

    def take(self, quantity: int, *, kept_first: bool = False) -> None:
        """Unpromised goods leave: free ones before those kept for the till, or the reverse."""
        self.on_hand -= quantity
        if kept_first:
            self.counter_kept = max(0, self.counter_kept - quantity)
        self.counter_kept = min(self.counter_kept, self.unpromised)

    def is_past(self, day: date) -> bool:
        """Whether its best-before date lay behind it on that day."""
        return self.best_before is not None and self.best_before < day


_STANDING = select(
    Level.id,
    Level.lot_id,
    Level.place_id,
    Level.variant_id,
    Level.on_hand,
    Level.reserved,
    Level.counter_kept,
    Lot.best_before,
    Lot.received_at,
    Lot.owner_id,
    Lot.organisation_id,
    Lot.terms_id,
).join(Lot, Lot.id == Level.lot_id)


def is_unguarded() -> bool:
    """The one seam: a test build may sell without lock and guard, to prove its races can fail."""
    return is_off_in_test("STOCK_GUARD_OFF")


class Shelf:
    """The levels that fit some conditions, which may speak of Level and Lot; built once, if often
    used, because building a statement costs more than running it.
    """

    def __init__(self, *conditions: ColumnElement[bool]) -> None:
        self._seen, self._locked = Ready(_seen(*conditions)), Ready(_locked(*conditions))

    def see(self, db: Reader, values: Mapping[str, object]) -> list[Standing]:
        """Look at them, not locked."""
        return [Standing(*row) for row in self._seen.rows(db, values)]

    def lock(self, db: Session, values: Mapping[str, object]) -> list[Standing]:
        """Lock them, in id order."""
        db.flush()
        query = self._seen if is_unguarded() else self._locked
        return [Standing(*row) for row in query.rows(db, values)]


def _seen(*conditions: ColumnElement[bool]) -> Select[*tuple[Any, ...]]:
    return _STANDING.where(*conditions).order_by(Level.id)


def _locked(*conditions: ColumnElement[bool]) -> Select[*tuple[Any, ...]]:
    return _seen(*conditions).with_for_update(of=Level)


def lock(db: Session, *conditions: ColumnElement[bool]) -> list[Standing]:
    """Lock the levels that fit, in id order."""
    db.flush()
    query = _seen(*conditions) if is_unguarded() else _locked(*conditions)
    return [Standing(*row) for row in db.connection().execute(query)]


_ids = bindparam("ids", type_=ARRAY(BigInteger))
_more = [bindparam(name, type_=ARRAY(BigInteger)) for name in ("on_hand", "reserved", "kept")]
_by = func.unnest(_ids, *_more).table_valued("id", "on_hand", "reserved", "kept").render_derived()
_room = FREE + _by.c.on_hand - _by.c.reserved - _by.c.kept >= 0


def _changes(guard: ColumnElement[bool]) -> ClauseElement:
    return (
        update(Level)
        .where(Level.id == _by.c.id, guard)
        .values(
            on_hand=Level.on_hand + _by.c.on_hand,
            reserved=Level.reserved + _by.c.reserved,
            counter_kept=Level.counter_kept + _by.c.kept,
        )
        .returning(Level.id)
    )


GUARDED, UNGUARDED = Ready(_changes(_room)), Ready(_changes(true()))


def write(db: Session, standings: Iterable[Standing]) -> None:
    """Write what was changed, as differences, if there is still room for it.

    Raises Busy where there is none: then somebody changed a level without locking it.
    """
    changed = [standing for standing in standings if standing.now != standing.was]
    if not changed:
        return
    by = [[new - old for new, old in zip(s.now, s.was, strict=True)] for s in changed]
    on_hand, reserved, kept = ([difference[i] for difference in by] for i in range(3))
    values = {"ids": [s.id for s in changed], "on_hand": on_hand, "reserved": reserved}
    statement = UNGUARDED if is_unguarded() else GUARDED
    done = statement.rows(db, {**values, "kept": kept})
    if len(done) != len(changed):
        raise Busy
    for standing in changed:
        standing.was = standing.now


def stand(db: Session, place_id: int, lot_ids: Sequence[int]) -> None:
    """Give lots a level, at first empty, at a place; in lot order, so that two never cross."""
    lots = (
        select(Lot.id, literal(place_id, BigInteger), Lot.variant_id, *[literal(0, Integer)] * 3)
        .where(Lot.id.in_(lot_ids))
        .order_by(Lot.id)
    )
    columns = ["lot_id", "place_id", "variant_id", "on_hand", "reserved", "counter_kept"]
    db.execute(insert(Level).from_select(columns, lots).on_conflict_do_nothing())
