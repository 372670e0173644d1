"""One-time codes to a phone: six digits, ten minutes, once, and only where they were asked for.

A code belongs to the browser that asked: a stranger who asks for her number neither sees hers nor
spoils it. The row holds a seed from which the code comes together with the key of the house
(HOTP, RFC 4226), so that whoever reads the database can sign in as nobody. Known and unknown
numbers are written down and counted alike; only the job that sends looks whether anybody is there.
"""

import base64
import hashlib
import hmac
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

import pyotp
from flask_babel import lazy_gettext as _
from sqlalchemy import CheckConstraint, LargeBinary, Select, String, delete, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from core import audit, clock, code_ways, jobs, limits, orgs, tasks
from core.actors import SYSTEM, Actor
from core.config import setting, settings
from core.db import Base, Reader, in_transaction, moment, reading, reference
from core.errors import DomainError, TooMany
from core.people import Person
from core.rights import OPERATE
from core.settings import CoreSettings
from core.signin import digest

MINUTES = 10
TRIES = 5
HOUR, DAY = 3600, 24 * 3600
KEPT = timedelta(days=2)
HOUSE = "codes:house"
TOO_MANY = tasks.declare(
    "core.codes_used_up", _("Jatah kode masuk hari ini habis. Periksa apakah ada yang iseng.")
)


@dataclass(frozen=True)
class CodeSettings:
    """How many codes may go out. Every code costs money, and may come to somebody unasked."""

    hour: int = setting("LUMBUNG_CODES_HOUR", "One-time codes for one number in an hour", 3)
    day: int = setting("LUMBUNG_CODES_DAY", "One-time codes for one number in a day", 6)
    address: int = setting(
        "LUMBUNG_CODES_ADDRESS", "One-time codes asked from one network address in an hour", 20
    )
    house: int = setting(
        "LUMBUNG_CODES_HOUSE", "One-time codes sent by the whole house in a day: the cost cap", 500
    )


class WrongCode(DomainError):
    """The code is not the one we sent."""

    sentence = _("Kode belum cocok. Periksa lagi, ya.")


class CodeOver(DomainError):
    """Too old, used, tried too often, or asked for somewhere else."""

    sentence = _("Kode ini tidak berlaku lagi. Minta kode baru.")


class TooManyCodes(TooMany):
    """This number, or this network address, has asked too often."""

    sentence = _("Kode sudah sering diminta. Coba lagi nanti, atau masuk dengan PIN.")


class OneTimeCode(Base):
    """One code on its way to a phone, and the browser that asked for it."""

    __tablename__ = "one_time_code"
    __table_args__ = (CheckConstraint(f"tries <= {TRIES}", name="tries"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    asker_hash: Mapped[bytes] = mapped_column(LargeBinary, unique=True)
    phone: Mapped[str] = mapped_column(String(20), index=True)
    person_id: Mapped[int | None] = reference("person.id", index=True)
    seed: Mapped[str] = mapped_column(String(64))
    created_at: Mapped[datetime] = moment(default=clock.now)
    until: Mapped[datetime] = moment()
    tries: Mapped[int] = mapped_column(default=0)
    used_at: Mapped[datetime | None] = moment()
    entered_at: Mapped[datetime | None] = moment()
    sent_at: Mapped[datetime | None] = moment()
    way: Mapped[str] = mapped_column(String(12), default="")


def may_be_sent(db: Reader) -> bool:
    """Whether this house can send a code now: some way is open, and today's money is not spent."""
    most = settings(CodeSettings).house
    return code_ways.any_open() and limits.left(db, key=HOUSE, most=most, seconds=DAY) > 0


def count(*, phone: str, address: str, person_id: int | None = None) -> None:
    """Count one wish for a code; raises TooManyCodes. Known and unknown numbers count alike.

    Who is signed in has a count of her own, which strangers cannot use up.
    """
    rules = settings(CodeSettings)
    whose = f"own-code:{person_id}" if person_id else f"code:{phone}"
    try:
        limits.spend(key=f"codes:{address}", most=rules.address, seconds=HOUR)
        limits.spend(key=f"hour:{whose}", most=rules.hour, seconds=HOUR)
        limits.spend(key=f"day:{whose}", most=rules.day, seconds=DAY)
    except TooMany:
        raise TooManyCodes from None


@in_transaction()
def ask(db: Session, *, actor: Actor, phone: str) -> str:
    """Let a code be sent, after `count`; returns the token by which this browser is known again.

    A signed-in actor asks for herself, a guest for whoever has this number.
    """
    token = secrets.token_urlsafe(32)
    now = clock.now()
    row = OneTimeCode(
        asker_hash=digest(token),
        phone=phone,
        person_id=actor.person_id,
        seed=secrets.token_hex(32),
        created_at=now,
        until=now + timedelta(minutes=MINUTES),
    )
    db.add(row)
    db.flush()
    jobs.defer(db, send, code_id=row.id)
    return token


def _otp(seed: str) -> pyotp.HOTP:
    key = settings(CoreSettings).secret_key.encode()
    secret = hmac.new(key, f"one-time code {seed}".encode(), hashlib.sha256).digest()
    return pyotp.HOTP(base64.b32encode(secret).decode(), digits=6)


def prove(*, actor: Actor, token: str, code: str) -> OneTimeCode:
    """The row whose code this is, used up now; raises WrongCode or CodeOver.

    The try is committed before the code is looked at, so fifty at once are five tries all the same.
    """
    tried = _spend_try(actor=actor, token=token)
    if not _otp(tried.seed).verify(code, 0):
        raise WrongCode if tried.tries < TRIES else CodeOver
    return _use(actor=actor, code_id=tried.id)


@in_transaction()
def _spend_try(db: Session, *, actor: Actor, token: str) -> OneTimeCode:
    tried: OneTimeCode | None = db.scalar(
        update(OneTimeCode)
        .where(
            OneTimeCode.asker_hash == digest(token),
            OneTimeCode.person_id.is_not_distinct_from(actor.person_id),
            OneTimeCode.used_at.is_(None),
            OneTimeCode.until > clock.now(),
            OneTimeCode.tries < TRIES,
        )
        .values(tries=OneTimeCode.tries + 1)
        .returning(OneTimeCode)
        .execution_options(populate_existing=True)
    )
    if tried is None:
        raise CodeOver
    return tried


@in_transaction()
def _use(db: Session, *, actor: Actor, code_id: int) -> OneTimeCode:
    used: OneTimeCode | None = db.scalar(
        update(OneTimeCode)
        .where(OneTimeCode.id == code_id, OneTimeCode.used_at.is_(None))
        .values(used_at=clock.now())
        .returning(OneTimeCode)
        .execution_options(populate_existing=True)
    )
    if used is None:
        raise CodeOver
    audit.record(db, actor, "code.use", "one_time_code", code_id)
    return used


def find_proved(db: Session, token: str) -> OneTimeCode | None:
    """The used code of this browser while it may still lead to a sign-in: who it is, is open."""
    query = select(OneTimeCode).where(
        OneTimeCode.asker_hash == digest(token),
        OneTimeCode.person_id.is_(None),
        OneTimeCode.used_at.is_not(None),
        OneTimeCode.entered_at.is_(None),
        OneTimeCode.until > clock.now(),
    )
    return db.scalar(query)


@in_transaction()
def note_entered(db: Session, *, actor: Actor, code_id: int) -> None:
    """This code has let the actor in, and lets in nobody else; raises CodeOver the second time."""
    entered = db.scalar(
        update(OneTimeCode)
        .where(OneTimeCode.id == code_id, OneTimeCode.entered_at.is_(None))
        .values(entered_at=clock.now())
        .returning(OneTimeCode.id)
    )
    if entered is None:
        raise CodeOver
    audit.record(db, actor, "code.enter", "one_time_code", code_id)


@jobs.job("core.send_code", key="code_id")
def send(code_id: int) -> None:
    """Send one code, if anybody has this number and the day's money is not spent."""
    with reading() as db:
        query = select(*OneTimeCode.__table__.c).where(
            OneTimeCode.id == code_id,
            OneTimeCode.sent_at.is_(None),
            OneTimeCode.used_at.is_(None),
            OneTimeCode.until > clock.now(),
        )
        row = db.execute(query).first()
        reader = db.execute(_reader_of(row.phone, row.person_id)).first() if row else None
    if row is None or reader is None:
        return
    try:
        limits.spend(key=HOUSE, most=settings(CodeSettings).house, seconds=DAY)
    except TooMany:
        _say_used_up(actor=SYSTEM)
        return
    code = _otp(row.seed).at(0)
    way = code_ways.send(code_id, row.phone, code, MINUTES, reader.languages, reader.channel)
    _note_sent(actor=SYSTEM, code_id=code_id, way=way)


def _reader_of(phone: str, person_id: int | None) -> Select[list[str], str]:
    """She who gets the code: herself, or the eldest at this number."""
    query = select(Person.languages, Person.channel).where(
        Person.phone == phone, Person.erased_at.is_(None)
    )
    if person_id is not None:
        query = query.where(Person.id == person_id)
    return query.order_by(Person.id).limit(1)


@in_transaction()
def _say_used_up(db: Session, *, actor: Actor) -> None:  # noqa: ARG001
    holders = (OPERATE, orgs.operator_id(db))
    day = clock.today().isoformat()
    tasks.write(db, TOO_MANY, doc=("day", day), link="/kelola", holders=holders)


@in_transaction()
def _note_sent(db: Session, *, actor: Actor, code_id: int, way: str) -> None:  # noqa: ARG001
    sent = update(OneTimeCode).where(OneTimeCode.id == code_id)
    db.execute(sent.values(sent_at=clock.now(), way=way))


@jobs.job("core.forget_codes", key=None, cron="23 19 * * *")
def forget_codes() -> None:
    """Drop codes of the day before yesterday and older: they hold phone numbers."""
    _forget(actor=SYSTEM, before=clock.now() - KEPT)


@in_transaction()
def _forget(db: Session, *, actor: Actor, before: datetime) -> None:  # noqa: ARG001
    db.execute(delete(OneTimeCode).where(OneTimeCode.created_at < before))
