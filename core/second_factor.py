"""Asking once more who it is, before pages with money and private pages.

A sign-in remembers when it last saw her PIN, a one-time code and a passkey (`signin.Proofs`); the
cookie knows nothing of it. A passkey counts for two factors, because the phone itself asks for her
finger or lock. Otherwise it takes the PIN and a code, so that neither a stolen SIM card nor a PIN
seen over her shoulder is enough. Who has neither passkey nor a way to get a code has only her PIN:
`strength` then says so, and the caller adds a waiting time.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import IntEnum, StrEnum
from typing import Any, TypeVar

from sqlalchemy import select

from core import clock, code_ways, passkeys, visitor
from core.db import Reader, reading
from core.people import Person
from core.signin import Proofs

V = TypeVar("V", bound=Callable[..., Any])
FRESH = timedelta(minutes=10)


class Ask(StrEnum):
    """What a page asks for beyond its gate."""

    PIN = "pin"
    FACTOR = "factor"


class Strength(IntEnum):
    """How surely it is she: nobody asked, her PIN alone for want of more, or two factors."""

    NONE = 0
    PIN = 1
    TWO = 2


@dataclass(frozen=True, slots=True)
class Ways:
    """What somebody could prove herself with, beside her PIN."""

    code: bool = False
    passkey: bool = False


def asks_pin(view: V) -> V:
    """A private page: the visitor has shown her PIN (or more) within ten minutes."""
    view.asks = Ask.PIN  # type: ignore[attr-defined]
    return view


def fresh_factor(view: V) -> V:
    """A page that moves money: two factors within ten minutes, or all that she has."""
    view.asks = Ask.FACTOR  # type: ignore[attr-defined]
    return view


def asked_by(view: object) -> Ask | None:
    """What a view asks for, if anything."""
    found: Ask | None = getattr(view, "asks", None)
    return found


def ways_of(db: Reader, person_id: int) -> Ways:
    """What this person could prove herself with, beside her PIN."""
    phone = db.scalar(select(Person.phone).where(Person.id == person_id))
    return Ways(
        code=phone is not None and code_ways.any_open(),
        passkey=passkeys.has_trusted(db, person_id),
    )


def judge(proofs: Proofs, ways: Ways, now: datetime) -> Strength:
    """How surely it is she, by what her sign-in has seen within ten minutes."""
    if _is_young(proofs.passkey_at, now):
        return Strength.TWO
    trusted_from = proofs.pin_trusted_from
    if not _is_young(proofs.pin_at, now) or (trusted_from and trusted_from > now):
        return Strength.NONE
    if _is_young(proofs.code_at, now):
        return Strength.TWO
    return Strength.NONE if ways.code or ways.passkey else Strength.PIN


def has_shown_code(proofs: Proofs, now: datetime) -> bool:
    """Whether she has just shown that the phone of her number is in her hands."""
    return _is_young(proofs.code_at, now)


def has_shown_passkey(proofs: Proofs, now: datetime) -> bool:
    """Whether she has just used her passkey."""
    return _is_young(proofs.passkey_at, now)


def has_shown_pin(proofs: Proofs, now: datetime) -> bool:
    """Whether private pages may open: her PIN, or the passkey that is worth more."""
    return _is_young(proofs.pin_at, now) or _is_young(proofs.passkey_at, now)


def _is_young(shown_at: datetime | None, now: datetime) -> bool:
    return shown_at is not None and now - shown_at < FRESH


def strength() -> Strength:
    """How surely the visitor of this request is she."""
    found = visitor.visitor()
    if found is None:
        return Strength.NONE
    with reading() as connection:
        ways = ways_of(connection, found.person_id)
    return judge(found.proofs, ways, clock.now())


def is_fresh(ask: Ask = Ask.FACTOR) -> bool:
    """Whether the visitor of this request has shown what `ask` wants; for pages that only ask."""
    if ask is Ask.FACTOR:
        return strength() > Strength.NONE
    found = visitor.visitor()
    return found is not None and has_shown_pin(found.proofs, clock.now())
