"""Which terms may be written, and which are worse for makers than those before: pure rules."""

from collections.abc import Mapping
from operator import gt

from flask_babel import lazy_gettext as _l

from cooperatives.models.members import CHANNELS, DISCOUNT_PAYERS, FEE_PAYERS, SELLING_KINDS
from cooperatives.sharing import EVERYBODY, Rate
from core.errors import DomainError
from core.money import BASIS_POINTS

PULL_DAYS_MAX = 365
Rates = Mapping[tuple[str, str], Rate]
"""The rate of each channel and kind of place; what is not listed is not sold there."""


class OddShares(DomainError):
    """Shares are between nothing and everything, and name a known channel, place and payer."""

    sentence = _l("Bagian harus antara 0 dan 100 persen. Jumlahnya paling banyak 100 persen.")


def check(place: tuple[str, str], asked: Rate) -> None:
    """Raises OddShares for what cannot be."""
    shares = (asked.cooperative_bp, asked.kiosk_bp, asked.operator_bp)
    if (
        place[0] not in CHANNELS
        or place[1] not in SELLING_KINDS
        or asked.fee_payer not in FEE_PAYERS
        or not 0 <= asked.pull_days <= PULL_DAYS_MAX
        or min(*shares, asked.affiliate_bp, asked.discount_bp) < 0
        or max(sum(shares), asked.discount_bp) > BASIS_POINTS
    ):
        raise OddShares
    if asked.affiliate_payer not in FEE_PAYERS or asked.discount_payer not in DISCOUNT_PAYERS:
        raise OddShares
    _check_promises(asked, has_keeper=place[0] != "web")


def _check_promises(asked: Rate, *, has_keeper: bool) -> None:
    """Nobody promises more to inviters, or to buyers of a keeper, than what she gets herself."""
    parts = {
        "maker": BASIS_POINTS - asked.taken_bp,
        "cooperative": asked.cooperative_bp,
        "kiosk": asked.kiosk_bp,
        "operator": asked.operator_bp,
        EVERYBODY: BASIS_POINTS,
    }
    parts[asked.affiliate_payer] -= asked.affiliate_bp
    let_off = asked.discount_bp if has_keeper else 0
    if min(parts.values()) < 0 or parts[asked.discount_payer] < let_off:
        raise OddShares


def rises(before: Rates, after: Rates) -> bool:
    """Whether a maker would get less anywhere, or could no longer sell there."""
    return any(
        place not in after or any(map(gt, after[place].of_makers, now.of_makers))
        for place, now in before.items()
    )
