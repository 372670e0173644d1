"""One line of a gateway's report in our words, whichever gateway and layout it came from."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from flask_babel import lazy_gettext as _l

from core.errors import DomainError
from core.sheet_cells import Unreadable
from core.sheets import Layout
from orders import currencies
from orders.gateways import Presented

_MAJOR = re.compile(r"-?[0-9]{1,13}(?:\.[0-9]{1,4})?", re.ASCII)
NAME_MAX = 120


class NotOurs(DomainError):
    """A row that is no money of ours: a payment that has not come, or a heading."""

    sentence = _l("Baris ini bukan uang yang sudah masuk atau keluar.")


@dataclass(frozen=True, slots=True)
class Told:
    """What a gateway tells of one movement of our balance there.

    `theirs` names the movement, `key` and `payment` our attempt, `refund` our refund. Amounts are
    minor units, seen from our balance: what leaves it is negative, a fee is a positive cost.
    """

    kind: str
    theirs: str
    day: date
    gross: int
    fee: int
    currency: str = "IDR"
    key: str = ""
    payment: str = ""
    refund: str = ""
    presented: Presented | None = None

    def __post_init__(self) -> None:
        names = (self.theirs, self.key, self.payment, self.refund)
        if not self.theirs or any(len(name) > NAME_MAX for name in names):
            raise Unreadable(_l("Nomor transaksinya tidak terbaca."))

    @property
    def net(self) -> int:
        """What the movement changes our balance by."""
        return self.gross - self.fee


@dataclass(frozen=True, slots=True)
class Report:
    """A kind of report we can read: its gateway, its columns, and what a row of it means.

    `telling` may raise Unreadable, or NotOurs for rows that move nothing. `gathers` makes one
    payout of all rows that name it, for reports that list what a payout was made of.
    """

    gateway: str
    layout: Layout
    telling: Callable[[Mapping[str, Any]], Told]
    gathers: Callable[[Mapping[str, Any]], tuple[str, date] | None] | None = None


def minor(text: str, currency: str) -> int:
    """An amount in whole units with a decimal mark, as machines write it, in minor units.

    Raises Unreadable, also where rupiah have a fraction: our books have none.
    """
    found = _MAJOR.fullmatch(text.strip().replace(",", "."))
    try:
        if found:
            return currencies.to_minor(currency, Decimal(found[0]))
    except currencies.NotExact:
        pass
    raise Unreadable(_l("Jumlah uangnya tidak terbaca."))
