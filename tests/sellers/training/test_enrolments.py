"""Seats: the last one is given once, the rest wait, and a prerequisite comes first."""

from functools import partial

import pytest
from sqlalchemy import func, select

from core import clock
from core.actors import GUEST, SYSTEM
from core.db import db
from core.errors import NotFound
from sellers.training import cohorts, enrolments
from sellers.training.attendance import standing_of
from sellers.training.models import Enrolment
from tests.crowd import sessions_at_once
from tests.factories import an_actor
from tests.sellers.training.factories import (
    a_cohort,
    a_completed,
    a_facilitator,
    a_programme,
    a_provider,
    a_session,
    a_woman,
    enrolled,
    present,
)

pytestmark = pytest.mark.service


@pytest.fixture
def provider(session):
    return a_provider()


def state(session, enrolment_id):
    return session.scalar(select(Enrolment.state).where(Enrolment.id == enrolment_id))


def test_who_comes_after_the_last_seat_waits(provider):
    cohort = a_cohort(provider, seats=1)
    assert enrolments.join(actor=a_woman(), cohort_id=cohort) == "enrolled"
    assert enrolments.join(actor=a_woman("Nur"), cohort_id=cohort) == "waiting"


def test_joining_twice_takes_one_seat(session, provider):
    cohort, parti = a_cohort(provider, seats=2), a_woman()
    for _turn in range(2):
        assert enrolments.join(actor=parti, cohort_id=cohort) == "enrolled"
    assert session.scalar(select(func.count()).select_from(Enrolment)) == 1


def test_who_has_waited_longest_moves_up(session, provider):
    cohort = a_cohort(provider, seats=1)
    parti = a_woman()
    first = enrolled(cohort, parti)
    second, third = enrolled(cohort, a_woman("Nur")), enrolled(cohort, a_woman("Tri"))
    enrolments.leave(actor=parti, enrolment_id=first)
    assert [state(session, one) for one in (first, second, third)] == [
        "left",
        "enrolled",
        "waiting",
    ]
    enrolments.leave(actor=parti, enrolment_id=first)
    assert state(session, third) == "waiting"


def test_who_comes_back_waits_behind_the_others(session, provider):
    cohort, parti = a_cohort(provider, seats=1), a_woman()
    hers = enrolled(cohort, parti)
    nur = enrolled(cohort, a_woman("Nur"))
    enrolments.leave(actor=parti, enrolment_id=hers)
    assert enrolments.join(actor=parti, cohort_id=cohort) == "waiting"
    assert state(session, nur) == "enrolled"


def test_what_she_attended_stays_when_she_leaves(session, provider):
    cohort, parti = a_cohort(provider), a_woman()
    hers = enrolled(cohort, parti)
    present(a_session(cohort), hers)
    enrolments.leave(actor=parti, enrolment_id=hers)
    enrolments.join(actor=parti, cohort_id=cohort)
    assert standing_of(session, hers).attended == 1


def test_nobody_gives_away_anothers_seat(session, provider):
    cohort = a_cohort(provider)
    hers = enrolled(cohort, a_woman())
    strangers = (a_woman("Nur"), a_facilitator(a_provider("lain"), "Mira"), GUEST)
    for stranger in strangers:
        with pytest.raises(NotFound):
            enrolments.leave(actor=stranger, enrolment_id=hers)
    enrolments.leave(actor=a_facilitator(provider), enrolment_id=hers)
    assert state(session, hers) == "left"


def test_a_facilitator_enrols_only_into_her_own_organisations_cohorts(provider):
    cohort, parti = a_cohort(provider), a_woman()
    with pytest.raises(NotFound):
        enrolments.enrol(
            actor=a_facilitator(a_provider("lain"), "Mira"),
            cohort_id=cohort,
            person_id=parti.person_id,
        )
    rina = a_facilitator(provider)
    assert enrolments.enrol(actor=rina, cohort_id=cohort, person_id=parti.person_id) == "enrolled"
    with pytest.raises(NotFound):
        enrolments.enrol(actor=rina, cohort_id=cohort, person_id=10**9)


def test_a_guest_and_an_unknown_class_are_not_found(provider):
    with pytest.raises(NotFound):
        enrolments.join(actor=GUEST, cohort_id=a_cohort(provider))
    with pytest.raises(NotFound):
        enrolments.join(actor=a_woman(), cohort_id=10**9)


def test_a_closed_class_takes_nobody_in_and_lets_nobody_go(provider):
    cohort, parti = a_cohort(provider), a_woman()
    hers = enrolled(cohort, parti)
    cohorts.close_cohort(actor=SYSTEM, cohort_id=cohort, follow_up_on=clock.today())
    with pytest.raises(cohorts.AlreadyClosed):
        enrolments.join(actor=a_woman("Nur"), cohort_id=cohort)
    with pytest.raises(cohorts.AlreadyClosed):
        enrolments.leave(actor=parti, enrolment_id=hers)
    with pytest.raises(cohorts.AlreadyClosed):
        enrolments.change_seats(actor=SYSTEM, cohort_id=cohort, seats=30)


def test_a_prerequisite_must_be_completed_first(provider):
    starter = a_programme(provider, "Berani Mulai")
    intensive = a_cohort(provider, name="Beasiswa", prerequisite_id=starter)
    parti, nur = a_woman(), a_woman("Nur")
    starting = a_cohort(provider, programme_id=starter)
    enrolled(starting, parti)
    a_session(starting)
    with pytest.raises(enrolments.PrerequisiteMissing) as refused:
        enrolments.join(actor=parti, cohort_id=intensive)
    assert "Berani Mulai" in str(refused.value.sentence)
    a_completed(provider, nur, programme_id=starter, name="2026-10")
    assert enrolments.join(actor=nur, cohort_id=intensive) == "enrolled"


def test_more_seats_let_those_who_wait_move_up(session, provider):
    cohort = a_cohort(provider, seats=1)
    first, second, third = (enrolled(cohort, a_woman(name)) for name in ("Parti", "Nur", "Tri"))
    enrolments.change_seats(actor=SYSTEM, cohort_id=cohort, seats=2)
    assert [state(session, one) for one in (first, second, third)] == [
        "enrolled",
        "enrolled",
        "waiting",
    ]
    with pytest.raises(enrolments.SeatsInUse):
        enrolments.change_seats(actor=SYSTEM, cohort_id=cohort, seats=1)


def some_women(number):
    return [an_actor(f"Ibu {chr(65 + n)}", phone=f"+628129999{n:04d}") for n in range(number)]


@pytest.mark.race
def test_the_last_seats_are_given_once(committed):
    cohort = a_cohort(a_provider(), seats=3)
    joins = [partial(enrolments.join, actor=woman, cohort_id=cohort) for woman in some_women(8)]
    assert sorted(sessions_at_once(committed, *joins)) == ["enrolled"] * 3 + ["waiting"] * 5


@pytest.mark.race
def test_two_seats_given_back_at_once_go_to_the_two_who_wait(committed):
    cohort, women = a_cohort(a_provider(), seats=2), some_women(4)
    hers = [enrolled(cohort, woman) for woman in women]
    pairs = zip(women[:2], hers[:2], strict=True)
    sessions_at_once(
        committed, *[partial(enrolments.leave, actor=w, enrolment_id=e) for w, e in pairs]
    )
    assert [state(db.session, one) for one in hers] == ["left", "left", "enrolled", "enrolled"]
