"""The navigation registry: how a lower floor's page gets a link to a page of a higher floor.

Every floor registers its entries in `create_app`; pages ask for a place (such as `account`) and
get what the visitor may open, in order.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from flask import Flask, current_app, request, url_for

from core.access import Right


@dataclass(frozen=True)
class Entry:
    """A link to a page, and who sees it."""

    place: str
    label: Any
    endpoint: str
    icon: str = ""
    order: int = 50
    rights: tuple[Right, ...] = ()
    dock: Any = ""  # Its word in the bar at the thumb, on the pages of the same house.


@dataclass(frozen=True)
class Link:
    """An entry as this visitor sees it."""

    label: Any
    url: str
    icon: str
    current: bool
    dock: Any = ""


DOCK_MAX = 4


def register(app: Flask, *entries: Entry) -> None:
    """Add entries; endpoints are checked by a test of the house."""
    app.extensions.setdefault("nav", []).extend(entries)


def links(place: str, rights: frozenset[str]) -> list[Link]:
    """The links of one place that somebody with these rights may follow."""
    return _linked(entry for entry in _entries(place) if _is_for(entry, rights))


def _is_for(entry: Entry, rights: frozenset[str]) -> bool:
    return not entry.rights or bool(rights & {right.name for right in entry.rights})


def links_for(place: str, right: Right) -> list[Link]:
    """The links of one place that are there for the holders of this very right."""
    return _linked(entry for entry in _entries(place) if right in entry.rights)


def dock(path: str, rights: frozenset[str]) -> list[Link]:
    """What stands in the bar at the thumb on this page, for somebody with these rights."""
    entries: list[Entry] = current_app.extensions.get("nav", [])
    return docked(_linked(e for e in entries if e.dock and _is_for(e, rights)), path)


def docked(links: Iterable[Link], path: str) -> list[Link]:
    """Those links of a bar that belong to the house of this page.

    The first part of an address names the house (`/ibu`, `/kios-kerja`). A page that is in no
    house, or in one with a single link, has none, and shows the bar of the shop.
    """
    house = path.split("/", 2)[1]
    mine = [link for link in links if link.dock and link.url.split("/", 2)[1] == house]
    mine.sort(key=lambda link: link.url != f"/{house}")  # The front door comes first.
    return mine[:DOCK_MAX] if len(mine) > 1 else []


def address(place: str, **values: Any) -> str:
    """The path of a higher floor's page about one thing; one floor has registered that place."""
    (entry,) = _entries(place)
    return url_for(entry.endpoint, **values)


def _entries(place: str) -> list[Entry]:
    entries: list[Entry] = current_app.extensions.get("nav", [])
    return [entry for entry in entries if entry.place == place]


def _linked(shown: Iterable[Entry]) -> list[Link]:
    return [
        Link(
            entry.label,
            url_for(entry.endpoint),
            entry.icon,
            request.endpoint == entry.endpoint,
            entry.dock,
        )
        for entry in sorted(shown, key=lambda entry: entry.order)
    ]
