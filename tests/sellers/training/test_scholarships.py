"""Scholarships: asked for, judged by two people or drawn, decided once, and kept."""

import hashlib
from datetime import timedelta
from functools import partial

import pytest
from sqlalchemy import func, select, text, update
from sqlalchemy.exc import IntegrityError

from core import clock
from core.actors import GUEST, SYSTEM, Actor
from core.db import db
from core.errors import Forbidden, NotFound
from sellers.training import batches, cohorts, enrolments, scholarships, verdicts
from sellers.training.models import Enrolment
from sellers.training.scholarship_models import Application, Judgement, Scholarship, Verdict
from sellers.training.scholarships import Batch
from tests.crowd import sessions_at_once
from tests.factories import an_actor
from tests.sellers.training.factories import (
    a_cohort,
    a_completed,
    a_facilitator,
    a_programme,
    a_provider,
    a_woman,
    enrolled,
)

pytestmark = pytest.mark.service

CRITERIA = (("Semangat belajar", 10), ("Rencana usaha", 5))


def a_batch(cohort_id, **more):
    batch = {"apply_until": clock.today(), "method": "judged", "criteria": CRITERIA, **more}
    return scholarships.open_batch(actor=SYSTEM, cohort_id=cohort_id, batch=Batch(**batch))


def drawn(cohort_id, **more):
    return a_batch(cohort_id, method="drawn", criteria=(), **more)


def over(cohort_id):
    """The last day to ask was yesterday."""
    yesterday = clock.today() - timedelta(days=1)
    db.session.execute(
        update(Scholarship).where(Scholarship.cohort_id == cohort_id).values(apply_until=yesterday)
    )
    db.session.commit()


def asks(woman, cohort_id):
    return scholarships.apply(actor=woman, cohort_id=cohort_id, words="Saya ingin belajar.")


def outcomes(session, cohort_id):
    return {place.number: place.outcome for place in batches.list_record(session, cohort_id)}


@pytest.fixture
def provider(session):
    return a_provider()


@pytest.fixture
def judges(provider):
    return a_facilitator(provider, "Rina"), a_facilitator(provider, "Ratna")


def judged(judges, number, *points):
    for judge, each in zip(judges, points, strict=True):
        scholarships.judge(actor=judge, application_id=number, points=each, reason="Bagus.")


def test_the_most_points_get_the_seats_and_the_others_wait_in_order(session, provider, judges):
    cohort = a_cohort(provider, seats=2)
    a_batch(cohort)
    women = [a_woman(name) for name in ("Parti", "Nur", "Tri")]
    parti, nur, tri = [asks(woman, cohort) for woman in women]
    judged(judges, parti, [3, 1], [4, 2])
    judged(judges, nur, [10, 5], [10, 5])
    judged(judges, tri, [9, 5], [9, 5])
    over(cohort)
    seed = verdicts.decide(actor=judges[0], cohort_id=cohort)
    assert outcomes(session, cohort) == {nur: "seat", tri: "seat", parti: "waiting"}
    assert verdicts.decide(actor=judges[1], cohort_id=cohort) == seed
    places = batches.list_record(session, cohort)
    assert [(place.number, place.points) for place in places] == [
        (nur, 1500),
        (tri, 1400),
        (parti, 500),
    ]
    assert places[0].lot == hashlib.sha256(f"{seed}:{nur}".encode()).hexdigest()
    # Who gives her seat back lets the first who waits move up.
    hers = session.scalars(
        select(Enrolment.id).where(Enrolment.person_id == women[1].person_id)
    ).one()
    enrolments.leave(actor=women[1], enrolment_id=hers)
    states = select(Enrolment.state).order_by(Enrolment.person_id)
    assert list(session.scalars(states)) == ["enrolled", "left", "enrolled"]


def test_who_never_had_one_comes_first(session, provider):
    old, new = a_woman("Parti"), a_woman("Nur")
    first = a_cohort(provider, name="1", seats=1)
    drawn(first)
    asks(old, first)
    over(first)
    verdicts.decide(actor=a_facilitator(provider), cohort_id=first)
    rina = a_facilitator(provider, "Mira")
    for turn in range(3):  # Lots cannot bring this about three times by chance alone, seats can.
        cohort = a_cohort(provider, name=f"2-{turn}", seats=1)
        drawn(cohort)
        asks(old, cohort)
        hers = asks(new if turn == 0 else a_woman(f"Ibu {chr(65 + turn)}"), cohort)
        over(cohort)
        verdicts.decide(actor=rina, cohort_id=cohort)
        assert outcomes(session, cohort)[hers] == "seat"


def test_nothing_is_decided_too_soon_or_half_judged(session, provider, judges):
    cohort = a_cohort(provider, seats=2)
    a_batch(cohort)
    with pytest.raises(verdicts.TooSoon):
        verdicts.decide(actor=judges[0], cohort_id=cohort)
    parti = asks(a_woman(), cohort)
    over(cohort)
    for judge in judges:
        with pytest.raises(verdicts.NotJudged):
            verdicts.decide(actor=judge, cohort_id=cohort)
        scholarships.judge(actor=judge, application_id=parti, points=[1, 1], reason="Ya.")
    verdicts.decide(actor=judges[0], cohort_id=cohort)
    empty = a_cohort(provider, name="kosong")
    drawn(empty)
    over(empty)
    with pytest.raises(verdicts.NothingToDecide):
        verdicts.decide(actor=judges[0], cohort_id=empty)
    assert session.scalar(select(func.count()).select_from(Verdict)) == 1


def test_a_judgement_is_given_once_and_never_by_herself(session, provider, judges):
    rina, _ratna = judges
    cohort = a_cohort(provider)
    a_batch(cohort)
    own, hers = asks(rina, cohort), asks(a_woman(), cohort)
    give = partial(scholarships.judge, points=[1, 1], reason="Ya.")
    with pytest.raises(scholarships.OwnApplication):
        give(actor=rina, application_id=own)
    give(actor=rina, application_id=hers)
    with pytest.raises(scholarships.AlreadyJudged):
        give(actor=rina, application_id=hers)
    for points in ([11, 1], [1], [1, 1, 1], [-1, 1]):
        with pytest.raises(scholarships.BadPoints):
            scholarships.judge(actor=judges[1], application_id=hers, points=points, reason="Ya.")
    stranger = a_facilitator(a_provider("lain"), "Mira")
    with pytest.raises(NotFound):
        give(actor=stranger, application_id=hers)
    with pytest.raises(NotFound):
        verdicts.decide(actor=stranger, cohort_id=cohort)
    with pytest.raises(Forbidden):
        scholarships.judge(actor=GUEST, application_id=hers, points=[1, 1], reason="Ya.")
    # Words that were read stay as they are; asking again only says that she still wants to.
    woman = Actor(session.get(Application, hers).person_id)
    scholarships.apply(actor=woman, cohort_id=cohort, words="Lain")
    assert session.get(Application, hers).words == "Saya ingin belajar."


def test_asking_ends_with_its_day_and_can_be_withdrawn(session, provider):
    cohort, parti = a_cohort(provider), a_woman()
    drawn(cohort)
    number = asks(parti, cohort)
    assert asks(parti, cohort) == number
    scholarships.withdraw(actor=parti, cohort_id=cohort)
    with pytest.raises(NotFound):
        scholarships.withdraw(actor=a_woman("Nur"), cohort_id=cohort)
    assert batches.list_applicants(session, cohort) == []
    over(cohort)
    with pytest.raises(scholarships.TooLate):
        asks(parti, cohort)
    with pytest.raises(verdicts.NothingToDecide):
        verdicts.decide(actor=a_facilitator(provider), cohort_id=cohort)


def test_what_must_be_completed_first_counts_here_too(provider):
    starter = a_programme(provider, "Berani Mulai")
    cohort = a_cohort(provider, name="Beasiswa", prerequisite_id=starter)
    drawn(cohort)
    parti, nur = a_woman(), a_woman("Nur")
    with pytest.raises(enrolments.PrerequisiteMissing):
        asks(parti, cohort)
    a_completed(provider, nur, programme_id=starter, name="lalu")
    assert asks(nur, cohort)


def test_nobody_comes_in_past_the_record(provider):
    cohort, rina = a_cohort(provider), a_facilitator(provider)
    drawn(cohort)
    with pytest.raises(enrolments.ByApplication):
        enrolments.join(actor=a_woman(), cohort_id=cohort)
    with pytest.raises(enrolments.ByApplication):
        enrolments.enrol(actor=rina, cohort_id=cohort, person_id=a_woman("Nur").person_id)
    taken = a_cohort(provider, name="biasa")
    enrolled(taken, a_woman("Tri"))
    for closed in (cohort, taken):
        with pytest.raises(scholarships.HasWomen):
            drawn(closed)


@pytest.mark.parametrize(
    "wrong",
    [
        {"criteria": ()},
        {"method": "drawn"},
        {"criteria": (("Semangat", 0),)},
        {"criteria": (("Semangat", 101),)},
    ],
)
def test_what_nobody_can_judge_is_refused(provider, wrong):
    with pytest.raises(scholarships.BadPoints):
        a_batch(a_cohort(provider), **wrong)


def test_a_day_that_has_passed_is_refused(provider):
    with pytest.raises(scholarships.TooLate):
        a_batch(a_cohort(provider), apply_until=clock.today() - timedelta(days=1))


def test_what_was_decided_is_never_changed(session, provider, judges):
    cohort = a_cohort(provider)
    a_batch(cohort)
    number = asks(a_woman(), cohort)
    judged(judges, number, [1, 1], [2, 2])
    over(cohort)
    verdicts.decide(actor=judges[0], cohort_id=cohort)
    for statement in (
        "update scholarship_judgement set reason = 'x'",
        "delete from scholarship_verdict",
        "update scholarship_verdict set outcome = 'seat'",
        "update scholarship set seed = 'x'",
    ):
        with pytest.raises(IntegrityError), session.begin_nested():
            session.execute(text(statement))
    assert session.scalar(select(func.count()).select_from(Judgement)) == 2


def test_a_scholarship_closes_with_a_day_half_a_year_on(provider):
    cohort, rina = a_cohort(provider), a_facilitator(provider)
    drawn(cohort)
    close = partial(cohorts.close_cohort, actor=rina, cohort_id=cohort)
    with pytest.raises(cohorts.FollowUpTooSoon):
        close(follow_up_on=clock.today() + timedelta(days=30))
    close(follow_up_on=clock.today() + cohorts.HALF_A_YEAR)


def asking(cohort, number):
    women = [an_actor(f"Ibu {chr(65 + n)}", phone=f"+628129999{n:04d}") for n in range(number)]
    return women, [asks(woman, cohort) for woman in women]


@pytest.mark.race
def test_seats_are_decided_once_by_two_who_press_at_the_same_moment(committed):
    provider = a_provider()
    cohort, rina = a_cohort(provider, seats=3), a_facilitator(provider)
    drawn(cohort)
    asking(cohort, 6)
    over(cohort)
    seeds = sessions_at_once(
        committed, *[partial(verdicts.decide, actor=rina, cohort_id=cohort)] * 4
    )
    assert len(set(seeds)) == 1
    states = list(db.session.scalars(select(Enrolment.state)))
    assert sorted(states) == ["enrolled"] * 3 + ["waiting"] * 3


@pytest.mark.race
def test_the_last_seat_is_given_once_while_seats_change_and_women_leave(committed):
    provider = a_provider()
    cohort, rina = a_cohort(provider, seats=2), a_facilitator(provider)
    drawn(cohort)
    asking(cohort, 6)
    over(cohort)
    verdicts.decide(actor=rina, cohort_id=cohort)
    seated = list(db.session.scalars(select(Enrolment.id).where(Enrolment.state == "enrolled")))
    sessions_at_once(
        committed,
        partial(enrolments.change_seats, actor=rina, cohort_id=cohort, seats=3),
        *[partial(enrolments.leave, actor=rina, enrolment_id=one) for one in seated],
    )
    db.session.rollback()
    rows = db.session.execute(
        select(Enrolment.state, Verdict.place)
        .join(Application, Application.person_id == Enrolment.person_id)
        .join(Verdict, Verdict.application_id == Application.id)
        .order_by(Verdict.place)
    ).all()
    assert [state for state, _place in rows] == ["left"] * 2 + ["enrolled"] * 3 + ["waiting"]
