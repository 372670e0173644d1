"""Public pictures: received as sent, redrawn clean by a job, shown only when ready.

What was sent waits under a private key and is deleted once the clean copies stand; nothing of its
metadata is ever served.
"""

from datetime import datetime
from typing import Any
from uuid import uuid4

from flask import Flask, current_app
from sqlalchemy import CheckConstraint, String
from sqlalchemy.orm import Mapped, Session, mapped_column

from core import audit, clock, images, jobs, pictures
from core.actors import SYSTEM, Actor
from core.config import settings
from core.db import Base, in_transaction, moment, reference
from core.db import db as database
from core.errors import DomainError
from core.images import Photo
from core.storage import Storage, StorageSettings, from_settings


class Picture(Base):
    """One public picture. `key_base` is where its copies stand once it is ready."""

    __tablename__ = "picture"
    __table_args__ = (CheckConstraint("state in ('waiting','ready','refused')", name="state"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    state: Mapped[str] = mapped_column(String(8), default="waiting")
    sent_key: Mapped[str] = mapped_column(String(80), default="")
    key_base: Mapped[str] = mapped_column(String(80), default="")
    width: Mapped[int] = mapped_column(default=0)
    height: Mapped[int] = mapped_column(default=0)
    colour: Mapped[str] = mapped_column(String(7), default="")
    alt: Mapped[str] = mapped_column(String(200), default="")
    refused_reason: Mapped[str] = mapped_column(String(200), default="")
    sent_by: Mapped[int | None] = reference("person.id")
    created_at: Mapped[datetime] = moment(default=clock.now)


def init_app(app: Flask) -> None:
    """Open the storage once."""
    app.extensions["storage"] = from_settings(settings(StorageSettings, app))


def storage() -> Storage:
    """Where the bytes live."""
    found: Storage = current_app.extensions["storage"]
    return found


def receive(*, actor: Actor, content: bytes, alt: str) -> Picture:
    """Take in what somebody sent: looked at, stored, and left to the job.

    Raises what `pictures.inspect` raises. The bytes are stored before the transaction opens.
    """
    found = pictures.inspect(content)
    key = f"private/sent/{uuid4().hex}"
    storage().put(key, content, found.content_type)
    return take_in(actor=actor, key=key, alt=alt)


@in_transaction()
def take_in(db: Session, *, actor: Actor, key: str, alt: str) -> Picture:
    """A picture of bytes that were looked at and are stored under this private key."""
    picture = Picture(sent_key=key, alt=alt, sent_by=actor.person_id)
    db.add(picture)
    db.flush()
    jobs.defer(db, redraw, picture_id=picture.id)
    audit.record(db, actor, "picture.receive", "picture", picture.id)
    return picture


@jobs.job("core.redraw_picture", key="picture_id")
def redraw(picture_id: int) -> None:
    """Draw the clean copies, store them, and only then say that the picture is ready."""
    picture = database.session().get(Picture, picture_id)
    if picture is None or picture.state != "waiting":
        return
    key, base = picture.sent_key, images.new_base()
    try:
        drawn = images.render(storage().get(key))
    except DomainError as refused:
        _refuse(picture_id=picture_id, reason=str(refused.sentence))
    else:
        for name, copy in drawn.files(base).items():
            storage().put(name, copy.content, images.CONTENT_TYPES[copy.kind])
        if not _finish(picture_id=picture_id, base=base, drawn=drawn):
            _delete(images.keys(base, drawn.width))
    storage().delete(key)


@in_transaction()
def _finish(db: Session, *, picture_id: int, base: str, drawn: images.Rendered) -> bool:
    """Whether the picture was still wanted: it may have been erased while it was drawn."""
    picture = _waiting(db, picture_id)
    if picture is None:
        return False
    picture.state, picture.key_base, picture.sent_key = "ready", base, ""
    picture.width, picture.height, picture.colour = drawn.width, drawn.height, drawn.colour
    audit.record(db, SYSTEM, "picture.ready", "picture", picture_id)
    return True


@in_transaction()
def _refuse(db: Session, *, picture_id: int, reason: str) -> None:
    picture = _waiting(db, picture_id)
    if picture is not None:
        picture.state, picture.refused_reason, picture.sent_key = "refused", reason[:200], ""
        audit.record(db, SYSTEM, "picture.refused", "picture", picture_id)


def _waiting(db: Session, picture_id: int) -> Picture | None:
    """The picture, locked and read anew, while nobody has decided on it."""
    picture = db.get_one(Picture, picture_id, with_for_update=True, populate_existing=True)
    return picture if picture.state == "waiting" else None


def erase(db: Session, picture_id: int) -> None:
    """Blank a picture that nothing shows any longer and let a job take its bytes away.

    The row stays, because the trail names it.
    """
    picture = db.get_one(Picture, picture_id, with_for_update=True, populate_existing=True)
    base, width, sent = picture.key_base, picture.width, picture.sent_key
    if base or sent:
        jobs.defer(db, delete_copies, picture_id=picture_id, base=base, width=width, sent=sent)
    picture.state, picture.key_base, picture.sent_key, picture.alt = "refused", "", "", ""


@jobs.job("core.delete_copies", key="picture_id")
def delete_copies(picture_id: int, base: str, width: int, sent: str) -> None:  # noqa: ARG001
    """Take every copy of an erased picture out of the storage."""
    _delete([*(images.keys(base, width) if base else []), *([sent] if sent else [])])


def _delete(keys: list[str]) -> None:
    for key in keys:
        storage().delete(key)


def photo_of(row: Any) -> Photo | None:
    """The picture in a row that carries its columns; None where it has none that is ready."""
    if not row.key_base:
        return None
    return photo(row.key_base, row.width, row.height, row.alt, row.colour)


def photo(key_base: str, width: int, height: int, alt: str, colour: str) -> Photo:
    """A ready picture as templates show it; columns suffice, so that lists need no objects."""
    return Photo(storage().url(key_base), width, height, alt, colour)
