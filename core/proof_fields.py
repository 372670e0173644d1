"""Form boxes for what proves who somebody is: her PIN, and a code that came to her phone."""

import re
from itertools import pairwise
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms.form import BaseForm
from wtforms.validators import StopValidation
from wtforms.widgets import PasswordInput

from core.fields import TypedField


class PinField(TypedField):
    """Six digits. `choosing` refuses what a thief tries first; asking for an old PIN does not."""

    widget = PasswordInput(hide_value=True)
    inputmode = "numeric"
    missing = _l("PIN belum diisi. Tulis 6 angka.")
    longest = 6

    def __init__(self, *args: Any, choosing: bool = True, **kwargs: Any) -> None:
        self.autocomplete = "new-password" if choosing else "current-password"
        super().__init__(*args, **kwargs)
        self.choosing = choosing

    def _read(self, text: str) -> str:
        if not re.fullmatch("[0-9]{6}", text):
            raise ValueError(_("PIN harus 6 angka."))
        return text

    def pre_validate(self, form: BaseForm) -> None:
        """Weak PINs are told here, so that the box for the repeated PIN can still compare."""
        super().pre_validate(form)
        if not (self.choosing and self.data):
            return
        steps = {(int(after) - int(before)) % 10 for before, after in pairwise(self.data)}
        if steps in ({1}, {9}):
            raise StopValidation(_("PIN ini mudah ditebak. Jangan pakai angka berurutan."))
        if any(self.data == self.data[:n] * (6 // n) for n in (1, 2, 3)):
            raise StopValidation(_("PIN ini mudah ditebak. Jangan pakai angka berulang."))


class CodeField(TypedField):
    """Six digits that came to her phone; blanks and dashes between them do not matter."""

    autocomplete = "one-time-code"
    inputmode = "numeric"
    missing = _l("Kode belum diisi. Tulis 6 angka.")
    longest = 12

    def _read(self, text: str) -> str:
        digits = re.sub("[ -]", "", text)
        if not re.fullmatch("[0-9]{6}", digits):
            raise ValueError(_("Kode terdiri dari 6 angka."))
        return digits
