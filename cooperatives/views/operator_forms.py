"""Forms of the operator's pages about organisations, places and terms."""

import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, RadioField, SelectField, SubmitField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]

from cooperatives.consignment import MISSING, Sheet, TermsSettings
from cooperatives.counts import bearing
from cooperatives.fair_terms import PULL_DAYS_MAX, Rates
from cooperatives.sharing import Rate
from core import clock
from core.choices import DayField
from core.config import settings
from core.fields import DistrictField, QuantityField, TextField, TypedField
from core.forms import HouseForm

SOLD_AT = {
    ("web", "home"): _l("Lewat web, dari rumah pembuat"),
    ("web", "kiosk"): _l("Lewat web, dari kios"),
    ("counter", "kiosk"): _l("Di meja kios"),
    ("bazaar", "bazaar"): _l("Di bazar"),
}
LET_OFF_AT = {("counter", "kiosk"), ("bazaar", "bazaar")}
"""Where a keeper may let something off a price."""
PAYERS = [
    SelectChoice("operator", _l("Pengelola")),
    SelectChoice("cooperative", _l("Koperasi")),
    SelectChoice("maker", _l("Pembuat")),
]
DISCOUNT_PAYERS = [
    SelectChoice("everybody", _l("Semua, sesuai bagiannya")),
    SelectChoice("maker", _l("Pembuat")),
    SelectChoice("cooperative", _l("Koperasi")),
    SelectChoice("kiosk", _l("Kios")),
]
BOXES = {
    "cooperative": "cooperative_bp",
    "kiosk": "kiosk_bp",
    "operator": "operator_bp",
    "payer": "fee_payer",
    "pull": "pull_days",
    "invited": "affiliate_bp",
    "inviter_payer": "affiliate_payer",
    "off": "discount_bp",
    "off_payer": "discount_payer",
}
"""The boxes of a way of selling, and what they say of its rate."""


class PercentField(TypedField):
    """A share of the price as people write it, 5 or 7,5; kept in basis points."""

    inputmode = "decimal"
    longest = 6
    missing = _l("Persennya belum diisi. Tulis 0 bila tidak ada.")
    _shape = re.compile(r"([0-9]{1,3})(?:[.,]([0-9]{1,2}))?")

    def _read(self, text: str) -> int:
        found = self._shape.fullmatch(text)
        points = int(found[1]) * 100 + int((found[2] or "").ljust(2, "0")) if found else -1
        if not 0 <= points <= 10_000:
            raise ValueError(_("Tulis persen dari 0 sampai 100, contoh 7,5."))
        return points

    def _write(self, value: int) -> str:
        return f"{value // 100},{value % 100:02}".removesuffix("0").removesuffix(",0")


class OrganisationForm(HouseForm):
    """A cooperative or a joint group that begins."""

    kind = RadioField(
        _l("Bentuk"),
        choices=[
            SelectChoice("cooperative", _l("Koperasi")),
            SelectChoice("joint_group", _l("Kelompok usaha bersama")),
        ],
        default="cooperative",
    )
    name = TextField(_l("Nama lengkap"), longest=120)
    short_name = TextField(_l("Nama pendek"), longest=60)
    founded_on = DayField(_l("Berdiri sejak"), required=False)
    village = TextField(_l("Desa atau kelurahan"), longest=60, required=False)
    district = DistrictField(_l("Kecamatan"))
    landmark = TextField(_l("Patokan"), longest=120, required=False)
    story = TextField(_l("Tentang kelompok ini"), longest=2000, lines=True, required=False)
    submit = SubmitField(_l("Buka"))


class PlaceForm(HouseForm):
    """A kiosk or a bazaar box; both are public places, so their address is shown."""

    kind = RadioField(
        _l("Jenis tempat"),
        choices=[SelectChoice("kiosk", _l("Kios")), SelectChoice("bazaar", _l("Kotak bazar"))],
        default="kiosk",
    )
    name = TextField(_l("Nama tempat"), longest=80)
    district = DistrictField(_l("Kecamatan"))
    village = TextField(_l("Desa atau kelurahan"), longest=60, required=False)
    landmark = TextField(_l("Patokan"), longest=120, required=False)
    weekdays = TextField(_l("Jam buka Senin sampai Sabtu"), longest=20, required=False)
    sunday = TextField(_l("Jam buka Minggu"), longest=20, required=False)
    is_pickup = BooleanField(_l("Pembeli bisa mengambil pesanan di sini"))
    submit = SubmitField(_l("Buka tempat"))


class TermsForm(HouseForm):
    """The next version of consignment terms: one row for each way of selling."""

    valid_from = DayField(_l("Mulai berlaku"))
    note = TextField(_l("Keterangan untuk anggota"), longest=200, required=False)
    missing = SelectField(
        _l("Barang hilang saat dihitung"),
        choices=[SelectChoice(who, words) for who, words in bearing.WORDS.items()],
    )
    submit = SubmitField(_l("Simpan aturan baru"))

    def rows(self) -> Iterator[tuple[Any, list[Any]]]:
        """The fields of each way of selling, under its words."""
        for (channel, kind), words in SOLD_AT.items():
            named = [f"{part}_{channel}_{kind}" for part in ("sold", *BOXES)]
            yield words, [self[name] for name in named if name in self]

    def rates(self) -> Rates:
        """The rates as typed; what is not sold there is left out."""
        return {
            (channel, kind): Rate(
                **{
                    part: self[f"{box}_{channel}_{kind}"].data
                    for box, part in BOXES.items()
                    if f"{box}_{channel}_{kind}" in self
                }
            )
            for channel, kind in SOLD_AT
            if self[f"sold_{channel}_{kind}"].data
        }

    def begin_with(self, terms: Sheet | None) -> None:
        """Show the terms in force as the start of the new ones."""
        self.valid_from.data = clock.today() + timedelta(
            days=settings(TermsSettings).fee_notice_days
        )
        rates: Rates = terms.rates if terms else {}
        self.missing.data = terms.missing if terms else MISSING
        for key in SOLD_AT:
            channel, kind = key
            rate = rates.get(key, Rate())
            self[f"sold_{channel}_{kind}"].data = key in rates
            for box, part in BOXES.items():
                if (name := f"{box}_{channel}_{kind}") in self:
                    self[name].data = getattr(rate, part)


for _channel, _kind in SOLD_AT:
    for _name, _field in {
        "sold": BooleanField(_l("Dijual di sini")),
        "cooperative": PercentField(_l("Koperasi, persen")),
        "kiosk": PercentField(_l("Kios, persen")),
        "operator": PercentField(_l("Pengelola, persen")),
        "payer": SelectField(_l("Biaya pembayaran ditanggung"), choices=PAYERS),
        "pull": QuantityField(_l("Ditarik sebelum kedaluwarsa, hari"), least=0, most=PULL_DAYS_MAX),
        "invited": PercentField(_l("Untuk yang mengajak pembeli, persen")),
        "inviter_payer": SelectField(_l("Bagian yang mengajak ditanggung"), choices=PAYERS),
        "off": PercentField(_l("Potongan harga di kasir paling banyak, persen")),
        "off_payer": SelectField(_l("Potongan harga ditanggung"), choices=DISCOUNT_PAYERS),
    }.items():
        if not _name.startswith("off") or (_channel, _kind) in LET_OFF_AT:
            setattr(TermsForm, f"{_name}_{_channel}_{_kind}", _field)
