"""Ways to pay, as the buyer sees them, and how long goods wait for each.

A method belongs to a gateway (orders/gateways) and is offered while that is open. Cash is paid when
goods change hands, so its order stands *on delivery* at once; everything else waits for the money
first.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from flask_babel import lazy_gettext as _

from core.config import settings
from core.errors import DomainError
from orders.gateways import GATEWAYS
from orders.settings import OrderSettings
from orders.states import OrderState


class MethodClosed(DomainError):
    """This way of paying does not fit this order."""

    sentence = _("Cara bayar ini tidak tersedia untuk pesanan ini. Pilih cara lain.")


@dataclass(frozen=True)
class Method:
    """One way to pay. `ways` are the ways of delivery it fits; `wait` names the setting that says
    for how many minutes or hours goods are held for it.
    """

    code: str
    gateway: str
    label: Any
    note: Any
    ways: frozenset[str]
    wait: str
    is_cash: bool = False

    def hold_ends(self, now: datetime) -> datetime:
        """Until when goods are held for an unpaid order."""
        count: int = getattr(settings(OrderSettings), self.wait)
        return now + timedelta(**{self.wait.rpartition("_")[2]: count})

    @property
    def is_open(self) -> bool:
        """Whether its gateway takes payments in this house."""
        return GATEWAYS[self.gateway].is_open()

    @property
    def is_machine(self) -> bool:
        """Whether a gateway's server answers for it, and not a person."""
        return self.gateway in MACHINES

    @property
    def first_state(self) -> OrderState:
        """Where an order paid this way begins."""
        return OrderState.ON_DELIVERY if self.is_cash else OrderState.AWAITING_PAYMENT


MACHINES = frozenset({"midtrans", "stripe"})
EVERYWHERE = frozenset({"ship", "pickup", "fetch"})
"""Sent, picked up where it stands, or fetched at a bazaar: then it is paid before it is brought."""

METHODS: dict[str, Method] = {
    method.code: method
    for method in (
        Method(
            "qris",
            "midtrans",
            _("QRIS, dompet digital, kartu"),
            _("Bayar sekarang dari HP: QRIS, GoPay, ShopeePay, DANA, OVO, atau kartu."),
            EVERYWHERE,
            "qris_minutes",
        ),
        Method(
            "va",
            "midtrans",
            _("Virtual account, minimarket"),
            _("Dapat nomor bayar untuk ATM, m-banking, Indomaret, atau Alfamart."),
            EVERYWHERE,
            "va_hours",
        ),
        Method(
            "transfer",
            "transfer",
            _("Transfer bank"),
            _("Bendahara memeriksa rekening. Foto bukti transfer saja belum cukup."),
            EVERYWHERE,
            "transfer_hours",
        ),
        Method(
            "card",
            "stripe",
            _("Kartu dari luar negeri"),
            _("Untuk pembeli di luar negeri: bayar dengan kartu, dalam mata uang sendiri."),
            EVERYWHERE,
            "card_minutes",
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

AT_TILL: dict[str, Method] = {
    code: Method(code, "cash", label, "", frozenset(), "pickup_cash_hours")
    for code, label in (
        ("cash_counter", _("Tunai di kasir")),
        ("qris_counter", _("QRIS di kasir")),
        ("split_counter", _("Tunai dan QRIS di kasir")),
    )
}
"""How people pay at a till: the keeper sees it, and no order waits for it."""
KNOWN = METHODS | AT_TILL


def fitting(*, way: str, total: int, takes_cash: bool) -> list[Method]:
    """The methods offered: by open gateway, way of delivery, size, and couriers who take cash."""
    most = settings(OrderSettings).cash_rupiah_max
    return [
        method
        for method in METHODS.values()
        if way in method.ways
        and method.is_open
        and (method.code != "cash_delivery" or (takes_cash and total <= most))
    ]


def at_gateways() -> list[str]:
    """The codes of all methods for which a gateway's server answers, open or not."""
    return [code for code, method in METHODS.items() if method.is_machine]


def known(code: str) -> Method:
    """A method by its code; raises MethodClosed for one we do not have."""
    try:
        return KNOWN[code]
    except KeyError:
        raise MethodClosed from None


def refuse_unfit(method: Method, *, way: str, total: int, takes_cash: bool) -> None:
    """Raise MethodClosed where the chosen method does not fit the order."""
    if method not in fitting(way=way, total=total, takes_cash=takes_cash):
        raise MethodClosed
