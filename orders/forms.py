"""Forms of the orders' floor."""

from flask_babel import lazy_gettext as _
from wtforms import SubmitField

from core.fields import PhoneField, TextField
from core.forms import HouseForm


class FindForm(HouseForm):
    """An order is found by its number and the phone it was placed with."""

    number = TextField(_("Nomor pesanan"), longest=20)
    phone = PhoneField(_("Nomor HP pemesan"))
    submit = SubmitField(_("Cari pesanan"))
