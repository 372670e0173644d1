"""Forms of the desk where gateways' reports meet the books."""

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import RadioField, SubmitField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]
from wtforms.validators import ValidationError

from core.fields import RupiahField, TextField
from core.forms import HouseForm
from core.uploads import BytesField
from orders.reports.differences import REASON_MIN


class ReportForm(HouseForm):
    """The file of a gateway; whose it is, its columns say."""

    file = BytesField(_l("Berkas laporan (CSV)"))
    submit = SubmitField(_l("Cocokkan"))

    def validate_file(self, field: BytesField) -> None:
        """Without a file there is nothing to match."""
        if not field.data:
            raise ValidationError(_("Pilih berkas CSV dari Midtrans atau Stripe."))


class ExplainForm(HouseForm):
    """Why it differs, and whether the books follow the gateway."""

    reason = TextField(_l("Sebabnya"), longest=200, lines=True)
    money = RadioField(
        _l("Bukunya bagaimana?"),
        choices=[
            SelectChoice("stays", _l("Buku tetap. Ini hanya penjelasan.")),
            SelectChoice("follows", _l("Catat selisihnya di buku. Bendahara lain menyetujui.")),
        ],
        default="stays",
        validate_choice=False,
    )
    rupiah = RupiahField(_l("Nilainya dalam rupiah"), least=1, required=False)
    submit = SubmitField(_l("Simpan"))

    def validate_reason(self, field: TextField) -> None:
        """A reason that others understand."""
        if len(field.data or "") < REASON_MIN:
            raise ValidationError(_("Tulis alasannya, supaya orang lain juga mengerti."))

    def validate_money(self, field: Any) -> None:
        """One of the two."""
        if field.data not in ("stays", "follows"):
            raise ValidationError(_("Pilih salah satu."))
