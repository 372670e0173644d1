"""Forms of claims: what is wrong, what is answered, what came back, and where money shall go."""

from collections.abc import Mapping, Sequence
from typing import Any, TypeVar

from flask_babel import gettext
from flask_babel import lazy_gettext as _
from wtforms import BooleanField, RadioField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]
from wtforms.validators import ValidationError

from cooperatives import banks
from core.fields import ActIdField, NameField, PhoneField, QuantityField, TextField
from core.forms import HouseForm
from core.uploads import BytesField
from orders.claim_answers import Reply
from orders.claim_goods import Back
from orders.claim_states import Wish
from orders.claim_words import ANSWER_WORDS, WISH_WORDS
from orders.claims import WORDS_MAX, Told
from orders.forms import TRACKING_MAX
from orders.models import ClaimLine, Line
from orders.refund_accounts import Target
from orders.refund_words import TROUBLE_WORDS
from sellers.forms import PickField

F = TypeVar("F", bound="PiecesForm")


def _choices(words: Mapping[str, Any]) -> list[SelectChoice]:
    return [SelectChoice(value, said) for value, said in words.items()]


def _cards(label: Any, words: Mapping[str, Any]) -> RadioField:
    """One of a few, all of them in sight."""
    return RadioField(
        label,
        choices=_choices(words),
        invalid_choice_message=_("Pilih salah satu."),  # type: ignore[call-arg]
    )


class PiecesForm(HouseForm):
    """A box for each line; the boxes are made for one parcel or claim."""

    @classmethod
    def of(
        cls: type[F], lines: Sequence[tuple[int, str, int]], *, filled: bool = False, **more: Any
    ) -> F:
        """A form with one box for each line: its id, name and the most that may be named."""
        boxes = {f"line_{key}": QuantityField(name, least=0, most=n) for key, name, n in lines}
        made: type[F] = type(cls.__name__, (cls,), boxes)
        alone = len(lines) == 1 and lines[0][2] == 1
        typed = {f"line_{key}": n if filled or alone else 0 for key, _name, n in lines}
        return made(data={**typed, **more})

    @property
    def boxes(self) -> list[QuantityField]:
        """The boxes of the lines, in the order of the bill."""
        boxes: list[Any] = [b for name, b in self._fields.items() if name.startswith("line_")]
        return boxes

    def pieces(self) -> dict[int, int]:
        """Pieces by line id."""
        return {int(box.name.removeprefix("line_")): box.data for box in self.boxes}


class ClaimForm(PiecesForm):
    """What is wrong with which pieces, what the buyer wishes, and a photo if she has one."""

    act_id = ActIdField()
    trouble = _cards(_("Apa yang terjadi"), TROUBLE_WORDS)
    wish = _cards(_("Yang Anda inginkan"), WISH_WORDS)
    words = TextField(_("Ceritakan singkat"), required=False, longest=WORDS_MAX, lines=True)
    photo = BytesField(_("Foto barangnya"))

    def only_ask(self) -> None:
        """The days to exchange by right are over."""
        self.wish.choices = _choices({Wish.ASK: WISH_WORDS[Wish.ASK]})

    def told(self, parcel_id: int) -> Told:
        """What was said, as plain values."""
        return Told(
            parcel_id=parcel_id,
            pieces=self.pieces(),
            trouble=self.trouble.data,
            wish=self.wish.data,
            words=self.words.data,
        )


class MorePhotoForm(HouseForm):
    """One more photo."""

    photo = BytesField(_("Foto lagi"))


class NoMoreForm(HouseForm):
    """The buyer does not agree, and says why."""

    words = TextField(_("Mengapa belum cocok?"), required=False, longest=WORDS_MAX, lines=True)


class AnswerForm(PiecesForm):
    """Money, other goods, or words; for how many pieces."""

    kind = _cards(_("Jawaban Ibu"), ANSWER_WORDS)
    fee = BooleanField(_("Kembalikan ongkirnya juga"))
    back = BooleanField(_("Minta barangnya kembali dulu"))
    words = TextField(_("Pesan untuk pembeli"), required=False, longest=WORDS_MAX, lines=True)

    def validate_words(self, field: TextField) -> None:
        """A buyer who gets nothing is told why."""
        if self.kind.data == "words" and not field.data:
            raise ValidationError(gettext("Tulis alasannya. Pembeli membacanya."))

    def reply(self) -> Reply:
        """The answer, as plain values."""
        return Reply(
            kind=self.kind.data,
            pieces=self.pieces(),
            fee_back=self.fee.data,
            comes_back=self.back.data,
            words=self.words.data,
        )


class ReplaceForm(HouseForm):
    """The other goods leave: with a number of the courier, or by the buyer's code."""

    tracking = TextField(_("Nomor resi"), required=False, longest=TRACKING_MAX)
    code = TextField(_("Kode ambil"), required=False, longest=12)


class BackForm(HouseForm):
    """How many pieces came back, and how many of them can be sold again."""

    @classmethod
    def of(cls, rows: Sequence[tuple[ClaimLine, Line]]) -> "BackForm":
        """Two boxes for each line."""
        boxes: dict[str, Any] = {}
        for row, line in rows:
            good = _("%(name)s: masih baik, dijual lagi", name=line.name)
            waste = _("%(name)s: tidak bisa dijual", name=line.name)
            boxes[f"good_{line.id}"] = QuantityField(good, least=0, most=row.quantity)
            boxes[f"waste_{line.id}"] = QuantityField(waste, least=0, most=row.quantity)
        made: type[BackForm] = type("BackForm", (cls,), boxes)
        return made(data=dict.fromkeys(boxes, 0))

    @property
    def boxes(self) -> list[QuantityField]:
        """All boxes."""
        names = ("good_", "waste_")
        boxes: list[Any] = [b for name, b in self._fields.items() if name.startswith(names)]
        return boxes

    def came(self) -> Mapping[int, Back]:
        """What came back, by line id."""
        said = {box.name: box.data for box in self.boxes}
        ids = {int(name.partition("_")[2]) for name in said}
        return {
            key: Back(said[f"good_{key}"], said[f"waste_{key}"])
            for key in sorted(ids)
            if said[f"good_{key}"] or said[f"waste_{key}"]
        }


class AccountForm(HouseForm):
    """Where the money shall go, and the phone of the order as a proof."""

    bank = PickField(_("Bank atau dompet digital"), banks.NAMES)
    number = TextField(_("Nomor rekening"), longest=30)
    name = NameField(_("Nama pemilik rekening"))
    phone = PhoneField(_("Nomor HP pemesan"))

    def target(self) -> Target:
        """The account, as plain values."""
        return Target(self.bank.data, self.number.data, self.name.data)
