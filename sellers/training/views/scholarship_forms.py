"""Forms of scholarships."""

import re
from collections.abc import Sequence
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import BooleanField
from wtforms.validators import StopValidation
from wtforms.widgets import TextArea

from core.choices import DayField
from core.fields import TextField, TypedField
from sellers.forms import CardsField
from sellers.training.scholarships import CRITERIA_MAX, POINTS_MAX, Batch

METHODS = {
    "judged": _l("Dinilai dua orang"),
    "drawn": _l("Diundi"),
}


class ApplyForm(FlaskForm):
    """Why she would like a seat."""

    words = TextField(_l("Cerita Ibu dan harapan dari kelas ini"), longest=1500, lines=True)


class CriteriaField(TypedField):
    """Criteria, one a line, each with its most points: "Semangat belajar = 10"."""

    empty: Any = ()
    widget: Any = TextArea()
    is_required = False
    longest = 900
    _line = re.compile(r"(.{2,80}?)\s*[=:]\s*([0-9]{1,3})")

    def _read(self, text: str) -> tuple[tuple[str, int], ...]:
        lines = [line.strip() for line in text.splitlines() if line.strip()]
        found = [self._line.fullmatch(line) for line in lines]
        if len(lines) > CRITERIA_MAX or not all(
            one and 1 <= int(one[2]) <= POINTS_MAX for one in found
        ):
            raise ValueError(_("Tulis satu ukuran per baris, contoh: Semangat belajar = 10."))
        return tuple((one[1], int(one[2])) for one in found if one)


class BatchForm(FlaskForm):
    """How seats are asked for and given."""

    apply_until = DayField(_l("Hari terakhir mendaftar"))
    method = CardsField(_l("Cara membagi tempat"), METHODS, default="judged")
    criteria = CriteriaField(_l("Ukuran penilaian dan nilai tertingginya"))
    first_timers_first = BooleanField(_l("Yang belum pernah dapat beasiswa didahulukan"))

    def batch(self) -> Batch:
        """What was typed, as the noun wants it."""
        return Batch(
            apply_until=self.apply_until.data,
            method=self.method.data,
            criteria=self.criteria.data if self.method.data == "judged" else (),
            first_timers_first=self.first_timers_first.data,
        )


class PointsField(TypedField):
    """Points for each criterion, one box for each."""

    criteria: Sequence[tuple[str, int]] = ()
    typed_each: Sequence[str] = ()
    is_required = False

    def process_formdata(self, valuelist: list[Any]) -> None:
        """Keep what was typed; it is judged against the criteria."""
        self.typed_each = [str(one).strip()[:5] for one in valuelist]
        self.data = [int(one) for one in self.typed_each if re.fullmatch("[0-9]{1,3}", one)]

    def pre_validate(self, form: Any) -> None:  # noqa: ARG002
        """One figure for each criterion, none above its most."""
        given = self.data or []
        if len(given) != len(self.criteria) or any(
            one > most for one, (_words, most) in zip(given, self.criteria, strict=True)
        ):
            raise StopValidation(_("Isi nilai untuk setiap ukuran, paling banyak sesuai batasnya."))


class JudgeForm(FlaskForm):
    """Points and why."""

    points = PointsField(_l("Nilai"))
    reason = TextField(_l("Alasan"), longest=300)

    def offer(self, criteria: Sequence[tuple[str, int]]) -> None:
        """Say what is judged."""
        self.points.criteria = criteria

    def given(self) -> list[int]:
        """The points in the order of the criteria."""
        return list(self.points.data or [])


class ConfirmForm(FlaskForm):
    """A press of the button and nothing else."""
