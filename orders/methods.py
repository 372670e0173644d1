"""Ways to pay, as the buyer sees them, and how long goods wait for each.

A method belongs to a gateway (orders/gateways). Cash is paid when goods change hands, so its order
stands *on delivery* at once; everything else waits for the money first.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from flask_babel import lazy_gettext as _

from core.config import settings
from core.errors import DomainError
from orders.settings import OrderSettings
from orders.states import OrderState


class MethodClosed(DomainError):
    """This way of paying does not fit this order."""

    sentence = _("Cara bayar ini tidak tersedia untuk pesanan ini. Pilih cara lain.")


@dataclass(frozen=True)
class Method:
    """One way to pay. `ways` are the ways of delivery it fits; `hours` names its setting."""

    code: str
    gateway: str
    label: Any
    note: Any
    ways: frozenset[str]
    hours: str
    is_cash: bool = False

    def hold_ends(self, now: datetime) -> datetime:
        """Until when goods are held for an unpaid order."""
        hours: int = getattr(settings(OrderSettings), self.hours)
        return now + timedelta(hours=hours)

    @property
    def first_state(self) -> OrderState:
        """Where an order paid this way begins."""
        return OrderState.ON_DELIVERY if self.is_cash else OrderState.AWAITING_PAYMENT


METHODS: dict[str, Method] = {
    method.code: method
    for method in (
        Method(
            "transfer",
            "transfer",
            _("Transfer bank"),
            _("Bendahara memeriksa rekening. Foto bukti transfer saja belum cukup."),
            frozenset({"ship", "pickup"}),
            "transfer_hours",
        ),
        Method(
            "cash_delivery",
            "cash",
            _("Bayar di tempat"),
            _("Bayar tunai saat barang sampai di rumah."),
            frozenset({"ship"}),
            "delivery_cash_hours",
            is_cash=True,
        ),
        Method(
            "cash_pickup",
            "cash",
            _("Bayar tunai di kios"),
            _("Bayar saat mengambil barang di kios."),
            frozenset({"pickup"}),
            "pickup_cash_hours",
            is_cash=True,
        ),
    )
}


def fitting(*, way: str, total: int, takes_cash: bool) -> list[Method]:
    """The methods offered: by way of delivery, size, and whether couriers take cash."""
    most = settings(OrderSettings).cash_rupiah_max
    return [
        method
        for method in METHODS.values()
        if way in method.ways and (method.code != "cash_delivery" or (takes_cash and total <= most))
    ]


def known(code: str) -> Method:
    """A method by its code; raises MethodClosed for one we do not have."""
    try:
        return METHODS[code]
    except KeyError:
        raise MethodClosed from None


def refuse_unfit(method: Method, *, way: str, total: int, takes_cash: bool) -> None:
    """Raise MethodClosed where the chosen method does not fit the order."""
    if method not in fitting(way=way, total=total, takes_cash=takes_cash):
        raise MethodClosed
