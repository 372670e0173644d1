"""Attendance: notes are added, the newest counts, and completion follows from them."""

from datetime import timedelta
from itertools import permutations
from uuid import UUID, uuid4

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.exc import IntegrityError

from core import acts, clock
from core.actors import SYSTEM
from core.errors import Conflict, NotFound
from sellers.training import attendance, sessions
from sellers.training.attendance import Standing
from sellers.training.models import AttendanceNote
from sellers.training.sessions import Meeting
from tests.sellers.training.factories import (
    a_cohort,
    a_facilitator,
    a_provider,
    a_session,
    a_woman,
    enrolled,
    present,
)

pytestmark = pytest.mark.service

NOON = clock.now() - timedelta(hours=1)


def notes(session):
    return session.scalar(select(func.count()).select_from(AttendanceNote))


@pytest.fixture
def provider(session):
    return a_provider()


@pytest.fixture
def cohort(provider):
    return a_cohort(provider)


def test_completion_is_attended_of_required_sessions(session, cohort):
    her = enrolled(cohort, a_woman())
    first, _second, extra = (
        a_session(cohort),
        a_session(cohort),
        a_session(cohort, is_required=False),
    )
    present(first, her)
    present(extra, her)
    standing = attendance.standing_of(session, her)
    assert (standing.attended, standing.required, standing.is_completed) == (1, 2, False)
    assert standing.percent == 50


@pytest.mark.parametrize(
    ("attended", "required", "percent", "is_completed"),
    [
        (6, 6, 100, True),
        (5, 6, 100, False),
        (5, 6, 83, True),
        (4, 5, 80, True),
        (3, 4, 76, False),
        (0, 0, 100, False),
        (0, 3, 1, False),
        (1, 3, 33, True),
    ],
)
def test_the_threshold_decides(attended, required, percent, is_completed):
    assert Standing(attended, required, percent).is_completed is is_completed


def test_the_newest_note_counts_and_the_old_one_stays(session, cohort):
    her = enrolled(cohort, a_woman())
    one = a_session(cohort)
    present(one, her)
    present(one, her, was_there=False)
    assert attendance.standing_of(session, her).attended == 0
    present(one, her)
    assert attendance.standing_of(session, her).attended == 1
    assert notes(session) == 3


def test_a_mark_that_is_known_is_noted_again(session, cohort):
    """A sheet of a phone that is still on its way may lie between the two."""
    her = enrolled(cohort, a_woman())
    one = a_session(cohort)
    assert present(one, her) == 1
    assert present(one, her) == 1
    assert notes(session) == 2


def test_the_same_act_is_noted_once_however_often_it_is_sent(session, cohort, provider):
    her = enrolled(cohort, a_woman())
    one, act, rina = a_session(cohort), uuid4(), a_facilitator(provider)
    send = {"actor": rina, "act_id": act, "session_id": one}
    assert attendance.note(**send, marks={her: True}) == 1
    present(one, her, was_there=False)
    assert attendance.note(**send, marks={her: True}) == 1
    assert attendance.standing_of(session, her).attended == 0
    assert notes(session) == 2
    with pytest.raises(Conflict):
        attendance.note(**send, marks={her: False})


def test_who_had_seen_the_note_corrects_it_whatever_her_clock_says(session, cohort):
    her = enrolled(cohort, a_woman())
    one = a_session(cohort)
    late = clock.now() - timedelta(hours=3)
    present(one, her, was_there=False)
    attendance.note(actor=SYSTEM, act_id=uuid4(), session_id=one, marks={her: True}, seen_at=late)
    assert attendance.standing_of(session, her).attended == 1
    newest = session.scalars(select(AttendanceNote).order_by(AttendanceNote.id.desc())).first()
    assert newest.seen_at == late


SHEETS = [
    (50, True),  # So many minutes ago, and was she there.
    (40, False),
    (30, True),
    (20, False),
]


@pytest.mark.parametrize("order", list(permutations(range(len(SHEETS)))))
def test_sheets_of_one_morning_may_come_in_any_order(session, cohort, order):
    her = enrolled(cohort, a_woman())
    one = a_session(cohort)
    base = attendance.newest_note(session, one)
    for turn in [*order, *order]:  # Twice, too: the second time each is known.
        minutes, there = SHEETS[turn]
        attendance.note(
            actor=SYSTEM,
            act_id=UUID(int=turn + 1),
            session_id=one,
            marks={her: there},
            seen_at=NOON - timedelta(minutes=minutes),
            saw_id=base,
        )
    assert attendance.standing_of(session, her).attended == 0
    assert notes(session) == len(SHEETS)


def test_a_sheet_that_comes_late_does_not_undo_what_was_corrected_since(session, cohort, provider):
    her, nur = enrolled(cohort, a_woman()), enrolled(cohort, a_woman("Nur"))
    one, rina, ratna = a_session(cohort), a_facilitator(provider), a_facilitator(provider, "Ratna")
    present(one, her, nur, actor=rina)
    present(one, her, was_there=False, actor=ratna)  # Her page shows what Rina noted.
    late = attendance.written(one, {her: True, nur: True}, 0)
    answer = acts.carry_out(actor=rina, act_id=uuid4(), kind=attendance.SHEET, content=late)
    assert answer == {"added": 2, "older": 1}
    assert attendance.standing_of(session, her).attended == 0
    assert attendance.standing_of(session, nur).attended == 1
    assert notes(session) == 5  # Nothing that anybody noted is lost.


@pytest.mark.parametrize(
    "broken",
    [
        {"session": "x"},
        {"session": ["1", "2"]},
        {"listed": "-1"},
        {"listed": {"a": 1}},
        {"listed": [None]},
        {"present": "99"},
        {"saw": "١"},
        {"saw": "9" * 30},
        {"listed": ["1"] * 501},
    ],
)
def test_what_is_no_sheet_is_refused_with_a_sentence(session, cohort, broken):
    her = enrolled(cohort, a_woman())
    content = {**attendance.written(a_session(cohort), {her: True}, 0), **broken}
    with pytest.raises(attendance.Unreadable):
        acts.carry_out(actor=SYSTEM, act_id=uuid4(), kind=attendance.SHEET, content=content)
    assert notes(session) == 0


def test_nobody_was_at_a_session_whose_day_has_not_come(session, cohort):
    her = enrolled(cohort, a_woman())
    with pytest.raises(attendance.TooEarly):
        present(a_session(cohort, days=2), her)
    assert notes(session) == 0


def test_who_waits_or_is_of_another_cohort_cannot_be_noted(session, provider):
    cohort = a_cohort(provider, seats=1)
    here, waits = enrolled(cohort, a_woman()), enrolled(cohort, a_woman("Nur"))
    other = enrolled(a_cohort(provider, name="2026-12"), a_woman("Tri"))
    one = a_session(cohort)
    for stranger in (waits, other, 10**9):
        with pytest.raises(NotFound):
            present(one, here, stranger)
    assert notes(session) == 0


def test_a_facilitator_of_another_organisation_finds_nothing(session, cohort):
    her, one = enrolled(cohort, a_woman()), a_session(cohort)
    stranger = a_facilitator(a_provider("lain"), "Mira")
    with pytest.raises(NotFound):
        present(one, her, actor=stranger)
    with pytest.raises(NotFound):
        sessions.say_opening(actor=stranger, session_id=one)
    moved = Meeting(title="Diambil alih", starts_at=clock.now(), minutes=1)
    with pytest.raises(NotFound):
        sessions.change_session(actor=stranger, session_id=one, meeting=moved)
    with pytest.raises(NotFound):
        sessions.add_session(actor=stranger, cohort_id=cohort, meeting=moved)


def test_she_herself_cannot_note_that_she_was_there(session, cohort):
    woman = a_woman()
    her = enrolled(cohort, woman)
    with pytest.raises(NotFound):
        present(a_session(cohort), her, actor=woman)


def test_a_session_that_is_no_longer_required_no_longer_counts(session, cohort):
    her = enrolled(cohort, a_woman())
    present(a_session(cohort), her)
    dropped = a_session(cohort)
    sessions.change_session(
        actor=SYSTEM,
        session_id=dropped,
        meeting=Meeting(title="Batal", starts_at=clock.now(), minutes=90, is_required=False),
    )
    assert attendance.standing_of(session, her).is_completed


def test_sessions_are_numbered_in_order_and_the_opening_is_said_once(session, cohort):
    first, second = a_session(cohort, days=3), a_session(cohort, days=-3)
    sessions.say_opening(actor=SYSTEM, session_id=second)
    said = sessions.list_sessions(session, cohort)[1].opening_said_at
    sessions.say_opening(actor=SYSTEM, session_id=second)
    found = sessions.list_sessions(session, cohort)
    assert [(one.id, one.number, one.may_be_noted) for one in found] == [
        (first, 1, False),
        (second, 2, True),
    ]
    assert said is not None
    assert found[1].opening_said_at == said


def test_the_database_refuses_to_change_a_note(session, cohort):
    present(a_session(cohort), enrolled(cohort, a_woman()))
    with pytest.raises(IntegrityError):
        session.execute(text("update attendance_note set was_there = false"))
