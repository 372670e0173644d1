"""Parts of a page that a higher floor brings: the rows of a list gain what only it knows.

The same idea as the navigation registry, for pieces instead of links: a lower floor's page names a
place and its rows' keys, and gets for each key what the floors above have written for it.
"""

from collections.abc import Callable, Mapping, Sequence

from flask import Flask, current_app
from markupsafe import Markup

Writer = Callable[[Sequence[int]], Mapping[int, Markup]]


def register(app: Flask, place: str, writer: Writer) -> None:
    """Let `writer` add to the rows of a place; it is asked once for all rows of a page."""
    app.extensions.setdefault("parts", {}).setdefault(place, []).append(writer)


def of(place: str, keys: Sequence[int]) -> dict[int, Markup]:
    """What stands in each row of a place, by its key."""
    found = dict.fromkeys(keys, Markup())
    for writer in current_app.extensions.get("parts", {}).get(place, []) if keys else []:
        for key, part in writer(keys).items():
            found[key] += part
    return found
