"""What becomes of a photo from a phone: a picture, a sentence why not, or nothing after a while."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from core import album, audit, clock, jobs, news, pictures, tus
from core.actors import SYSTEM, Actor
from core.arrivals import (
    ARRIVED,
    COMING,
    REFUSED,
    WHOLE,
    Arrival,
    ArrivalPiece,
    forget,
    forget_pieces,
    receipt_ends,
    settle,
)
from core.db import db as database
from core.db import in_transaction, leave
from core.errors import DomainError, NotFound

SWEPT_MAX = 200  # In one transaction.


@jobs.job("core.keep_arrival", key="arrival_id")
def keep_arrival(arrival_id: int) -> None:
    """Look at a photo of which all bytes are here, store it, and let the album draw it clean."""
    found = database.session().get(Arrival, arrival_id)
    if found is None or found.state != WHOLE:
        return
    raw, content = found.raw_key, _content(found)
    if content is None or not tus.is_whole(content, found.bytes, found.sha256):
        _send_again(arrival_id=arrival_id)
    else:
        _judge(found, content)
    if raw:
        album.storage().delete(raw)


def _judge(found: Arrival, content: bytes) -> None:
    """A picture, or the sentence why not."""
    try:
        seen = pictures.inspect(content)
    except DomainError as refused:
        _refuse(arrival_id=found.id, reason=str(refused.sentence))
        return
    key = _sent_key(found)
    leave("storing a photo")
    album.storage().put(key, content, seen.content_type)
    if not _arrive(arrival_id=found.id, key=key):
        album.storage().delete(key)


def _content(found: Arrival) -> bytes | None:
    """The bytes, from the pieces or from the bucket; None where the bucket has nothing."""
    session = database.session()
    if not found.raw_key:
        query = select(ArrivalPiece.content).where(ArrivalPiece.arrival_id == found.id)
        return b"".join(session.scalars(query.order_by(ArrivalPiece.start)))
    leave("fetching a photo")
    try:
        return album.storage().get(found.raw_key)
    except NotFound:
        return None


def _decided_here(db: Session, arrival_id: int) -> Arrival | None:
    """The photo, while nobody has decided on it: she may have taken it back."""
    found = db.get_one(Arrival, arrival_id)
    settle(db, found.person_id, found.photo_id)
    db.refresh(found)
    return found if found.state == WHOLE else None


@in_transaction(retries=3)
def _arrive(db: Session, *, arrival_id: int, key: str) -> bool:
    """Whether it was still wanted. Picture, receipt and news come at once."""
    found = _decided_here(db, arrival_id)
    if found is None:
        return False
    actor = Actor(found.person_id)
    picture = album.take_in.within(db, actor=actor, key=key, alt="")
    found.state, found.picture_id, found.expires_at = ARRIVED, picture.id, receipt_ends()
    forget_pieces(db, arrival_id)
    news.tell(
        db, "photo_arrived",
        photo_id=str(found.photo_id), picture_id=picture.id, person_id=found.person_id,
    )  # fmt: skip
    return True


@in_transaction(retries=3)
def _refuse(db: Session, *, arrival_id: int, reason: str) -> None:
    found = _decided_here(db, arrival_id)
    if found is not None:
        found.state, found.reason, found.expires_at = REFUSED, reason[:200], receipt_ends()
        forget_pieces(db, arrival_id)
        audit.record(db, SYSTEM, "photo.refused", "arrival", arrival_id)


@in_transaction(retries=3)
def _send_again(db: Session, *, arrival_id: int) -> None:
    """These are not the bytes that were announced: her phone still has them, and begins anew."""
    found = _decided_here(db, arrival_id)
    if found is not None:
        found.state, found.got, found.pieces, found.whole_at = COMING, 0, 0, None
        found.raw_key = ""
        forget_pieces(db, arrival_id)
        audit.record(db, SYSTEM, "photo.send_again", "arrival", arrival_id)


@jobs.job("core.sweep_arrivals", key=None, cron="23 * * * *")
def sweep_arrivals() -> None:
    """Drop half photos nobody goes on with, old receipts, and pictures that nothing shows."""
    while True:
        session = database.session()
        query = select(Arrival).where(Arrival.expires_at <= clock.now()).order_by(Arrival.id)
        late = list(session.scalars(query.limit(SWEPT_MAX)))
        leave("sweeping photos")
        for found in late:
            _clear(found)
        if _forget(ids=[found.id for found in late]) < SWEPT_MAX:
            return


def _clear(found: Arrival) -> None:
    """What lies in the storage and became no picture; mostly there is nothing."""
    album.storage().delete(raw_key(found))
    if found.picture_id is None:
        album.storage().delete(_sent_key(found))


def _sent_key(found: Arrival) -> str:
    return f"private/sent/{found.photo_id.hex}-{found.id}"


def raw_key(found: Arrival) -> str:
    """Where a phone may put this photo past us, if the storage lets it."""
    return f"private/raw/{found.photo_id.hex}-{found.id}"


@in_transaction(retries=3)
def _forget(db: Session, *, ids: list[int]) -> int:
    """How many went: one that came on meanwhile stays."""
    query = select(Arrival).where(Arrival.id.in_(ids), Arrival.expires_at <= clock.now())
    query = query.order_by(Arrival.id).with_for_update().execution_options(populate_existing=True)
    late = list(db.scalars(query))
    for found in late:
        forget(db, found)
    return len(late)
