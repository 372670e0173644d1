"""Forms of the surplus and of closing a month."""

from flask_babel import lazy_gettext as _l
from wtforms import SubmitField

from cooperatives.models.surplus import PARTS
from cooperatives.views.operator_forms import PercentField
from core import clock
from core.choices import DayField
from core.forms import HouseForm
from core.uploads import BytesField

PART_WORDS = {
    "reserve": _l("Dana cadangan"),
    "business": _l("Jasa usaha anggota"),
    "capital": _l("Jasa modal anggota"),
    "board": _l("Dana pengurus"),
    "staff": _l("Dana karyawan"),
    "education": _l("Dana pendidikan"),
    "social": _l("Dana sosial"),
}


class PolicyForm(HouseForm):
    """What the general meeting decided, part by part."""

    reserve = PercentField(PART_WORDS["reserve"])
    business = PercentField(PART_WORDS["business"])
    capital = PercentField(PART_WORDS["capital"])
    board = PercentField(PART_WORDS["board"])
    staff = PercentField(PART_WORDS["staff"])
    education = PercentField(PART_WORDS["education"])
    social = PercentField(PART_WORDS["social"])
    decided_on = DayField(_l("Tanggal rapat anggota"), default=clock.today)
    submit = SubmitField(_l("Simpan keputusan"))

    def parts(self) -> dict[str, int]:
        """The parts in basis points."""
        return {part: self[part].data for part in PARTS}


class MinutesForm(HouseForm):
    """The minutes of the meeting that shared the year out."""

    minutes = BytesField(_l("Risalah rapat, foto atau PDF"))
    submit = SubmitField(_l("Usulkan pembagian"))
