"""Permits: written down once, tied to the goods of their own shop, and minded until they end."""

from datetime import date, timedelta

import pytest

from core import clock
from core.actors import GUEST, SYSTEM
from core.errors import NotFound
from core.tasks import Task
from sellers import permits, publishing
from sellers.models import Permit
from sellers.permit_numbers import NotAPermitNumber
from sellers.permits import PermitInUse, TooManyPermits, TwicePermit
from tests.sellers.factories import (
    HALAL,
    NIB,
    PIRT,
    a_draft,
    a_live_listing,
    a_permit,
    a_shop,
)

pytestmark = pytest.mark.service
OTHER_PIRT = "2063307020002-30"


def reminders(session):
    kinds = ("permit_ending", "permit_ends_soon")
    found = session.query(Task).filter(Task.closed_at.is_(None), Task.kind.in_(kinds))
    return [(task.kind, task.doc_id) for task in found.order_by(Task.id)]


def ending(shop, days):
    return a_permit(shop, "halal", HALAL, valid_until=clock.today() + timedelta(days=days))


def test_a_number_is_kept_in_one_spelling_with_its_last_day(session):
    shop, actor = a_shop()
    permit, warnings = permits.add(
        actor=actor, seller_id=shop.id, kind="pirt", typed="P-IRT No. 206 3307 01 0001 31"
    )
    assert (permit.number, permit.valid_until) == (PIRT, date(2031, 12, 31))
    assert warnings == ()


def test_a_day_on_paper_counts_more_than_the_year_in_the_number(session):
    shop, _ = a_shop()
    assert a_permit(shop, valid_until=date(2031, 6, 30)).valid_until == date(2031, 6, 30)


def test_warnings_are_told_and_stop_nothing(session):
    shop, actor = a_shop()
    permit, warnings = permits.add(
        actor=actor, seller_id=shop.id, kind="pirt", typed="2069999010001-31"
    )
    assert permit.id is not None
    assert len(warnings) == 1


def test_a_permit_may_wait_for_its_number_and_get_it_later(session):
    shop, actor = a_shop()
    made = a_draft(shop)
    permit = a_permit(shop, typed=" ", listing_ids=[made.id])
    assert (permit.number, permit.valid_until) == (None, None)
    permits.edit(actor=actor, permit_id=permit.id, typed=PIRT, listing_ids=[made.id])
    assert (permit.number, permit.valid_until) == (PIRT, date(2031, 12, 31))
    assert publishing.blocking(session, made) == []


def test_a_renewed_number_brings_its_new_last_day(session):
    shop, actor = a_shop()
    permit = a_permit(shop, typed=OTHER_PIRT)
    old = permit.valid_until
    permits.edit(actor=actor, permit_id=permit.id, typed=PIRT, valid_until=old)
    assert (old, permit.valid_until) == (date(2030, 12, 31), date(2031, 12, 31))


def test_a_wrong_number_is_refused_and_nothing_is_kept(session):
    shop, actor = a_shop()
    with pytest.raises(NotAPermitNumber):
        a_permit(shop, typed="123")
    assert session.query(Permit).count() == 0
    permit = a_permit(shop)
    with pytest.raises(NotAPermitNumber):
        permits.edit(actor=actor, permit_id=permit.id, typed="123")
    session.expire_all()
    assert permit.number == PIRT


def test_a_sample_number_needs_the_demo_world(session):
    shop, _ = a_shop()
    with pytest.raises(NotAPermitNumber):
        a_permit(shop, typed="CONTOH P-IRT 2069999010001-31")
    permit = a_permit(shop, typed="CONTOH P-IRT 2069999010001-31", is_sample=True)
    assert (permit.number, permit.is_sample) == ("2069999010001-31", True)


def test_the_same_number_is_written_once_in_a_shop(session):
    shop, actor = a_shop()
    other, _ = a_shop("Opak", maker="Wagi", phone="+6281234567891")
    permit = a_permit(shop)
    with pytest.raises(TwicePermit):
        a_permit(shop, typed="P-IRT " + PIRT)
    second = a_permit(shop, typed=OTHER_PIRT)
    with pytest.raises(TwicePermit):
        permits.edit(actor=actor, permit_id=second.id, typed=PIRT)
    permits.edit(actor=actor, permit_id=permit.id, typed=PIRT)
    assert a_permit(other).number == PIRT


def test_several_may_wait_for_their_numbers(session):
    shop, _ = a_shop()
    for _ in range(2):
        a_permit(shop, typed="")
    assert len(permits.list_of(session, shop.id)) == 2


def test_a_permit_covers_only_goods_of_its_shop(session):
    shop, actor = a_shop()
    other, _ = a_shop("Opak", maker="Wagi", phone="+6281234567891")
    foreign, own = a_draft(other), a_draft(shop)
    with pytest.raises(NotFound):
        a_permit(shop, listing_ids=[own.id, foreign.id])
    assert session.query(Permit).count() == 0
    permit = a_permit(shop, listing_ids=[own.id])
    with pytest.raises(NotFound):
        permits.edit(actor=actor, permit_id=permit.id, typed=PIRT, listing_ids=[foreign.id])
    assert permits.covered_by(session, permit.id) == {own.id}


def test_a_halal_number_makes_its_goods_certified(session):
    shop, actor = a_shop()
    first, second = a_draft(shop), a_draft(shop)
    permit = a_permit(shop, "halal", "", [first.id, second.id])
    assert (first.halal, second.halal) == ("in_process", "in_process")
    permits.edit(actor=actor, permit_id=permit.id, typed=HALAL, listing_ids=[first.id])
    assert (first.halal, second.halal) == ("certified", "none")
    permits.remove(actor=actor, permit_id=permit.id)
    assert first.halal == "none"


def test_what_says_that_it_is_not_halal_keeps_saying_so(session):
    shop, _ = a_shop()
    made = a_draft(shop, halal="not_halal")
    a_permit(shop, "halal", HALAL, [made.id])
    assert made.halal == "not_halal"


def test_the_permit_under_a_live_product_stays(session):
    shop, actor = a_shop()
    made = a_live_listing(shop)
    (permit,) = permits.covering(session, made.id)
    number = permit.number
    for act in (
        lambda: permits.remove(actor=actor, permit_id=permit.id),
        lambda: permits.edit(actor=actor, permit_id=permit.id, typed=number),
        lambda: permits.edit(actor=actor, permit_id=permit.id, typed="", listing_ids=[made.id]),
        lambda: permits.edit(
            actor=actor, permit_id=permit.id, typed=number,
            valid_until=date(2020, 1, 1), listing_ids=[made.id],
        ),
    ):  # fmt: skip
        with pytest.raises(PermitInUse):
            act()
        session.expire_all()
    assert [one.number for one in permits.covering(session, made.id)] == [number]


def test_one_of_two_permits_may_go(session):
    shop, actor = a_shop()
    made = a_live_listing(shop)
    (first,) = permits.covering(session, made.id)
    second = a_permit(shop, typed=OTHER_PIRT, listing_ids=[made.id])
    permits.remove(actor=actor, permit_id=first.id)
    assert permits.covering(session, made.id) == [second]


def test_there_is_an_end_to_permits(session):
    shop, _ = a_shop()
    session.add_all(Permit(seller_id=shop.id, kind="pirt") for _ in range(200))
    session.commit()
    with pytest.raises(TooManyPermits):
        a_permit(shop)


def test_strangers_find_no_permit(session):
    shop, _ = a_shop()
    _other, stranger = a_shop("Opak", maker="Wagi", phone="+6281234567891")
    permit = a_permit(shop, "nib", NIB)
    for who in (stranger, GUEST):
        with pytest.raises(NotFound):
            permits.add(actor=who, seller_id=shop.id, kind="nib", typed=NIB)
        with pytest.raises(NotFound):
            permits.edit(actor=who, permit_id=permit.id, typed="")
        with pytest.raises(NotFound):
            permits.remove(actor=who, permit_id=permit.id)
    assert permits.list_of(session, shop.id) == [permit]
    assert permit.number == NIB


def months_ahead(months):
    return (permits.months_after(clock.today(), months) - clock.today()).days


@pytest.mark.parametrize(
    ("months", "more", "kind"),
    [(6, 1, None), (6, 0, "permit_ending"), (2, 1, "permit_ending"), (2, 0, "permit_ends_soon")],
)
def test_she_is_reminded_six_and_two_months_before_the_end(session, months, more, kind):
    shop, _ = a_shop()
    permit = ending(shop, months_ahead(months) + more)
    permits.mind_permits.run()
    assert reminders(session) == ([(kind, str(permit.id))] if kind else [])


def test_what_has_ended_is_still_told(session):
    shop, _ = a_shop()
    permit = ending(shop, -1)
    permits.mind_permits.run()
    assert reminders(session) == [("permit_ends_soon", str(permit.id))]


def test_reminding_twice_writes_nothing_new(session):
    shop, _ = a_shop()
    ending(shop, 90)
    permits.mind_permits.run()
    permits.mind_permits.run()
    (task,) = session.query(Task)
    assert (task.right_name, task.subject_id) == ("sell", shop.id)
    assert task.sentence.startswith(f"{HALAL} berakhir tanggal ")


def test_the_second_reminder_takes_the_place_of_the_first(session):
    shop, _ = a_shop()
    permit = ending(shop, 90)
    permits.mind_permits.run()
    permit.valid_until = clock.today() + timedelta(days=20)
    session.commit()
    permits.mind_permits.run()
    permits.mind_permits.run()
    assert reminders(session) == [("permit_ends_soon", str(permit.id))]
    assert session.query(Task).count() == 2


def test_renewing_or_removing_closes_the_reminder(session):
    shop, actor = a_shop()
    permit = ending(shop, 20)
    permits.mind_permits.run()
    permits.edit(actor=actor, permit_id=permit.id, typed=HALAL, valid_until=date(2040, 1, 1))
    assert reminders(session) == []
    permit.valid_until = clock.today()
    session.commit()
    permits.remind(actor=SYSTEM)
    permits.remove(actor=actor, permit_id=permit.id)
    assert reminders(session) == []


@pytest.mark.parametrize(
    ("day", "months", "then"),
    [
        (date(2026, 11, 22), 2, date(2027, 1, 22)),
        (date(2026, 12, 31), 2, date(2027, 2, 28)),
        (date(2027, 12, 31), 2, date(2028, 2, 29)),
        (date(2026, 11, 30), 1, date(2026, 12, 30)),
        (date(2026, 8, 31), 6, date(2027, 2, 28)),
    ],
)
def test_months_are_counted_on_the_calendar(day, months, then):
    assert permits.months_after(day, months) == then
