"""Taking in what a phone sends: a photo is begun, comes in pieces or past us, or is taken back.

Every command may be repeated: on a weak signal the answer is lost as often as the question.
"""

from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import case, func, select, update
from sqlalchemy.orm import Session

from core import audit, clock, jobs, pictures
from core.actors import Actor
from core.arrival_jobs import keep_arrival, raw_key
from core.arrivals import (
    ARRIVED,
    COMING,
    DROPPED,
    WHOLE,
    Arrival,
    ArrivalPiece,
    PhotoGone,
    TooBig,
    TooManyOnTheWay,
    UploadSettings,
    WrongOffset,
    find,
    forget_pieces,
    get,
    hers,
    receipt_ends,
    settle,
)
from core.config import settings
from core.db import in_transaction
from core.errors import Conflict
from core.people import Person
from core.tus import Wish

PIECE_BYTES_MAX = 16 * 1024  # On one bar of signal this is about what comes through in one go.
PIECES_MAX = 4_096  # A phone that sends byte by byte would fill the table with rows.
DAY = timedelta(hours=24)


@in_transaction(retries=3)
def begin(db: Session, *, actor: Actor, wish: Wish) -> Arrival:
    """Await a photo, or say what is known of it: a lost answer never begins a second one.

    Raises Conflict where this id was said of other bytes, TooBig and TooManyOnTheWay.
    """
    row = select(Person.id).where(Person.id == actor.person_id)
    db.execute(row.with_for_update(key_share=True))  # Her limits are counted one at a time.
    known = find(db, actor, wish.photo_id)
    if known is not None:
        return _again(known, wish)
    if not 0 < wish.bytes <= pictures.BYTES_MAX:
        raise TooBig
    _require_room(db, actor, wish.bytes)
    found = Arrival(
        person_id=actor.person_id,
        photo_id=wish.photo_id,
        bytes=wish.bytes,
        content_type=wish.content_type,
        sha256=wish.sha256,
        expires_at=_patience(),
    )
    db.add(found)
    db.flush()
    audit.record(db, actor, "photo.begin", "arrival", found.id, bytes=wish.bytes)
    return found


def _again(known: Arrival, wish: Wish) -> Arrival:
    if known.state == DROPPED:
        raise PhotoGone
    if (known.bytes, known.sha256) != (wish.bytes, wish.sha256):
        raise Conflict
    if known.state == COMING:
        known.expires_at = _patience()
    return known


def _patience() -> datetime:
    return clock.now() + timedelta(days=settings(UploadSettings).days)


def _require_room(db: Session, actor: Actor, length: int) -> None:
    limits = settings(UploadSettings)
    own = Arrival.person_id == actor.person_id
    is_open = own & Arrival.state.in_((COMING, WHOLE))
    if (db.scalar(select(func.count()).where(is_open)) or 0) >= limits.open_max:
        raise TooManyOnTheWay
    today = select(func.count(), func.coalesce(func.sum(Arrival.bytes), 0)).where(
        own, Arrival.created_at > clock.now() - DAY
    )
    number, bytes_today = db.execute(today).one()
    if number >= limits.day_max or bytes_today + length > limits.bytes_day_max:
        raise TooManyOnTheWay


@in_transaction(retries=3)
def add_piece(db: Session, *, actor: Actor, photo_id: UUID, start: int, content: bytes) -> Arrival:
    """Keep the next bytes of a photo. The database decides, so two writers cannot both win.

    Raises WrongOffset where other bytes are due, TooBig, NotFound and PhotoGone.
    """
    if len(content) > PIECE_BYTES_MAX:
        raise TooBig
    end = start + len(content)
    grown = update(Arrival).where(
        hers(actor, photo_id), Arrival.state == COMING, Arrival.got == start,
        Arrival.bytes >= end, Arrival.pieces < PIECES_MAX, Arrival.expires_at > clock.now(),
    )  # fmt: skip
    is_whole = Arrival.bytes == end
    values = {
        "got": end,
        "pieces": Arrival.pieces + 1,
        "state": case((is_whole, WHOLE), else_=COMING),
        "whole_at": case((is_whole, clock.now()), else_=None),
        "expires_at": case((is_whole, receipt_ends()), else_=_patience()),
    }
    arrival_id = db.scalar(grown.values(values).returning(Arrival.id)) if content else None
    if arrival_id is None:
        return _why_not(db, actor, photo_id, start, content)
    db.add(ArrivalPiece(arrival_id=arrival_id, start=start, content=content))
    found = get(db, actor, photo_id)
    if found.state == WHOLE:
        jobs.defer(db, keep_arrival, arrival_id=found.id)
    return found


def _why_not(db: Session, actor: Actor, photo_id: UUID, start: int, content: bytes) -> Arrival:
    found = get(db, actor, photo_id)
    if found.got != start or found.state != COMING:
        raise WrongOffset
    if content:  # More than was announced, or in far too many pieces.
        raise TooBig
    return found


@in_transaction(retries=3)
def land(db: Session, *, actor: Actor, photo_id: UUID) -> Arrival:
    """All of it lies in the bucket, past us; the job looks whether that is true."""
    found = get(db, actor, photo_id, lock=True)
    if found.state == COMING:
        found.state, found.got, found.raw_key = WHOLE, found.bytes, raw_key(found)
        found.whole_at, found.expires_at = clock.now(), receipt_ends()
        forget_pieces(db, found.id)
        jobs.defer(db, keep_arrival, arrival_id=found.id)
    return found


@in_transaction(retries=3)
def drop(db: Session, *, actor: Actor, photo_id: UUID) -> None:
    """She took it back. The row stays until the sweep, so that limits count it."""
    settle(db, actor.person_id, photo_id)
    found = get(db, actor, photo_id, lock=True)
    if found.state == ARRIVED:
        raise Conflict
    found.state, found.expires_at = DROPPED, receipt_ends()
    forget_pieces(db, found.id)
    audit.record(db, actor, "photo.drop", "arrival", found.id)
