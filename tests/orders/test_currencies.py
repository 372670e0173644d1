"""Money of buyers abroad: Stripe's table both ways, rounding, and refunds without a rest."""

from decimal import Decimal
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.money import MINOR_UNITS, UnknownCurrency, minor_units
from orders import currencies
from orders.currencies import NotExact, from_stripe, present, returned_of, to_stripe
from orders.gateways import Presented

ZERO_AT_STRIPE = "BIF CLP DJF GNF JPY KMF KRW MGA PYG RWF VND VUV XAF XOF XPF"
A_CURRENCY = st.sampled_from(sorted(MINOR_UNITS))
A_RATE = st.integers(min_value=1, max_value=100_000 * currencies.RATE_MICROS)
RUPIAH = st.integers(min_value=1, max_value=1_000_000_000)


@pytest.mark.parametrize(
    ("currency", "whole", "at_stripe"),
    [
        ("IDR", 55_000, 5_500_000),  # The classic mistake is a hundredfold.
        ("JPY", 500, 500),
        ("KRW", 9_900, 9_900),
        ("ISK", 1_000, 100_000),
        ("UGX", 3_000, 300_000),
        ("TWD", 18_250, 18_250),
        ("HUF", 17_500, 17_500),
        ("USD", 712, 712),
        ("KWD", 1_230, 1_230),
    ],
)
def test_stripe_counts_as_its_papers_say(currency, whole, at_stripe):
    assert to_stripe(Presented(whole, currency)) == at_stripe
    assert from_stripe(currency.lower(), at_stripe) == Presented(whole, currency)


@pytest.mark.parametrize("currency", ZERO_AT_STRIPE.split())
def test_currencies_without_decimals_have_none_at_stripe(currency):
    assert to_stripe(Presented(7, currency)) == 7


@given(A_CURRENCY, st.integers(min_value=0, max_value=10**11))
def test_the_way_to_stripe_and_back_changes_nothing(currency, amount):
    money = Presented(amount * currencies.step(currency), currency)
    assert from_stripe(currency, to_stripe(money)) == money


@pytest.mark.parametrize(("currency", "amount"), [("IDR", 5_500_050), ("ISK", 101), ("UGX", 7)])
def test_hundredths_that_nobody_has_are_refused(currency, amount):
    with pytest.raises(NotExact):
        from_stripe(currency, amount)


@pytest.mark.parametrize("currency", ["BHD", "JOD", "KWD", "OMR", "TND"])
def test_the_last_of_three_decimals_is_zero(currency):
    with pytest.raises(NotExact):
        to_stripe(Presented(1_234, currency))
    assert present(currency, 55_001, 50_000 * 10**6).amount % 10 == 0


def test_an_unknown_currency_is_not_guessed():
    with pytest.raises(UnknownCurrency):
        from_stripe("zzz", 100)


@given(A_CURRENCY, st.integers(min_value=-(10**12), max_value=10**12))
def test_amounts_as_people_write_them_are_exact(currency, minor):
    written = currencies.to_decimal(Presented(minor, currency))
    assert currencies.to_minor(currency, written) == minor


@pytest.mark.parametrize("odd", ["0.001", "1.005", "NaN", "Infinity"])
def test_parts_of_a_cent_are_refused(odd):
    with pytest.raises(NotExact):
        currencies.to_minor("USD", Decimal(odd))


@given(A_CURRENCY, RUPIAH, A_RATE)
def test_the_house_is_never_short_and_she_pays_less_than_one_part_more(currency, rupiah, rate):
    money = present(currency, rupiah, rate)
    unit = 10 ** minor_units(currency) * currencies.RATE_MICROS
    part = currencies.step(currency)
    assert money.amount * rate >= rupiah * unit
    assert (money.amount - part) * rate < rupiah * unit


def test_an_example_by_hand():
    assert present("USD", 92_000, 16_500 * 10**6) == Presented(558, "USD")  # 5.5757…
    assert present("TWD", 92_000, 505 * 10**6) == Presented(18_218, "TWD")  # 182.178…
    assert present("KRW", 92_000, 11_850_000) == Presented(7_764, "KRW")  # 7763.7…


@given(
    currency=A_CURRENCY,
    parts=st.integers(min_value=1, max_value=10**8),
    rupiah=st.lists(st.integers(min_value=1, max_value=10**8), min_size=1, max_size=8),
)
def test_refunds_in_parts_give_back_exactly_the_whole(currency, parts, rupiah):
    whole = Presented(parts * currencies.step(currency), currency)
    total, gone, back = sum(rupiah), 0, []
    for piece in rupiah:
        before = returned_of(whole, gone, total)
        gone += piece
        back.append(returned_of(whole, gone, total) - before)
    assert sum(back) == whole.amount
    assert min(back) >= 0
    assert all(piece % currencies.step(currency) == 0 for piece in back)


@given(A_CURRENCY, st.integers(min_value=1, max_value=10**6), st.integers(1, 500))
def test_more_rupiah_never_gives_back_less(currency, parts, total):
    whole = Presented(parts * currencies.step(currency), currency)
    back = [returned_of(whole, rupiah, total) for rupiah in range(total + 1)]
    assert (back[0], back[-1]) == (0, whole.amount)
    assert all(less <= more for less, more in pairwise(back))


def test_what_is_offered_can_be_counted_named_and_has_a_least(app):
    for currency in currencies.OFFERED:
        least = Presented(currencies.LEAST[currency], currency)
        assert currencies.can_pay(least)
        below = Presented(least.amount - currencies.step(currency), currency)
        assert not currencies.can_pay(below)
        assert currencies.name(currency) != currency


def test_a_sum_too_long_for_stripe_is_not_offered():
    assert currencies.can_pay(Presented(99_999_999, "KRW"))
    assert not currencies.can_pay(Presented(100_000_000, "KRW"))
    assert not currencies.can_pay(Presented(5_500_000, "IDR"))


@pytest.mark.parametrize(("language", "taiwan"), [("en", "NT$182.50"), ("id", "NT$182,50")])
def test_amounts_are_written_as_her_language_writes_them(app, language, taiwan):
    with app.test_request_context(headers={"Cookie": f"bahasa={language}"}):
        assert currencies.shown(Presented(18_250, "TWD")) == taiwan
        assert currencies.shown(Presented(7, "JPY")).endswith("¥7")
        assert currencies.shown_rate(11_850_000) == "Rp\xa011,85"
        assert currencies.shown_rate(16_500 * 10**6) == "Rp\xa016.500"


@pytest.mark.parametrize(
    ("phone", "language", "currency"),
    [
        ("+886912345678", "id", "TWD"),
        ("+85291234567", "id", "HKD"),
        ("+6281234567890", "en", "USD"),
        ("+966512345678", "id", "SAR"),
        ("", "en", "USD"),
    ],
)
def test_the_currency_is_guessed_by_phone_and_language(phone, language, currency):
    assert currencies.guessed(phone, language) == currency
