"""Shares: to the rupiah, nothing lost, nothing negative, and refunds that undo exactly."""

import itertools
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cooperatives.consignment import DEFAULT_RATES
from cooperatives.sharing import Rate, Shares, by_weight, split_line

WEB = DEFAULT_RATES["web", "home"]
PICKED_UP = DEFAULT_RATES["web", "kiosk"]
COUNTER = DEFAULT_RATES["counter", "kiosk"]
BAZAAR = DEFAULT_RATES["bazaar", "bazaar"]


def invited(rate, affiliate_bp, payer="maker"):
    return replace(rate, affiliate_bp=affiliate_bp, affiliate_payer=payer)


basis_points = st.integers(0, 10_000)
prices = st.integers(0, 1_000_000_000)
rates = st.tuples(basis_points, basis_points, basis_points).filter(lambda bp: sum(bp) <= 10_000)
splits = st.builds(
    lambda price, bp, affiliate: split_line(price, invited(Rate(*bp), affiliate), is_invited=True),
    prices,
    rates,
    basis_points,
)


# Every line of the eight orders of the demo world, and one of a kiosk's consignments.
@pytest.mark.parametrize(
    ("rate", "affiliate_bp", "gross", "cooperative", "operator", "kiosk", "affiliate", "maker"),
    [
        (WEB, 0, 36_000, 1_800, 720, 0, 0, 33_480),
        (WEB, 0, 42_000, 2_100, 840, 0, 0, 39_060),
        (WEB, 500, 185_000, 9_250, 3_700, 0, 9_250, 162_800),
        (WEB, 500, 120_000, 6_000, 2_400, 0, 6_000, 105_600),
        (COUNTER, 0, 44_000, 2_200, 0, 4_400, 0, 37_400),
        (COUNTER, 0, 26_000, 1_300, 0, 2_600, 0, 22_100),
        (WEB, 0, 72_000, 3_600, 1_440, 0, 0, 66_960),
        (WEB, 0, 56_000, 2_800, 1_120, 0, 0, 52_080),
        (WEB, 0, 165_000, 8_250, 3_300, 0, 0, 153_450),
        (WEB, 0, 185_000, 9_250, 3_700, 0, 0, 172_050),
        (WEB, 0, 240_000, 12_000, 4_800, 0, 0, 223_200),
        (PICKED_UP, 0, 26_000, 1_300, 520, 0, 0, 24_180),
        (PICKED_UP, 0, 48_000, 2_400, 960, 0, 0, 44_640),
        (WEB, 0, 60_000, 3_000, 1_200, 0, 0, 55_800),
        (COUNTER, 0, 416_000, 20_800, 0, 41_600, 0, 353_600),
        (BAZAAR, 0, 18_000, 900, 0, 0, 0, 17_100),
    ],
)
def test_the_default_rates_share_the_demo_orders(
    rate, affiliate_bp, gross, cooperative, operator, kiosk, affiliate, maker
):
    shares = split_line(gross, invited(rate, affiliate_bp), is_invited=True)
    assert shares == Shares(kiosk, cooperative, operator, affiliate, maker)


@pytest.mark.parametrize(
    ("gross", "cooperative"), [(9, 0), (10, 1), (29, 1), (30, 2), (18_090, 905), (18_089, 904)]
)
def test_half_a_rupiah_rounds_up_and_the_maker_gets_the_rest(gross, cooperative):
    shares = split_line(gross, Rate(cooperative_bp=500))
    assert (shares.cooperative, shares.maker) == (cooperative, gross - cooperative)


def test_each_share_is_rounded_for_itself():
    shares = split_line(30, Rate(cooperative_bp=500, kiosk_bp=500, operator_bp=500))
    assert shares == Shares(kiosk=2, cooperative=2, operator=2, maker=24)


def test_a_price_too_small_for_all_roundings_makes_nobody_negative():
    shares = split_line(1, Rate(cooperative_bp=5_000, kiosk_bp=5_000))
    assert shares == Shares(kiosk=1)


def test_everybody_bears_a_discount_in_proportion():
    assert split_line(40_000, WEB, discount=4_000) == split_line(36_000, WEB)


def test_a_discount_above_the_price_is_a_bug():
    with pytest.raises(AssertionError):
        split_line(1_000, WEB, discount=1_001)


def test_a_bundle_is_shared_by_the_prices_of_its_parts():
    own = [18_000, 14_000, 22_000, 20_000]
    parts = by_weight(72_000, own)
    assert parts == [17_514, 13_622, 21_405, 19_459]
    shared = [split_line(part, WEB) for part in parts]
    assert sum(shares.gross for shares in shared) == 72_000


def test_every_small_price_and_rate_sums_up():
    steps = (0, 1, 250, 333, 500, 1_000, 3_333, 5_000, 10_000)
    for gross, *bp in itertools.product(range(25), steps, steps, steps):
        if sum(bp) <= 10_000:
            shares = split_line(gross, Rate(*bp))
            assert shares.gross == gross
            assert min(shares) >= 0


@given(prices, rates, basis_points)
def test_nothing_is_lost_and_nothing_negative(price, bp, affiliate_bp):
    rate = Rate(*bp)
    shares = split_line(price, invited(rate, affiliate_bp), is_invited=True)
    assert shares.gross == price
    assert min(shares) >= 0
    if rate.taken_bp + affiliate_bp < 10_000:
        fair = price * (10_000 - rate.taken_bp - affiliate_bp) / 10_000
        assert abs(shares.maker - fair) <= 2.5  # Half a rupiah for each of the others, and floats.


def test_one_piece_of_three_gives_back_a_third_of_every_share():
    sold = split_line(42_000, WEB)
    assert sold.units(1, of=3) == Shares(cooperative=700, operator=280, maker=13_020)


def test_the_last_refund_takes_what_is_left():
    left = sold = split_line(100, Rate(cooperative_bp=333, operator_bp=777))
    back = []
    for pieces in (3, 2, 1):
        back.append(left.units(1, of=pieces))
        left -= back[-1]
    assert left == Shares()
    assert back[0] + back[1] + back[2] == sold


@given(splits, st.lists(st.integers(1, 5), min_size=1, max_size=12))
def test_refunds_piece_by_piece_undo_the_sale_exactly(sold, batches):
    left, pieces, back = sold, sum(batches), Shares()
    for batch in batches:
        part = left.units(batch, of=pieces)
        assert min(part) >= 0
        left, pieces, back = left - part, pieces - batch, back + part
    assert (left, back) == (Shares(), sold)


@given(splits, st.lists(prices, max_size=8))
def test_refunds_of_any_amounts_never_take_more_than_is_left(sold, amounts):
    left, back = sold, Shares()
    for amount in (*amounts, sold.gross):
        part = left.part(min(amount, left.gross))
        left, back = left - part, back + part
    assert (left, back) == (Shares(), sold)


@given(splits, st.data())
def test_one_refund_is_in_proportion(sold, data):
    amount = data.draw(st.integers(0, sold.gross))
    part = sold.part(amount)
    assert part.gross == amount
    for share, given_back in zip(sold, part, strict=True):
        assert sold.gross == 0 or abs(given_back * sold.gross - share * amount) < sold.gross


def test_more_than_is_left_is_never_given_back():
    with pytest.raises(AssertionError):
        split_line(100, WEB).part(101)


@given(prices, st.lists(st.integers(1, 10**9), min_size=1, max_size=9))
def test_a_fee_is_spread_without_loss(fee, weights):
    parts = by_weight(fee, weights)
    assert sum(parts) == fee
    assert min(parts) >= 0


@pytest.mark.parametrize(
    ("payer", "shares"),
    [
        ("maker", Shares(4_400, 2_200, 0, 880, 36_520)),
        ("cooperative", Shares(4_400, 1_320, 0, 880, 37_400)),
    ],
)
def test_the_terms_say_out_of_whose_part_an_inviter_is_paid(payer, shares):
    assert split_line(44_000, invited(COUNTER, 200, payer), is_invited=True) == shares
    assert split_line(44_000, invited(COUNTER, 200, payer)) == split_line(44_000, COUNTER)


@pytest.mark.parametrize(
    ("payer", "shares"),
    [
        ("everybody", Shares(3_960, 1_980, 0, 0, 33_660)),
        ("maker", Shares(4_400, 2_200, 0, 0, 33_000)),
        ("kiosk", Shares(0, 2_200, 0, 0, 37_400)),
        ("cooperative", Shares(4_168, 0, 0, 0, 35_432)),  # It has 2,200; the rest all bear.
    ],
)
def test_the_terms_say_who_bears_what_is_let_off(payer, shares):
    rate = replace(COUNTER, discount_payer=payer)
    assert split_line(44_000, rate, discount=4_400) == shares


bearers = st.sampled_from(["everybody", "maker", "cooperative", "kiosk"])
payers = st.sampled_from(["maker", "cooperative", "operator"])


@given(prices, rates, basis_points, payers, bearers, st.data())
def test_invited_and_let_off_at_once_nothing_is_lost(price, bp, affiliate_bp, payer, bearer, data):
    discount = data.draw(st.integers(0, price))
    rate = replace(invited(Rate(*bp), affiliate_bp, payer), discount_payer=bearer)
    shares = split_line(price, rate, is_invited=True, discount=discount)
    assert shares.gross == price - discount
    assert min(shares) >= 0
