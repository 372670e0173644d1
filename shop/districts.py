"""Districts as buyers write them in an address: with the village in front, "Kab." and a postcode.

`core.regions` knows the names; this knows what else people put around them.
"""

import re

from core import regions
from core.regions import District, NoSuchDistrict

_AROUND = re.compile(
    r"\b(?:kel|kelurahan|ds|desa|kab)\b\.?|\b(?:rt|rw)\b[\s./0-9]*|\b[1-9][0-9]{4}\b", re.IGNORECASE
)
_DISTRICT_SAID = re.compile(r"\bkec(?:amatan|\b)\.?", re.IGNORECASE)


def resolve(text: str) -> District:
    """The one district that this text means; raises NoSuchDistrict with what it may mean.

    Where only a part of the text fits, that is a guess and comes as a choice.
    """
    first: NoSuchDistrict | None = None
    for spelling in _spellings(text):
        try:
            return regions.resolve(spelling)
        except NoSuchDistrict as unclear:
            if unclear.choices:
                raise
            first = first or unclear
    if guess := _guess(text):
        raise NoSuchDistrict([guess])
    raise first or NoSuchDistrict


def _spellings(text: str) -> list[str]:
    """The text, the same without what stands around the name, and what follows "Kec."."""
    plain = _AROUND.sub(" ", text)
    said = _DISTRICT_SAID.split(plain, maxsplit=1)
    return [text, plain, *said[1:]]


def _guess(text: str) -> District | None:
    """A village is often named after its district: "Pedurungan Kidul, Semarang"."""
    parts = [part.split() for part in _AROUND.sub(" ", text).split(",")]
    parts = [part for part in parts if part]
    for words in ([parts[0][:1], *parts[1:]], parts[1:]) if len(parts) > 1 else ():
        try:
            return regions.resolve(", ".join(" ".join(part) for part in words))
        except NoSuchDistrict:
            continue
    return None
