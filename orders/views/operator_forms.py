"""Forms of the operator's pages about delivery."""

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, SubmitField

from core import regions
from core.choices import DayField, OneOfField
from core.fields import QuantityField, RupiahField, TextField, TypedField
from core.forms import HouseForm
from orders.rates import DAYS_MAX


class RegionField(TypedField):
    """A province, regency or district, by its code or by its exact name."""

    longest = 120
    missing = _l("Wilayah belum diisi. Contoh: Kabupaten Wonosobo.")

    def _read(self, text: str) -> str:
        known = {**regions.provinces(), **regions.regencies()}
        if text in known or regions.district(text):
            return text
        wanted = text.casefold()
        found = [code for code, name in known.items() if name.casefold() == wanted]
        if len(found) == 1:
            return found[0]
        try:
            return regions.resolve(text).code
        except regions.NoSuchDistrict:
            raise ValueError(_("Tulis nama lengkap wilayah, contoh Kabupaten Wonosobo.")) from None


class ServiceForm(HouseForm):
    """A courier's service and how it weighs; the rule never changes afterwards."""

    code = TextField(_l("Kode"), longest=30)
    label = TextField(_l("Nama kurir"), longest=80)
    divisor = QuantityField(
        _l("Pembagi ukuran, kosong bila hanya menimbang"), least=1000, most=10_000, required=False
    )
    tolerance_grams = QuantityField(_l("Toleransi, gram"), least=0, most=99_999, default=300)
    is_inclusive = BooleanField(_l("Tepat sebesar toleransi masih dimaafkan"))
    min_grams = QuantityField(_l("Berat terkecil, gram"), least=1, most=1_000_000, default=1000)
    step_grams = QuantityField(_l("Naik setiap, gram"), least=1, most=100_000, default=1000)
    max_grams = QuantityField(_l("Berat terbesar, gram"), least=1, most=1_000_000, default=30_000)
    takes_cash = BooleanField(_l("Menerima bayar di tempat"))
    submit = SubmitField(_l("Tambah kurir"))


class RateForm(HouseForm):
    """A price from a day on, or the end of a lane."""

    from_zone = OneOfField(_l("Dari zona"))
    to_zone = OneOfField(_l("Ke zona"))
    is_offered = BooleanField(_l("Kurir melayani jalur ini"), default=True)
    base_rupiah = RupiahField(_l("Ongkos berat terkecil"), required=False)
    step_rupiah = RupiahField(_l("Ongkos setiap langkah berikutnya"), required=False)
    days_min = QuantityField(_l("Paling cepat, hari"), least=0, most=DAYS_MAX, default=1)
    days_max = QuantityField(_l("Paling lama, hari"), least=0, most=DAYS_MAX, default=3)
    valid_from = DayField(_l("Mulai berlaku"))
    source = TextField(_l("Sumber tarif"), longest=120)
    submit = SubmitField(_l("Simpan tarif"))

    def offer(self, zones: list[str]) -> "RateForm":
        """Let the two zones be chosen from those that exist."""
        self.from_zone.offer((zone, zone) for zone in zones)
        self.to_zone.offer((zone, zone) for zone in zones)
        return self


class ZoneForm(HouseForm):
    """Put a region into a zone; an empty zone takes it out again."""

    region = RegionField(_l("Wilayah"))
    zone = TextField(_l("Zona"), longest=20, required=False)
    submit = SubmitField(_l("Simpan zona"))
