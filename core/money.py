"""Money: whole rupiah that never drift, and reading an amount the way people write it."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from flask_babel import lazy_gettext as _l

from core.errors import DomainError

RUPIAH_MAX = 1_000_000_000
"""The largest amount a person may type; anything above is a slip of the finger."""

BASIS_POINTS = 10_000
"""One whole in basis points: 250 of them are 2.5 percent."""

MINOR_UNITS = MappingProxyType(
    {
        "IDR": 0, "JPY": 0, "KRW": 0, "VND": 0,
        "BIF": 0, "CLP": 0, "DJF": 0, "GNF": 0, "ISK": 0, "KMF": 0, "MGA": 0, "PYG": 0, "RWF": 0,
        "UGX": 0, "VUV": 0, "XAF": 0, "XOF": 0, "XPF": 0,
        "AED": 2, "AUD": 2, "BND": 2, "CAD": 2, "CHF": 2, "CNY": 2, "EUR": 2, "GBP": 2, "HKD": 2,
        "HUF": 2, "INR": 2, "MOP": 2, "MYR": 2, "NZD": 2, "PHP": 2, "QAR": 2, "SAR": 2, "SGD": 2,
        "THB": 2, "TWD": 2, "USD": 2,
        "BHD": 3, "JOD": 3, "KWD": 3, "OMR": 3, "TND": 3,
    }
)  # fmt: skip
"""Digits behind the point per ISO 4217 currency.

ISO gives the rupiah two, but nobody has sen: here it has none, and gateways convert for themselves.
"""


class NotAnAmount(DomainError):
    """What was typed cannot be read as a whole amount of rupiah."""

    sentence = _l("Tulis angkanya saja, contoh 15000.")


class UnknownCurrency(DomainError):
    """We do not know how many minor units this currency has, so we cannot count in it."""

    sentence = _l("Mata uang ini belum bisa dipakai.")


@dataclass(frozen=True, order=True, slots=True)
class Money:
    """An exact amount of rupiah; it cannot be a fraction and cannot drift."""

    rupiah: int

    def __post_init__(self) -> None:
        if type(self.rupiah) is not int:
            raise AssertionError(f"{self.rupiah!r} is not a whole number of rupiah")

    def __add__(self, other: "Money") -> "Money":
        if not isinstance(other, Money):
            return NotImplemented
        return Money(self.rupiah + other.rupiah)

    def __radd__(self, other: int) -> "Money":
        """Let sum() begin with its 0; an empty sum of money is `sum(parts, Money(0))`."""
        return self if other == 0 else NotImplemented

    def __sub__(self, other: "Money") -> "Money":
        if not isinstance(other, Money):
            return NotImplemented
        return Money(self.rupiah - other.rupiah)

    def __mul__(self, times: int) -> "Money":
        if not isinstance(times, int):
            return NotImplemented
        return Money(self.rupiah * times)

    def __neg__(self) -> "Money":
        return Money(-self.rupiah)

    def split(self, weights: Sequence[int]) -> "list[Money]":
        """Divide by weight and lose not one rupiah; the largest remainders round up.

        Equal remainders favour the earlier part. A negative amount splits as its mirror image,
        so a full refund undoes a sale exactly. A weight of zero receives nothing.
        """
        total = sum(weights)
        if total <= 0 or min(weights) < 0:
            raise AssertionError(f"cannot split by the weights {list(weights)}")
        if self.rupiah < 0:
            return [-part for part in (-self).split(weights)]
        parts, remainders = zip(*(divmod(self.rupiah * w, total) for w in weights), strict=True)
        by_need = sorted(range(len(weights)), key=lambda i: (-remainders[i], i))
        lucky = set(by_need[: self.rupiah - sum(parts)])
        return [Money(part + (i in lucky)) for i, part in enumerate(parts)]

    def percent(self, basis_points: int) -> "Money":
        """This share of the amount; half a rupiah rounds away from zero, for refunds too."""
        if basis_points < 0:
            raise AssertionError(f"{basis_points} basis points is no share")
        if self.rupiah < 0:
            return -(-self).percent(basis_points)
        return Money((2 * self.rupiah * basis_points + BASIS_POINTS) // (2 * BASIS_POINTS))


def minor_units(currency: str) -> int:
    """How many digits this currency has behind the point; raises UnknownCurrency."""
    try:
        return MINOR_UNITS[currency]
    except KeyError:
        raise UnknownCurrency from None


_TYPED_CHARACTERS_MAX = 40
_UNITS = {"rb": 1_000, "ribu": 1_000, "k": 1_000, "jt": 1_000_000, "juta": 1_000_000}

# Beside a unit, two digits behind the mark are the most: "1.500 ribu" could be 1,500 or 1,500,000,
# and an amount that could mean two things is asked again. [0-9], because \d knows other scripts.
_AMOUNT = re.compile(
    r"""
    (?: (?:rp|idr) \.? \s* )?
    (?: (?P<count>[0-9]+) (?:[.,](?P<part>[0-9]{1,2}))? \s* (?P<unit>rb|ribu|k|jt|juta)
      | (?: (?P<plain>[0-9]+)
          | (?P<dots>[1-9][0-9]{0,2}(?:\.[0-9]{3})+) (?:,00)?
          | (?P<commas>[1-9][0-9]{0,2}(?:,[0-9]{3})+) (?:\.00)?
        )
        (?: [.,][-–—]{1,2} )?
    )
    (?: \s* rupiah )?
    """,
    re.VERBOSE | re.IGNORECASE,
)


def parse_rupiah(text: str) -> int:
    """Read "25rb", "25.000", "Rp 25.000,-" or "1,5 juta" as whole rupiah; raises NotAnAmount."""
    found = None if len(text) > _TYPED_CHARACTERS_MAX else _AMOUNT.fullmatch(text.strip())
    if found is None:
        raise NotAnAmount
    rupiah = _amount(found)
    if rupiah > RUPIAH_MAX:
        raise NotAnAmount(_l("Angkanya terlalu besar. Paling banyak Rp 1.000.000.000."))
    return rupiah


def _amount(found: re.Match[str]) -> int:
    part: dict[str, Any] = found.groupdict(default="")
    if part["unit"]:
        hundredths = int(part["count"] + part["part"].ljust(2, "0"))
        return hundredths * _UNITS[part["unit"].lower()] // 100
    digits = part["plain"] or part["dots"] or part["commas"]
    return int(digits.replace(".", "").replace(",", ""))
