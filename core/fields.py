"""Form boxes for what people type everywhere: phones, PINs, amounts, names and places.

A box turns what was typed into a plain value, or says in one sentence what to do. Whatever
arrives (files, control characters, ten thousand letters) ends as a sentence, never as a crash.
"""

import re
import unicodedata
from collections.abc import Sequence
from typing import Any
from uuid import UUID, uuid4

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import Field
from wtforms.form import BaseForm
from wtforms.validators import StopValidation
from wtforms.widgets import HiddenInput, TelInput, TextArea, TextInput

from core import regions
from core.boxes import quick
from core.config import settings
from core.errors import DomainError
from core.money import RUPIAH_MAX, parse_rupiah
from core.phones import parse_mobile, show
from core.settings import CoreSettings
from core.words import rupiah

# C0 and C1 controls save tab and line feed, lone surrogates (PostgreSQL refuses both) and the
# marks that turn the direction of the text after them.
_UNPRINTABLE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\u202a-\u202e\u2066-\u2069]")


def _first_text(valuelist: list[Any]) -> str:
    """The first value that was sent; a hostile form may send a file in place of text."""
    sent = valuelist[0] if valuelist else ""
    return sent if isinstance(sent, str) else ""


class TypedField(Field):
    """A box for one value: `data` holds it, and on error what was typed stays in the box.

    A subclass gives `_read`, which raises ValueError or a DomainError with a sentence.
    """

    widget: Any = quick(TextInput())
    autocomplete = "off"
    inputmode: Any = False  # An attribute that is False is not written.
    is_required = True
    longest = 40
    missing: Any = _l("Isian ini belum diisi.")
    empty: Any = None
    typed = ""

    def __init__(self, *args: Any, required: bool | None = None, **kwargs: Any) -> None:
        attributes = {"autocomplete": self.autocomplete, "inputmode": self.inputmode}
        kwargs["render_kw"] = attributes | (kwargs.get("render_kw") or {})
        super().__init__(*args, **kwargs)
        self.is_required = self.is_required if required is None else required
        self.flags.required = self.is_required
        self.flags.maxlength = self.longest

    def _read(self, text: str) -> Any:
        raise NotImplementedError

    def _write(self, value: Any) -> str:
        return str(value)

    def _tidy(self, text: str) -> str:
        return text.strip()

    def process_formdata(self, valuelist: list[Any]) -> None:
        """Read what was sent, or keep it as typed and say what is wrong."""
        self.data = self.empty
        # Composing letters shortens a text at most fourfold, so the cut loses nothing that fits.
        self.typed = self._tidy(_first_text(valuelist)[: 4 * self.longest + 1])
        if len(self.typed) > self.longest:
            raise ValueError(
                _("Terlalu panjang. Paling banyak %(n)s huruf atau angka.", n=self.longest)
            )
        if self.typed:
            try:
                self.data = self._read(self.typed)
            except DomainError as refused:
                raise ValueError(refused.sentence) from refused

    def pre_validate(self, form: BaseForm) -> None:  # noqa: ARG002
        """Stop before the validators where there is no value to judge."""
        if self.process_errors:
            raise StopValidation
        if self.is_required and not self.typed:
            raise StopValidation(self.missing)

    def _value(self) -> str:
        if self.raw_data is None:
            return "" if self.data is None else self._write(self.data)
        return _UNPRINTABLE.sub("", self.typed)


class PhoneField(TypedField):
    """A mobile number as E.164. Demo numbers pass where the demo world is loaded."""

    widget = quick(TelInput())
    autocomplete = "tel"
    missing = _l("Nomor HP belum diisi. Contoh: 0812-3456-7890.")

    def _read(self, text: str) -> str:
        return parse_mobile(text, allow_demo=settings(CoreSettings).demo)

    def _write(self, value: str) -> str:
        return show(value)


class RupiahField(TypedField):
    """An amount in whole rupiah from `least` to `most`, "25rb" and "25.000" alike."""

    inputmode = "numeric"
    missing = _l("Angkanya belum diisi. Contoh: 15000.")

    def __init__(self, *args: Any, least: int = 0, most: int = RUPIAH_MAX, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.least, self.most = least, most

    def _read(self, text: str) -> int:
        amount = parse_rupiah(text)
        if self.least <= amount <= self.most:
            return amount
        bounds = {"least": rupiah(self.least), "most": rupiah(self.most)}
        raise ValueError(_("Tulis jumlah dari %(least)s sampai %(most)s.", **bounds))

    def _write(self, value: int) -> str:
        return f"{value:,}".replace(",", ".")


class QuantityField(TypedField):
    """A count of things from `least` to `most`, in plain digits."""

    inputmode = "numeric"
    missing = _l("Jumlah belum diisi. Tulis angkanya saja.")

    def __init__(self, *args: Any, most: int, least: int = 1, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.least, self.most = least, most

    def _read(self, text: str) -> int:
        # [0-9] and not isdigit(), which is true of ² and of every other script.
        if re.fullmatch("[0-9]{1,9}", text) and self.least <= int(text) <= self.most:
            return int(text)
        bounds = {"least": self.least, "most": self.most}
        raise ValueError(_("Tulis angka bulat dari %(least)s sampai %(most)s.", **bounds))


class NameField(TypedField):
    """A person's name: one word is a full name, titles are welcome (Permendagri 73/2022).

    Line ends are refused and not mended, because names stand in message headers.
    """

    autocomplete = "name"
    missing = _l("Nama belum diisi. Satu kata pun boleh.")
    longest = 60

    def _tidy(self, text: str) -> str:
        seen = "".join(c for c in text if unicodedata.category(c) != "Cf")
        words = unicodedata.normalize("NFC", seen).replace("\u00a0", " ").split(" ")
        return " ".join(word for word in words if word)

    def _read(self, text: str) -> str:
        kinds = [unicodedata.category(c) for c in text]
        if any(kind in ("Cc", "Zl", "Zp") for kind in kinds):
            raise ValueError(_("Tulis nama dalam satu baris."))
        strange = [c for c, kind in zip(text, kinds, strict=True) if kind[0] not in "LM"]
        if len(strange) == len(text) or not set(strange) <= set(" .,'’‘`-·()/"):
            raise ValueError(_("Tulis nama dengan huruf, tanpa angka dan simbol."))
        return text


class TextField(TypedField):
    """Free text; control characters are dropped. `lines` makes it a box of several lines."""

    empty = ""

    def __init__(self, *args: Any, longest: int = 200, lines: bool = False, **kwargs: Any) -> None:
        self.longest, self.lines = longest, lines
        super().__init__(*args, widget=TextArea() if lines else None, **kwargs)

    def _tidy(self, text: str) -> str:
        printable = _UNPRINTABLE.sub("", "\n".join(text.splitlines()))
        composed = unicodedata.normalize("NFC", printable).strip()
        return composed if self.lines else " ".join(composed.split())

    def _read(self, text: str) -> str:
        return text


class RtRwField(TypedField):
    """Neighbourhood numbers, kept as 02/03; many addresses have none."""

    is_required = False
    empty = ""
    _shape = re.compile(
        r"(?:rt\s*/\s*rw[.:\s]*|rt[.:\s]*)? ([0-9]{1,3})"
        r"(?: \s*[/,-]\s*(?:rw[.:\s]*)? | \s*rw[.:\s]* | \s+ ) ([0-9]{1,3})",
        re.IGNORECASE | re.VERBOSE,
    )

    def _read(self, text: str) -> str:
        if found := self._shape.fullmatch(text):
            return "/".join(f"{int(number):02}" for number in found.groups())
        raise ValueError(_("Tulis RT dan RW, contoh 02/03."))


class DistrictField(TypedField):
    """A district by its six-digit code; `choices` are those it may have meant."""

    missing = _l("Kecamatan belum diisi. Contoh: Kertek, Wonosobo.")
    longest = 120
    choices: Sequence[regions.District] = ()

    def _read(self, text: str) -> str:
        try:
            return regions.resolve(text).code
        except regions.NoSuchDistrict as unclear:
            self.choices = unclear.choices
            raise

    def _write(self, value: str) -> str:
        return found.label if (found := regions.district(value)) else ""


class PostcodeField(TypedField):
    """Five digits, or nothing: few people know theirs."""

    autocomplete = "postal-code"
    inputmode = "numeric"
    is_required = False
    empty = ""

    def _read(self, text: str) -> str:
        if not re.fullmatch("[1-9][0-9]{4}", text):
            raise ValueError(_("Kode pos terdiri dari 5 angka, contoh 56371."))
        return text


class ActIdField(Field):
    """The id of this act, made with the page: however often the page is sent, it is done once."""

    widget = quick(HiddenInput())
    is_sent = False
    missing = _l("Halaman ini sudah lama. Coba kirim sekali lagi.")
    # UUID() alone also takes braces, urn: and full-width digits.
    _shape = re.compile("[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)

    def __init__(self, label: str = "", **kwargs: Any) -> None:
        super().__init__(label, default=uuid4, **kwargs)

    def process_formdata(self, valuelist: list[Any]) -> None:
        """Take over the id that was sent; in place of a broken one stays a fresh one."""
        self.is_sent = bool(self._shape.fullmatch(_first_text(valuelist)))
        if self.is_sent:
            self.data = UUID(valuelist[0])

    def pre_validate(self, form: BaseForm) -> None:  # noqa: ARG002
        """Refuse where only our own fresh id is there."""
        if not self.is_sent:
            raise StopValidation(self.missing)

    def _value(self) -> str:
        return str(self.data)
