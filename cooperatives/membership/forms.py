"""Forms of what members share."""

from collections.abc import Iterable, Sequence
from typing import Any

from flask import request
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, SubmitField

from cooperatives.membership.advances import PERCENT_MAX, Deal
from cooperatives.membership.expenses import CATEGORIES
from cooperatives.membership.savings import SORT_WORDS
from cooperatives.membership.vouchers import Wish
from cooperatives.membership.wording import money_words
from cooperatives.models import Unit
from cooperatives.models.vouchers import VoucherKind
from core import clock
from core.choices import DayField, OneOfField
from core.fields import ActIdField, PhoneField, QuantityField, RupiahField, TextField
from core.forms import HouseForm
from core.uploads import BytesField
from sellers.forms import PickField

SAVINGS_WAYS = {"saved": _l("Menyetor"), "withdrawn": _l("Mengambil")}
MATERIAL = "cost:bahan"


class MoneyForm(HouseForm):
    """An amount, and the drawer or bank that it lies in."""

    act_id = ActIdField()
    amount = RupiahField(_l("Jumlah"), least=1)
    money = OneOfField(_l("Uangnya di"))

    def offer_money(self, places: Iterable[str]) -> None:
        """Which drawers and banks there are."""
        self.money.offer((one, money_words(one)) for one in places)


class TakerForm(HouseForm):
    """Whom she lets take her cash, by phone number."""

    phone = PhoneField(_l("Nomor HP"))
    who = OneOfField(_l("Siapa namanya?"), nothing=_l("Pilih namanya"))
    submit = SubmitField(_l("Boleh mengambil uang saya"))


class SavingsForm(MoneyForm):
    """Into her savings, or out of them."""

    way = PickField(_l("Anggota"), SAVINGS_WAYS, default="saved")
    sort = PickField(_l("Jenis simpanan"), SORT_WORDS, default="mandatory")
    day = DayField(_l("Tanggal"), default=clock.today)
    submit = SubmitField(_l("Catat simpanan"))

    def wish(self, cooperative_id: int, person_id: int) -> Wish:
        """What was typed, as the noun wants it."""
        return Wish(
            id=self.act_id.data,
            organisation_id=cooperative_id,
            kind=VoucherKind(self.way.data),
            amount=self.amount.data,
            money=self.money.data,
            happened_on=self.day.data,
            person_id=person_id,
            sort=self.sort.data,
        )


class PlanForm(HouseForm):
    """What each member saves from a day on."""

    principal = RupiahField(_l("Simpanan pokok, sekali"))
    mandatory = RupiahField(_l("Simpanan wajib, setiap bulan"))
    valid_from = DayField(_l("Berlaku mulai"), default=clock.today)
    submit = SubmitField(_l("Simpan aturan"))


class CostForm(MoneyForm):
    """Money spent or earned, with its receipt."""

    way = PickField(
        _l("Jenis catatan"),
        {"cost": _l("Biaya keluar"), "income": _l("Pendapatan lain")},
        default="cost",
    )
    category = PickField(_l("Untuk apa"), CATEGORIES, default="material")
    unit = OneOfField(_l("Unit usaha"), nothing=_l("Seluruh koperasi"))
    payer = OneOfField(_l("Siapa yang membayar"), nothing=_l("Langsung dari kas"))
    words = TextField(_l("Keterangan"), longest=200)
    day = DayField(_l("Tanggal"), default=clock.today)
    receipt = BytesField(_l("Foto nota"))
    submit = SubmitField(_l("Catat"))

    def offer(self, units: Sequence[Unit], people: Iterable[tuple[int, str]]) -> None:
        """Which units there are, and who may have paid out of her own purse."""
        self.unit.offer((one.id, one.name) for one in units)
        self.payer.offer(people)

    def wish(self, organisation_id: int) -> Wish:
        """What was typed, as the noun wants it."""
        return Wish(
            id=self.act_id.data,
            organisation_id=organisation_id,
            kind=VoucherKind(self.way.data),
            amount=self.amount.data,
            money=self.money.data,
            happened_on=self.day.data,
            person_id=self.payer.chosen,
            unit_id=self.unit.chosen,
            category=self.category.data,
            words=self.words.data or "",
        )


class AdvanceForm(MoneyForm):
    """What is lent; the proof comes once the text has been read to her."""

    member = OneOfField(_l("Anggota"))
    what = TextField(_l("Bahan apa"), longest=120)
    due_on = DayField(_l("Kembali paling lambat"))
    percent = QuantityField(
        _l("Potongan setiap hitungan, persen"), least=0, most=PERCENT_MAX, default=20
    )
    floor = RupiahField(_l("Paling sedikit tetap untuk anggota"))
    witness = TextField(_l("Nama saksi"), longest=60, required=False)
    proof = BytesField(_l("Rekaman suara atau foto cap jempol"))
    agreed = BooleanField(_l("Sudah dibacakan, dan anggota setuju"))

    def offer_sources(self, places: Iterable[str]) -> None:
        """Money from a drawer or bank, or goods that the group has bought already."""
        self.offer_money([*places, MATERIAL])

    def deal(self, organisation_id: int) -> Deal:
        """What was typed, as the noun wants it."""
        return Deal(
            id=self.act_id.data,
            organisation_id=organisation_id,
            person_id=self.member.chosen or 0,
            amount=self.amount.data,
            what=self.what.data or "",
            money=self.money.data,
            due_on=self.due_on.data,
            percent=self.percent.data,
            floor=self.floor.data,
            witness=self.witness.data or "",
        )

    def kept(self) -> list[tuple[str, Any]]:
        """Everything typed so far, to be sent again together with the proof."""
        boxes = ("act_id", "amount", "money", "member", "what", "due_on", "percent", "floor",
                 "witness")  # fmt: skip
        return [(name, request.form.get(name, "")) for name in boxes]


class RepayForm(MoneyForm):
    """She pays back in cash."""

    submit = SubmitField(_l("Catat pembayaran"))


class ReasonForm(HouseForm):
    """Why a voucher does not stand."""

    reason = TextField(_l("Alasannya"), longest=200)


class UnitForm(HouseForm):
    """A unit that begins."""

    name = TextField(_l("Nama unit"), longest=60)
    submit = SubmitField(_l("Buka unit"))
