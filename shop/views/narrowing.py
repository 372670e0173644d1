"""What a list is narrowed to, read from its address, and the links that change it."""

import re
from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from flask import request
from flask_babel import lazy_gettext as _l

from core.db import reading
from sellers.forms import COUNTRIES
from sellers.training import skills
from shop.catalogue import Cursor, Filter

YES = "ya"
ABROAD = "luar"
SKILL = "ilmu"
SWITCHES = {
    "siap": ("ready", _l("Siap kirim")),
    "halal": ("halal", _l("Halal terbit")),
    "kios": ("at_kiosk", _l("Ada di kios")),
    ABROAD: ("exported", _l("Bisa ke luar negeri")),
    SKILL: ("learnt", _l("Pembuatnya terlatih")),
}
"""Name in the address, box of the `Filter`, and the word on the link."""


SKILL_SHAPE = re.compile("[a-z-]{2,40}")


@dataclass(frozen=True, slots=True)
class Chip:
    """A link that narrows the list, or widens it again where it is on."""

    label: Any
    url: str
    on: bool


@dataclass(frozen=True, slots=True)
class Narrowing:
    """The filters of one address; `asked` is what a search asks and stays with every filter."""

    path: str
    asked: Mapping[str, str]
    on: Mapping[str, str]

    @classmethod
    def read(cls, path: str, args: Mapping[str, str], **asked: str) -> "Narrowing":
        """What is no filter is left aside; links begin at the first page again."""
        on = {name: args[name] for name in SWITCHES if args.get(name) == YES}
        if args.get(ABROAD) in COUNTRIES:
            on[ABROAD] = args[ABROAD]
        if SKILL_SHAPE.fullmatch(args.get(SKILL, "")):
            on[SKILL] = args[SKILL]
        return cls(path, {name: value for name, value in asked.items() if value}, on)

    @property
    def key(self) -> Hashable:
        """What it shows."""
        return self.path, *self.asked.items(), *self.on.items()

    def filter(self, **more: Any) -> Filter:
        """The same as a noun understands it."""
        boxes: dict[str, Any] = {SWITCHES[name][0]: True for name in self.on}
        if self.country:
            boxes["abroad"] = self.country
        if self.skill:
            boxes["skill"] = self.skill
        return Filter(**boxes, **more)

    @property
    def country(self) -> str:
        """Where the goods shall go, or nothing."""
        found = self.on.get(ABROAD, YES)
        return "" if found == YES else found

    @property
    def skill(self) -> str:
        """What its maker has learnt, or nothing."""
        found = self.on.get(SKILL, YES)
        return "" if found == YES else found

    def skills(self) -> list[Chip]:
        """Which skill, once the buyer has said that the maker is trained; asks the database."""
        if SKILL not in self.on:
            return []
        with reading() as db:
            known = skills.list_skills(db)
        return [
            Chip(label, self._address(**{SKILL: YES if on else slug}), on)
            for slug, label in known
            for on in [slug == self.skill]
        ]

    @property
    def chips(self) -> list[Chip]:
        """One link for each filter; a second touch takes it away, and the others stay."""
        return [self._chip(name, YES, label) for name, (_box, label) in SWITCHES.items()]

    @property
    def countries(self) -> list[Chip]:
        """Where to, once the buyer has said that it goes abroad."""
        if ABROAD not in self.on:
            return []
        return [
            Chip(label, self._address(**{ABROAD: YES if on else code}), on)
            for code, label in COUNTRIES.items()
            for on in [code == self.country]
        ]

    @property
    def widened(self) -> str:
        """The same list without its filters."""
        return _address(self.path, self.asked)

    def turned(self, **place: str) -> str:
        """Another page of the same list."""
        return self._address(**place)

    def _chip(self, name: str, value: str, label: Any) -> Chip:
        if name not in self.on:
            return Chip(label, self._address(**{name: value}), on=False)
        rest = {other: kept for other, kept in self.on.items() if other != name}
        return Chip(label, _address(self.path, {**self.asked, **rest}), on=True)

    def _address(self, **more: str) -> str:
        return _address(self.path, {**self.asked, **self.on, **more})


def after_asked() -> Cursor | None:
    """Behind which card a page of goods begins."""
    return Cursor.read(request.args.get("sesudah", ""))


def _address(path: str, values: Mapping[str, str]) -> str:
    return f"{path}?{urlencode(values, errors='replace')}" if values else path
