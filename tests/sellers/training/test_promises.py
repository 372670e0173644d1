"""Each promise of the training history is silent on a sound house and fires on its corruption."""

import pytest
from sqlalchemy import insert, select, text, update

from core import clock
from core.doctor import examine_on
from sellers.training import certificates, promises, showing
from sellers.training.credentials import Credential, StatusList
from sellers.training.models import Certificate, Enrolment, ListingTraining
from tests.factories import an_organisation
from tests.sellers.training.factories import (
    a_cohort,
    a_completed,
    a_listing,
    a_provider,
    a_seller,
    a_session,
    a_woman,
    an_issuer,
    enrolled,
    present,
)

pytestmark = pytest.mark.service


def broken(session):
    session.flush()
    known = {promise.id: promise for promise in promises.ALL}
    return [finding.invariant.id for finding in examine_on(session, known)]


@pytest.fixture
def world(session):
    """A completed, certified training, shown on a listing."""
    provider, parti = a_provider(), a_woman()
    hers = a_completed(provider, parti)
    certificates.issue(actor=an_issuer(provider), enrolment_id=hers)
    listing = a_listing(a_seller(parti, an_organisation()))
    showing.link_listings(actor=parti, enrolment_id=hers, listing_ids={listing.id})
    return {"provider": provider, "parti": parti, "hers": hers, "listing": listing}


def a_paper(enrolment_id, person_id, issuer, **more):
    return insert(Certificate).values(
        code="CDFG-HJKM-NPQR",
        enrolment_id=enrolment_id,
        person_id=person_id,
        issued_by=issuer.person_id,
        **{"attended": 1, "required": 1, "pass_percent": 100, "issued_at": clock.now(), **more},
    )


def test_a_sound_house_breaks_nothing(session, world):
    cohort = a_cohort(world["provider"], name="penuh", seats=1)
    enrolled(cohort, a_woman("Nur"))
    enrolled(cohort, a_woman("Tri"))
    excused = enrolled(a_cohort(world["provider"], name="lain"), a_woman("Wati"))
    certificates.issue(
        actor=an_issuer(world["provider"], "Ani"), enrolment_id=excused, exception="Setara."
    )
    assert broken(session) == []


def test_a_certificate_of_another_woman_is_found(session, world):
    nur = a_woman("Nur")
    other = a_completed(world["provider"], nur, name="dua")
    session.execute(a_paper(other, world["parti"].person_id, an_issuer(world["provider"], "Ani")))
    assert broken(session) == ["C1"]


def test_a_certificate_for_attendance_that_was_never_noted_is_found(session, world):
    nur = a_woman("Nur")
    cohort = a_cohort(world["provider"], name="dua")
    hers = enrolled(cohort, nur)
    a_session(cohort)
    session.execute(a_paper(hers, nur.person_id, an_issuer(world["provider"], "Ani")))
    assert broken(session) == ["C2"]


def test_attendance_noted_only_after_the_certificate_does_not_count(session, world):
    nur = a_woman("Nur")
    cohort = a_cohort(world["provider"], name="dua")
    hers, one = enrolled(cohort, nur), a_session(cohort)
    session.execute(a_paper(hers, nur.person_id, an_issuer(world["provider"], "Ani")))
    present(one, hers)
    assert broken(session) == ["C2"]


def test_more_women_than_seats_are_found(session, world):
    cohort = a_cohort(world["provider"], name="dua", seats=1)
    enrolled(cohort, a_woman("Nur"))
    waiting = enrolled(cohort, a_woman("Tri"))
    session.execute(update(Enrolment).where(Enrolment.id == waiting).values(state="enrolled"))
    assert broken(session) == ["C3"]


def test_anothers_training_behind_a_listing_is_found(session, world):
    other = a_completed(world["provider"], a_woman("Nur"), name="dua")
    session.execute(
        insert(ListingTraining).values(listing_id=world["listing"].id, enrolment_id=other)
    )
    assert broken(session) == ["C4"]


def test_a_training_behind_the_goods_of_a_cooperative_is_found(session, world):
    session.execute(text("update seller set kind = 'cooperative', person_id = null"))
    assert broken(session) == ["C4"]


def test_a_list_of_another_provider_is_found(session, world):
    other = StatusList(provider_id=a_provider("lain").id, issuer="did:key:z6Mk")
    session.add(other)
    session.flush()
    certificate_id = session.scalar(select(Certificate.id))
    session.add(Credential(certificate_id=certificate_id, list_id=other.id, position=7))
    assert broken(session) == ["C5"]
