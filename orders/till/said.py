"""What a till says of a sale, read and checked for its shape: nothing is asked of the database.

A sale is a fact, so only what cannot be a sale at all is refused here.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from flask_babel import lazy_gettext as _

from cooperatives.counter import Scan
from core.errors import DomainError

NUMBER = re.compile(r"K[1-9][0-9]{0,8}-[1-9][0-9]{0,7}")
CODE = re.compile(r"[A-Za-z0-9_-]{22,40}")
LANGUAGE = re.compile(r"[A-Za-z-]{2,12}")
INVITE = re.compile(r"[^\x00-\x1f]{0,20}")
PRICE_MAX, ID_MAX = 1_000_000_000, 2**53
LINES_MAX = 100


class NoSale(DomainError):
    """What came is no sale: a line, an amount or a name is missing or impossible."""

    sentence = _("Penjualan ini tidak terbaca. Periksa barang dan uangnya, lalu catat lagi.")


class MoneyDiffers(DomainError):
    """What was paid is not what the goods cost."""

    sentence = _("Uangnya tidak sama dengan jumlah belanja. Periksa lagi uangnya.")


@dataclass(frozen=True, slots=True)
class SaidLine:
    """Pieces of a variant as they went over the counter; `price` is what was paid for each, after
    `discount` was let off. `package_id` names the package of several makers they were part of.
    """

    variant_id: int
    quantity: int
    price: int
    discount: int = 0
    lot_id: int | None = None
    owner_id: int | None = None
    package_id: int | None = None

    @property
    def scan(self) -> Scan:
        """The same for the stock."""
        return Scan(self.variant_id, self.quantity, self.lot_id, self.owner_id)


@dataclass(frozen=True, slots=True)
class Said:
    """One sale. Number and code are made by the device: it prints them before anybody hears.
    `invite` is the code that the buyer said of whoever invited her.
    """

    place_id: int
    device_id: UUID
    number: str
    code: str
    lines: tuple[SaidLine, ...]
    cash: int
    qris: int
    tendered: int = 0
    language: str = "id"
    invite: str = ""

    @property
    def total(self) -> int:
        """Rupiah for everything."""
        return sum(line.quantity * line.price for line in self.lines)

    @property
    def method(self) -> str:
        """The way of paying, as the order names it."""
        if self.cash and self.qris:
            return "split_counter"
        return "cash_counter" if self.cash else "qris_counter"


def read(content: Mapping[str, Any]) -> Said:
    """A sale as a phone tells it. Raises NoSale, MoneyDiffers."""
    said = Said(
        place_id=_whole(content.get("place"), least=1),
        device_id=uuid(content.get("device")),
        number=_text(content.get("number"), NUMBER),
        code=_text(content.get("code"), CODE),
        lines=_lines(content.get("lines")),
        cash=_whole(content.get("cash", 0), most=PRICE_MAX),
        qris=_whole(content.get("qris", 0), most=PRICE_MAX),
        tendered=_whole(content.get("tendered", 0), most=PRICE_MAX),
        language=_text(content.get("language", "id"), LANGUAGE),
        invite=_text(content.get("invite", ""), INVITE),
    )
    if not 0 < said.total <= PRICE_MAX:
        raise NoSale
    if said.cash + said.qris != said.total:
        raise MoneyDiffers
    return said


def _lines(told: Any) -> tuple[SaidLine, ...]:
    if not isinstance(told, Sequence) or isinstance(told, str) or not 0 < len(told) <= LINES_MAX:
        raise NoSale
    return tuple(map(_line, told))


def _line(told: Any) -> SaidLine:
    if not isinstance(told, Mapping):
        raise NoSale
    return SaidLine(
        variant_id=_whole(told.get("variant"), least=1),
        quantity=_whole(told.get("quantity"), least=1, most=10_000),
        price=_whole(told.get("price"), most=PRICE_MAX),
        discount=_whole(told.get("discount", 0), most=PRICE_MAX),
        lot_id=_named(told.get("lot")),
        owner_id=_named(told.get("owner")),
        package_id=_named(told.get("package")),
    )


def _named(told: Any) -> int | None:
    return None if told is None else _whole(told, least=1)


def _whole(told: Any, *, least: int = 0, most: int = ID_MAX) -> int:
    """A whole number; a form says it as text."""
    if isinstance(told, str) and re.fullmatch("[0-9]{1,16}", told):
        told = int(told)
    if type(told) is not int or not least <= told <= most:
        raise NoSale
    return told


def _text(told: Any, shape: re.Pattern[str]) -> str:
    if not isinstance(told, str) or not shape.fullmatch(told):
        raise NoSale
    return told


def uuid(told: Any) -> UUID:
    """An id made by a client. Raises NoSale."""
    try:
        return UUID(told)
    except (ValueError, TypeError, AttributeError):
        raise NoSale from None
