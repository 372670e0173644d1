"""Forms of the cooperatives' floor."""

from collections.abc import Iterable, Mapping
from typing import Any

from flask import request
from flask_babel import lazy_gettext as _
from wtforms import HiddenField, RadioField, SubmitField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]

from cooperatives import banks
from cooperatives.beginning import VISIONS
from cooperatives.costing import GAINS_PERCENT, PIECES_MAX, Costs
from cooperatives.models.her_money import JARS
from cooperatives.pay_ways import Target
from cooperatives.product_answers import PRICE_MIN, STOCK_MAX
from core.choices import OneOfField
from core.fields import ActIdField, NameField, QuantityField, RupiahField, TextField
from core.forms import HouseForm
from core.uploads import BytesField
from sellers.forms import CardsField, PickField, WeightField
from sellers.listings import NAME_MAX
from sellers.models import Category

FRESH = "fresh"
"""Chosen in place of a paper: food that is eaten before it would need one."""


class PrepareForm(HouseForm):
    """Where the money leaves."""

    source = OneOfField(_("Uang keluar dari"))
    submit = SubmitField(_("Siapkan pencairan"))


class SendForm(HouseForm):
    """The bank's number of the transfer, or the number of the receipt."""

    reference_no = TextField(_("Nomor transfer atau kuitansi"), longest=80)
    submit = SubmitField(_("Sudah saya kirim"))


class FileForm(HouseForm):
    """For which bank the file is."""

    layout = OneOfField(_("Berkas untuk bank"))
    submit = SubmitField(_("Unduh berkas bank"))


class AnswerForm(HouseForm):
    """What the bank said of a transfer, and who said so when."""

    said = RadioField(
        _("Apa jawaban bank?"),
        choices=[
            SelectChoice("paid", _("Uangnya sudah masuk ke rekening penerima")),
            SelectChoice("failed", _("Uangnya tidak terkirim dan masih di rekening kita")),
            SelectChoice("open", _("Bank belum tahu")),
        ],
        invalid_choice_message=_("Pilih dari daftar ini."),  # type: ignore[call-arg]
    )
    evidence = TextField(_("Siapa yang menjawab, kapan, dan bukti apa"), longest=200)
    submit = SubmitField(_("Catat jawaban"))

    def paid(self) -> bool | None:
        """Whether it arrived; None where nobody knows yet."""
        return {"paid": True, "failed": False}.get(self.said.data)


class ReasonForm(HouseForm):
    """Why a payout does not go on."""

    reason = TextField(_("Alasannya"), longest=200)


class CostsForm(HouseForm):
    """What one batch takes; an empty box is nothing."""

    ingredients = RupiahField(_("Bahan"), required=False)
    labour = RupiahField(_("Tenaga, waktu Ibu juga"), required=False)
    packaging = RupiahField(_("Kemasan"), required=False)
    power = RupiahField(_("Listrik dan gas"), required=False)
    delivery = RupiahField(_("Ongkir belanja"), required=False)
    pieces = QuantityField(_("Jadi berapa bungkus?"), most=PIECES_MAX)
    gain = OneOfField(_("Untung yang Ibu mau"))

    def offer_gains(self) -> None:
        """What may be wanted; the middle one stands there first."""
        self.gain.offer((one, f"{one} %") for one in GAINS_PERCENT)
        self.gain.data = self.gain.data or str(GAINS_PERCENT[1])

    def costs(self) -> Costs:
        """What was typed, as the rules want it."""
        boxes = ("ingredients", "labour", "packaging", "power", "delivery")
        return Costs(pieces=self.pieces.data, **{box: self[box].data or 0 for box in boxes})


class ProductForm(HouseForm):
    """The five questions as one plain form; the phone asks them one by one."""

    act_id = ActIdField()
    training = HiddenField()  # Her enrolment in the class whose task this product is.
    camera = BytesField(_("Ambil foto"))
    gallery = BytesField(_("Pilih dari galeri"))
    name = TextField(_("Apa nama barangnya?"), longest=NAME_MAX)
    category = OneOfField(_("Jenis barang"), nothing=_("Pilihkan dari namanya"))
    price = RupiahField(_("Berapa harganya?"), least=PRICE_MIN)
    cost = RupiahField(_("Biaya membuat satu"), required=False)
    stock = QuantityField(_("Ada berapa di rumah?"), least=0, most=STOCK_MAX)
    weight = WeightField(_("Berapa beratnya, siap kirim?"))
    paper = CardsField(_("Nomor izin pangan"), default="")
    halal = CardsField(_("Sertifikat halal"), default="")

    def offer(
        self, shelves: Iterable[Category], papers: Mapping[str, Any], halal: Mapping[str, Any]
    ) -> None:
        """Say which shelves there are, and which papers of hers may cover the product."""
        self.category.offer((one.id, one.name) for one in shelves if not one.closed_reason)
        self.paper.offer(papers)
        self.halal.offer(halal)

    def photo(self) -> bytes | None:
        """The one picture that came along."""
        found: bytes | None = self.camera.data or self.gallery.data
        return found

    def content(self, shop_id: int, fresh_days: int) -> dict[str, Any]:
        """The answers as a phone would send them, so that both are one act."""
        papers = [one for one in (self.paper.data, self.halal.data) if one and one != FRESH]
        return {
            "shop": shop_id,
            "name": self.name.typed,
            "category": self.category.data or "",
            "price": self.price.typed,
            "cost": self.cost.typed,
            "stock": self.stock.typed,
            "weight": self.weight.typed,
            "permits": papers,
            "training": self.training.data or "",
            "keeps": str(fresh_days) if self.paper.data == FRESH else "",
            "photos": [],
            "publish": "draft" not in request.form,
        }


class PayWayForm(HouseForm):
    """Cash, or an account; the name on the account may differ from the name she is called by."""

    way = RadioField(
        _("Ibu mau menerima uang bagaimana?"),
        choices=[
            SelectChoice("bank", _("Ke rekening atau dompet digital")),
            SelectChoice("cash", _("Tunai di koperasi")),
        ],
        default="bank",
        invalid_choice_message=_("Pilih dari daftar ini."),  # type: ignore[call-arg]
    )
    bank = PickField(_("Bank atau dompet digital"), banks.NAMES, default="bri")
    number = TextField(_("Nomor rekening"), longest=30)
    name = NameField(_("Nama pemilik rekening"))
    submit = SubmitField(_("Simpan cara baru"))

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.number.missing = _("Nomor rekening belum diisi.")
        self.name.missing = _("Nama pemilik rekening belum diisi.")
        for field in (self.number, self.name):
            field.is_required = self.way.data != "cash"

    def target(self) -> Target | None:
        """The account, or None for cash."""
        if self.way.data == "cash":
            return None
        return Target(self.bank.data, self.number.data, self.name.data)


class JarPlanForm(HouseForm):
    """Three parts of a hundred."""

    home = QuantityField(_("Rumah, persen"), least=0, most=100)
    business = QuantityField(_("Usaha, persen"), least=0, most=100)
    savings = QuantityField(_("Tabungan, persen"), least=0, most=100)
    submit = SubmitField(_("Simpan pembagian"))

    def parts(self) -> dict[str, int]:
        """The parts by jar."""
        return {jar: self[jar].data for jar in JARS}


class JarNoteForm(HouseForm):
    """Into one jar, or out of it."""

    act_id = ActIdField()
    jar = PickField(
        _("Toples"), {"home": _("Rumah"), "business": _("Usaha"), "savings": _("Tabungan")}
    )
    way = PickField(_("Ibu"), {"in": _("Menaruh uang"), "out": _("Mengambil uang")})
    amount = RupiahField(_("Jumlah"), least=1)
    submit = SubmitField(_("Catat"))


class VisionForm(HouseForm):
    """What she dreams of."""

    vision = RadioField(
        _("Pilih satu"),
        choices=[SelectChoice(value, words) for value, words in VISIONS.items()],
        invalid_choice_message=_("Pilih satu, atau lewati."),  # type: ignore[call-arg]
    )
    submit = SubmitField(_("Lanjut"))


class JoinForm(HouseForm):
    """With whom she wants to sell, and under which name."""

    cooperative = OneOfField(_("Koperasi"))
    store_name = TextField(_("Nama toko"), longest=60)
    submit = SubmitField(_("Minta bergabung"))
