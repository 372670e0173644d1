"""Money of buyers abroad: how it is counted here and at Stripe, worked out and shown.

We count minor units as people do (core.money): rupiah, yen and won whole, dollars in cents. Stripe
counts rupiah, króna and Ugandan shillings in hundredths although nobody has them, and of
currencies with three decimals it wants the last one to be 0. Only this table knows that. Nothing
here is ever a float.
"""

from dataclasses import dataclass
from decimal import Decimal

from babel.core import Locale
from babel.numbers import format_currency, get_currency_name
from flask_babel import get_locale

from core import words
from core.errors import DomainError
from core.money import minor_units
from orders.gateways.words import Presented

RATE_MICROS = 1_000_000
"""A rate is rupiah for one whole unit of a currency, in millionths."""

STRIPE_DIGITS = {"IDR": 2, "ISK": 2, "UGX": 2}
STRIPE_MOST = 99_999_999  # Eight digits.

LEAST = {
    "AED": 200, "AUD": 50, "EUR": 50, "GBP": 30, "HKD": 400, "JPY": 50, "KRW": 1_000, "KWD": 500,
    "MYR": 200, "SAR": 200, "SGD": 50, "TWD": 2_000, "USD": 50,
}  # fmt: skip
"""The currencies we offer, each with the least a card can pay, in minor units.

Stripe asks for half a US dollar or as much in the currency it pays out; where its papers name no
sum, ours lies above that.
"""

OFFERED = (
    "HKD",
    "TWD",
    "SGD",
    "MYR",
    "USD",
    "AUD",
    "JPY",
    "KRW",
    "SAR",
    "AED",
    "KWD",
    "EUR",
    "GBP",
)
OF_PHONES = {
    "+886": "TWD", "+852": "HKD", "+65": "SGD", "+60": "MYR", "+1": "USD", "+61": "AUD",
    "+81": "JPY", "+82": "KRW", "+966": "SAR", "+971": "AED", "+965": "KWD", "+44": "GBP",
    "+49": "EUR", "+31": "EUR", "+33": "EUR", "+39": "EUR", "+34": "EUR",
}  # fmt: skip
assert set(OFFERED) == set(LEAST), "every currency offered needs the least it can pay"


class NotExact(DomainError):
    """This amount cannot be counted in whole minor units of this currency."""


@dataclass(frozen=True, slots=True)
class Frozen:
    """A sum in rupiah as a buyer abroad pays it, and the rate that made it so."""

    presented: Presented
    rate_micros: int


def step(currency: str) -> int:
    """The smallest part of a currency that Stripe takes, in minor units."""
    return 10 if minor_units(currency) == 3 else 1


def to_minor(currency: str, amount: Decimal) -> int:
    """Minor units of an amount as people write it; raises NotExact for parts of one."""
    minor = amount.scaleb(minor_units(currency)) if amount.is_finite() else amount
    if not minor.is_finite() or minor != minor.to_integral_value():
        raise NotExact
    return int(minor)


def to_decimal(money: Presented) -> Decimal:
    """An amount as people write it."""
    return Decimal(money.amount).scaleb(-minor_units(money.currency))


def to_stripe(money: Presented) -> int:
    """What Stripe calls this amount: rupiah times a hundred. Raises NotExact."""
    if money.amount % step(money.currency):
        raise NotExact
    amount: int = money.amount * _hundredfold(money.currency)
    return amount


def from_stripe(currency: str, amount: int) -> Presented:
    """What Stripe calls so, in our words; raises NotExact, and UnknownCurrency."""
    code = currency.upper()
    whole, rest = divmod(amount, _hundredfold(code))
    if rest:
        raise NotExact
    return Presented(whole, code)


def _hundredfold(currency: str) -> int:
    digits = minor_units(currency)
    return int(10 ** (STRIPE_DIGITS.get(currency, digits) - digits))


def present(currency: str, rupiah: int, rate_micros: int) -> Presented:
    """Rupiah in her money, up to the next smallest part: the house is never short by rounding."""
    if rupiah <= 0 or rate_micros <= 0:
        raise AssertionError(f"{rupiah} rupiah at {rate_micros} cannot be presented")
    unit, part = 10 ** minor_units(currency) * RATE_MICROS, step(currency)
    parts = -(-rupiah * unit // (rate_micros * part))
    return Presented(parts * part, currency)


def returned_of(whole: Presented, rupiah: int, of_rupiah: int) -> int:
    """What has gone back of a presented whole once `rupiah` of `of_rupiah` have, in minor units.

    Rounded down to the smallest part, and nothing is left over in the end: a refund is the
    difference of two of these, so the last one gives back the exact rest.
    """
    if not 0 <= rupiah <= of_rupiah:
        raise AssertionError(f"{rupiah} is no part of {of_rupiah}")
    if rupiah == of_rupiah:
        return whole.amount
    part = step(whole.currency)
    return whole.amount * rupiah // (of_rupiah * part) * part


def can_pay(money: Presented) -> bool:
    """Whether a card may pay this sum: offered, not too little, not too much for Stripe."""
    least = LEAST.get(money.currency)
    return least is not None and least <= money.amount and to_stripe(money) <= STRIPE_MOST


def shown(money: Presented) -> str:
    """An amount with its currency, as the reader's language writes it."""
    return format_currency(to_decimal(money), money.currency, locale=_locale())


def shown_rate(rate_micros: int) -> str:
    """Rupiah for one whole unit, with as many decimals as the rate has: Rp 11,85."""
    whole, rest = divmod(rate_micros, RATE_MICROS)
    decimals = f",{rest:06}".rstrip("0").rstrip(",")
    return words.rupiah(whole) + decimals


def name(currency: str) -> str:
    """The currency's name in the reader's language."""
    return get_currency_name(currency, locale=_locale())


def guessed(phone: str, language: str) -> str:
    """The currency a buyer probably has, by the country of her phone, else by her language."""
    for prefix, currency in OF_PHONES.items():
        if phone.startswith(prefix):
            return currency
    return "USD" if language == "en" else "HKD"


def _locale() -> Locale:
    return get_locale() or Locale("id")
