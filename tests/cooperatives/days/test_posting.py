"""Into which day of a kiosk a fact is posted."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from cooperatives.days import books_of, drawer_account, qris_account
from cooperatives.models import TradingDay
from cooperatives.models.books import Kind
from core import clock, orgs
from core.db import db, in_transaction
from tests.cooperatives.factories import a_place, saved

pytestmark = pytest.mark.service

post = in_transaction()(books_of)


def day_of(posting):
    return db.session.get(TradingDay, posting.day_id)


def shut(day, *, closing=0, entries_until=0):
    day.closed_at, day.closing, day.entries_until = clock.now(), closing, entries_until
    return saved(day)


def test_a_day_opens_by_itself_with_its_first_fact_and_takes_the_next_ones(session):
    kiosk = a_place()
    first = post(kiosk.id, clock.now())
    assert post(kiosk.id, clock.now()) == first
    assert not first.is_late
    day = day_of(first)
    assert (day.number, day.day, day.opening, day.since) == (1, clock.today(), 0, None)


def test_each_place_has_days_of_its_own(session):
    ours, theirs = a_place(), a_place("bazaar")
    assert post(ours.id, clock.now()).day_id != post(theirs.id, clock.now()).day_id


def test_the_day_after_a_close_begins_where_it_was_left(session):
    kiosk = a_place()
    day = shut(day_of(post(kiosk.id, clock.now())), closing=150_000, entries_until=7)
    following = day_of(post(kiosk.id, clock.now()))
    assert (following.number, following.opening, following.entries_from) == (2, 150_000, 7)
    assert following.since == day.closed_at


def test_what_happened_before_the_close_comes_late_into_the_open_day(session):
    kiosk = a_place()
    sold_at = clock.now()
    day = shut(day_of(post(kiosk.id, sold_at)))
    late = post(kiosk.id, sold_at)
    assert late.is_late
    assert late.day_id != day.id
    assert not post(kiosk.id, clock.now() + timedelta(seconds=1)).is_late


def test_a_first_day_is_never_late(session):
    assert not post(a_place().id, clock.now() - timedelta(days=20)).is_late


def test_the_drawer_is_of_who_answers_for_the_place_and_the_qris_of_the_operator(session):
    kiosk = a_place()
    drawer, qris = drawer_account(session, kiosk.id), qris_account(session, kiosk.id)
    assert (drawer.kind, drawer.organisation_id) == (Kind.CASH, kiosk.organisation_id)
    assert (qris.kind, qris.organisation_id) == (Kind.CLEARING, orgs.operator_id(session))
    assert drawer.label != qris.label


def test_one_day_is_open_at_most(session):
    kiosk = a_place()
    post(kiosk.id, clock.now())
    post(kiosk.id, clock.now())
    assert len(session.scalars(select(TradingDay)).all()) == 1
