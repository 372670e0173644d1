"""Languages: Indonesian is the source of every screen string, English a translation.

The visitor's choice is kept in a cookie and never guessed from her address.
"""

from flask import Flask, g, request
from flask_babel import Babel

LANGUAGES = {"id": "Bahasa Indonesia", "en": "English"}
COOKIE = "bahasa"


def language() -> str:
    """The language of this request."""
    if "language" not in g:
        chosen = request.cookies.get(COOKIE, "id") if request else "id"
        g.language = chosen if chosen in LANGUAGES else "id"
    found: str = g.language
    return found


def init_app(app: Flask) -> None:
    """Set up translation; catalogues live in core/translations."""
    Babel(
        app,
        default_locale="id",
        default_timezone="Asia/Jakarta",
        default_translation_directories="core/translations",
        locale_selector=language,
    )
