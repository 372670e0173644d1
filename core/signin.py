"""Signing in by phone number and PIN: sign-ins are rows, so each can be seen and ended.

The cookie holds only a random token; `sign_in` keeps its hash. A phone number may belong to a
family, so a number and a PIN name one or more people. The cost of a PIN check is the same whether
or not the number is known.
"""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from argon2 import PasswordHasher
from argon2.exceptions import VerifyMismatchError
from flask_babel import lazy_gettext as _
from sqlalchemy import LargeBinary, String, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from core import audit, clock, news
from core.actors import Actor
from core.db import Base, Reader, in_transaction, moment, reference
from core.errors import DomainError, NotFound
from core.people import Person, list_with_phone

# 29 ms on a small server: OWASP's minimum for argon2id, so that sign-in cannot be used to stall us.
HASHER = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)
NOBODY = HASHER.hash(secrets.token_hex(8))
SEEN_EVERY = timedelta(minutes=10)


class Proof(StrEnum):
    """What she has shown of herself: `sign_in` has a column for the moment of each."""

    PIN = "pin"
    CODE = "code"
    PASSKEY = "passkey"


@dataclass(frozen=True, slots=True)
class Proofs:
    """When one sign-in last saw each proof, and from when on her PIN counts where money is."""

    pin_at: datetime | None = None
    code_at: datetime | None = None
    passkey_at: datetime | None = None
    pin_trusted_from: datetime | None = None


class WrongPin(DomainError):
    """The number or the PIN is wrong; we do not say which."""

    sentence = _("Nomor HP atau PIN belum cocok. Periksa lagi, ya.")


class SignIn(Base):
    """One device on which a person is signed in, and when it last saw a proof that it is she."""

    __tablename__ = "sign_in"

    id: Mapped[int] = mapped_column(primary_key=True)
    token_hash: Mapped[bytes] = mapped_column(LargeBinary, unique=True)
    person_id: Mapped[int] = reference("person.id", index=True)
    device: Mapped[str] = mapped_column(String(120), default="")
    created_at: Mapped[datetime] = moment(default=clock.now)
    last_seen_at: Mapped[datetime] = moment(default=clock.now)
    revoked_at: Mapped[datetime | None] = moment()
    pin_at: Mapped[datetime | None] = moment()
    code_at: Mapped[datetime | None] = moment()
    passkey_at: Mapped[datetime | None] = moment()
    locked_at: Mapped[datetime | None] = moment()


def digest(token: str) -> bytes:
    """What we keep of a token or code."""
    return hashlib.sha256(token.encode()).digest()


def people_by_pin(db: Session, *, phone: str, pin: str) -> list[Person]:
    """Who this number and PIN belong to; raises WrongPin. Reads only; count the try before."""
    found = [person for person in list_with_phone(db, phone) if person.pin_hash]
    matching = [person for person in found if _is_pin(person.pin_hash or "", pin)]
    if not found:
        _is_pin(NOBODY, pin)  # The same time passes for a number we do not know.
    if not matching:
        raise WrongPin
    return matching


def is_own_pin(person: Person, pin: str) -> bool:
    """Whether this is her PIN; count the try before."""
    return _is_pin(person.pin_hash or NOBODY, pin)


def _is_pin(pin_hash: str, pin: str) -> bool:
    try:
        return HASHER.verify(pin_hash, pin)
    except VerifyMismatchError:
        return False


@in_transaction()
def register(db: Session, *, actor: Actor, name: str, call_me: str, phone: str, pin: str) -> Person:
    """Write a new person who can sign in."""
    person = Person(name=name, call_me=call_me, phone=phone, pin_hash=HASHER.hash(pin))
    db.add(person)
    db.flush()
    audit.record(db, actor, "person.register", "person", person.id)
    return person


@in_transaction()
def open_sign_in(
    db: Session, *, actor: Actor, device: str, proofs: tuple[Proof, ...] = (Proof.PIN,)
) -> str:
    """Start a sign-in for the actor, who has shown `proofs`; returns the token for her cookie."""
    assert actor.person_id is not None
    token = secrets.token_urlsafe(32)
    opened = SignIn(token_hash=digest(token), person_id=actor.person_id, device=device[:120])
    for proof in proofs:
        setattr(opened, f"{proof}_at", clock.now())
    db.add(opened)
    audit.record(db, actor, "sign_in.open", "person", actor.person_id, proofs=list(proofs))
    return token


@in_transaction()
def miss(db: Session, *, actor: Actor, sign_in_id: int, towards: str) -> None:
    """Note that a proof was wrong; `towards` is the page of ours that had asked for it."""
    audit.record(db, actor, "sign_in.miss", "sign_in", sign_in_id)
    news.tell(db, "proof_missed", person_id=actor.person_id, towards=towards[:200])


@in_transaction()
def prove(db: Session, *, actor: Actor, sign_in_id: int, proof: Proof) -> None:
    """Note that the actor has just shown once more that it is she; the caller has checked it."""
    noted = db.scalar(
        update(SignIn)
        .where(
            SignIn.id == sign_in_id,
            SignIn.person_id == actor.person_id,
            SignIn.revoked_at.is_(None),
        )
        .values({f"{proof}_at": clock.now()})
        .returning(SignIn.id)
    )
    if noted is None:
        raise NotFound
    audit.record(db, actor, "sign_in.prove", "sign_in", sign_in_id, proof=proof)


def living(db: Reader, token: str, days: int) -> Any:
    """The living sign-in behind a cookie, with its proofs, and how she is called."""
    query = (
        select(
            SignIn.id,
            SignIn.last_seen_at,
            SignIn.person_id,
            Person.call_me,
            SignIn.pin_at,
            SignIn.code_at,
            SignIn.passkey_at,
            SignIn.locked_at,
            Person.pin_trusted_from,
        )
        .join(Person, Person.id == SignIn.person_id)
        .where(
            SignIn.token_hash == digest(token),
            SignIn.revoked_at.is_(None),
            SignIn.last_seen_at > clock.now() - timedelta(days=days),
            Person.erased_at.is_(None),
        )
    )
    return db.execute(query).first()


@in_transaction()
def touch(db: Session, *, actor: Actor, sign_in_id: int) -> None:  # noqa: ARG001  (her own device)
    """Note that the device is still used; called at most every ten minutes."""
    db.execute(update(SignIn).where(SignIn.id == sign_in_id).values(last_seen_at=clock.now()))


@in_transaction()
def lock(db: Session, *, actor: Actor, sign_in_id: int) -> None:
    """Lock one of the actor's sign-ins: it opens again by her PIN, and shows nothing till then."""
    _set_lock(db, actor, sign_in_id, {"locked_at": clock.now()})
    audit.record(db, actor, "sign_in.lock", "sign_in", sign_in_id)


@in_transaction()
def unlock(db: Session, *, actor: Actor, sign_in_id: int) -> None:
    """Open it again; the caller has checked her PIN."""
    _set_lock(db, actor, sign_in_id, {"locked_at": None, "pin_at": clock.now()})
    audit.record(db, actor, "sign_in.unlock", "sign_in", sign_in_id)


def _set_lock(db: Session, actor: Actor, sign_in_id: int, values: dict[str, Any]) -> None:
    own = update(SignIn).where(
        SignIn.id == sign_in_id,
        SignIn.person_id == actor.person_id,
        SignIn.revoked_at.is_(None),
    )
    if db.scalar(own.values(**values).returning(SignIn.id)) is None:
        raise NotFound


def list_sign_ins(db: Session, person_id: int) -> list[SignIn]:
    """The living sign-ins of one person, newest first."""
    query = select(SignIn).where(SignIn.person_id == person_id, SignIn.revoked_at.is_(None))
    return list(db.scalars(query.order_by(SignIn.last_seen_at.desc()).limit(50)))


@in_transaction()
def end_sign_in(db: Session, *, actor: Actor, sign_in_id: int) -> None:
    """End one of the actor's own sign-ins; raises NotFound for anybody else's."""
    ended = db.scalar(
        update(SignIn)
        .where(SignIn.id == sign_in_id, SignIn.person_id == actor.person_id)
        .values(revoked_at=clock.now())
        .returning(SignIn.id)
    )
    if ended is None:
        raise NotFound
    audit.record(db, actor, "sign_in.end", "sign_in", sign_in_id)


def end_all(db: Session, person_id: int) -> None:
    """End every sign-in of a person, as after a new PIN."""
    db.execute(
        update(SignIn)
        .where(SignIn.person_id == person_id, SignIn.revoked_at.is_(None))
        .values(revoked_at=clock.now())
    )


@in_transaction()
def change_pin(
    db: Session, *, actor: Actor, pin: str, trusted_from: datetime | None = None
) -> None:
    """Set a new PIN for the actor and end all her sign-ins; the caller has checked who she is.

    One that was set without the old PIN counts for money only from `trusted_from` on.
    """
    person = db.get_one(Person, actor.person_id)
    person.pin_hash = HASHER.hash(pin)
    if trusted_from:
        person.pin_trusted_from = trusted_from
    end_all(db, person.id)
    audit.record(db, actor, "pin.change", "person", person.id)
