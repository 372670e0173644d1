"""Photos of goods that came: the note names them first, the phone sends them when it can."""

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from cooperatives.models import ConsignPhoto
from core import album, arrivals, jobs
from core.actors import Actor
from core.album import Picture
from core.db import Reader, in_transaction
from core.images import Photo

ALT = "Barang titipan"


def expect(db: Session, *, actor: Actor, note_id: UUID, photo_id: UUID) -> None:
    """Let a note have a photo that this person's phone sends, now or later."""
    known = arrivals.wanted(db, actor=actor, photo_id=photo_id)
    if known.taken or db.get(ConsignPhoto, (actor.person_id, photo_id)) is not None:
        return
    waiting = ConsignPhoto(person_id=actor.person_id, photo_id=photo_id, note_id=note_id)
    db.add(waiting)
    db.flush()
    if known.picture_id is not None:
        _take(db, actor, waiting, known.picture_id)


@jobs.job("cooperatives.attach_note_photo", key="picture_id")
def attach_note_photo(photo_id: str, picture_id: int, person_id: int) -> None:
    """A photo has arrived: the note that waits for it gets it."""
    _bring(actor=Actor(person_id), photo_id=UUID(photo_id), picture_id=picture_id)


@in_transaction(retries=3)
def _bring(db: Session, *, actor: Actor, photo_id: UUID, picture_id: int) -> None:
    key = (actor.person_id, photo_id)
    waiting = db.get(ConsignPhoto, key, with_for_update=True, populate_existing=True)
    if waiting is not None and waiting.picture_id is None:
        _take(db, actor, waiting, picture_id)


def _take(db: Session, actor: Actor, waiting: ConsignPhoto, picture_id: int) -> None:
    waiting.picture_id = picture_id
    db.get_one(Picture, picture_id).alt = ALT
    arrivals.take(db, actor=actor, photo_id=waiting.photo_id)


def bring(*, actor: Actor, note_id: UUID, photo_id: UUID, content: bytes) -> None:
    """A photo that came with the plain form; a second time it is there already."""
    if not _is_there(actor=actor, photo_id=photo_id):
        picture = album.receive(actor=actor, content=content, alt=ALT)
        _keep(actor=actor, note_id=note_id, photo_id=photo_id, picture_id=picture.id)


@in_transaction()
def _is_there(db: Session, *, actor: Actor, photo_id: UUID) -> bool:
    return db.get(ConsignPhoto, (actor.person_id, photo_id)) is not None


@in_transaction()
def _keep(db: Session, *, actor: Actor, note_id: UUID, photo_id: UUID, picture_id: int) -> None:
    db.add(
        ConsignPhoto(
            person_id=actor.person_id, photo_id=photo_id, note_id=note_id, picture_id=picture_id
        )
    )


def of_note(db: Reader, note_id: UUID) -> list[Photo]:
    """Those that are there, drawn."""
    query = (
        select(Picture.key_base, Picture.width, Picture.height, Picture.alt, Picture.colour)
        .join(ConsignPhoto, ConsignPhoto.picture_id == Picture.id)
        .where(ConsignPhoto.note_id == note_id, Picture.state == "ready")
        .order_by(Picture.id)
    )
    return [found for row in db.execute(query) if (found := album.photo_of(row))]
