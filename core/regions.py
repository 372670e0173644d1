"""Where people live: Indonesia's provinces, regencies and districts, and finding one by typing.

Codes are those of the Ministry of Home Affairs without dots: 2 digits for a province, 4 for a
regency or city, 6 for a district (kecamatan). Source and licence: `core/data/README.md`.
"""

import csv
import gzip
import re
import unicodedata
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import islice
from pathlib import Path

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from core.errors import DomainError

FOUND_MAX = 50
SUGGESTIONS_MAX = 5

_SOURCE = Path(__file__).parent / "data" / "regions.csv.gz"
_TYPED_MAX = 100
_WORDS_MAX = 8
_SLIP_LETTERS_MIN = 4  # Shorter words have too many neighbours one letter away.

# What people call their province; the official names stay as they are.
_NICKNAMES = {
    "12": "sumut", "13": "sumbar", "16": "sumsel", "19": "babel", "21": "kepri", "31": "dki",
    "32": "jabar", "33": "jateng", "34": "diy jogja", "35": "jatim", "52": "ntb", "53": "ntt",
    "61": "kalbar", "62": "kalteng", "63": "kalsel", "64": "kaltim", "65": "kaltara",
    "71": "sulut", "72": "sulteng", "73": "sulsel", "74": "sultra", "76": "sulbar", "82": "malut",
}  # fmt: skip


class NoSuchDistrict(DomainError):
    """The text names no single district; `choices` are those it may have meant, at most five."""

    sentence = _l(
        "Kecamatan ini belum ketemu. Tulis kecamatan dan kabupatennya, contoh: Kertek, Wonosobo."
    )

    def __init__(self, choices: "Sequence[District]" = ()) -> None:
        self.choices = tuple(choices)
        labels = "; ".join(one.label for one in self.choices)
        # Plain gettext: a lazy string says it is safe HTML, and the names hold quotation marks.
        super().__init__(_("Pilih salah satu: %(labels)s.", labels=labels) if labels else None)


@dataclass(frozen=True, slots=True)
class District:
    """A district with the names of what it lies in, enough to post a parcel there."""

    code: str
    name: str
    regency: str
    province: str

    @property
    def label(self) -> str:
        """Kertek, Kabupaten Wonosobo, Jawa Tengah."""
        return f"{self.name}, {self.regency}, {self.province}"

    @property
    def regency_code(self) -> str:
        """Four digits; shipping rates are kept by these."""
        return self.code[:4]

    @property
    def province_code(self) -> str:
        """Two digits."""
        return self.code[:2]


@dataclass(frozen=True, slots=True)
class _Atlas:
    """The file in memory; simple names and surroundings have a space on both sides."""

    names: Mapping[str, str]
    simple: Mapping[str, str]  # District code to the simple name.
    named: Mapping[str, Sequence[str]]  # Simple name to the district codes.
    around: Mapping[str, str]  # Regency code to the simple words of regency and province.
    wider_names: frozenset[str]  # Of regencies and provinces: too wide to mean one district.


def provinces() -> Mapping[str, str]:
    """Names of the 38 provinces by code."""
    return _level(2)


def regencies() -> Mapping[str, str]:
    """Names of the 514 regencies and cities by code."""
    return _level(4)


def district(code: str) -> District | None:
    """The district with this six-digit code."""
    if code not in _atlas().simple:
        return None
    names = _atlas().names
    return District(code, names[code], names[code[:4]], names[code[:2]])


def find_districts(query: str, limit: int = 10) -> list[District]:
    """Districts where every typed word begins a word of the label, best first.

    Where nothing begins so, each word may be one slip of the finger away.
    """
    words = _query_words(query)
    if not words:
        return []
    codes = _matching([(f" {word}",) for word in words])
    if not codes:
        codes = _matching([(f" {word}", *_near(word)) for word in words])
    codes.sort(key=lambda code: _rank(code, words))
    return [_existing(code) for code in codes[: max(0, min(limit, FOUND_MAX))]]


def resolve(text: str) -> District:
    """The one district this text means: a code, a label, or words that fit only one.

    Raises NoSuchDistrict with the districts it may have meant.
    """
    by_code = district(text.strip().replace(".", ""))
    if by_code is not None:
        return by_code
    for search in (_named, _worded):
        codes = search(text)
        if len(codes) == 1:
            return _existing(codes[0])
    raise NoSuchDistrict(find_districts(text, SUGGESTIONS_MAX))


def _existing(code: str) -> District:
    found = district(code)
    if found is None:
        raise AssertionError(f"the atlas knows no district {code}")
    return found


def _named(text: str) -> list[str]:
    """Districts of exactly this name, each part behind a comma saying where."""
    atlas = _atlas()
    name, *places = [_spaced(_query_words(part)) for part in text[:_TYPED_MAX].split(",")]
    if not places and name in atlas.wider_names:
        return []  # "Kebumen" alone may well be the regency.
    return [
        code
        for code in atlas.named.get(name, ())
        if all(place in atlas.around[code[:4]] for place in places)
    ]


def _worded(text: str) -> list[str]:
    """Districts whose label holds all these words in full."""
    words = _query_words(text)
    return _matching([(f" {word} ",) for word in words]) if words else []


def _matching(wanted: Sequence[tuple[str, ...]]) -> list[str]:
    """Districts whose labels hold, for each wanted word, one of its spellings."""
    atlas = _atlas()
    found = list(atlas.simple)
    for spellings in wanted:
        held = re.compile("|".join(spellings)).search  # Simple words hold no pattern characters.
        areas = {code for code, words in atlas.around.items() if held(words)}
        found = [code for code in found if code[:4] in areas or held(atlas.simple[code])]
    return found


def _rank(code: str, words: Sequence[str]) -> tuple[bool, bool, str]:
    """Order by how much of the district's own name was typed, then by code."""
    name, typed = _atlas().simple[code], _spaced(words)
    return (not typed.startswith(name), f" {words[0]}" not in name, code)


def _near(word: str) -> list[str]:
    """Words of the atlas that one slip turns into this one; the first letter is trusted."""
    if len(word) < _SLIP_LETTERS_MIN:
        return []
    return [
        f" {known} "
        for known in _vocabulary().get(word[0], ())
        if abs(len(known) - len(word)) <= 1 and _is_one_slip(known, word)
    ]


def _is_one_slip(one: str, other: str) -> bool:
    """True where a letter is wrong, missing or too many, or two neighbours changed places."""
    short, long = sorted((one, other), key=len)
    at = next((i for i in range(len(short)) if short[i] != long[i]), len(short))
    if len(short) < len(long):
        return short[at:] == long[at + 1 :]
    if short[at + 1 :] == long[at + 1 :]:
        return True
    return short[at : at + 2] == long[at : at + 2][::-1] and short[at + 2 :] == long[at + 2 :]


# Words that say what kind of place follows; labels do not hold them.
_KINDS = frozenset({"kec", "kecamatan", "distrik", "prov", "provinsi", "propinsi"})
_KIND = re.compile(r"^ (?:kabupaten|kota administrasi|kota) ")
_APOSTROPHES = re.compile(r"['\"`’‘]")
_NO_WORD = re.compile(r"[^a-z0-9\n]+")
_DOUBLED = re.compile(r"([a-hj-z])\1+")  # Not i: "Timur I" and "Timur II" are neighbours.


def _simple(text: str) -> str:
    """Words as they sound: no accents, marks or doubled letters, and one spelling for oe, dj, tj.

    Both sides of every comparison pass through here, so it need not be good Indonesian. Lines stay
    lines: the whole atlas goes through in one breath.
    """
    if not text.isascii():
        text = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    text = _NO_WORD.sub(" ", _APOSTROPHES.sub("", text.lower()))
    text = text.replace("oe", "u").replace("dj", "j").replace("tj", "c")
    return _DOUBLED.sub(r"\1", text)


def _query_words(query: str) -> list[str]:
    words = _simple(query[:_TYPED_MAX]).split()
    return [word for word in words if word not in _KINDS][:_WORDS_MAX]


def _spaced(words: Sequence[str]) -> str:
    """Words with a space on both sides, so that only whole ones are found."""
    return f" {' '.join(words)} "


def _level(digits: int) -> dict[str, str]:
    return {code: name for code, name in _atlas().names.items() if len(code) == digits}


@cache
def _vocabulary() -> Mapping[str, frozenset[str]]:
    """Every word of the atlas, by first letter."""
    words: defaultdict[str, set[str]] = defaultdict(set)
    for text in (*_atlas().simple.values(), *_atlas().around.values()):
        for word in text.split():
            words[word[0]].add(word)
    return {letter: frozenset(same) for letter, same in words.items()}


@cache
def _atlas() -> _Atlas:
    """Read the file once, at the first question about a place."""
    with gzip.open(_SOURCE, "rt", encoding="utf-8", newline="") as file:
        names = {row[0]: row[1] for row in islice(csv.reader(file), 1, None)}
    lines = _simple("\n".join(names.values())).split("\n")
    simple = {code: f" {line.strip()} " for code, line in zip(names, lines, strict=True)}
    districts = {code: line for code, line in simple.items() if len(code) == 6}
    named: defaultdict[str, list[str]] = defaultdict(list)
    for code, line in districts.items():
        named[line].append(code)
    return _Atlas(
        names=names,
        simple=districts,
        named=dict(named),
        around={
            code: f"{line}{simple[code[:2]].lstrip()}{_NICKNAMES.get(code[:2], '')} "
            for code, line in simple.items()
            if len(code) == 4
        },
        wider_names=frozenset(
            _KIND.sub(" ", line) for code, line in simple.items() if len(code) < 6
        ),
    )
