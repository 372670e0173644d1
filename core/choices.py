"""Form boxes for a day, and for one of a list that the page offers."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import SelectField
from wtforms.widgets import DateInput

from core.fields import TypedField

YEARS = range(2000, 2100)


class DayField(TypedField):
    """A day from the calendar of the phone."""

    widget = DateInput()
    missing = _l("Tanggal belum diisi.")
    longest = 10

    def _read(self, text: str) -> date:
        try:
            day = date.fromisoformat(text)
        except ValueError:
            raise ValueError(_("Tulis tanggal seperti 2026-11-22.")) from None
        if day.year not in YEARS:
            raise ValueError(_("Periksa lagi tahunnya."))
        return day

    def _write(self, value: date) -> str:
        return value.isoformat()


class OneOfField(SelectField):
    """A choice from a list that the view offers; nothing may be chosen where `nothing` is named."""

    def __init__(self, label: Any = None, *, nothing: Any = None, **kwargs: Any) -> None:
        kwargs["invalid_choice_message"] = _l("Pilih salah satu dari daftar.")
        super().__init__(label, choices=[], **kwargs)
        self.nothing = nothing

    def offer(self, named: Iterable[tuple[object, str]]) -> None:
        """Say what may be chosen, as keys and words."""
        none = [] if self.nothing is None else [("", self.nothing)]
        self.choices = none + [(str(key), words) for key, words in named]

    @property
    def chosen(self) -> int | None:
        """The id chosen."""
        return int(self.data) if self.data else None
