"""Photos on their way from a phone: kept piece by piece until each is whole, and never twice.

The phone makes the id of a photo and may say it as often as it likes: one person's id is one
arrival. core/uploading.py takes the bytes in; once all are here a job (core/arrival_jobs.py) makes
a Picture of them and tells the news `photo_arrived`. Whoever waits for a photo keeps the phone's
id and asks `wanted`.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from flask_babel import lazy_gettext as _
from sqlalchemy import (
    CheckConstraint,
    ColumnElement,
    ForeignKey,
    Index,
    LargeBinary,
    String,
    UniqueConstraint,
    delete,
    func,
    select,
    update,
)
from sqlalchemy.orm import Mapped, Session, mapped_column

from core import album, clock, pictures
from core.actors import Actor
from core.album import Picture
from core.config import setting, settings
from core.db import Base, moment, reference
from core.errors import Conflict, DomainError, NotFound, TooMany

COMING, WHOLE, ARRIVED, REFUSED, DROPPED = "coming", "whole", "arrived", "refused", "dropped"


@dataclass(frozen=True)
class UploadSettings:
    """How much a phone may send."""

    open_max: int = setting(
        "LUMBUNG_UPLOADS_OPEN_MAX", "Photos of one person that may be on their way at once", 30
    )
    day_max: int = setting("LUMBUNG_UPLOADS_DAY_MAX", "Photos one person may send in 24 hours", 200)
    bytes_day_max: int = setting(
        "LUMBUNG_UPLOAD_BYTES_DAY_MAX", "Bytes of photos one person may send in 24 hours", 104857600
    )
    days: int = setting(
        "LUMBUNG_UPLOAD_DAYS", "Days without a new piece after which half a photo is dropped", 7
    )
    receipt_days: int = setting(
        "LUMBUNG_UPLOAD_RECEIPT_DAYS",
        "Days for which a phone may ask what became of a photo; then unused ones are erased",
        30,
    )


class WrongOffset(Conflict):
    """Another piece is due: one came twice, or another tab was faster."""

    sentence = _("Sebagian foto sudah sampai. Lanjutkan dari yang belum.")


class PhotoGone(DomainError):
    """Given up: too long without a new piece, or she took it back."""

    status = 410
    sentence = _("Foto ini sudah tidak ditunggu. Kirim sekali lagi dari awal.")


class TooManyOnTheWay(TooMany):
    """A limit of one person is reached."""

    sentence = _("Kiriman foto hari ini sudah sangat banyak. Sisanya dikirim besok.")


class TooBig(pictures.PictureTooLarge):
    """More bytes than a photo, or a piece, may have."""

    status = 413


class Arrival(Base):
    """One photo that a phone sends. `got` counts the bytes that are here.

    `raw_key` names what came past us straight into the bucket; `taken` says that something shows
    the picture, so that the sweep leaves it alone.
    """

    __tablename__ = "arrival"
    __table_args__ = (
        UniqueConstraint("person_id", "photo_id"),
        CheckConstraint(
            "state in ('coming','whole','arrived','refused','dropped')", name="state"
        ),
        CheckConstraint("bytes > 0 and got between 0 and bytes", name="bytes"),
        CheckConstraint("state <> 'coming' or got < bytes", name="coming"),
        CheckConstraint("state <> 'arrived' or picture_id is not null", name="arrived"),
        Index("ix_arrival_expires_at", "expires_at"),
    )  # fmt: skip

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = reference("person.id")
    photo_id: Mapped[UUID]
    bytes: Mapped[int]
    got: Mapped[int] = mapped_column(default=0)
    pieces: Mapped[int] = mapped_column(default=0)
    content_type: Mapped[str] = mapped_column(String(20), default="")
    sha256: Mapped[str] = mapped_column(String(44), default="")
    state: Mapped[str] = mapped_column(String(8), default=COMING)
    raw_key: Mapped[str] = mapped_column(String(80), default="")
    reason: Mapped[str] = mapped_column(String(200), default="")
    picture_id: Mapped[int | None] = reference("picture.id")
    taken: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[datetime] = moment(default=clock.now)
    whole_at: Mapped[datetime | None] = moment()
    expires_at: Mapped[datetime] = moment()

    @property
    def is_late(self) -> bool:
        """Whether it waited too long for its next piece."""
        return self.state == COMING and self.expires_at <= clock.now()

    @property
    def is_on_its_way(self) -> bool:
        """Whether it is still awaited and no picture yet."""
        return self.state in (COMING, WHOLE) and not self.is_late


class ArrivalPiece(Base):
    """Some bytes of a photo on its way, from `start` on."""

    __tablename__ = "arrival_piece"

    arrival_id: Mapped[int] = mapped_column(
        ForeignKey("arrival.id", ondelete="CASCADE"), primary_key=True
    )
    start: Mapped[int] = mapped_column(primary_key=True)
    content: Mapped[bytes] = mapped_column(LargeBinary)


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of a photo: `none`, `coming`, `whole`, `arrived`, `refused` or `dropped`.

    `picture_id` is there once the album has it, drawn or not; `sentence` once it was refused.
    """

    state: str = "none"
    got: int = 0
    bytes: int = 0
    picture_id: int | None = None
    sentence: str = ""
    taken: bool = False


def hers(actor: Actor, photo_id: UUID) -> ColumnElement[bool]:
    """A photo belongs to the person who sends it; an id of somebody else's names nothing."""
    return (Arrival.person_id == actor.person_id) & (Arrival.photo_id == photo_id)


def find(db: Session, actor: Actor, photo_id: UUID, *, lock: bool = False) -> Arrival | None:
    """Her photo by the phone's id, read anew, or None."""
    query = select(Arrival).where(hers(actor, photo_id)).execution_options(populate_existing=True)
    return db.scalar(query.with_for_update() if lock else query)


def get(db: Session, actor: Actor, photo_id: UUID, *, lock: bool = False) -> Arrival:
    """Her photo by the phone's id; raises NotFound, and PhotoGone where it is awaited no more."""
    found = find(db, actor, photo_id, lock=lock)
    if found is None:
        raise NotFound
    if found.state == DROPPED or found.is_late:
        raise PhotoGone
    return found


def settle(db: Session, person_id: int | None, photo_id: UUID) -> None:
    """Until this transaction ends nobody else decides about this photo.

    Whoever waits for it and the job that brings it both come through here, so one of them always
    sees what the other did.
    """
    name = f"photo {person_id} {photo_id}"
    db.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(name, 0))))


def wanted(db: Session, *, actor: Actor, photo_id: UUID) -> Known:
    """What is known of a photo somebody waits for; keep the id in this same transaction, and the
    news `photo_arrived` cannot be missed.
    """
    settle(db, actor.person_id, photo_id)
    found = find(db, actor, photo_id)
    return known(db, found) if found else Known()


def known(db: Session, found: Arrival) -> Known:
    """How a photo stands. It has arrived once it is drawn: until then her phone keeps it."""
    state, sentence = found.state, found.reason
    if found.picture_id is not None:
        picture = db.get_one(Picture, found.picture_id, populate_existing=True)
        state, sentence = _drawn(picture)
    return Known(state, found.got, found.bytes, found.picture_id, sentence, found.taken)


def _drawn(picture: Picture) -> tuple[str, str]:
    if picture.state == "refused":  # Without a reason she has taken it away herself.
        return (REFUSED, picture.refused_reason) if picture.refused_reason else (DROPPED, "")
    return (ARRIVED if picture.state == "ready" else WHOLE), ""


def take(db: Session, *, actor: Actor, photo_id: UUID) -> None:
    """Something shows the picture now: the sweep leaves it alone."""
    db.execute(update(Arrival).where(hers(actor, photo_id)).values(taken=True))


def receipt_ends() -> datetime:
    """Until when a phone may ask what became of a photo."""
    return clock.now() + timedelta(days=settings(UploadSettings).receipt_days)


def forget_pieces(db: Session, arrival_id: int) -> None:
    """The bytes have become a picture, or never will."""
    db.execute(delete(ArrivalPiece).where(ArrivalPiece.arrival_id == arrival_id))


def forget(db: Session, found: Arrival) -> None:
    """The photo with its pieces, and the picture unless something shows it."""
    if found.picture_id is not None and not found.taken:
        album.erase(db, found.picture_id)
    db.delete(found)


def forget_person(db: Session, person_id: int) -> None:
    """All that her phone has sent and nothing shows; the sweep clears the storage soon after."""
    for found in db.scalars(select(Arrival).where(Arrival.person_id == person_id)):
        if found.picture_id is not None:
            forget(db, found)
        else:
            found.state, found.expires_at = DROPPED, clock.now()
            forget_pieces(db, found.id)
