"""Forms of the seller's pages: shop, rest, product, size, photo and permit."""

import re
from collections.abc import Mapping
from datetime import time
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import BooleanField, RadioField, SelectField, SelectMultipleField
from wtforms.validators import StopValidation
from wtforms.widgets import CheckboxInput, ListWidget, TimeInput

from core.choices import DayField, OneOfField
from core.fields import DistrictField, QuantityField, RupiahField, TextField, TypedField
from core.uploads import BytesField
from sellers.grams import parse_grams
from sellers.variants import SIDE_MAX_CM, Size

LANGUAGES = {
    "id": _l("Indonesia"),
    "jv": _l("Jawa"),
    "su": _l("Sunda"),
    "en": _l("Inggris"),
    "zh_hant": _l("Mandarin atau Kanton"),
    "ar": _l("Arab"),
    "ms": _l("Melayu"),
    "ko": _l("Bahasa Korea"),
    "ja": _l("Bahasa Jepang"),
}
COUNTRIES = {
    "HK": _l("Hong Kong"),
    "TW": _l("Taiwan"),
    "SG": _l("Singapura"),
    "MY": _l("Malaysia"),
    "SA": _l("Arab Saudi"),
    "AE": _l("Uni Emirat Arab"),
    "KR": _l("Korea Selatan"),
    "JP": _l("Jepang"),
    "AU": _l("Australia"),
}
ALLERGENS = {
    "susu": _l("Susu"),
    "telur": _l("Telur"),
    "kacang tanah": _l("Kacang tanah"),
    "kedelai": _l("Kedelai"),
    "gandum": _l("Gandum"),
    "ikan": _l("Ikan"),
    "udang": _l("Udang"),
    "wijen": _l("Wijen"),
}
HALAL = {
    "certified": _l("Sudah terbit"),
    "in_process": _l("Sedang diurus"),
    "not_halal": _l("Tidak halal, dan ditulis jelas"),
    "none": _l("Belum diurus"),
}
UNITS = {
    "bungkus": _l("bungkus"),
    "buah": _l("buah"),
    "botol": _l("botol"),
    "gelas": _l("gelas"),
    "kotak": _l("kotak"),
    "lembar": _l("lembar"),
}
ALLERGEN_LETTERS_MAX = 30

# What a list says to an answer that it never offered; the type stubs do not know the word yet.
PICKED: dict[str, Any] = {"invalid_choice_message": _l("Pilih dari daftar ini.")}


class ClockField(TypedField):
    """An hour of the day in WIB: 10, 10.00 or 10:00."""

    widget = TimeInput()
    longest = 8
    missing = _l("Jam belum diisi. Contoh: 10.00.")
    _shape = re.compile(r"([0-9]{1,2})(?:[.:]([0-9]{2})(?:[.:][0-9]{2})?)?")

    def _read(self, text: str) -> time:
        found = self._shape.fullmatch(text)
        hour, minute = (int(part or 0) for part in found.groups()) if found else (24, 0)
        if hour > 23 or minute > 59:
            raise ValueError(_("Tulis jam seperti 10.00."))
        return time(hour, minute)

    def _write(self, value: time) -> str:
        return value.strftime("%H:%M")


class WeightField(TypedField):
    """A weight in grams: 450, "250 g", "2 ons" or "1,5 kg"."""

    inputmode = "decimal"
    longest = 20
    missing = _l("Berat belum diisi. Contoh: 450 atau 1,5 kg.")

    def _read(self, text: str) -> int:
        return parse_grams(text)


class BoxField(TypedField):
    """The three sides of a parcel in whole centimetres: 24 x 16 x 6."""

    is_required = False
    longest = 30
    _shape = re.compile(
        r"([0-9]{1,3})(?:\s*cm)?\s*[x×*]\s*([0-9]{1,3})(?:\s*cm)?\s*[x×*]\s*([0-9]{1,3})(?:\s*cm)?",
        re.IGNORECASE,
    )

    def _read(self, text: str) -> tuple[int, int, int]:
        found = self._shape.fullmatch(text)
        sides = tuple(int(side) for side in found.groups()) if found else ()
        if len(sides) != 3 or not all(1 <= side <= SIDE_MAX_CM for side in sides):
            raise ValueError(_("Tulis panjang, lebar, dan tinggi dalam cm, contoh 24 x 16 x 6."))
        return sides

    def _write(self, value: tuple[int, int, int]) -> str:
        return " x ".join(str(side) for side in value)


class _Offered:
    """A list of answers, values to words; what the page did not offer is refused."""

    choices: Any

    def __init__(self, label: Any, words: Mapping[Any, Any] | None = None, **kwargs: Any) -> None:
        super().__init__(label, **{"choices": [], **PICKED, **kwargs})  # type: ignore[call-arg]
        self.offer(words or {})

    def offer(self, words: Mapping[Any, Any]) -> None:
        """Say what may be answered."""
        self.choices = list(words.items())


class PickField(_Offered, SelectField):
    """One of a list that opens."""


class CardsField(_Offered, RadioField):
    """One of a few, all of them in sight."""


class TicksField(_Offered, SelectMultipleField):
    """Boxes to tick."""

    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()


class ProfileForm(FlaskForm):
    """What a shop says of itself."""

    store_name = TextField(_l("Nama toko"), longest=80)
    call_me = TextField(_l("Panggilan Ibu"), longest=60, required=False)
    mission = TextField(_l("Niat toko, satu kalimat"), longest=200, required=False)
    story = TextField(_l("Cerita Ibu"), longest=1500, lines=True, required=False)
    difference = TextField(
        _l("Apa bedanya dari yang lain?"), longest=300, lines=True, required=False
    )
    story_en = TextField(
        _l("Cerita dalam bahasa Inggris"), longest=1500, lines=True, required=False
    )
    district_code = DistrictField(_l("Kecamatan"), required=False)
    languages = TicksField(_l("Bahasa yang Ibu pakai"), LANGUAGES)
    returned_from = TicksField(_l("Pernah bekerja di"), COUNTRIES)
    away_from_year = QuantityField(_l("Berangkat tahun"), least=1950, most=2100, required=False)
    away_until_year = QuantityField(_l("Pulang tahun"), least=1950, most=2100, required=False)
    language_gained = TextField(_l("Bahasa yang didapat di sana"), longest=40, required=False)
    shows_return = BooleanField(_l("Tampilkan bagian ini di toko saya"))
    photo = BytesField(_l("Foto Ibu atau toko"))


class RestForm(FlaskForm):
    """How long the shop rests, and what buyers read meanwhile."""

    until = DayField(_l("Libur sampai tanggal"), required=False)
    note = TextField(_l("Pesan untuk pembeli"), longest=160, required=False)


class CutoffForm(FlaskForm):
    """Until when an order is packed on the same day."""

    cutoff = ClockField(_l("Batas jam pesanan (WIB)"), required=False)


class QuietForm(FlaskForm):
    """When she wants no messages."""

    begin = ClockField(_l("Mulai jam (WIB)"), required=False)
    end = ClockField(_l("Sampai jam (WIB)"), required=False)


class DetailsForm(FlaskForm):
    """What a product says of itself."""

    name = TextField(_l("Nama barang"), longest=120)
    category = OneOfField(_l("Jenis barang"), nothing=_l("Belum dipilih"))
    description = TextField(_l("Keterangan"), longest=2000, lines=True, required=False)
    ingredients = TextField(_l("Bahan"), longest=600, lines=True, required=False)
    allergens = TicksField(_l("Mengandung"), ALLERGENS)
    more_allergens = TextField(_l("Kandungan lain, pisahkan dengan koma"), required=False)
    storage = TextField(_l("Cara menyimpan"), longest=300, required=False)
    shelf_life_days = QuantityField(_l("Tahan berapa hari"), most=3650, required=False)
    halal = CardsField(_l("Halal"), HALAL, default="none")
    lead_days = QuantityField(_l("Siap kirim dalam berapa hari"), least=0, most=365)
    made_to_order = BooleanField(_l("Dibuat setelah ada pesanan"))
    capacity_sunny = QuantityField(
        _l("Kuat membuat seminggu saat cerah"), least=0, most=100_000, required=False
    )
    capacity_rainy = QuantityField(
        _l("Kuat membuat seminggu saat hujan"), least=0, most=100_000, required=False
    )
    export_to = TicksField(_l("Boleh dikirim ke"), COUNTRIES)
    name_en = TextField(_l("Nama dalam bahasa Inggris"), longest=120, required=False)
    description_en = TextField(
        _l("Keterangan dalam bahasa Inggris"), longest=2000, lines=True, required=False
    )
    ingredients_en = TextField(
        _l("Bahan dalam bahasa Inggris"), longest=600, lines=True, required=False
    )
    storage_en = TextField(_l("Cara menyimpan dalam bahasa Inggris"), longest=300, required=False)

    def validate_more_allergens(self, field: TextField) -> None:  # noqa: ARG002
        """A word or two each."""
        if any(len(one) > ALLERGEN_LETTERS_MAX for one in self._more_allergens()):
            raise StopValidation(
                _("Paling banyak %(n)s huruf untuk setiap kandungan.", n=ALLERGEN_LETTERS_MAX)
            )

    def _more_allergens(self) -> list[str]:
        return [one.strip() for one in self.more_allergens.data.split(",") if one.strip()]

    def all_allergens(self) -> list[str]:
        """Ticked and written, each once."""
        return list(dict.fromkeys([*(self.allergens.data or []), *self._more_allergens()]))


class SizeForm(FlaskForm):
    """One size of a product."""

    name = TextField(_l("Ukuran atau rasa"), longest=60, required=False)
    price = RupiahField(_l("Harga"), least=100)
    unit = PickField(_l("Dijual per"), UNITS)
    net_weight_grams = WeightField(_l("Berat isi"), required=False)
    weight_grams = WeightField(_l("Berat siap kirim"))
    box = BoxField(_l("Ukuran paket dalam cm"))
    production_cost = RupiahField(_l("Biaya membuat satu"), required=False)
    is_sample = BooleanField(_l("Ini contoh kecil untuk dicoba"))

    def leave_out(self, **kept: int | None) -> None:
        """Boxes that are not this visitor's to fill in: they keep what they have."""
        self.kept = kept
        for name in kept:
            del self[name]

    def size(self) -> Size:
        """What was typed, as the noun wants it."""
        length, width, height = self.box.data or (None, None, None)
        typed = {"price": self.price, "production_cost": self.production_cost}
        figures = {name: box.data for name, box in typed.items() if box is not None}
        figures |= getattr(self, "kept", {})
        return Size(
            **figures,
            name=self.name.data,
            unit=self.unit.data,
            net_weight_grams=self.net_weight_grams.data,
            weight_grams=self.weight_grams.data,
            length_cm=length,
            width_cm=width,
            height_cm=height,
            is_sample=self.is_sample.data,
        )


class PhotoForm(FlaskForm):
    """A new photo and what it shows."""

    photo = BytesField(_l("Foto barang"))
    alt = TextField(_l("Apa yang terlihat di foto?"), longest=200, required=False)


class PermitForm(FlaskForm):
    """A number from paper, or nothing yet while it is being applied for."""

    number = TextField(_l("Nomor"), longest=60, required=False)
    valid_until = DayField(_l("Berlaku sampai"), required=False)
    listing_ids = TicksField(_l("Untuk barang"))

    def covers(self) -> list[int]:
        """Ids of the ticked goods."""
        return [int(key) for key in self.listing_ids.data or []]
