"""A class opens with seats, closes with a day of follow-up, and belongs to one organisation."""

from datetime import timedelta

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import IntegrityError

from core import clock, tasks
from core.actors import SYSTEM
from core.errors import NotFound
from core.tasks import Task
from sellers.training import cohorts, programmes
from sellers.training.models import Programme
from sellers.training.programmes import Plan
from sellers.training.rights import TEACH, VERIFY
from tests.sellers.training.factories import (
    a_cohort,
    a_facilitator,
    a_programme,
    a_provider,
    a_session,
    a_woman,
    an_issuer,
    enrolled,
)

pytestmark = pytest.mark.service


@pytest.fixture
def provider(session):
    return a_provider()


def test_closing_makes_a_task_of_the_follow_up_for_all_who_teach_there(session, provider):
    cohort, rina, mira = (
        a_cohort(provider),
        a_facilitator(provider),
        a_facilitator(provider, "Mira"),
    )
    day = clock.today() + timedelta(days=180)
    cohorts.close_cohort(actor=rina, cohort_id=cohort, follow_up_on=day)
    for colleague in (rina, mira):
        (task,) = tasks.list_for(session, colleague)
        assert "Jualan dari HP, 2026-11" in task.sentence
        assert task.due_at.astimezone(clock.WIB).date() == day
        assert task.link == f"/fasilitator/{cohort}"
    assert tasks.list_for(session, a_facilitator(a_provider("lain"), "Tri")) == []


def test_a_follow_up_that_was_made_closes_the_task(session, provider):
    cohort, rina = a_cohort(provider), a_facilitator(provider)
    cohorts.close_cohort(actor=rina, cohort_id=cohort, follow_up_on=clock.today())
    cohorts.note_follow_up(actor=rina, cohort_id=cohort, result="Sembilan ibu masih berjualan.")
    assert tasks.list_for(session, rina) == []
    assert session.scalars(select(Task.reason)).one() == "Sembilan ibu masih berjualan."
    assert cohorts.get_sheet(session, rina, cohort, TEACH).followed_up_at is not None


def test_an_open_class_has_no_follow_up_to_note(provider):
    with pytest.raises(NotFound):
        cohorts.note_follow_up(actor=SYSTEM, cohort_id=a_cohort(provider), result="Baik.")


def test_a_class_closes_once_and_not_with_a_day_that_is_over(provider):
    cohort = a_cohort(provider)
    with pytest.raises(cohorts.FollowUpInThePast):
        cohorts.close_cohort(
            actor=SYSTEM, cohort_id=cohort, follow_up_on=clock.today() - timedelta(days=1)
        )
    cohorts.close_cohort(actor=SYSTEM, cohort_id=cohort, follow_up_on=clock.today())
    with pytest.raises(cohorts.AlreadyClosed):
        cohorts.close_cohort(actor=SYSTEM, cohort_id=cohort, follow_up_on=clock.today())


def test_the_database_closes_no_class_without_a_follow_up(session, provider):
    a_cohort(provider)
    with pytest.raises(IntegrityError):
        session.execute(text("update cohort set closed_at = now()"))


def test_another_organisation_finds_nothing(session, provider):
    cohort, programme = a_cohort(provider), session.scalars(select(Programme.id)).one()
    stranger = a_facilitator(a_provider("lain"), "Mira")
    with pytest.raises(NotFound):
        cohorts.get_sheet(session, stranger, cohort, TEACH, VERIFY)
    with pytest.raises(NotFound):
        cohorts.close_cohort(actor=stranger, cohort_id=cohort, follow_up_on=clock.today())
    with pytest.raises(NotFound):
        cohorts.open_cohort(actor=stranger, programme_id=programme, name="Baru", seats=5)
    with pytest.raises(NotFound):
        programmes.change_programme(
            actor=stranger, programme_id=programme, plan=Plan(name="Milik saya")
        )
    with pytest.raises(NotFound):
        programmes.get_plan(session, stranger, programme)
    with pytest.raises(NotFound):
        programmes.open_programme(actor=stranger, provider_id=provider.id, plan=Plan(name="X"))
    assert cohorts.list_own(session, stranger) == ([], 0)
    assert programmes.list_own(session, stranger) == []


def test_who_only_certifies_reads_but_does_not_run_a_class(session, provider):
    cohort, ratna = a_cohort(provider), an_issuer(provider)
    assert cohorts.get_sheet(session, ratna, cohort, TEACH, VERIFY).id == cohort
    with pytest.raises(NotFound):
        cohorts.get_sheet(session, ratna, cohort, TEACH)
    with pytest.raises(NotFound):
        cohorts.close_cohort(actor=ratna, cohort_id=cohort, follow_up_on=clock.today())


def test_a_cohort_is_led_by_somebody_who_teaches_there(session, provider):
    programme, rina = a_programme(provider), a_facilitator(provider)
    opening = {"actor": rina, "programme_id": programme, "seats": 5}
    with pytest.raises(cohorts.NotAFacilitator):
        cohorts.open_cohort(**opening, name="2026-11", facilitator_id=a_woman().person_id)
    cohort = cohorts.open_cohort(**opening, name="2026-11", facilitator_id=rina.person_id)
    assert cohorts.get_sheet(session, rina, cohort, TEACH).facilitator == "Bu Rina"
    with pytest.raises(cohorts.NameTaken):
        cohorts.open_cohort(**opening, name="2026-11")


def test_the_list_tells_seats_and_the_next_session_and_finds_by_name(session, provider):
    rina, cohort = a_facilitator(provider), a_cohort(provider, seats=1)
    enrolled(cohort, a_woman())
    enrolled(cohort, a_woman("Nur"))
    a_session(cohort, days=-3)
    a_session(cohort, days=5)
    (line,), pages = cohorts.list_own(session, rina, words="jualan")
    assert (line.enrolled, line.waiting, line.seats, pages) == (1, 1, 1, 1)
    assert line.next_at > clock.now()
    for words in ("100%", "_", "\\", "tidak ada"):
        assert cohorts.list_own(session, rina, words=words) == ([], 0)


def test_a_long_list_has_pages(session, provider, monkeypatch):
    monkeypatch.setattr(cohorts, "PAGE_SIZE", 2)
    programme = a_programme(provider)
    made = [a_cohort(provider, programme_id=programme, name=f"A{n}") for n in range(3)]
    rina = a_facilitator(provider)
    first, pages = cohorts.list_own(session, rina)
    second, _pages = cohorts.list_own(session, rina, page=2)
    assert ([line.id for line in first + second], pages) == (made[::-1], 2)


def test_two_programmes_of_one_name_get_two_addresses(session, provider):
    for _turn in range(3):
        a_programme(provider, "Kelas Kemasan")
    slugs = set(session.scalars(select(Programme.slug)))
    assert slugs == {"kelas-kemasan", "kelas-kemasan-2", "kelas-kemasan-3"}


def test_prerequisites_never_go_round_in_a_circle(session, provider):
    first = a_programme(provider, "Satu")
    second = a_programme(provider, "Dua", prerequisite_id=first)
    change = {"actor": SYSTEM, "programme_id": first}
    for circle in (first, second):
        with pytest.raises(programmes.WrongPrerequisite):
            programmes.change_programme(**change, plan=Plan(name="Satu", prerequisite_id=circle))
    with pytest.raises(NotFound):
        programmes.change_programme(**change, plan=Plan(name="Satu", prerequisite_id=10**9))


def test_a_plan_reads_as_it_was_written(session, provider):
    rina = a_facilitator(provider)
    plan = Plan(
        name="Beasiswa",
        kinds=("online",),
        level="intensive",
        skills=("halal",),
        family_words="Delapan minggu.",
        topic="usaha",
        description="Delapan pertemuan.",
        opening="Ibu berdaya dan mau belajar.",
        fee=10_000,
        has_childcare=True,
        unlocks=("mentor 3 bulan",),
        gives_certificate=True,
        pass_percent=80,
    )
    programme = programmes.open_programme(actor=rina, provider_id=provider.id, plan=plan)
    assert programmes.get_plan(session, rina, programme) == plan
    assert programmes.list_all(session) == [(programme, f"Beasiswa ({provider.short_name})")]
    assert programmes.list_providers(session, rina) == [(provider.id, provider.name)]
