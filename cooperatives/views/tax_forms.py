"""Forms for the tax office: a member's letter, and tax that was handed over."""

from flask_babel import lazy_gettext as _
from wtforms import RadioField, SubmitField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]

from cooperatives.membership.forms import MoneyForm
from core import clock
from core.choices import DayField
from core.fields import TextField
from core.forms import HouseForm
from core.uploads import BytesField


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


class HandOverForm(MoneyForm):
    """Tax that was paid to the state, with its proof."""

    month = TextField(_("Masa pajak"), longest=40)
    number = TextField(_("Nomor bukti (NTPN)"), longest=40)
    day = DayField(_("Tanggal setor"), default=clock.today)
    proof = BytesField(_("Foto atau PDF bukti setor"))
    submit = SubmitField(_("Catat setoran pajak"))

    @property
    def words(self) -> str:
        """What the voucher says."""
        return f"PPh 22 {self.month.data}, NTPN {self.number.data}"
