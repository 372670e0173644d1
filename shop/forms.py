"""The checkout form: it carries everything the buyer decided from step to step.

Nothing personal stands in the session or in an address; what she typed comes back with each answer.
Shapes are judged here, stock and money are not.
"""

import re
from typing import Any
from uuid import uuid4

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import Field

from cooperatives.allocation import BadQuantity, Wish
from cooperatives.settings import CooperativeSettings
from core import regions
from core.config import settings
from core.emails import EmailField
from core.errors import DomainError
from core.fields import (
    ActIdField,
    DistrictField,
    NameField,
    PhoneField,
    PostcodeField,
    RtRwField,
    TextField,
)
from core.forms import HouseForm
from orders.checkout import Checkout, EmptyBasket, Receiver
from orders.models import Contact
from orders.settings import OrderSettings
from shop import districts
from shop.basket import Wishes

SHIP = "ship"
ADDRESS = ("street", "rt_rw", "village", "district", "postcode", "landmark")
_PICKUP = re.compile(r"pickup-([0-9]{1,18})")


class NumberedField(Field):
    """Boxes of one kind, one for each id, as `goods-12`; `data` maps the id to what was typed."""

    def process(self, formdata: Any, data: Any = None, extra_filters: Any = None) -> None:  # noqa: ARG002
        """Gather the boxes of this name."""
        self.process_errors, self.errors = [], []
        self.data: dict[int, str] = dict(data or {}) if isinstance(data, dict) else {}
        shape = re.compile(re.escape(self.name) + "-([0-9]{1,18})")
        for key in formdata or ():
            value = formdata.getlist(key)[0]
            if (found := shape.fullmatch(key)) and isinstance(value, str):
                self.data[int(found[1])] = value.strip()[:40]


class PlaceField(DistrictField):
    """A district by free typing. Behind the typed text may come the code chosen of what it may
    have meant; it counts while the text still means the same.
    """

    def _read(self, text: str) -> str:
        try:
            return districts.resolve(text).code
        except regions.NoSuchDistrict as unclear:
            self.choices = unclear.choices
            if not unclear.choices:
                raise
            raise ValueError(_("Kecamatan mana yang dimaksud? Pilih salah satu.")) from unclear

    def process_formdata(self, valuelist: list[Any]) -> None:
        """Read the text, or take the choice."""
        try:
            super().process_formdata(valuelist)
        except ValueError:
            chosen = [one.code for one in self.choices if one.code in valuelist[1:]]
            if not chosen:
                raise
            self.data = chosen[0]

    def _value(self) -> str:
        return self._write(self.data) if self.data else super()._value()


class StreetField(TextField):
    """Where the door is; a hamlet will do where streets have no name."""

    missing = _l("Jalan atau dusun belum diisi. Contoh: Dusun Krajan nomor 7.")


class CheckoutForm(HouseForm):
    """All of it; which part is shown as boxes and which is carried along, the step decides."""

    act_id = ActIdField()
    goods = NumberedField(_l("Barang"))
    service = NumberedField()
    way = TextField(_l("Cara menerima barang"), longest=30, required=False)
    name = NameField(_l("Nama penerima"))
    phone = PhoneField(_l("Nomor HP"))
    email = EmailField(_l("E-mail untuk kabar pesanan"))
    street = StreetField(
        _l("Jalan atau dusun, nomor rumah"),
        render_kw={"autocomplete": "address-line1"},
    )
    rt_rw = RtRwField(_l("RT/RW"))
    village = TextField(
        _l("Desa atau kelurahan"),
        required=False,
        longest=60,
        render_kw={"autocomplete": "address-level4"},
    )
    district = PlaceField(
        _l("Kecamatan dan kabupaten"),
        render_kw={"autocomplete": "address-level3"},
    )
    postcode = PostcodeField(_l("Kode pos"))
    landmark = TextField(_l("Patokan rumah"), required=False)
    note = TextField(_l("Catatan untuk penjual"), required=False, longest=300)
    method = TextField(_l("Cara bayar"), required=False, longest=16)
    total_seen = TextField(required=False, longest=13)

    @property
    def kiosk_id(self) -> int | None:
        """Where she fetches the goods; None where they are sent."""
        found = _PICKUP.fullmatch(self.way.data or "")
        return int(found[1]) if found else None

    @property
    def district_code(self) -> str | None:
        """Where the goods are sent; None where they are fetched."""
        return self.district.data if self.kiosk_id is None else None

    def wishes(self) -> Wishes:
        """What she wants; nothing of a thing takes it out. Raises BadQuantity, EmptyBasket."""
        most = settings(CooperativeSettings).hold_units_max
        if not all(re.fullmatch("[0-9]{1,9}", typed) for typed in self.goods.data.values()):
            raise BadQuantity(most)
        wanted = {variant_id: int(typed) for variant_id, typed in self.goods.data.items()}
        found = tuple(Wish(*pair) for pair in wanted.items() if pair[1])
        if not 0 < len(found) <= settings(OrderSettings).lines_max:
            raise EmptyBasket
        if sum(wanted.values()) > most:
            raise BadQuantity(most)
        return found

    def want(self, wishes: Wishes) -> None:
        """Put these goods in the place of what was sent."""
        self.goods.data = {wish.variant_id: str(wish.quantity) for wish in wishes}

    def validate(self, extra_validators: Any = None) -> bool:
        """Judge the shapes; of an address only where goods are sent."""
        super().validate(extra_validators)
        if self.way.data != SHIP and self.kiosk_id is None:
            self.way.errors = [_("Pilih dulu: dikirim atau diambil sendiri.")]
        if self.kiosk_id is not None:
            for name in ADDRESS:
                self[name].errors = []
        try:
            self.wishes()
        except DomainError as refused:
            self.goods.errors = [refused.sentence]
        return not self.errors

    def fill(self, values: dict[str, Any]) -> None:
        """Put known values into boxes, in the place of what was sent."""
        for name, value in values.items():
            self[name].raw_data, self[name].process_errors = None, []
            self[name].data = value

    def fill_address(self, known: Contact) -> None:
        """Put a known address into its boxes."""
        names = ("street", "rt_rw", "village", "postcode", "landmark")
        self.fill({name: getattr(known, name) for name in names})
        self.fill({"way": SHIP, "district": known.district_code})

    def renew(self) -> None:
        """What follows is another order."""
        self.act_id.data = uuid4()

    def carried(self, *shown: str) -> list[tuple[str, str]]:
        """Names and values of all that a step does not show as boxes."""
        boxes: list[Any] = [f for f in self if not isinstance(f, NumberedField)]
        unseen = (*shown, "csrf_token", "district")
        pairs = [(f.name, f._value()) for f in boxes if f.name not in unseen]
        if "district" not in shown:
            pairs.append(("district", self.district.data or self.district._value()))
        for field in (self.goods, self.service):
            if field.name not in shown:
                pairs += [(f"{field.name}-{key}", value) for key, value in field.data.items()]
        return pairs

    def asked(self, language: str, links: tuple[str, ...] = ()) -> Checkout:
        """What the order's noun wants to know."""
        is_shipped = self.kiosk_id is None
        address = {name: self[name].data for name in ADDRESS if name != "district"}
        to = regions.district(self.district.data or "") if is_shipped else None
        where = {"district_code": to.code, "district_label": to.label, **address} if to else {}
        return Checkout(
            order_id=self.act_id.data,
            wishes=self.wishes(),
            receiver=Receiver(
                name=self.name.data,
                phone=self.phone.data,
                email=self.email.data,
                note=self.note.data,
                **where,
            ),
            method_code=self.method.data,
            total_seen=int(self.total_seen.data) if self.total_seen.data.isdecimal() else 0,
            pickup_place_id=self.kiosk_id,
            services=tuple(sorted(self.service.data.items())),
            language=language,
            links=links,
        )
