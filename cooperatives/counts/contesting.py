"""The owner's right to contest a line, and the decision of who coordinates: undone, or it stays."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from flask_babel import lazy_gettext as _l
from sqlalchemy import select
from sqlalchemy.orm import Session

from cooperatives import movements, places
from cooperatives.counts import bearing, count_news, reading
from cooperatives.counts.counting import DOC
from cooperatives.counts.reading import Row
from cooperatives.models import Lot, Movement, Place, StockCount, StockCountLine
from cooperatives.movements import NotSoMany
from cooperatives.rights import COORDINATE
from cooperatives.settings import CooperativeSettings
from core import access, audit, clock
from core.actors import Actor
from core.config import settings
from core.db import Reader, in_transaction
from core.errors import DomainError, NotFound
from sellers.models import Listing, Variant
from sellers.owning import may, mine
from sellers.rights import SELL

WORDS_MAX = 200
LIST_MAX = 30
OUTCOMES = {
    "reversed": _l("Selisih dibatalkan"),
    "kept": _l("Hasil hitung tetap"),
}


class SaysNothing(DomainError):
    """What is wrong, or why it stays, is said in words."""

    sentence = _l("Tulis dulu alasannya.")


class TooLate(DomainError):
    """The days in which it can be contested are over, or it was decided."""

    status = 409
    sentence = _l("Waktunya sudah lewat, atau sudah diputuskan.")


class GoneSince(DomainError):
    """What was found too many was sold since, so it cannot be taken off again."""

    status = 409
    sentence = _l("Barangnya sudah laku. Hitung lagi raknya, lalu putuskan.")


def until(count: StockCount) -> datetime:
    """Until when an owner can contest."""
    assert count.ended_at is not None
    return count.ended_at + timedelta(days=settings(CooperativeSettings).count_contest_days)


def of_shop(db: Reader, actor: Actor, seller_id: int) -> Sequence[Any]:
    """What counts changed of a shop's goods, newest first: StockCount, StockCountLine, place, name,
    size.
    """
    query = (
        select(StockCount, StockCountLine, Place.name.label("place"), Listing.name, Variant.name)
        .join(StockCountLine, StockCountLine.count_id == StockCount.id)
        .join(Place, Place.id == StockCount.place_id)
        .join(Lot, Lot.id == StockCountLine.lot_id)
        .join(Variant, Variant.id == Lot.variant_id)
        .join(Listing, Listing.id == Variant.listing_id)
        .where(Lot.owner_id == seller_id, mine(actor, Lot.owner_id))
        .where(StockCount.state == "posted", StockCountLine.difference != 0)
        .order_by(StockCount.ended_at.desc(), Listing.name, Lot.id)
        .limit(LIST_MAX)
    )
    return db.execute(query).all()


def can_contest(count: StockCount, line: StockCountLine) -> bool:
    """Whether she may still say that it is wrong."""
    return line.contested_at is None and clock.now() <= until(count)


@in_transaction()
def contest(db: Session, *, actor: Actor, count_id: UUID, lot_id: int, words: str) -> None:
    """The owner says what is wrong with a line. Raises SaysNothing, TooLate, NotFound."""
    line, count = _line(db, count_id, lot_id)
    lot = db.get_one(Lot, lot_id)
    if not may(db, actor, lot.owner_id, SELL):
        raise NotFound
    said = words.strip()[:WORDS_MAX]
    if not said:
        raise SaysNothing
    if not can_contest(count, line):
        raise TooLate
    line.contest, line.contested_at = said, clock.now()
    place = places.get_place(db, count.place_id)
    (row,) = reading.rows(db, count, [lot_id])
    count_news.ask_decision(db, line, place, row.name)
    audit.record(db, actor, "count.contest", DOC, count.id, lot=lot_id)


@in_transaction(retries=3)
def decide(
    db: Session, *, actor: Actor, count_id: UUID, lot_id: int, outcome: str, words: str
) -> None:
    """Undo the line (goods and money by their mirror images) or let it stand, with the reason.

    Whoever counted it does not decide. Raises SaysNothing, TooLate, GoneSince, NotFound.
    """
    assert outcome in OUTCOMES, outcome
    line, count = _line(db, count_id, lot_id)
    place = places.get_place(db, count.place_id)
    access.require(db, actor, COORDINATE, place.organisation_id)
    said = words.strip()[:WORDS_MAX]
    if not said:
        raise SaysNothing
    if line.contested_at is None or line.answered_at is not None:
        raise TooLate
    (row,) = reading.rows(db, count, [lot_id])
    if actor.person_id in {one.person_id for one in row.told}:
        raise NotHersToDecide
    if outcome == "reversed":
        _reverse(db, actor, count, place, row)
    line.outcome, line.answer = outcome, said
    line.answered_by, line.answered_at = actor.person_id, clock.now()
    count_news.tell_decided(db, actor, line, row.owner_id)
    audit.record(db, actor, "count.answer", DOC, count.id, lot=lot_id, outcome=outcome)


class NotHersToDecide(DomainError):
    """Who counted a line does not decide whether it was counted well."""

    status = 409
    sentence = _l("Ibu ikut menghitung baris ini. Minta orang lain memutuskan.")


def _line(db: Session, count_id: UUID, lot_id: int) -> tuple[StockCountLine, StockCount]:
    """A posted difference, its line locked; raises NotFound."""
    count = db.get(StockCount, count_id)
    line = db.get(StockCountLine, (count_id, lot_id), with_for_update=True, populate_existing=True)
    if count is None or line is None or count.state != "posted" or not line.difference:
        raise NotFound
    return line, count


def _reverse(db: Session, actor: Actor, count: StockCount, place: Place, row: Row) -> None:
    query = select(Movement.id).where(
        Movement.doc_type == DOC,
        Movement.doc_id == str(count.id),
        Movement.lot_id == row.lot_id,
        Movement.kind == "count",
    )
    movement_id = db.scalars(query).one()
    try:
        movements.reverse.within(db, actor=actor, movement_id=movement_id, reason="contested")
    except NotSoMany:
        raise GoneSince from None
    bearing.unbear(db, actor=actor, place=place, row=row)
