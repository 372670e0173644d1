"""Counts of the demo kiosk: one whose difference its owner contested, and one that goes on."""

from uuid import UUID

from sqlalchemy.orm import Session

from cooperatives.counts import closing, contesting, counting, reading
from core import clock
from core.actors import SYSTEM
from shop.demo.cast import Cast, act_id
from shop.demo.stock import KEEPER

CONTESTED, COUNTED = "s04", "s07"
HER_WORDS = "Kemarin saya lihat masih lengkap di rak bawah."
ANSWER = "Betul, satu terselip di belakang."


def count(db: Session, cast: Cast) -> None:
    """One pack seemed missing, its owner contested that and was right; another shelf waits."""
    count_id = _begun(db, cast, CONTESTED)
    (first, *_more) = _written(db, cast, count_id, missing=1)
    keeper, saw = cast.actor(KEEPER), closing.last_movement(db)
    closing.decide.within(
        db, actor=keeper, count_id=count_id, choices={}, reasons={first: "lost"}, page_saw=saw
    )
    found, _place = reading.get(db, SYSTEM, count_id)
    seen = closing.digest(reading.rows(db, found), saw)
    closing.finish.within(db, actor=keeper, count_id=count_id, page_saw=saw, seen=seen)
    contesting.contest.within(
        db, actor=cast.actor(CONTESTED), count_id=count_id, lot_id=first, words=HER_WORDS
    )
    contesting.decide.within(
        db, actor=SYSTEM, count_id=count_id, lot_id=first, outcome="reversed", words=ANSWER
    )
    _written(db, cast, _begun(db, cast, COUNTED), missing=0)


def _begun(db: Session, cast: Cast, seller: str) -> UUID:
    count_id = act_id("count", seller)
    counting.open_count.within(
        db,
        actor=cast.actor(KEEPER),
        count_id=count_id,
        place_id=cast.kiosk_id,
        cut_by="owner",
        shelf=cast.shops[seller],
    )
    return count_id


def _written(db: Session, cast: Cast, count_id: UUID, missing: int) -> list[int]:
    """Numbers as the keeper counts them: so many of the first lot are not there."""
    found, _place = reading.get(db, SYSTEM, count_id)
    rows = reading.rows(db, found)
    boxes = {f"angka-{row.lot_id}": str(row.line.on_record) for row in rows}
    boxes[f"angka-{rows[0].lot_id}"] = str(rows[0].line.on_record - missing)
    counting.handle(
        db,
        actor=cast.actor(KEEPER),
        act_id=act_id("count", count_id),
        at=clock.now(),
        content={"count": str(count_id), **boxes},
    )
    return [row.lot_id for row in rows]
