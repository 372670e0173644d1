"""Forms of helping hands."""

from typing import Any

from flask import request
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField

from core.choices import DayField, OneOfField
from core.fields import PhoneField, QuantityField, RupiahField, TextField
from core.forms import HouseForm
from core.uploads import BytesField
from sellers.forms import TicksField
from sellers.helping.consent import Limits
from sellers.helping.mandates import Terms
from sellers.rights import PARTS


class MandateForm(HouseForm):
    """What a seller agrees to; the proof comes once the text has been read to her."""

    shop = OneOfField(_l("Toko yang dibantu"))
    phone = PhoneField(_l("Nomor HP yang membantu"))
    who = OneOfField(_l("Siapa yang membantu?"), nothing=_l("Pilih namanya"))
    parts = TicksField(_l("Yang boleh dikerjakan"), {one.name: one.label for one in PARTS})
    price_percent = QuantityField(
        _l("Harga boleh berubah paling banyak berapa persen sehari"),
        least=0,
        most=100,
        required=False,
    )
    stock_units = QuantityField(
        _l("Stok boleh berubah paling banyak berapa sehari"), most=100_000, required=False
    )
    order_rupiah = RupiahField(_l("Pesanan paling besar berapa rupiah"), least=1, required=False)
    until = DayField(_l("Berlaku sampai tanggal"))
    witness = TextField(_l("Nama saksi"), longest=60, required=False)
    proof = BytesField(_l("Rekaman suara atau foto cap jempol"))
    agreed = BooleanField(_l("Sudah dibacakan, dan pemilik toko setuju"))

    def terms(self, helper_id: int, consent: str = "thumb") -> Terms:
        """What was typed, as the noun wants it."""
        return Terms(
            helper_id=helper_id,
            parts=[one for one in PARTS if one.name in (self.parts.data or [])],
            until=self.until.data,
            limits=Limits(self.price_percent.data, self.stock_units.data, self.order_rupiah.data),
            consent=consent,
            witness=self.witness.data or "",
        )

    def kept(self) -> list[tuple[str, Any]]:
        """Everything typed so far, to be sent again together with the proof."""
        boxes = ("shop", "phone", "who", "price_percent", "stock_units", "order_rupiah")
        typed = [(name, request.form.get(name, "")) for name in (*boxes, "until", "witness")]
        typed = [(name, self.who.data if name == "who" else text) for name, text in typed]
        return typed + [("parts", one) for one in self.parts.data or []]


class EndForm(HouseForm):
    """Why it is over, in one sentence."""

    reason = TextField(_l("Mengapa dicabut? Satu kalimat cukup."), longest=200)
