"""Phone numbers: read however people write them, kept as E.164, shown as people know them."""

import re
import unicodedata

import phonenumbers
from flask_babel import lazy_gettext as _l
from phonenumbers import NumberParseException, PhoneNumberFormat, PhoneNumberType

from core.errors import DomainError

DEMO_PREFIX = "+62840"
"""No operator has 0840, so the people of the demo world can never be rung by mistake."""

_INDONESIA = "+62"
_TYPED_CHARACTERS_MAX = 40
_DEMO_NUMBER = re.compile(re.escape(DEMO_PREFIX) + "[0-9]{7}")
_AT_HOME = re.compile(r"(?:\+?62 0?|0|(?=8)) ([1-9][0-9]+)", re.VERBOSE)  # Also +62 (0) 812 …
_ABROAD = re.compile(r"\+[0-9]+")
_PUNCTUATION = re.compile(r"[\s().\-‐‑‒–—−/]")


class NotAPhone(DomainError):
    """What was typed is not a number that a message can reach."""

    sentence = _l("Nomor HP belum benar. Contoh: 0812-3456-7890.")


def parse_mobile(text: str, *, allow_demo: bool = False) -> str:
    """Read a mobile number as E.164; raises NotAPhone.

    Indonesian numbers come in any spelling and must be mobile. Foreign ones start with + and
    must be valid. `allow_demo` lets in the fictional numbers under DEMO_PREFIX.
    """
    if len(text) > _TYPED_CHARACTERS_MAX:
        raise NotAPhone
    international = _international(text)
    if allow_demo and _DEMO_NUMBER.fullmatch(international):
        return international
    try:
        number = phonenumbers.parse(international, None)
    except NumberParseException:
        raise NotAPhone from None
    if not phonenumbers.is_valid_number(number):
        raise NotAPhone
    e164 = phonenumbers.format_number(number, PhoneNumberFormat.E164)
    if e164.startswith(_INDONESIA) and phonenumbers.number_type(number) != PhoneNumberType.MOBILE:
        raise NotAPhone(_l("Ini bukan nomor HP. Tulis nomor yang diawali 08."))
    return e164


def _international(text: str) -> str:
    """Spell the number with + and digits only, deciding ourselves what a bare 62 means.

    phonenumbers would read a short 62812… as a landline, turn letters into digits and dig numbers
    out of sentences; none of that may choose who can open an account.
    """
    visible = "".join(c for c in text if unicodedata.category(c) != "Cf")  # Pasted contacts.
    bare = _PUNCTUATION.sub("", unicodedata.normalize("NFKC", visible))
    if national := _AT_HOME.fullmatch(bare):
        return _INDONESIA + national[1]
    if _ABROAD.fullmatch(bare):
        return bare
    raise NotAPhone


def show(e164: str) -> str:
    """The number as its owner says it: 0812-3456-7890, or +852 9123 4567 abroad."""
    if e164.startswith(_INDONESIA):
        return "-".join(_groups(e164))
    number = phonenumbers.parse(e164, None)
    return phonenumbers.format_number(number, PhoneNumberFormat.INTERNATIONAL)


def masked(e164: str) -> str:
    """Enough to recognise one's own number, too little to ring a stranger's."""
    if e164.startswith(_INDONESIA):
        return f"{_groups(e164)[0]}-••••-{e164[-3:]}"
    return f"+{phonenumbers.parse(e164, None).country_code} ••••-{e164[-3:]}"


def _groups(e164: str) -> tuple[str, str, str]:
    """Split an Indonesian number into prefix, middle and end; short old ones are 4-3-3."""
    prefix, rest = "0" + e164[3:6], e164[6:]
    middle = 3 if len(rest) <= 6 else 4
    return prefix, rest[:middle], rest[middle:]


def wa_digits(e164: str) -> str:
    """The digits a wa.me address wants: country code first, no plus."""
    return e164.removeprefix("+")


def last_four(e164: str) -> str:
    """The four digits a keeper asks for when someone picks up a parcel."""
    return e164[-4:]
