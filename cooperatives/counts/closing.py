"""Closing a count: choices where goods moved, reasons, the second person, and the posting."""

import hashlib
from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from flask_babel import lazy_gettext as _l
from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from cooperatives import goods, levels, places
from cooperatives.counts import bearing, count_news, counting, late, reading
from cooperatives.counts.bearing import REASONS
from cooperatives.counts.counting import DOC
from cooperatives.counts.reading import Row
from cooperatives.counts.sums import State
from cooperatives.goods import PlaceClosed, Portion
from cooperatives.holds import Doc
from cooperatives.models import Level, Movement, Place, StockCount
from cooperatives.models.counting import StockCountNumber
from cooperatives.settings import CooperativeSettings
from core import audit, clock
from core.actors import Actor
from core.config import settings
from core.db import Reader, in_transaction
from core.errors import DomainError

CHOICES = {
    "recount": _l("Hitung ulang"),
    "keep": _l("Pakai angka saya apa adanya"),
    "apply": _l("Terapkan selisihnya"),
}


class CountEnded(DomainError):
    """It was posted or dropped before."""

    status = 409
    sentence = _l("Hitungan ini sudah ditutup.")


class NobodyCounted(DomainError):
    """Without a number there is nothing to post."""

    sentence = _l("Belum ada yang dihitung.")


class NotDecided(DomainError):
    """Some lines want a choice, a recount, or a reason first."""

    sentence = _l("Ada baris yang belum selesai. Lihat baris yang bertanda.")


class StillBlind(DomainError):
    """Nobody may post differences that nobody has seen."""

    status = 409
    sentence = _l("Catatannya belum dibuka. Selesaikan dulu menghitung.")


class Changed(DomainError):
    """The numbers are not those that stood on the page any more."""

    status = 409
    sentence = _l("Angkanya berubah sesudah halaman ini dibuka. Periksa sekali lagi.")


class SecondPerson(DomainError):
    """Above the limit whoever counted does not approve."""

    status = 409
    sentence = _l("Selisihnya besar. Minta orang lain yang tidak ikut menghitung.")


def last_movement(db: Reader) -> int:
    """The newest movement there is: what a page has seen."""
    return db.execute(select(func.coalesce(func.max(Movement.id), 0))).scalar() or 0


def digest(rows: Sequence[Row], page_saw: int | None = None) -> str:
    """A word for exactly these differences, so that what is approved is what was seen."""
    told = [(row.lot_id, row.verdict(page_saw).difference) for row in rows]
    return hashlib.sha256(repr(told).encode()).hexdigest()[:16]


def worth(rows: Sequence[Row]) -> int:
    """What all differences are worth at the price, whichever way they go."""
    return sum(abs(row.verdict().difference or 0) * row.price for row in rows)


def needs_two(rows: Sequence[Row]) -> bool:
    """Whether a second person has to look."""
    return worth(rows) > settings(CooperativeSettings).count_alone_max


@in_transaction(retries=3)
def decide(
    db: Session,
    *,
    actor: Actor,
    count_id: UUID,
    choices: Mapping[int, str],
    reasons: Mapping[int, str],
    page_saw: int,
) -> None:
    """Keep what was chosen and why, line by line. Raises CountEnded, NotFound."""
    count = _open(db, actor, count_id)
    for row in reading.rows(db, count):
        line, choice = row.line, choices.get(row.lot_id, "")
        if choice == "recount":
            _recount(db, count, row)
        elif choice in ("keep", "apply"):
            line.choice, line.kept_until = choice, page_saw if choice == "keep" else None
        if reasons.get(row.lot_id) in REASONS:
            line.reason = reasons[row.lot_id]
    audit.record(db, actor, "count.decide", DOC, count.id)


def _recount(db: Session, count: StockCount, row: Row) -> None:
    """Nobody has counted it yet, again."""
    row.line.choice, row.line.kept_until = "", None
    gone = delete(StockCountNumber).where(
        StockCountNumber.count_id == count.id,
        StockCountNumber.lot_id == row.lot_id,
        StockCountNumber.is_late.is_(False),
    )
    db.execute(gone)


@in_transaction()
def ask_second(db: Session, *, actor: Actor, count_id: UUID) -> None:
    """The coordinators get a task to look through it. Raises CountEnded, NotFound."""
    count = _open(db, actor, count_id)
    count_news.ask_second(db, count, places.get_place(db, count.place_id))


@in_transaction(retries=3)
def finish(
    db: Session, *, actor: Actor, count_id: UUID, page_saw: int, seen: str
) -> list[Movement]:
    """Post the differences that the page showed; what was not counted is left alone.

    Raises CountEnded, NobodyCounted, StillBlind, NotDecided, SecondPerson, Changed, PlaceClosed,
    NotFound.
    """
    count = _open(db, actor, count_id)
    place = places.get_place(db, count.place_id)
    if place.closed_at is not None:  # What it held was explained when it closed.
        raise PlaceClosed
    lot_ids = [row.lot_id for row in reading.rows(db, count)]
    levels.lock(db, Level.place_id == place.id, Level.lot_id.in_(lot_ids))
    rows = reading.rows(db, count)  # Again, now that nothing moves.
    if any(row.told and row.is_hidden(count) for row in rows):
        raise StillBlind
    _refuse_unready(rows, page_saw)
    if digest(rows, page_saw) != seen:
        raise Changed
    count.needs_two = needs_two(rows)
    if count.needs_two and actor.person_id in reading.counters(db, count):
        raise SecondPerson
    made = _post(db, actor, count, place, rows)
    count.state, count.ended_by, count.ended_at = "posted", actor.person_id, clock.now()
    count.ended_seen = last_movement(db)
    count_news.close_second(db, actor, count)
    late.settled(db, actor, count, [row.lot_id for row in rows if row.told])
    audit.record(db, actor, "count.post", DOC, count.id, needs_two=count.needs_two)
    return made


def _open(db: Session, actor: Actor, count_id: UUID) -> StockCount:
    count = counting.lock(db, actor, count_id)
    if count.state != "open":
        raise CountEnded
    return count


def _refuse_unready(rows: Sequence[Row], page_saw: int) -> None:
    states = [(row, row.verdict(page_saw)) for row in rows]
    if all(said.state is State.UNCOUNTED for _row, said in states):
        raise NobodyCounted
    for row, said in states:
        if said.state in (State.MOVED, State.DISAGREE, State.IMPOSSIBLE):
            raise NotDecided
        if said.difference and not row.line.reason:
            raise NotDecided


def _post(
    db: Session, actor: Actor, count: StockCount, place: Place, rows: Sequence[Row]
) -> list[Movement]:
    differing = []
    for row in rows:
        row.line.difference = row.verdict(-1).difference
        if row.line.difference:
            differing.append(row)
    db.flush()
    if not differing:
        return []
    made = goods.correct_after_count.within(
        db,
        actor=actor,
        doc=Doc(DOC, str(count.id)),
        place_id=place.id,
        differences=[Portion(row.lot_id, row.line.difference or 0) for row in differing],
        reasons=[row.line.reason for row in differing],
    )
    for row in differing:
        bearing.bear(db, actor=actor, place=place, row=row)
    for owner_id in {row.owner_id for row in differing}:
        count_news.tell_owner(db, count, place, owner_id)
    return made


def said(form: Mapping[str, Any], box: str) -> dict[int, str]:
    """What boxes `<box>-<lot>` of a form say, by lot."""
    begins = f"{box}-"
    return {
        int(name.removeprefix(begins)): str(value)
        for name, value in form.items()
        if name.startswith(begins) and name.removeprefix(begins).isdecimal() and value
    }
