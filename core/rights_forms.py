"""The form by which an operator gives a right."""

from flask_babel import lazy_gettext as _
from wtforms import RadioField, SubmitField
from wtforms.validators import InputRequired

from core.fields import TextField
from core.forms import HouseForm


def _id(typed: object) -> int:
    """The id behind a choice, or 0, which names nothing."""
    text = str(typed)
    return int(text) if text.isascii() and text.isdecimal() and len(text) <= 18 else 0


class EvidenceForm(HouseForm):
    """On what the right is given, and what it rests on: a decision, a letter, a date."""

    subject = RadioField(
        _("Berlaku untuk"),
        validators=[InputRequired(_("Pilih dulu haknya berlaku untuk apa."))],
        coerce=_id,
        validate_choice=False,  # The service asks the database; a stale page is no error here.
    )
    evidence = TextField(_("Dasar pemberian hak"), longest=200)
    submit = SubmitField(_("Beri hak"))
