"""Forms of the operator's pages about goods."""

from flask_babel import lazy_gettext as _
from wtforms import BooleanField, SubmitField

from core.fields import QuantityField, TextField
from core.forms import HouseForm


class ShelfForm(HouseForm):
    """A kind of goods."""

    name = TextField(_("Nama jenis barang"), longest=80)
    name_en = TextField(_("Nama dalam bahasa Inggris"), longest=80, required=False)
    is_food = BooleanField(_("Pangan: perlu izin pangan dan keterangan halal"))
    is_herbal = BooleanField(_("Jamu atau obat tradisional: perlu BPOM TR"))
    position = QuantityField(_("Urutan di halaman"), least=0, most=999, default=0)
    closed_reason = TextField(
        _("Alasan ditutup, ditunjukkan kepada semua orang"), longest=200, required=False
    )
    submit = SubmitField(_("Simpan"))


class HideForm(HouseForm):
    """Why buyers no longer see a product."""

    reason = TextField(_("Alasan untuk penjual"), longest=200)
    submit = SubmitField(_("Sembunyikan"))
