"""Who is who in the demo world: ids by demo key, and its calendar moved to today.

The files in `data/` were written for one day. Every date in them is moved by the days that have
passed since, so that nothing is stale and every class to come is still to come.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from importlib import resources
from typing import Any
from uuid import UUID, uuid5

from core import clock
from core.actors import Actor

WRITTEN_FOR = date(2026, 11, 21)
_IDS = UUID("5f0c1c2e-8d4b-4b7e-9a51-6c756d62756e")


def read(name: str) -> Any:
    """One file of demo data."""
    return json.loads(resources.files("shop.demo").joinpath(f"data/{name}.json").read_text("utf-8"))


def act_id(*key: object) -> UUID:
    """The same id for the same deed of the demo world, on every machine."""
    return uuid5(_IDS, "/".join(map(str, key)))


def day(written: str) -> date:
    """A day of the demo files on the calendar of now."""
    return date.fromisoformat(written) + (clock.today() - WRITTEN_FOR)


def moment(written: str) -> datetime:
    """A moment of the demo files on the calendar of now."""
    return datetime.fromisoformat(written) + (clock.today() - WRITTEN_FOR)


def morning(on: date, hour: int = 8) -> datetime:
    """An hour of a day in Wonosobo."""
    return datetime(on.year, on.month, on.day, hour, tzinfo=clock.WIB)


@dataclass
class Cast:
    """Database ids by demo key, filled as the house fills."""

    people: dict[str, int]
    organisations: dict[str, int] = field(default_factory=dict)
    shops: dict[str, int] = field(default_factory=dict)
    listings: dict[str, int] = field(default_factory=dict)
    variants: dict[str, int] = field(default_factory=dict)
    kiosk_id: int = 0

    def actor(self, key: str) -> Actor:
        """A person of the demo world, acting for herself."""
        return Actor(self.people[key])

    def listing_ids(self, keys: Sequence[str]) -> set[int]:
        """Ids of listings by their demo keys."""
        return {self.listings[key] for key in keys}
