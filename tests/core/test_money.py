"""Money adds up to the rupiah, whatever is done to it."""

from contextlib import suppress

import pytest
from babel.numbers import get_currency_precision
from hypothesis import given
from hypothesis import strategies as st

from core.errors import DomainError
from core.money import (
    MINOR_UNITS,
    RUPIAH_MAX,
    Money,
    NotAnAmount,
    UnknownCurrency,
    minor_units,
    parse_rupiah,
)

amounts = st.integers(-RUPIAH_MAX, RUPIAH_MAX).map(Money)
gains = st.integers(0, RUPIAH_MAX).map(Money)
weights = st.lists(st.integers(0, 10_000), min_size=1, max_size=12).filter(any)


def test_ten_thousand_over_three_gives_the_odd_rupiah_to_the_first():
    assert Money(10_000).split([1, 1, 1]) == [Money(3334), Money(3333), Money(3333)]


def test_the_largest_remainder_rounds_up_wherever_it_stands():
    assert Money(100).split([333, 333, 334]) == [Money(33), Money(33), Money(34)]


@given(amounts, weights)
def test_a_split_loses_not_one_rupiah(amount, shares):
    assert sum(amount.split(shares), Money(0)) == amount


@given(gains, weights)
def test_a_split_gives_nobody_a_debt_and_nobody_a_rupiah_too_many(amount, shares):
    for part, weight in zip(amount.split(shares), shares, strict=True):
        exact = amount.rupiah * weight / sum(shares)
        assert part.rupiah >= 0
        assert abs(part.rupiah - exact) < 1 + 1e-6


@given(gains, weights)
def test_a_weight_of_zero_receives_nothing(amount, shares):
    assert amount.split([*shares, 0])[-1] == Money(0)


@given(gains, weights)
def test_a_refund_splits_as_the_mirror_of_the_sale(amount, shares):
    assert (-amount).split(shares) == [-part for part in amount.split(shares)]


@given(gains, weights)
def test_a_heavier_weight_never_receives_less(amount, shares):
    parts = sorted(zip(shares, amount.split(shares), strict=True))
    assert [part for _, part in parts] == sorted(part for _, part in parts)


@pytest.mark.parametrize("shares", [[], [0], [0, 0], [-1, 2], [3, -1]])
def test_impossible_weights_are_our_own_bug(shares):
    with pytest.raises(AssertionError):
        Money(100).split(shares)


@pytest.mark.parametrize(
    ("rupiah", "basis_points", "share"),
    [
        (84_000, 500, 4_200),
        (1, 5_000, 1),  # Half a rupiah rounds up,
        (-1, 5_000, -1),  # and down in a refund, so that the two cancel out.
        (1, 4_999, 0),
        (3, 5_000, 2),
        (25_000, 250, 625),
        (25_000, 10_000, 25_000),
        (25_000, 0, 0),
    ],
)
def test_a_percentage_rounds_half_up(rupiah, basis_points, share):
    assert Money(rupiah).percent(basis_points) == Money(share)


@given(amounts, st.integers(0, 20_000))
def test_a_percentage_is_within_half_a_rupiah_and_mirrors_its_refund(amount, basis_points):
    share = amount.percent(basis_points)
    assert abs(share.rupiah * 10_000 - amount.rupiah * basis_points) * 2 <= 10_000
    assert (-amount).percent(basis_points) == -share


def test_a_negative_percentage_is_our_own_bug():
    with pytest.raises(AssertionError):
        Money(100).percent(-1)


@given(amounts, amounts, st.integers(0, 100))
def test_arithmetic_is_that_of_whole_numbers(one, other, times):
    assert (one + other).rupiah == one.rupiah + other.rupiah
    assert one - other == one + -other
    assert one * times == sum([one] * times, Money(0))
    assert (one < other) == (one.rupiah < other.rupiah)


def test_a_plain_sum_works_without_a_start():
    assert sum([Money(1), Money(2)]) == Money(3)


@pytest.mark.parametrize("fraction", [1.0, "1", None, True])
def test_only_whole_numbers_are_money(fraction):
    with pytest.raises(AssertionError):
        Money(fraction)


@pytest.mark.parametrize(
    "mixed",
    [
        lambda: Money(1) + 1,
        lambda: 1 + Money(1),
        lambda: Money(1) - 1,
        lambda: Money(1) * Money(1),
        lambda: Money(1) * 1.5,
        lambda: Money(1) < 1,
    ],
)
def test_money_and_numbers_do_not_mix(mixed):
    with pytest.raises(TypeError):
        mixed()


READ = {
    25: ["25", "Rp25", "025"],
    0: ["0", "Rp 0"],
    2_750: ["2,75rb", "2.750"],
    25_000: [
        "25000", "25.000", "25,000", "25rb", "25 rb", "25ribu", "25 ribu", "25 RIBU", "25k", "25K",
        "Rp25000", "Rp 25.000", "Rp. 25.000", "rp25rb", "Rp\u00a025.000", " 25000 ", "25.000,-",
        "Rp 25.000,-", "Rp 25.000,--", "25.000.-", "25.000,–", "25.000,00", "25,000.00",
        "IDR 25000", "25000 rupiah", "25 ribu rupiah", "Rp25.000\n",
    ],
    500_000: ["0,5jt", "0.5 juta", "500rb"],
    1_500_000: ["1,5jt", "1,5 juta", "1.5jt", "1.500.000", "1,500,000", "1500k", "1,50 JT"],
    1_000_000_000: ["1000000000", "1.000.000.000", "1000jt", "1000 juta"],
}  # fmt: skip


@pytest.mark.parametrize(
    ("text", "rupiah"), [(text, rupiah) for rupiah, texts in READ.items() for text in texts]
)
def test_amounts_are_read_the_way_people_write_them(text, rupiah):
    assert parse_rupiah(text) == rupiah


@pytest.mark.parametrize(
    "text",
    [
        "", " ", "Rp", "gratis", "rb", "-5000", "Rp -5.000", "−5000", "1-2rb",
        "２５０００", "٢٥٠٠٠", "२५", "25²", "½jt", "25.5", "12,5", "0.500", "25,00", "25000,00",
        "2.50", "25.0000", "2500.000", "1.500 ribu", "1,250jt", "1.000,000", "1,000.000",
        "25.000,50", "25rb500", "25 000", "1e6", "0x10", "1_000", "+25", "25\x00", "25rb25rb",
        "\U0001f4b0", "Rp25\x00000", "25;DROP", "9" * 10_000, " " * 10_000, "25" + " " * 50,
    ],
)  # fmt: skip
def test_what_could_mean_two_things_or_nothing_is_asked_again(text):
    with pytest.raises(NotAnAmount) as refused:
        parse_rupiah(text)
    assert refused.value.sentence == "Tulis angkanya saja, contoh 15000."


@pytest.mark.parametrize("text", ["1000000001", "1.000.000.001", "1001jt", "9" * 40])
def test_more_than_a_thousand_million_is_a_slip_of_the_finger(text):
    with pytest.raises(NotAnAmount) as refused:
        parse_rupiah(text)
    assert "terlalu besar" in str(refused.value.sentence)


@given(st.integers(0, RUPIAH_MAX))
def test_every_amount_survives_being_written_and_read(rupiah):
    for text in (f"{rupiah}", f"{rupiah:,}", f"Rp {rupiah:,}".replace(",", ".") + ",-"):
        assert parse_rupiah(text) == rupiah


@given(st.text(max_size=50))
def test_no_text_breaks_the_reader(text):
    with suppress(NotAnAmount):
        assert 0 <= parse_rupiah(text) <= RUPIAH_MAX


def test_currencies_have_the_minor_units_of_the_common_table_except_the_rupiah():
    assert minor_units("IDR") == 0
    others = MINOR_UNITS.keys() - {"IDR"}
    assert {c: minor_units(c) for c in others} == {c: get_currency_precision(c) for c in others}
    assert {"JPY", "KRW", "USD", "EUR", "AUD", "HKD", "SGD", "TWD"} <= others


@pytest.mark.parametrize("currency", ["", "XXX", "idr", "RP"])
def test_an_unknown_currency_is_refused_with_a_sentence(currency):
    with pytest.raises(UnknownCurrency) as refused:
        minor_units(currency)
    assert isinstance(refused.value, DomainError)
