"""What she types for each print of a label."""

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import BooleanField
from wtforms.validators import InputRequired

from core import regions
from core.choices import DayField
from core.fields import DistrictField, PostcodeField, QuantityField, TextField
from sellers.forms import CardsField

PIECES_MAX = 300
PAPER_WORDS = {
    "a4": _l("Kertas A4, lalu digunting"),
    "80": _l("Gulungan 80 mm"),
    "58": _l("Gulungan 58 mm"),
}


class LabelForm(FlaskForm):
    """Batch and days, who made it and where, and on what paper."""

    made_on = DayField(_l("Tanggal produksi"))
    batch = TextField(_l("Kode produksi"), longest=20)
    best_before = DayField(_l("Baik sebelum tanggal"), required=False)
    no_allergens = BooleanField(
        _l("Bahannya tanpa susu, telur, kacang, kedelai, gandum, ikan, udang, dan wijen"),
        validators=[InputRequired(_l("Centang, atau tulis dulu kandungannya pada isi barang."))],
    )
    maker = TextField(_l("Nama pembuat"), longest=80)
    street = TextField(_l("Jalan atau dusun, RT/RW, desa"), longest=120)
    district_code = DistrictField(_l("Kecamatan"))
    postcode = PostcodeField(_l("Kode pos"), required=True)
    paper = CardsField(_l("Kertas"), PAPER_WORDS, default="a4")
    pieces = QuantityField(_l("Berapa label"), most=PIECES_MAX)

    def address(self) -> list[str]:
        """What the law asks of who stands in no directory: all of it, and the country."""
        district = regions.district(self.district_code.data)
        label = district.label if district else ""
        return [self.street.data, f"{label} {self.postcode.data}".strip(), "Indonesia"]
