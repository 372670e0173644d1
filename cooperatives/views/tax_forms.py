"""The form of a member's letter for the tax office."""

from flask_babel import lazy_gettext as _
from wtforms import RadioField, SubmitField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]

from core.fields import TextField
from core.forms import HouseForm


class LetterForm(HouseForm):
    """Which letter is here on paper, and her number if she has told it."""

    kind = RadioField(
        _("Surat yang mana?"),
        choices=[
            SelectChoice("below", _("Surat pernyataan omzet di bawah batas")),
            SelectChoice("exempt", _("Surat keterangan bebas dari kantor pajak")),
        ],
        default="below",
        invalid_choice_message=_("Pilih dari daftar ini."),  # type: ignore[call-arg]
    )
    number = TextField(_("NIK atau NPWP"), longest=25, required=False)
    submit = SubmitField(_("Surat sudah saya terima"))
