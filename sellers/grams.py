"""Weights as people type them: 450, "250 g", "2 ons", "1,5 kg" or "1/4 kilo"."""

import re

from flask_babel import lazy_gettext as _l

from core.errors import DomainError

WEIGHT_MAX_GRAMS = 100_000
_UNITS = {"k": 1_000, "o": 100, "g": 1}
_TYPED_CHARACTERS_MAX = 20

# Thousandths of a gram are none, and "1.500" could be 1.500 g or 1,5 kg: both are asked again.
_WEIGHT = re.compile(
    r"""
    (?: (?P<count>[0-9]{1,6}) (?:[.,](?P<part>[0-9]{1,3}))?
      | (?P<one>[1-9]) / (?P<of>[248])
    )
    \s* (?P<unit>g|gr|gram|ons|kg|kilo|kilogram)?
    """,
    re.VERBOSE | re.IGNORECASE,
)


class NotAWeight(DomainError):
    """What was typed cannot be read as a weight in grams."""

    sentence = _l("Tulis beratnya dalam gram, contoh 450, atau 1,5 kg.")


class TooHeavy(DomainError):
    """A parcel weighs something, and not more than a person can carry."""

    sentence = _l("Tulis berat dari 1 gram sampai 100 kg.")


def parse_grams(text: str) -> int:
    """Read a weight as whole grams; an ons is 100 of them. Raises NotAWeight or TooHeavy."""
    found = None if len(text) > _TYPED_CHARACTERS_MAX else _WEIGHT.fullmatch(text.strip())
    if found is None:
        raise NotAWeight
    times = _UNITS[(found["unit"] or "g")[0].lower()]
    if times == 1 and (found["part"] or found["of"]):
        raise NotAWeight
    if found["of"]:
        grams, rest = divmod(int(found["one"]) * times, int(found["of"]))
    else:
        part = (found["part"] or "").ljust(3, "0")
        grams, rest = divmod(int(found["count"] + part) * times, 1_000)
    if rest:
        raise NotAWeight
    if not 1 <= grams <= WEIGHT_MAX_GRAMS:
        raise TooHeavy
    return grams
