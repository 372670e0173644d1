"""The roster: completion over all who had a seat, and who should be asked how she is."""

import pytest

from core.actors import SYSTEM
from sellers.training import enrolments, roster, sessions
from sellers.training.roster import Overview
from tests.sellers.training.factories import (
    a_cohort,
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


def overview(session, cohort):
    return Overview(roster.list_rows(session, cohort), sessions.list_sessions(session, cohort))


def test_who_stopped_is_still_counted(session, provider):
    cohort = a_cohort(provider, seats=4)
    names = ("Parti", "Nur", "Tri", "Wati")
    parti, nur, _tri, _wati = (enrolled(cohort, a_woman(name)) for name in names)
    present(a_session(cohort), parti)
    enrolments.leave(actor=SYSTEM, enrolment_id=nur)
    seen = overview(session, cohort)
    assert [row.name for row in seen.took_part] == ["Nur", "Parti", "Tri", "Wati"]
    assert (len(seen.completed), seen.percent) == (1, 25)


def test_an_empty_class_has_completed_nothing(session, provider):
    seen = overview(session, a_cohort(provider))
    assert (seen.percent, list(seen.stuck)) == (0, [])


def test_the_waiting_list_is_in_the_order_of_waiting(session, provider):
    cohort = a_cohort(provider, seats=1)
    for name in ("Parti", "Wati", "Ani"):
        enrolled(cohort, a_woman(name))
    assert [row.name for row in overview(session, cohort).waiting] == ["Wati", "Ani"]


def test_one_missed_session_is_no_reason_to_ask(session, provider):
    cohort = a_cohort(provider, pass_percent=50)
    here, her = enrolled(cohort, a_woman("Nur")), enrolled(cohort, a_woman("Parti"))
    for comers in ((here, her), (here,), (here, her), (here,)):
        present(a_session(cohort), *comers)
        assert overview(session, cohort).stuck == []


def test_who_has_gone_quiet_is_named_until_she_comes_back(session, provider):
    cohort = a_cohort(provider, pass_percent=60)
    here, quiet = enrolled(cohort, a_woman("Nur")), enrolled(cohort, a_woman("Parti"))
    first, second = a_session(cohort), a_session(cohort)
    for n in range(3):
        a_session(cohort, days=n + 1)
    present(first, here)
    assert overview(session, cohort).stuck == []
    present(second, here)
    assert [row.name for row in overview(session, cohort).stuck] == ["Parti"]
    present(second, quiet)
    assert overview(session, cohort).stuck == []


def test_who_cannot_complete_any_more_is_named_at_once(session, provider):
    cohort = a_cohort(provider)
    here = enrolled(cohort, a_woman("Nur"))
    enrolled(cohort, a_woman("Parti"))
    present(a_session(cohort), here)
    a_session(cohort, days=3)
    assert [row.name for row in overview(session, cohort).stuck] == ["Parti"]


def test_before_the_first_session_nobody_is_stuck(session, provider):
    cohort = a_cohort(provider)
    enrolled(cohort, a_woman())
    a_session(cohort)
    assert overview(session, cohort).stuck == []


def test_how_many_came_is_known_only_where_somebody_noted_it(session, provider):
    cohort = a_cohort(provider)
    parti, nur = enrolled(cohort, a_woman()), enrolled(cohort, a_woman("Nur"))
    noted, empty = a_session(cohort), a_session(cohort)
    present(noted, parti)
    present(noted, nur, was_there=False)
    seen = overview(session, cohort)
    by_id = {one.id: one for one in seen.sessions}
    assert (seen.present(by_id[noted]), seen.present(by_id[empty])) == (1, None)
