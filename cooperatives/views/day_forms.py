"""Forms of a kiosk's day: notes and coins, what the QRIS says, why it differs, what is left."""

from collections.abc import Iterator
from typing import Any
from uuid import UUID

from flask_babel import lazy_gettext as _
from wtforms import HiddenField, RadioField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]

from cooperatives.days import pieces
from cooperatives.days.pieces import PIECES, PIECES_MAX, REASONS, WORDS_MAX, Counted
from core.choices import OneOfField
from core.fields import ActIdField, QuantityField, RupiahField, TextField
from core.forms import HouseForm
from core.uploads import BytesField
from core.words import rupiah

NOTHING_COUNTED = _("Tulis isi laci. Kalau laci kosong, tulis 0 di salah satu kotak.")


def _reasons(label: Any) -> RadioField:
    """Why something differs; asked for only where it does."""
    choices = [SelectChoice(value, said) for value, said in REASONS.items()]
    return RadioField(label, choices=choices, validate_choice=False)


class _Pieces(HouseForm):
    """A box for each note and coin; they are made below."""

    act = ActIdField()
    seen_cash = HiddenField()
    reason_cash = _reasons(_("Kenapa uang tunai berbeda?"))
    words_cash = TextField(_("Ceritanya"), longest=WORDS_MAX, required=False)

    @property
    def boxes(self) -> Iterator[tuple[int, Any]]:
        """Each note or coin with its box."""
        return ((value, self[f"piece_{value}"]) for value in PIECES)

    @property
    def amount(self) -> int:
        """What is in the drawer."""
        return pieces.total({value: box.data or 0 for value, box in self.boxes})

    @property
    def act_id(self) -> UUID:
        """The id of this act."""
        made: UUID = self.act.data
        return made

    def is_counted(self) -> bool:
        """Whether all boxes can be read and one at least was filled in."""
        boxes = [box for _value, box in self.boxes]
        if any(box.errors for box in boxes):
            return False
        if all(box.data is None for box in boxes):
            boxes[0].errors = [NOTHING_COUNTED]
            return False
        return True

    def cash(self) -> Counted:
        """What was counted of cash."""
        found = {str(value): box.data for value, box in self.boxes if box.data}
        reason, words = self.reason_cash.data or "", self.words_cash.data or ""
        return Counted(self.amount, _number(self.seen_cash.data), reason, words, found)


def _number(typed: str | None) -> int:
    """A hidden figure; what is no number fits no books, and is shown anew."""
    digits = (typed or "").removeprefix("-")
    is_number = digits.isascii() and digits.isdigit() and len(digits) < 16
    return int(typed or "") if is_number else -1


PiecesForm: type[_Pieces] = type(
    "PiecesForm",
    (_Pieces,),
    {
        f"piece_{value}": QuantityField(rupiah(value), least=0, most=PIECES_MAX, required=False)
        for value in PIECES
    },
)


class CloseForm(PiecesForm):  # type: ignore[valid-type,misc]
    """A day's close: the drawer, the QRIS, and what is left for tomorrow."""

    day = HiddenField()
    qris = RupiahField(_("Jumlah QRIS hari ini"), least=0)
    seen_qris = HiddenField()
    reason_qris = _reasons(_("Kenapa QRIS berbeda?"))
    words_qris = TextField(_("Ceritanya"), longest=WORDS_MAX, required=False)
    leave = RupiahField(_("Uang yang ditinggal di laci"), least=0)

    def counts(self) -> dict[str, Counted]:
        """What was counted of each way of paying."""
        reason, words = self.reason_qris.data or "", self.words_qris.data or ""
        qris = Counted(self.qris.data or 0, _number(self.seen_qris.data), reason, words)
        return {"cash": self.cash(), "qris": qris}


class ShiftForm(PiecesForm):  # type: ignore[valid-type,misc]
    """A drawer that changes hands."""


class GiveBackForm(HouseForm):
    """What the other counted, where it is not the same."""

    words = TextField(_("Ibu menghitung berapa?"), longest=WORDS_MAX, required=False)


class PackForm(HouseForm):
    """Cash that leaves the drawer for the bank."""

    act = ActIdField()
    amount = RupiahField(_("Uang yang dibawa"), least=1)


class SlipForm(HouseForm):
    """The bank's slip, if there is one."""

    slip = BytesField(_("Foto bukti setor"))


class SignedForm(HouseForm):
    """What she signed for her money."""

    taker = OneOfField(_("Siapa yang menerima?"), nothing=_("Pemilik uang sendiri"), default="")
    signed = BytesField(_("Foto tanda tangan atau cap jempol"))


class SeenForm(HouseForm):
    """What arrived of a bag."""

    received = RupiahField(_("Jumlah yang masuk di bank"), least=0)
