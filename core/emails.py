"""E-mail addresses: the box in which people type one, and a form of it that tells little."""

import re

from flask_babel import gettext as _
from wtforms.widgets import EmailInput

from core.fields import TypedField

_ADDRESS = re.compile(r"[^@\s,;:<>()\[\]\"\\]{1,64}@[^@\s,;:<>()\[\]\"\\]+\.[^@\s,;<>\".]{2,}")


class EmailField(TypedField):
    """An e-mail address, or nothing. Line ends and lists are refused: it stands in a header."""

    widget = EmailInput()
    autocomplete = "email"
    inputmode = "email"
    is_required = False
    longest = 254
    empty = ""

    def _read(self, text: str) -> str:
        if not (text.isascii() and text.isprintable() and _ADDRESS.fullmatch(text)):
            raise ValueError(_("Tulis e-mail lengkap, contoh nama@contoh.id."))
        return text


def masked(address: str) -> str:
    """Enough to recognise one's own address, too little to write to a stranger's."""
    name, _at, host = address.partition("@")
    return f"{name[:1]}•••@{host}"
