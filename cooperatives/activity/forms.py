"""What is typed for a report."""

from flask_babel import lazy_gettext as _
from wtforms import RadioField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]

from core.choices import DayField, OneOfField
from core.fields import TextField
from core.forms import HouseForm
from core.uploads import BytesField

PART_LETTERS_MAX = 600


class SubjectForm(HouseForm):
    """What the report is about."""

    group = OneOfField(_("Kelompok"))
    about = RadioField(
        _("Laporan tentang"),
        choices=[
            SelectChoice("period", _("Satu masa")),
            SelectChoice("bazaar", _("Satu bazar")),
            SelectChoice("cohort", _("Satu kelas")),
        ],
        default="period",
    )
    since = DayField(_("Dari tanggal"), required=False)
    until = DayField(_("Sampai tanggal"), required=False)
    bazaar = OneOfField(_("Bazar"), nothing=_("Pilih bazar"))
    cohort = OneOfField(_("Kelas"), nothing=_("Pilih kelas"))


class ReportForm(HouseForm):
    """Its words, and its photo."""

    title = TextField(_("Judul"), longest=120)
    what = TextField(_("Apa"), longest=PART_LETTERS_MAX, lines=True, required=False)
    who = TextField(_("Siapa"), longest=PART_LETTERS_MAX, lines=True, required=False)
    money = TextField(_("Uang"), longest=PART_LETTERS_MAX, lines=True, required=False)
    next_step = TextField(
        _("Langkah berikutnya"), longest=PART_LETTERS_MAX, lines=True, required=False
    )
    photo = BytesField(_("Foto"))
