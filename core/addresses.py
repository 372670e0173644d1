"""What may stand in the blanks of an address; anything else is simply not found."""

from flask import Flask
from werkzeug.routing import BaseConverter, IntegerConverter

BIGINT_MAX = 2**63 - 1  # PostgreSQL's bigint ends here; a larger id can belong to nothing.
WORD_LETTERS_MAX = 200


class IdConverter(IntegerConverter):
    """`<int:…>`: an id that the database can hold, in ASCII digits."""

    regex = "[0-9]{1,19}"

    def __init__(self, map: object, max: int = BIGINT_MAX) -> None:  # noqa: A002  (werkzeug's names)
        super().__init__(map, max=max)  # type: ignore[arg-type]


class WordConverter(BaseConverter):
    """`<…>`: one part of a path, of a sane length and free of control characters."""

    part_isolating = True
    regex = rf"[^/\x00-\x1f\x7f]{{1,{WORD_LETTERS_MAX}}}"


class PathConverter(BaseConverter):
    """`<path:…>`: several parts, under the same rule."""

    part_isolating = False
    weight = 200
    regex = r"[^/\x00-\x1f\x7f][^\x00-\x1f\x7f]{0,999}"


def init_app(app: Flask) -> None:
    """Put them in the place of werkzeug's own; before any page is registered."""
    app.url_map.converters.update(
        {
            "int": IdConverter,
            "default": WordConverter,
            "string": WordConverter,
            "path": PathConverter,
        }
    )
