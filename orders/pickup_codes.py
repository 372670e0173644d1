"""The four digits a buyer says at the counter to collect her parcel.

They are said aloud and typed by a keeper, so they are short; what protects them is that they are
drawn at random, open at one place only, and tried a few times only, counted per place.
"""

import hmac
import secrets
from collections.abc import Iterable
from typing import Protocol

from flask_babel import lazy_gettext as _l

from core.errors import DomainError

DIGITS = 4
DIFFERENT_DIGITS_MIN = 3
_RUNS = ("01234567890", "09876543210")


class NoCodeLeft(DomainError):
    """Every code is in use at this place: thousands of parcels wait there."""

    status = 409
    sentence = _l("Terlalu banyak paket menunggu di tempat ini. Serahkan dulu beberapa paket.")


class Chooser(Protocol):
    """What draws one of many; `secrets` in the house, something foreseeable in a test."""

    def choice(self, seq: tuple[str, ...], /) -> str:
        """One of them, each as likely as the others."""


def is_obvious(code: str) -> bool:
    """Whether somebody who only guesses would try it: 0000, 1212, 0007, 1234, 4321."""
    return len(set(code)) < DIFFERENT_DIGITS_MIN or any(code in run for run in _RUNS)


CODES = tuple(
    code for code in (f"{n:0{DIGITS}}" for n in range(10**DIGITS)) if not is_obvious(code)
)
"""Every code that may be given out."""


def choose(taken: Iterable[str], chooser: Chooser = secrets) -> str:
    """A random code that is not open at the place already; raises NoCodeLeft."""
    in_use = frozenset(taken)
    free = tuple(code for code in CODES if code not in in_use)
    if not free:
        raise NoCodeLeft
    return chooser.choice(free)


def is_same(said: str, kept: str) -> bool:
    """Whether the code said is the one kept, in time that tells nothing. No code fits none.

    People write "48 21" and "48-21"; blanks and hyphens do not count.
    """
    plain = "".join(said.split()).replace("-", "")
    return bool(kept) and hmac.compare_digest(plain.encode(errors="replace"), kept.encode())
