"""Forms of the bank statement's pages."""

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import SubmitField
from wtforms.validators import ValidationError

from core.choices import OneOfField
from core.fields import TextField
from core.forms import HouseForm
from core.uploads import BytesField


class StatementForm(HouseForm):
    """The file from the bank, and whose layout it has."""

    file = BytesField(_l("Berkas mutasi dari bank (CSV)"))
    layout = OneOfField(_l("Susunan berkas"), nothing=_l("Kenali sendiri"))
    submit = SubmitField(_l("Baca mutasi"))

    def validate_file(self, field: BytesField) -> None:
        """Without a file there is nothing to read."""
        if not field.data:
            raise ValidationError(_("Pilih berkas CSV dari bank."))


class OrderNumberForm(HouseForm):
    """For which order the money is, where the bank does not say it."""

    number = TextField(_l("Nomor pesanan, contoh LMB-2611-0007"), longest=20)
    submit = SubmitField(_l("Cocokkan dengan pesanan ini"))


class WhyForm(HouseForm):
    """Why a line is for none of ours."""

    reason = TextField(_l("Uang apa ini?"), longest=200)
    submit = SubmitField(_l("Tutup dengan alasan ini"))
