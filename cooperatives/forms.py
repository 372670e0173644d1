"""Forms of the cooperatives' floor."""

from flask_babel import lazy_gettext as _
from wtforms import SubmitField

from core.choices import OneOfField
from core.fields import TextField
from core.forms import HouseForm


class PrepareForm(HouseForm):
    """Where the money leaves."""

    source = OneOfField(_("Uang keluar dari"))
    submit = SubmitField(_("Siapkan pencairan"))


class SendForm(HouseForm):
    """The bank's number of the transfer, or the number of the receipt."""

    reference_no = TextField(_("Nomor transfer atau kuitansi"), longest=80)
    submit = SubmitField(_("Sudah saya kirim"))


class ReasonForm(HouseForm):
    """Why a payout does not go on."""

    reason = TextField(_("Alasannya"), longest=200)
