"""Forms of the training car: asking it to come, and the answer."""

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm

from core.choices import OneOfField
from core.fields import DistrictField, QuantityField, TextField
from sellers.training.car import WORDS_MAX, Wish


class WishForm(FlaskForm):
    """To where, and for whom."""

    provider = OneOfField(_l("Lembaga yang punya mobil"))
    district_code = DistrictField(_l("Kecamatan"))
    landmark = TextField(_l("Patokan tempat berhenti"), longest=120)
    women = QuantityField(_l("Kira-kira berapa ibu yang ikut"), most=500)
    words = TextField(_l("Ingin belajar apa"), longest=WORDS_MAX, lines=True, required=False)

    def wish(self) -> Wish:
        """What was typed, as the noun wants it."""
        return Wish(
            provider_id=self.provider.chosen or 0,
            district_code=self.district_code.data,
            landmark=self.landmark.data,
            women=self.women.data,
            words=self.words.data or "",
        )


class AnswerForm(FlaskForm):
    """What she is told."""

    words = TextField(_l("Jawaban"), longest=WORDS_MAX, lines=True)
