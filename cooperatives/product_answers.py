"""The answers to the five questions, read from what was typed on a phone, maybe days ago.

The phone sends words as they were typed; the parsers are those of every other page.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from flask_babel import lazy_gettext as _

from core.errors import DomainError
from core.money import parse_rupiah
from sellers.grams import parse_grams
from sellers.listings import NAME_MAX, NoName
from sellers.variants import BadPrice

PRICE_MIN = 100
STOCK_MAX = 10_000
PHOTOS_AT_ONCE = 9
_DIGITS_MAX = 9


class BadStock(DomainError):
    """How many there are is a whole number; none is a number, too."""

    sentence = _("Tulis jumlahnya dengan angka bulat, dari 0 sampai 10000.")


class Unreadable(DomainError):
    """An answer is missing or of another sort than the page sends: an old page, or not ours."""

    sentence = _("Jawaban ini belum bisa dibaca. Buka halaman tambah barang, lalu periksa lagi.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Answers:
    """What she answered: rupiah, pieces at home, grams ready to send.

    `keeps_days` is said of fresh food only. `production_cost` is for herself alone. `training_id`
    is her enrolment in the class whose task this product is.
    """

    name: str
    price: int
    stock: int
    weight_grams: int
    category_id: int | None = None
    keeps_days: int | None = None
    permit_ids: tuple[int, ...] = ()
    production_cost: int | None = None
    photo_ids: tuple[UUID, ...] = ()
    training_id: int | None = None
    wants_to_publish: bool = True


def read(content: Mapping[str, Any]) -> Answers:
    """The answers in an act; raises a DomainError whose sentence says which one and how."""
    name = " ".join(_text(content, "name").split())
    if not name:
        raise NoName
    cost = _text(content, "cost")
    return Answers(
        name=name[:NAME_MAX],
        price=_price(_text(content, "price")),
        stock=parse_stock(_text(content, "stock")),
        weight_grams=parse_grams(_text(content, "weight")),
        category_id=_number(_text(content, "category")),
        keeps_days=_number(_text(content, "keeps")),
        permit_ids=tuple(i for one in _list(content, "permits") if (i := _number(one))),
        production_cost=parse_rupiah(cost) if cost else None,
        photo_ids=tuple(dict.fromkeys(_uuid(one) for one in _list(content, "photos"))),
        training_id=_number(_text(content, "training")),
        wants_to_publish=content.get("publish", True) is True,
    )


def shop_of(content: Mapping[str, Any]) -> int:
    """Which of her shops she adds to; raises Unreadable."""
    shop_id = _number(_text(content, "shop"))
    if shop_id is None:
        raise Unreadable
    return shop_id


def parse_stock(text: str) -> int:
    """Pieces in plain digits, 1.000 with its dot too; raises BadStock."""
    digits = text.strip().replace(".", "")
    if not (digits.isascii() and digits.isdigit() and len(digits) <= _DIGITS_MAX):
        raise BadStock
    if int(digits) > STOCK_MAX:
        raise BadStock
    return int(digits)


def _price(text: str) -> int:
    price = parse_rupiah(text)
    if price < PRICE_MIN:
        raise BadPrice
    return price


def _text(content: Mapping[str, Any], box: str) -> str:
    found = content.get(box, "")
    if not isinstance(found, str | int) or isinstance(found, bool):
        raise Unreadable
    return str(found).strip()


def _list(content: Mapping[str, Any], box: str) -> list[str]:
    found = content.get(box, [])
    if not isinstance(found, Sequence) or isinstance(found, str) or len(found) > PHOTOS_AT_ONCE:
        raise Unreadable
    return [str(one) for one in found]


def _number(text: str) -> int | None:
    """An id or a count, or nothing; ids that cannot be are nothing, too."""
    is_one = text.isascii() and text.isdigit() and 0 < len(text) <= _DIGITS_MAX
    return int(text) if is_one else None


def _uuid(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise Unreadable from None
