"""Forms of the roll of members."""

from flask_babel import lazy_gettext as _l
from wtforms import SubmitField

from cooperatives.membership.roll import OFFICES
from core import clock
from core.choices import DayField, OneOfField
from core.fields import NameField, PhoneField, TextField
from core.forms import HouseForm
from sellers.forms import PickField

SKILLS_LETTERS_MAX = 330


class TakeInForm(HouseForm):
    """Somebody to take in; who has no phone is written down by her name."""

    name = NameField(_l("Nama lengkap"))
    call_me = NameField(_l("Nama panggilan"), required=False)
    phone = PhoneField(_l("Nomor HP"), required=False)
    who = OneOfField(_l("Orangnya yang mana?"), nothing=_l("Belum dipilih"))
    joined_on = DayField(_l("Masuk sejak"), default=clock.today)
    skills = TextField(_l("Keahlian"), longest=SKILLS_LETTERS_MAX, required=False)
    submit = SubmitField(_l("Catat anggota"))


class DescribeForm(HouseForm):
    """What she can do, and what she was elected to."""

    skills = TextField(_l("Keahlian"), longest=SKILLS_LETTERS_MAX, required=False)
    office = PickField(_l("Jabatan"), {"": _l("Anggota"), **OFFICES}, default="")
    submit = SubmitField(_l("Simpan"))
