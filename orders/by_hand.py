"""What maker, keeper and treasurer may write to a buyer from their own WhatsApp, ready to be sent.

The words travel through other people's phones: no link of the order and no pick-up code is in them.
"""

from typing import Any

from flask_babel import force_locale
from flask_babel import gettext as _

from core import words
from orders import messages
from orders.models import Order, Refund
from orders.parcels import Handled


def of_parcel(handled: Handled, place: str = "") -> str:
    """What fits the step the parcel has reached, in the language in which the buyer ordered;
    `place` is where she fetches it, if it does not stand there.
    """
    with force_locale(messages.buyer_of(handled.order).language):
        return str(_step(handled, place or handled.place.name))


def of_refund(order: Order, refund: Refund) -> str:
    """Money that goes back; an account number is asked by telephone, never in writing."""
    with force_locale(messages.buyer_of(order).language):
        return str(_back(order.number, words.rupiah(refund.amount), is_sent=refund.state != "due"))


def _step(handled: Handled, place: str) -> Any:
    parcel, number = handled.parcel, handled.order.number
    if parcel.way == "pickup" and parcel.handed_over_at is None:
        return _(
            "Halo, pesanan %(number)s di Lumbung bisa diambil di %(place)s."
            " Kode ambilnya ada di halaman pesanan Anda.",
            number=number,
            place=place,
        )
    if parcel.handed_over_at is None:
        return _("Halo, saya menyiapkan pesanan %(number)s di Lumbung.", number=number)
    if parcel.tracking_number:
        return _(
            "Halo, paket pesanan %(number)s di Lumbung sudah dikirim lewat %(courier)s."
            " Nomor resi: %(tracking)s.",
            number=number,
            courier=parcel.service_label,
            tracking=parcel.tracking_number,
        )
    return _("Halo, paket pesanan %(number)s di Lumbung sedang diantar.", number=number)


def _back(number: str, amount: str, *, is_sent: bool) -> Any:
    if is_sent:
        return _(
            "Halo, Lumbung sudah mengirim %(amount)s untuk pesanan %(number)s.",
            number=number,
            amount=amount,
        )
    return _(
        "Halo, Lumbung mengembalikan %(amount)s untuk pesanan %(number)s."
        " Kapan kami boleh menelepon Anda?",
        number=number,
        amount=amount,
    )
