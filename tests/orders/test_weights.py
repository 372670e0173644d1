"""What couriers bill: published examples, both readings of 1.30 kg, and no bargain in more."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orders.weights import (
    BOXES_MAX,
    GRAMS_MAX,
    SERVICE_GRAMS_MAX,
    SIDE_CM_MAX,
    Load,
    OddParcel,
    OddRule,
    WeighRule,
)

JNE = WeighRule()
CAREFUL = WeighRule(is_inclusive=False)
NO_TOLERANCE = WeighRule(tolerance_grams=0)
BY_WEIGHT = WeighRule(divisor=None)
CARGO = WeighRule(tolerance_grams=0, min_grams=10_000, max_grams=100_000)
HALF_KILOS = WeighRule(tolerance_grams=0, min_grams=500, step_grams=500)


def billed(rule, grams, *boxes):
    return rule.billed_grams(Load.packed(grams, boxes))


@pytest.mark.parametrize(
    ("rule", "grams", "grams_on_the_bill"),
    [
        (JNE, 1, 1000),
        (JNE, 900, 1000),
        (JNE, 1000, 1000),
        (JNE, 1300, 1000),
        (JNE, 1301, 2000),
        (JNE, 1310, 2000),
        (JNE, 2200, 2000),
        (JNE, 2450, 3000),
        (CAREFUL, 1000, 1000),
        (CAREFUL, 1299, 1000),
        (CAREFUL, 1300, 2000),
        (CAREFUL, 2000, 2000),
        (NO_TOLERANCE, 1000, 1000),
        (NO_TOLERANCE, 1001, 2000),
        (WeighRule(tolerance_grams=0, is_inclusive=False), 2000, 2000),
        (WeighRule(tolerance_grams=490), 1490, 1000),
        (CARGO, 1, 10_000),
        (CARGO, 10_000, 10_000),
        (CARGO, 10_001, 11_000),
        (HALF_KILOS, 501, 1000),
        (HALF_KILOS, 1001, 1500),
    ],
)
def test_a_weight_is_rounded_as_the_service_says(rule, grams, grams_on_the_bill):
    assert billed(rule, grams) == grams_on_the_bill


def test_a_large_light_parcel_is_billed_by_its_size():
    assert billed(WeighRule(max_grams=50_000), 35_000, (50, 50, 100)) == 42_000


def test_a_size_is_rounded_up_to_whole_grams():
    assert Load.packed(1, [(1, 1, 7)]).volumetric_grams(6000) == 2


def test_international_services_divide_by_less():
    box = (30, 20, 10)
    assert Load.packed(1, [box]).volumetric_grams(6000) == 1000
    assert Load.packed(1, [box]).volumetric_grams(5000) == 1200
    assert Load.packed(1, [box]).volumetric_grams(4000) == 1500


def test_boxes_of_several_goods_are_added():
    bag = (28, 18, 9)
    assert billed(JNE, 250, bag) == 1000
    assert billed(JNE, 750, bag, bag, bag) == 2000


def test_without_a_divisor_size_does_not_count():
    assert billed(BY_WEIGHT, 1300, *[(30, 20, 10)] * 5) == 1000
    assert billed(JNE, 1300, *[(30, 20, 10)] * 5) == 5000


def test_the_carton_adds_its_weight():
    assert JNE.billed_grams(Load.packed(1250, packaging_grams=50)) == 1000
    assert JNE.billed_grams(Load.packed(1250, packaging_grams=51)) == 2000


def test_the_base_pays_for_the_minimum_and_each_step_costs():
    prices = {"base_rupiah": 30_000, "step_rupiah": 3_000}
    assert CARGO.fee(Load.packed(2_000), **prices) == 30_000
    assert CARGO.fee(Load.packed(12_000), **prices) == 36_000


def test_nothing_above_the_limit_is_carried_by_weight_or_by_size():
    assert JNE.carries(Load.packed(30_000))
    assert not JNE.carries(Load.packed(30_001))
    assert not JNE.carries(Load.packed(1, [(100, 100, 20)]))
    assert BY_WEIGHT.carries(Load.packed(1, [(100, 100, 20)]))


@pytest.mark.parametrize("grams", [0, -1, GRAMS_MAX + 1, 10**30, 1.5, True, None, "500"])
def test_a_weight_no_parcel_has_is_refused(grams):
    with pytest.raises(OddParcel):
        Load.packed(grams)


@pytest.mark.parametrize("side", [0, -20, SIDE_CM_MAX + 1, 10**30, 2.5, None])
@pytest.mark.parametrize("place", [0, 1, 2])
def test_a_side_no_parcel_has_is_refused(side, place):
    box = [10, 10, 10]
    box[place] = side
    with pytest.raises(OddParcel):
        Load.packed(500, [(10, 10, 10), tuple(box)])


def test_more_boxes_than_a_lorry_takes_are_refused():
    Load.packed(500, [(1, 1, 1)] * BOXES_MAX)
    with pytest.raises(OddParcel):
        Load.packed(500, [(1, 1, 1)] * (BOXES_MAX + 1))


def test_packaging_cannot_make_a_parcel_lighter():
    with pytest.raises(OddParcel):
        Load.packed(500, packaging_grams=-1)


@pytest.mark.parametrize(
    "numbers",
    [
        {"divisor": 0},
        {"divisor": -6000},
        {"divisor": 10_001},
        {"divisor": 6000.0},
        {"tolerance_grams": -1},
        {"tolerance_grams": 1000},
        {"min_grams": 0},
        {"min_grams": 30_001},
        {"step_grams": 0, "tolerance_grams": 0},
        {"step_grams": 100_001},
        {"max_grams": 0},
        {"max_grams": SERVICE_GRAMS_MAX + 1},
    ],
)
def test_a_rule_that_cannot_weigh_is_refused(numbers):
    with pytest.raises(OddRule):
        WeighRule(**numbers)


@st.composite
def rules(draw):
    step = draw(st.integers(1, 5_000))
    return WeighRule(
        divisor=draw(st.none() | st.integers(1_000, 10_000)),
        tolerance_grams=draw(st.integers(0, step - 1)),
        is_inclusive=draw(st.booleans()),
        min_grams=draw(st.integers(1, 20_000)),
        step_grams=step,
        max_grams=draw(st.integers(20_000, 100_000)),
    )


weights = st.integers(1, 200_000)
boxes = st.lists(st.tuples(*[st.integers(1, SIDE_CM_MAX)] * 3), max_size=5)
prices = st.fixed_dictionaries(
    {"base_rupiah": st.integers(0, 10**7), "step_rupiah": st.integers(0, 10**7)}
)


@given(rules(), weights, weights, boxes, boxes, prices)
def test_more_never_costs_less(rule, grams, extra, some, more, tariff):
    small, large = Load.packed(grams, some), Load.packed(grams + extra, some + more)
    assert rule.fee(small, **tariff) <= rule.fee(large, **tariff)
    assert rule.carries(small) or not rule.carries(large)


@given(rules(), weights, boxes)
def test_the_bill_is_off_by_less_than_a_step(rule, grams, some):
    load = Load.packed(grams, some)
    on_the_bill, counted = rule.billed_grams(load), rule.chargeable_grams(load)
    assert on_the_bill >= rule.min_grams
    assert on_the_bill >= counted - rule.tolerance_grams
    assert on_the_bill == rule.min_grams or on_the_bill < counted + rule.step_grams


@given(weights, boxes)
def test_the_careful_reading_never_bills_less(grams, some):
    load = Load.packed(grams, some)
    assert CAREFUL.billed_grams(load) in {JNE.billed_grams(load), JNE.billed_grams(load) + 1000}
