"""Small packs are there to be tried: one order takes a few of a kind, wherever they stand."""

from collections import Counter
from collections.abc import Iterable

from flask_babel import lazy_gettext as _

from core.config import settings
from core.errors import DomainError
from orders.settings import OrderSettings


class TooManySamples(DomainError):
    """More of a small pack than one order takes."""

    status = 409

    def __init__(self) -> None:
        most = settings(OrderSettings).samples_max
        super().__init__(_("Contoh kecil paling banyak %(most)s setiap pesanan.", most=most))


def refuse_many(samples: Iterable[tuple[int, int]]) -> None:
    """Raise TooManySamples where the pieces by variant, from all places, are too many."""
    pieces = Counter[int]()
    for variant_id, quantity in samples:
        pieces[variant_id] += quantity
    if max(pieces.values(), default=0) > settings(OrderSettings).samples_max:
        raise TooManySamples
