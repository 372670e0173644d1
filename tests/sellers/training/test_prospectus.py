"""The prospectus: what anybody may read of programmes, narrowed by what she asks."""

import pytest
from sqlalchemy import insert

from core import clock
from core.actors import GUEST
from sellers.training import brochures, cohorts, enrolments, offers, prospectus, showing
from sellers.training.models import Programme
from sellers.training.prospectus import PAGE_SIZE, Wish
from tests.factories import an_organisation
from tests.sellers.training.factories import (
    a_cohort,
    a_completed,
    a_facilitator,
    a_programme,
    a_provider,
    a_seller,
    a_session,
    a_woman,
    enrolled,
)

pytestmark = pytest.mark.service


@pytest.fixture
def provider(session):
    return a_provider()


def names(session, page=1, **wish):
    return [line.name for line in prospectus.list_programmes(session, Wish(**wish), page).lines]


def test_every_box_narrows(session, provider):
    a_programme(provider, "Foto", kinds=("car",), level="open", skills=("foto-produk",))
    a_programme(provider, "Bahasa", kinds=("online", "mentoring"), level="intensive")
    an_other = a_provider("sanggar")
    a_programme(an_other, "Halal", kinds=("in_person",), topic="usaha", skills=("halal",))
    assert names(session, kind="car") == ["Foto"]
    assert names(session, kind="mentoring") == ["Bahasa"]
    assert names(session, level="intensive") == ["Bahasa"]
    assert names(session, skill="halal") == ["Halal"]
    assert names(session, provider="sanggar") == ["Halal"]
    assert names(session, words="foto PRODUK") == ["Foto"]  # A word of its name, one of a skill.
    assert names(session, words="sanggar usaha") == ["Halal"]
    assert names(session, words="100%") == []
    assert names(session) == ["Bahasa", "Foto", "Halal"]


def test_a_province_keeps_what_meets_there_and_what_is_online(session, provider):
    here = a_cohort(provider, programme_id=a_programme(provider, "Kertek", kinds=("in_person",)))
    a_session(here, days=3, district_code="330708")
    there = a_cohort(provider, programme_id=a_programme(provider, "Timika", kinds=("car",)))
    a_session(there, days=3, district_code="940100")
    a_programme(provider, "Daring", kinds=("online",))
    assert names(session, province="33") == ["Kertek", "Daring"]
    assert names(session, province="94") == ["Timika", "Daring"]
    cohorts.close_cohort(actor=a_facilitator(provider), cohort_id=there, follow_up_on=clock.today())
    assert names(session, province="94") == ["Daring"]


def test_the_soonest_comes_first_and_its_clock_is_told(session, provider):
    later = a_cohort(provider, programme_id=a_programme(provider, "Nanti"))
    a_session(later, days=9, data_mb=40)
    sooner = a_cohort(provider, programme_id=a_programme(provider, "Segera"))
    a_session(sooner, days=-2, data_mb=30)
    a_session(sooner, days=2, zone="WIT", place="Balai Desa", data_mb=20)
    a_programme(provider, "Belum")
    lines = prospectus.list_programmes(session, Wish()).lines
    assert [line.name for line in lines] == ["Segera", "Nanti", "Belum"]
    assert (lines[0].zone, lines[0].place, lines[0].data_mb) == ("WIT", "Balai Desa", 50)
    assert lines[2].next_at is None


def test_hundreds_of_programmes_are_paged_and_found(session, provider):
    session.execute(
        insert(Programme),
        [
            {"slug": f"kelas-{number}", "provider_id": provider.id, "name": f"Kelas {number:03}"}
            for number in range(400)
        ],
    )
    session.commit()
    first = prospectus.list_programmes(session, Wish())
    assert (len(first.lines), first.total, first.pages) == (PAGE_SIZE, 400, 20)
    assert names(session, page=20)[-1] == "Kelas 399"
    assert names(session, page=21) == []
    assert names(session, words="387") == ["Kelas 387"]


def test_a_provider_that_closed_teaches_nothing(session, provider):
    programme_id = a_programme(provider, "Foto")
    slug = session.get(Programme, programme_id).slug
    assert brochures.get_brochure(session, slug).provider == provider.name
    assert prospectus.get_provider(session, provider.slug) == provider.name
    provider.closed_at = clock.now()
    session.commit()
    assert names(session) == []
    for ask, of in ((brochures.get_brochure, slug), (prospectus.get_provider, provider.slug)):
        with pytest.raises(prospectus.NotFound):
            ask(session, of)


def test_who_does_not_teach_has_no_page_of_classes(session):
    cooperative = an_organisation("sendang")
    with pytest.raises(prospectus.NotFound):
        prospectus.get_provider(session, cooperative.slug)


def test_only_shops_of_those_who_completed_and_say_so(session, provider):
    programme_id = a_programme(provider, "Foto")
    cooperative = an_organisation("sendang")
    silent, proud, running = (a_woman(name) for name in ("Umi", "Nur", "Tri"))
    for woman, slug in ((silent, "umi"), (proud, "nur"), (running, "tri")):
        a_seller(woman, cooperative, slug)
    for name, woman in (("a", silent), ("b", proud)):
        enrolment_id = a_completed(provider, woman, programme_id=programme_id, name=name)
        showing.show(actor=woman, enrolment_id=enrolment_id, is_shown=woman is proud)
    cohort_id = a_cohort(provider, programme_id=programme_id, name="c")
    a_session(cohort_id, days=3)
    running_id = enrolled(cohort_id, running)
    showing.show(actor=running, enrolment_id=running_id, is_shown=True)
    assert [one.slug for one in brochures.list_alumnae(session, programme_id)] == ["nur"]
    enrolments.leave(actor=running, enrolment_id=running_id)


def test_a_guest_sees_the_classes_of_a_programme(session, provider):
    programme_id = a_programme(provider, "Foto")
    for name, days in (("lalu", -3), ("nanti", 3)):
        a_session(a_cohort(provider, programme_id=programme_id, name=name), days=days)
    a_session(a_cohort(provider, name="lain"), days=2)
    found = offers.list_of_programme(session, GUEST, programme_id)
    assert [(offer.cohort, offer.my_enrolment_id) for offer in found] == [("nanti", None)]
