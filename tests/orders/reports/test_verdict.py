"""The rules by which a line agrees or not: exhaustive, without a database."""

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orders.gateways import Presented
from orders.reports.verdict import NEEDS_NOBODY, Claimed, Flaw, Known, flaw_of, part_of, worth_of

KINDS = ("charge", "refund", "chargeback")


@pytest.mark.parametrize(
    ("kind", "is_ours", "is_settled", "booked"),
    list(product(KINDS, (False, True), (False, True), (0, 5_000))),
)
def test_what_is_not_ours_not_here_or_told_twice_never_agrees(kind, is_ours, is_settled, booked):
    sign = 1 if kind == "charge" else -1
    flaw = flaw_of(Claimed(kind, sign * 5_000), Known(is_ours, is_settled, sign * booked))
    if not is_ours:
        assert flaw is Flaw.NO_KEY
    elif is_settled:
        assert flaw is Flaw.TWICE
    elif not booked:
        assert flaw is Flaw.NOT_HERE
    else:
        assert flaw is None


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("off", [-1, 1, -10_000, 10_000])
def test_one_rupiah_off_is_a_difference(kind, off):
    gross = 5_000 if kind == "charge" else -5_000
    assert flaw_of(Claimed(kind, gross + off), Known(True, booked=gross)) is Flaw.AMOUNT


def test_rupiah_are_not_taken_for_another_currency():
    assert flaw_of(Claimed("charge", 5_000, "USD"), Known(True, booked=5_000)) is Flaw.CURRENCY


@pytest.mark.parametrize(
    ("line", "flaw"),
    [
        (Claimed("charge", 470, "SGD", Presented(350, "USD")), None),
        (Claimed("charge", 56_000, "IDR", Presented(350, "USD")), None),
        (Claimed("charge", 350, "USD"), None),
        (Claimed("charge", 470, "SGD"), Flaw.CURRENCY),
        (Claimed("charge", 470, "SGD", Presented(349, "USD")), Flaw.AMOUNT),
        (Claimed("charge", 470, "SGD", Presented(350, "SGD")), Flaw.CURRENCY),
        (Claimed("charge", -470, "SGD", Presented(350, "USD")), Flaw.AMOUNT),
    ],
)
def test_of_foreign_money_what_the_buyer_saw_counts(line, flaw):
    assert flaw_of(line, Known(True, booked=56_000, presented=Presented(350, "USD"))) is flaw


@pytest.mark.parametrize("currency", ["IDR", "USD"])
def test_lines_of_nobody(currency):
    flaws = {kind: flaw_of(Claimed(kind, -5, currency), Known()) for kind in NEEDS_NOBODY}
    assert flaws == {
        "fee": None,
        "payout": None if currency == "IDR" else Flaw.NO_RUPIAH,
        "adjustment": Flaw.ADJUSTMENT,
    }


def test_foreign_money_is_worth_what_we_had_counted():
    known = Known(True, booked=56_000, presented=Presented(350, "USD"))
    assert worth_of(Claimed("charge", 350, "USD"), known) == 56_000
    assert worth_of(Claimed("charge", 55_900, "IDR", known.presented), known) == 55_900


@given(st.integers(-(10**9), 10**9), st.integers(1, 10**9), st.integers(0, 10**12))
def test_a_part_is_the_nearest_whole_rupiah(amount, of, worth):
    part = part_of(amount, of, worth)
    assert 2 * abs(part * of - amount * worth) <= of
    assert part_of(-amount, of, worth) == -part
    assert part_of(amount, -of, -worth) == part


@given(st.integers(1, 10**9), st.integers(-(10**12), 10**12))
def test_all_of_it_is_worth_all_of_it(of, worth):
    assert part_of(of, of, worth) == worth
    assert part_of(5, 0, worth) == 0
