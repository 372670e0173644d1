"""A forgotten PIN: the ways back in, and what they are worth.

By a code to her phone where that is enough (core/entry.py), or with her coordinator, who says
another code to her face. Where a phone is still signed in as her, the coordinator's way begins with
a waiting time: she is told on every way, and whoever holds that phone can stop it. A PIN that was
set without the old one opens private pages at once, and pages with money only some hours later.
"""

import secrets
from datetime import datetime, timedelta
from typing import Any

from flask_babel import lazy_gettext as _
from sqlalchemy import Index, LargeBinary, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Mapped, Session, mapped_column

from core import audit, clock, entry, news, notify, second_factor, signin
from core.actors import SYSTEM, Actor
from core.config import settings
from core.db import Base, Reader, in_transaction, moment, reference
from core.errors import DomainError
from core.people import Person, list_with_phone
from core.settings import CoreSettings
from core.signin import digest
from core.visitor import Visitor

RESET_MINUTES = 30
GIVEN_WITHIN = timedelta(days=7)


class WrongCode(DomainError):
    """The reset code is unknown, used or too old."""

    sentence = _("Kode ini tidak berlaku. Minta kode baru kepada koordinator.")


class MustWait(DomainError):
    """A phone is signed in as her: she is told first, and may stop it."""

    status = 409
    sentence = _("Masa tunggu belum selesai. Beliau sudah diberi tahu dan bisa menghentikannya.")


class PinReset(Base):
    """A code a coordinator hands over in person, so that a forgotten PIN can be replaced once."""

    __tablename__ = "pin_reset"

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = reference("person.id", index=True)
    code_hash: Mapped[bytes] = mapped_column(LargeBinary, unique=True)
    issued_by: Mapped[int] = reference("person.id")
    until: Mapped[datetime] = moment()
    used_at: Mapped[datetime | None] = moment()


class Recovery(Base):
    """A coordinator waits to give somebody a new PIN; who is signed in as her may stop it."""

    __tablename__ = "recovery"
    __table_args__ = (
        Index("uq_recovery_open", "person_id", unique=True, postgresql_where="ended_at is null"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = reference("person.id")
    begun_by: Mapped[int] = reference("person.id")
    begun_at: Mapped[datetime] = moment(default=clock.now)
    ready_at: Mapped[datetime] = moment()
    ended_at: Mapped[datetime | None] = moment()
    is_stopped: Mapped[bool] = mapped_column(default=False)


def _hours() -> timedelta:
    return timedelta(hours=settings(CoreSettings).recovery_hours)


def trusted_from(db: Reader, found: Visitor) -> datetime | None:
    """From when on a new PIN would count for money; None where she may not set one."""
    now = clock.now()
    if second_factor.has_shown_passkey(found.proofs, now):
        return now
    is_she = second_factor.has_shown_code(found.proofs, now)
    return now + _hours() if is_she and entry.code_is_enough(db, found.person_id) else None


@in_transaction()
def replace_pin(db: Session, *, actor: Actor, pin: str, trusted_from: datetime) -> None:
    """Set the actor's PIN without the old one; the caller has asked `trusted_from`. She is told."""
    assert actor.person_id is not None
    signin.change_pin.within(db, actor=actor, pin=pin, trusted_from=trusted_from)
    _end(db, actor, actor.person_id, is_stopped=False)
    _tell_of_new_pin(db, actor.person_id)


@in_transaction()
def ask_for_reset(db: Session, *, phone: str) -> None:
    """Somebody forgot her PIN: tell the floors that know who helps her. Silent if unknown."""
    for person in list_with_phone(db, phone):
        if person.pin_hash:
            news.tell(db, "pin_forgotten", person_id=person.id)


def find_open(db: Reader, person_id: int) -> Any:
    """The recovery that waits for somebody: when it began and when it is ready; None if none."""
    query = select(Recovery.id, Recovery.begun_at, Recovery.ready_at).where(
        Recovery.person_id == person_id,
        Recovery.ended_at.is_(None),
        Recovery.ready_at > clock.now() - GIVEN_WITHIN,
    )
    return db.execute(query).first()


def must_wait(db: Session, person_id: int) -> bool:
    """Whether the coordinator cannot give a code now: a phone is signed in, or the wait is on."""
    waits = find_open(db, person_id)
    if waits is not None:
        return bool(waits.ready_at > clock.now())
    return bool(signin.list_sign_ins(db, person_id))


@in_transaction(retries=3)
def begin(db: Session, *, actor: Actor, person_id: int) -> None:
    """Begin the waiting time, and tell her; beginning again while it waits changes nothing."""
    assert actor.person_id not in (None, person_id)
    if find_open(db, person_id) is not None:
        return
    _end(db, actor, person_id, is_stopped=False)  # One that was never used.
    now = clock.now()
    begun = insert(Recovery).values(
        person_id=person_id, begun_by=actor.person_id, begun_at=now, ready_at=now + _hours(),
        is_stopped=False,
    )  # fmt: skip
    recovery_id = db.scalar(begun.on_conflict_do_nothing().returning(Recovery.id))
    if recovery_id is None:
        return
    audit.record(db, actor, "recovery.begin", "person", person_id)
    notify.tell(
        db,
        event_key=f"recovery:{recovery_id}",
        people=[person_id],
        title=_("Ada yang meminta PIN baru"),
        text=_("Koordinator mulai membuatkan PIN baru. Bukan Anda? Hentikan di halaman Akun."),
        link="/akun",
    )


@in_transaction()
def stop(db: Session, *, actor: Actor) -> None:
    """Somebody who is signed in says that she needs no new PIN; codes given out are dead, too."""
    assert actor.person_id is not None
    if _end(db, actor, actor.person_id, is_stopped=True):
        audit.record(db, actor, "recovery.stop", "person", actor.person_id)
    unused = update(PinReset).where(
        PinReset.person_id == actor.person_id, PinReset.used_at.is_(None)
    )
    db.execute(unused.values(until=clock.now()))


def _end(db: Session, actor: Actor, person_id: int, *, is_stopped: bool) -> bool:  # noqa: ARG001
    ended = (
        update(Recovery)
        .where(Recovery.person_id == person_id, Recovery.ended_at.is_(None))
        .values(ended_at=clock.now(), is_stopped=is_stopped)
    )
    return db.scalar(ended.returning(Recovery.id)) is not None


@in_transaction()
def issue_reset(db: Session, *, actor: Actor, person_id: int) -> str:
    """A code to be said to the face of her who forgot her PIN; raises MustWait. She is told."""
    assert actor.person_id is not None
    db.get_one(Person, person_id, with_for_update=True)
    if must_wait(db, person_id):
        raise MustWait
    code = f"{secrets.randbelow(10**8):08d}"
    row = PinReset(
        person_id=person_id,
        code_hash=digest(f"{person_id}:{code}"),
        issued_by=actor.person_id,
        until=clock.now() + timedelta(minutes=RESET_MINUTES),
    )
    db.add(row)
    db.flush()
    _end(db, actor, person_id, is_stopped=False)
    audit.record(db, actor, "pin.reset_issued", "person", person_id)
    notify.tell(
        db,
        event_key=f"pin-reset:{row.id}",
        people=[person_id],
        title=_("Kode PIN baru dibuat"),
        text=_("Koordinator membuat kode PIN baru. Bukan Anda? Segera lapor pengelola."),
        link="/akun",
    )
    return code


@in_transaction()
def use_reset(db: Session, *, phone: str, code: str, pin: str) -> Person:
    """Replace the PIN of whoever holds the code; raises WrongCode. Count the try before."""
    for person in list_with_phone(db, phone):
        used = db.scalar(
            update(PinReset)
            .where(
                PinReset.person_id == person.id,
                PinReset.code_hash == digest(f"{person.id}:{code}"),
                PinReset.used_at.is_(None),
                PinReset.until > clock.now(),
            )
            .values(used_at=clock.now())
            .returning(PinReset.id)
        )
        if used is not None:
            her = Actor(person.id)
            signin.change_pin.within(db, actor=her, pin=pin, trusted_from=clock.now() + _hours())
            audit.record(db, SYSTEM, "pin.reset_used", "person", person.id)
            _tell_of_new_pin(db, person.id)
            return person
    raise WrongCode


def _tell_of_new_pin(db: Session, person_id: int) -> None:
    notify.tell(
        db,
        event_key=f"pin-replaced:{person_id}:{clock.now().isoformat()}",
        people=[person_id],
        title=_("PIN Anda diganti"),
        text=_("PIN akun ini baru diganti tanpa PIN lama. Bukan Anda? Segera hubungi koordinator."),
        link="/akun",
    )
