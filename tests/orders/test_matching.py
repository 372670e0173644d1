"""The rules that say what a line is for: exact, named, or left to a person."""

from datetime import date, timedelta
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orders.matching import Awaited, Credit, Fit, chosen, names, numbers_in, propose

DAY = date(2026, 11, 26)


def awaited(asked, number="LMB-2611-0007", **more):
    facts = {"since": DAY, "got": 0, "is_open": True, "has_line": False, **more}
    return Awaited(uuid4(), number, f"{number}-1", asked=asked, **facts)


def credit(amount, text="", line_id=1, day=DAY):
    return Credit(line_id, day, amount, text)


def told(line, *candidates):
    return propose([line], candidates)[line.line_id]


def test_the_only_transfer_of_that_amount_is_exact():
    first, second = awaited(91_963), awaited(91_950, "LMB-2611-0008")
    found = told(credit(91_963), first, second)
    assert (found.fit, found.target) == (Fit.EXACT, first)


def test_two_of_that_amount_are_left_to_a_person_unless_the_text_names_one():
    first, second = awaited(90_000), awaited(90_000, "LMB-2611-0008")
    left = told(credit(90_000), first, second)
    assert (left.fit, left.others) == (Fit.UNKNOWN, (first, second))
    assert told(credit(90_000, "TRSF LMB 2611 0008"), first, second).target is second


def test_a_text_that_contradicts_the_amount_is_left_to_a_person():
    first, second = awaited(90_000), awaited(50_000, "LMB-2611-0008")
    left = told(credit(90_000, "LMB-2611-0008"), first, second)
    assert (left.fit, set(left.others)) == (Fit.UNKNOWN, {first, second})


@pytest.mark.parametrize(("amount", "fit"), [(50_000, Fit.SHORT), (95_000, Fit.OVER)])
def test_an_order_that_is_named_is_found_by_another_amount(amount, fit):
    one = awaited(90_000)
    found = told(credit(amount, "bayar lmb26110007 makasih"), one)
    assert (found.fit, found.target) == (fit, one)


def test_a_second_line_for_one_order_is_money_too_much():
    one = awaited(90_000)
    lines = [credit(90_000, "LMB-2611-0007", n) for n in (1, 2)]
    found = propose(lines, [one])
    assert [found[n].fit for n in (1, 2)] == [Fit.EXACT, Fit.SECOND]
    without_text = propose([credit(90_000, "", n) for n in (1, 2)], [one])
    assert [without_text[n].fit for n in (1, 2)] == [Fit.EXACT, Fit.UNKNOWN]


def test_money_that_a_treasurer_noted_before_is_known():
    one = awaited(90_000, got=90_000, seen_on=DAY, is_open=False)
    assert told(credit(90_000), one).fit is Fit.KNOWN
    assert told(credit(90_000, day=DAY + timedelta(days=3)), one).fit is Fit.UNKNOWN
    with_line = awaited(90_000, got=90_000, seen_on=DAY, is_open=False, has_line=True)
    assert told(credit(90_000), with_line).fit is Fit.UNKNOWN


def test_a_transfer_whose_time_is_up_is_late():
    assert told(credit(90_000), awaited(90_000, is_open=False)).fit is Fit.LATE


def test_a_line_is_for_nothing_that_came_after_it():
    one = awaited(90_000)
    assert told(credit(90_000, day=DAY - timedelta(days=1)), one).fit is Fit.EXACT
    for text in ("", "LMB-2611-0007"):
        assert told(credit(90_000, text, day=DAY - timedelta(days=2)), one).fit is Fit.UNKNOWN


@pytest.mark.parametrize(
    "text", ["LMB-2611-0007", "LMB-2611-0007-2", "TRSF/LMB 2611 0007/JOKO", "lmb26110007"]
)
def test_an_order_is_named_however_the_bank_writes_it(text):
    assert names(text, awaited(1))
    assert "LMB-2611-0007" in numbers_in(text)


def test_nothing_else_is_an_order_number():
    assert numbers_in("TRSF E-BANKING CR 2611/FTSCY/WS95051 150000.00 ANDI") == set()


def test_what_left_is_the_only_one_or_the_one_that_is_named():
    assert chosen("x", [("r1", "LMB-2611-0007")]) == "r1"
    assert chosen("x", [("r1", "LMB-2611-0007"), ("p2", "TRX-9")]) is None
    assert chosen("OUT TRX9", [("r1", "LMB-2611-0007"), ("p2", "TRX-9")]) == "p2"
    assert chosen("x", []) is None


@given(st.lists(st.integers(1, 5)), st.lists(st.integers(1, 5)))
def test_no_transfer_is_proposed_for_two_lines(amounts, asked):
    candidates = [awaited(a, f"LMB-2611-{n:04d}") for n, a in enumerate(asked)]
    lines = [credit(a, "", n) for n, a in enumerate(amounts)]
    targets = [p.target.attempt_id for p in propose(lines, candidates).values() if p.target]
    assert len(targets) == len(set(targets))
