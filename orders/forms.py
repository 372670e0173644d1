"""Forms of the orders' floor."""

import re
from collections.abc import Sequence
from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _
from wtforms import BooleanField, Field, RadioField, SubmitField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]
from wtforms.validators import ValidationError

from core.fields import NameField, PhoneField, QuantityField, RupiahField, TextField
from core.forms import HouseForm
from orders import fulfilment, refusals
from orders.talk import WORDS_MAX

TRACKING_MAX = 32
_NO_CHOICE = _("Pilih salah satu.")


class FindForm(HouseForm):
    """An order is found by its number and the phone it was placed with."""

    number = TextField(_("Nomor pesanan"), longest=20)
    phone = PhoneField(_("Nomor HP pemesan"))
    submit = SubmitField(_("Cari pesanan"))


class TalkForm(HouseForm):
    """A question about a parcel, or its answer."""

    words = TextField(_("Tulis pesan"), longest=WORDS_MAX, lines=True)

    @classmethod
    def of(cls, parcel_id: int) -> "TalkForm":
        """One of several on a page: each box has an id of its own for its label."""
        made = cls()
        for box in made:
            box.id = f"{box.id}-{parcel_id}"
        return made


class FewerForm(HouseForm):
    """How many pieces of each line she can give; the boxes are made for one parcel."""

    @classmethod
    def of(cls, lines: Sequence[tuple[int, str, int]]) -> "FewerForm":
        """A form with one box for each line: its id, name and the most she may give."""
        boxes = {f"line_{key}": QuantityField(name, least=0, most=n) for key, name, n in lines}
        made: type[FewerForm] = type(cls.__name__, (cls,), boxes)
        return made(data={f"line_{key}": n for key, _name, n in lines})

    def given(self) -> dict[int, int]:
        """Pieces by line id."""
        return {
            int(name.removeprefix("line_")): box.data
            for name, box in self._fields.items()
            if name.startswith("line_")
        }


class BackForm(FewerForm):
    """How many pieces of each line came back and can still be sold."""


class BearerForm(HouseForm):
    """Who bears what the courier cost for a parcel that was refused."""

    bearer = RadioField(_("Ongkir ditanggung"), validate_choice=False)
    named: Sequence[str] = ()

    @classmethod
    def of(cls, named: Sequence[str]) -> "BearerForm":
        """A form with those whom the visitor may name."""
        form = cls()
        form.bearer.choices = [SelectChoice(key, refusals.BEARERS[key]) for key in named]
        form.named = named
        return form

    def validate_bearer(self, field: RadioField) -> None:
        """One of the list."""
        if field.data not in self.named:
            raise ValidationError(_NO_CHOICE)


class DeclineForm(HouseForm):
    """Why she cannot; the buyer reads it."""

    why = RadioField(
        _("Alasannya"),
        choices=[SelectChoice(*why) for why in fulfilment.WHY_DECLINED.items()],
        validate_choice=False,
    )
    words = TextField(_("Pesan untuk pembeli"), required=False, longest=160, lines=True)

    def validate_why(self, field: RadioField) -> None:
        """One of the list."""
        if field.data not in fulfilment.WHY_DECLINED:
            raise ValidationError(_NO_CHOICE)


class SendForm(HouseForm):
    """The parcel leaves: with a courier and his number, or carried by herself."""

    how = RadioField(
        _("Diserahkan lewat"),
        choices=[
            SelectChoice("courier", _("Kurir")),
            SelectChoice("self", _("Diantar sendiri, atau tanpa resi")),
        ],
        default="courier",
        validate_choice=False,
    )
    tracking = TextField(_("Nomor resi"), required=False, longest=TRACKING_MAX)

    def validate_how(self, field: RadioField) -> None:
        """One of the two."""
        if field.data not in ("courier", "self"):
            raise ValidationError(_NO_CHOICE)

    def validate_tracking(self, field: TextField) -> None:
        """A courier gives a number; letters, digits and hyphens are all that couriers use."""
        if self.how.data != "courier":
            return
        if not field.data:
            raise ValidationError(gettext("Nomor resi belum diisi. Lihat di struk kurir."))
        if not re.fullmatch("[A-Za-z0-9 -]{5,}", field.data):
            raise ValidationError(gettext("Tulis nomor resi dengan huruf dan angka saja."))

    @property
    def number(self) -> str:
        """The courier's number, if there is a courier."""
        return "".join(self.tracking.data.split()) if self.how.data == "courier" else ""


class ArrivedForm(HouseForm):
    """The parcel came; at the door the money is taken with it."""

    cash = BooleanField(_("Uangnya sudah saya terima"))


class CodeForm(HouseForm):
    """The code that the buyer says."""

    code = TextField(_("Kode ambil"), longest=12)

    @property
    def first(self) -> Field:
        """Where it is said that nothing was found."""
        return self.code


class NameAndDigitsForm(HouseForm):
    """After too many wrong codes: who she is."""

    name = NameField(_("Nama pemesan"))
    last_four = TextField(_("Empat angka terakhir nomor HP"), longest=4)

    @property
    def first(self) -> Field:
        """Where it is said that nothing was found."""
        return self.name

    def validate_last_four(self, field: Any) -> None:
        """Four digits."""
        if not re.fullmatch("[0-9]{4}", field.data or ""):
            raise ValidationError(gettext("Tulis empat angka."))


class SeenForm(HouseForm):
    """She types the amount from the statement, so that nobody confirms without looking."""

    amount = RupiahField(_("Jumlah yang Ibu lihat di rekening"), least=1)
    submit = SubmitField(_("Uang ini sudah masuk"))
    certain = SubmitField(_("Memang segini yang masuk, catat"))
