"""What phones send is read strictly: nothing else comes in, and one bad act harms no other."""

import json
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core import acts, envelopes
from core.envelopes import Envelope, TooMuch, Unreadable

NOW = datetime(2026, 11, 26, 7, tzinfo=UTC)


def raw(**changes):
    return {
        "id": "0b4e6f0a-9c1d-4f7e-8a55-0d8a3c1f2b6e",
        "kind": "stock.change",
        "version": 1,
        "at": "2026-11-26T07:00:00.123Z",
        "by": 7,
        "content": {"variant": "3", "change": -1},
        **changes,
    }


def test_an_act_is_read():
    assert envelopes.read(raw()) == Envelope(
        UUID("0b4e6f0a-9c1d-4f7e-8a55-0d8a3c1f2b6e"),
        "stock.change",
        1,
        7,
        datetime(2026, 11, 26, 7, 0, 0, 123000, tzinfo=UTC),
        {"variant": "3", "change": -1},
    )


@pytest.mark.parametrize(
    "changes",
    [
        {"id": "1"},
        {"id": None},
        {"id": ["0b4e6f0a-9c1d-4f7e-8a55-0d8a3c1f2b6e"]},
        {"id": "{0b4e6f0a-9c1d-4f7e-8a55-0d8a3c1f2b6e}"},
        {"id": "0B4E6F0A-9C1D-4F7E-8A55-0D8A3C1F2B6E"},
        {"kind": "stock"},
        {"kind": "stock.change\n"},
        {"kind": "a." * 30 + "b"},
        {"kind": 3},
        {"version": 0},
        {"version": True},
        {"version": "1"},
        {"version": 2**63},
        {"by": "7"},
        {"by": True},
        {"content": []},
        {"content": None},
        {"content": {"name": "a\0b"}},
        {"content": {"name": "\ud800"}},
        {"content": {"a\0b": 1}},
        {"content": {"n": float("inf")}},
        {"content": {"a": {"b": {"c": {"d": {"e": {"f": {"g": 1}}}}}}}},
    ],
)
def test_anything_else_is_not(changes):
    with pytest.raises(Unreadable):
        envelopes.read(raw(**changes))


@pytest.mark.parametrize("at", [None, 5, "kemarin", "2026-13-40", "9" * 400, "+010000-01-01"])
def test_a_clock_that_cannot_be_read_loses_nothing(at):
    assert envelopes.read(raw(at=at)).device_at is None


@pytest.mark.parametrize("at", ["0001-01-01T00:00:00+23:59", "9999-12-31T23:59:59-23:59"])
def test_the_ends_of_time_are_no_error(at):
    assert envelopes.read(raw(at=at)).device_at is None


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"x",
        b"[]",
        b"{}",
        b'{"acts": 1}',
        b'{"acts": [NaN]}',
        b'{"acts": ' + b"[" * 100_000,
        b"\xff",
        b"1" * 5_000,
    ],
)
def test_a_body_that_is_no_list_of_acts_is_refused(body):
    with pytest.raises(Unreadable):
        envelopes.opened(body)


def test_fifty_acts_are_taken_and_no_more():
    assert len(envelopes.opened(json.dumps({"acts": [1] * 50}).encode())) == 50
    with pytest.raises(TooMuch):
        envelopes.opened(json.dumps({"acts": [1] * 51}).encode())


anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
)


@given(anything, st.sampled_from(["id", "kind", "version", "at", "by", "content"]))
def test_no_value_breaks_the_reader(value, where):
    for told in (value, raw(**{where: value})):
        try:
            envelopes.read(told)
        except Unreadable:
            envelopes.name_of(told)


@pytest.mark.parametrize(
    ("away", "at", "is_clamped"),
    [
        (timedelta(), timedelta(), False),
        (timedelta(minutes=5), timedelta(), False),  # Believed, but nothing is done in the future.
        (timedelta(minutes=5, seconds=1), timedelta(), True),
        (timedelta(days=-30), timedelta(days=-30), False),
        (timedelta(days=-30, seconds=-1), timedelta(days=-30), True),
        (timedelta(days=-3650), timedelta(days=-30), True),
    ],
)
def test_a_phones_clock_is_believed_within_bounds(away, at, is_clamped):
    found = acts.believe(NOW + away, NOW)
    assert (found.device_at, found.at, found.is_clamped) == (NOW + away, NOW + at, is_clamped)


def test_a_clock_that_says_nothing_is_flagged():
    found = acts.believe(None, NOW)
    assert (found.device_at, found.at, found.is_clamped) == (None, NOW, True)


def test_every_act_has_a_name_even_where_it_is_unreadable():
    assert envelopes.name_of(raw(kind=1)) == raw()["id"]
    assert envelopes.name_of({"id": str(uuid4()).upper()}) == ""
    assert envelopes.name_of(None) == ""
