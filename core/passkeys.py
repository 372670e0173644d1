"""Passkeys: her phone's own lock (finger, face or screen lock) in place of PIN and code.

A challenge is a row, good once and only in the browser that asked for it. The phone must ask for
the finger or lock itself (user verification), which is why a passkey counts for two factors. One
that was added on the strength of her PIN alone counts for no more than her PIN at first.
"""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

import webauthn
from flask_babel import lazy_gettext as _
from sqlalchemy import LargeBinary, String, delete, exists, func, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column
from webauthn.helpers import base64url_to_bytes
from webauthn.helpers.exceptions import WebAuthnException
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from core import audit, clock, notify
from core.actors import Actor
from core.config import setting, settings
from core.db import Base, Reader, in_transaction, moment, reference
from core.errors import DomainError, NotFound
from core.people import Person
from core.settings import CoreSettings
from core.signin import Proof, digest

MINUTES = 5
MOST = 10
NAME_MAX = 40
USE, ADD = "use", "add"
RUBBISH = (WebAuthnException, ValueError, LookupError, TypeError, RecursionError)
"""What reading an answer ends in that no phone of anybody has given."""


@dataclass(frozen=True)
class PasskeySettings:
    """What passkeys read from the environment."""

    domain: str = setting(
        "LUMBUNG_PASSKEY_DOMAIN",
        "Domain that passkeys belong to; empty: the host of the public address",
        "",
    )


class NotThisPasskey(DomainError):
    """The phone's answer is wrong, too late, for another house, or from a key nobody has here."""

    sentence = _("Kunci HP belum cocok. Coba lagi, atau pakai PIN.")


class EnoughPasskeys(DomainError):
    """Nobody has so many phones."""

    sentence = _("Kunci HP sudah cukup banyak. Hapus satu yang tidak dipakai dulu.")


class Passkey(Base):
    """A key that lives in one phone and opens this account."""

    __tablename__ = "passkey"

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = reference("person.id", index=True)
    credential_id: Mapped[bytes] = mapped_column(LargeBinary, unique=True)
    public_key: Mapped[bytes] = mapped_column(LargeBinary)
    sign_count: Mapped[int]
    name: Mapped[str] = mapped_column(String(NAME_MAX))
    created_at: Mapped[datetime] = moment(default=clock.now)
    trusted_from: Mapped[datetime] = moment()
    last_used_at: Mapped[datetime | None] = moment()


class PasskeyChallenge(Base):
    """A question to a phone that waits for its answer."""

    __tablename__ = "passkey_challenge"

    id: Mapped[int] = mapped_column(primary_key=True)
    asker_hash: Mapped[bytes] = mapped_column(LargeBinary, unique=True)
    purpose: Mapped[str] = mapped_column(String(4))
    challenge: Mapped[bytes] = mapped_column(LargeBinary)
    until: Mapped[datetime] = moment()


def _house() -> tuple[str, str]:
    """The domain our passkeys belong to, and the origin that browsers must name."""
    url = urlsplit(settings(CoreSettings).public_url)
    return settings(PasskeySettings).domain or url.hostname or "", f"{url.scheme}://{url.netloc}"


def is_open() -> bool:
    """Whether browsers allow passkeys here: over HTTPS, or at home on localhost."""
    domain, origin = _house()
    return origin.startswith("https://") or domain == "localhost"


@in_transaction()
def _ask(db: Session, *, actor: Actor, purpose: str, challenge: bytes) -> str:  # noqa: ARG001
    token = secrets.token_urlsafe(32)
    until = clock.now() + timedelta(minutes=MINUTES)
    db.execute(delete(PasskeyChallenge).where(PasskeyChallenge.until < clock.now()))
    db.add(
        PasskeyChallenge(
            asker_hash=digest(token), purpose=purpose, challenge=challenge, until=until
        )
    )
    return token


def ask_to_use(*, actor: Actor) -> tuple[str, str]:
    """A question for any passkey of this house: the token for the cookie, and the options."""
    options = webauthn.generate_authentication_options(
        rp_id=_house()[0], user_verification=UserVerificationRequirement.REQUIRED
    )
    token = _ask(actor=actor, purpose=USE, challenge=options.challenge)
    return token, webauthn.options_to_json(options)


def ask_to_add(*, actor: Actor, call_me: str, known: list[bytes]) -> tuple[str, str]:
    """A question for a new passkey of the actor, on a phone that has none of hers yet."""
    options = webauthn.generate_registration_options(
        rp_id=_house()[0],
        rp_name="Lumbung",
        user_id=digest(f"{settings(CoreSettings).secret_key}:passkey:{actor.person_id}"),
        user_name=call_me,
        user_display_name=call_me,
        authenticator_selection=AuthenticatorSelectionCriteria(
            resident_key=ResidentKeyRequirement.REQUIRED,
            user_verification=UserVerificationRequirement.REQUIRED,
        ),
        exclude_credentials=[PublicKeyCredentialDescriptor(id=one) for one in known],
    )
    token = _ask(actor=actor, purpose=ADD, challenge=options.challenge)
    return token, webauthn.options_to_json(options)


@in_transaction()
def _take(db: Session, *, actor: Actor, token: str, purpose: str) -> bytes:  # noqa: ARG001
    """The challenge of this browser, which is gone now: whatever is answered, it was asked once."""
    taken: bytes | None = db.scalar(
        delete(PasskeyChallenge)
        .where(
            PasskeyChallenge.asker_hash == digest(token),
            PasskeyChallenge.purpose == purpose,
            PasskeyChallenge.until > clock.now(),
        )
        .returning(PasskeyChallenge.challenge)
    )
    if taken is None:
        raise NotThisPasskey
    return taken


def add(*, actor: Actor, token: str, credential: str, name: str, trusted_from: datetime) -> Passkey:
    """Keep the passkey that the actor's phone has just made; raises NotThisPasskey."""
    challenge = _take(actor=actor, token=token, purpose=ADD)
    domain, origin = _house()
    try:
        made = webauthn.verify_registration_response(
            credential=credential,
            expected_challenge=challenge,
            expected_rp_id=domain,
            expected_origin=origin,
            require_user_verification=True,
        )
    except RUBBISH:
        raise NotThisPasskey from None
    row = {
        "credential_id": made.credential_id,
        "public_key": made.credential_public_key,
        "sign_count": made.sign_count,
        "name": name,
        "trusted_from": trusted_from,
    }
    return _keep(actor=actor, row=row)


@in_transaction()
def _keep(db: Session, *, actor: Actor, row: dict[str, Any]) -> Passkey:
    assert actor.person_id is not None
    db.get_one(Person, actor.person_id, with_for_update=True)  # Two at once are counted in turn.
    mine = select(func.count()).where(Passkey.person_id == actor.person_id)
    if (db.scalar(mine) or 0) >= MOST:
        raise EnoughPasskeys
    if db.scalar(select(Passkey.id).where(Passkey.credential_id == row["credential_id"])):
        raise NotThisPasskey
    kept = Passkey(person_id=actor.person_id, **row)
    db.add(kept)
    db.flush()
    audit.record(db, actor, "passkey.add", "passkey", kept.id)
    _tell(db, kept, _("Kunci HP baru"), _("Kunci HP baru dipasang. Bukan Anda? Hapus di Akun."))
    return kept


def use(*, actor: Actor, token: str, credential: str) -> tuple[int, Proof]:
    """Whose passkey has answered, and what it proves; raises NotThisPasskey."""
    challenge = _take(actor=actor, token=token, purpose=USE)
    domain, origin = _house()
    try:
        said = webauthn.helpers.parse_authentication_credential_json(credential)
        found = _find(actor=actor, credential_id=base64url_to_bytes(said.id))
        proven = webauthn.verify_authentication_response(
            credential=said,
            expected_challenge=challenge,
            expected_rp_id=domain,
            expected_origin=origin,
            credential_public_key=found.public_key,
            credential_current_sign_count=found.sign_count,
            require_user_verification=True,
        )
    except RUBBISH:
        raise NotThisPasskey from None
    _note_use(actor=Actor(found.person_id), passkey_id=found.id, count=proven.new_sign_count)
    is_trusted = found.trusted_from <= clock.now()
    return found.person_id, Proof.PASSKEY if is_trusted else Proof.PIN


@in_transaction()
def _find(db: Session, *, actor: Actor, credential_id: bytes) -> Passkey:  # noqa: ARG001
    query = select(Passkey).join(Person, Person.id == Passkey.person_id)
    query = query.where(Passkey.credential_id == credential_id, Person.erased_at.is_(None))
    found = db.scalar(query.execution_options(populate_existing=True))
    if found is None:
        raise NotThisPasskey
    return found


@in_transaction()
def _note_use(db: Session, *, actor: Actor, passkey_id: int, count: int) -> None:
    """Its counter only grows, or stays at nought where a phone does not count."""
    noted = db.scalar(
        update(Passkey)
        .where(Passkey.id == passkey_id, (Passkey.sign_count < count) | (Passkey.sign_count == 0))
        .values(sign_count=count, last_used_at=clock.now())
        .returning(Passkey.id)
    )
    if noted is None:
        raise NotThisPasskey
    audit.record(db, actor, "passkey.use", "passkey", passkey_id)


def list_of(db: Session, person_id: int) -> list[Passkey]:
    """Her passkeys, the oldest first."""
    query = select(Passkey).where(Passkey.person_id == person_id)
    return list(db.scalars(query.order_by(Passkey.id).limit(MOST)))


def has_trusted(db: Reader, person_id: int) -> bool:
    """Whether she has a passkey that counts for two factors."""
    own = exists().where(Passkey.person_id == person_id, Passkey.trusted_from <= clock.now())
    return bool(db.scalar(select(own)))


@in_transaction()
def rename(db: Session, *, actor: Actor, passkey_id: int, name: str) -> None:
    """Call one of the actor's passkeys something else; raises NotFound for anybody else's."""
    get_own(db, actor, passkey_id).name = name


@in_transaction()
def remove(db: Session, *, actor: Actor, passkey_id: int) -> None:
    """Take away one of the actor's passkeys, as after losing a phone; she is told."""
    gone = get_own(db, actor, passkey_id)
    audit.record(db, actor, "passkey.remove", "passkey", gone.id)
    _tell(db, gone, _("Kunci HP dihapus"), _("Satu kunci HP dihapus. Bukan Anda? Ganti PIN Anda."))
    db.delete(gone)


def get_own(db: Session, actor: Actor, passkey_id: int) -> Passkey:
    """One of the actor's passkeys; raises NotFound for anybody else's."""
    query = select(Passkey).where(Passkey.id == passkey_id, Passkey.person_id == actor.person_id)
    found = db.scalar(query)
    if found is None:
        raise NotFound
    return found


def _tell(db: Session, about: Passkey, title: Any, text: Any) -> None:
    key = f"passkey:{about.id}:{clock.now().isoformat()}"
    notify.tell(
        db, event_key=key, people=[about.person_id], title=title, text=text, link="/akun/kunci"
    )
