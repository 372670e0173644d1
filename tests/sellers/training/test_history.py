"""What she shows: nothing until she says so, only her own, and in words that fit its state."""

from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import event, select

from core import clock
from core.actors import SYSTEM
from core.db import db, reading
from core.errors import NotFound
from sellers.training import certificates, cohorts, enrolments, history, offers, showing
from sellers.training.models import Certificate
from tests.factories import an_organisation
from tests.sellers.training.factories import (
    a_cohort,
    a_completed,
    a_listing,
    a_programme,
    a_provider,
    a_seller,
    a_session,
    a_woman,
    an_issuer,
    enrolled,
    present,
)

pytestmark = pytest.mark.service


@pytest.fixture
def provider(session):
    return a_provider()


@pytest.fixture
def parti(provider):
    return a_woman()


@pytest.fixture
def seller(parti):
    return a_seller(parti, an_organisation())


def shown(woman, enrolment_id):
    showing.show(actor=woman, enrolment_id=enrolment_id, is_shown=True)
    return enrolment_id


def test_nothing_is_public_until_she_says_so(session, provider, parti, seller):
    hers = a_completed(provider, parti)
    showing.link_listings(actor=parti, enrolment_id=hers, listing_ids={a_listing(seller).id})
    assert history.shown_for_seller(session, seller.id) == []
    shown(parti, hers)
    (training,) = history.shown_for_seller(session, seller.id)
    assert (training.programme, training.provider) == ("Jualan dari HP", provider.name)
    assert (training.attended, training.required, training.is_completed) == (1, 1, True)
    assert (training.year, training.code) == (clock.today().year, None)
    showing.show(actor=parti, enrolment_id=hers, is_shown=False)
    assert history.shown_for_seller(session, seller.id) == []


def test_a_listing_names_only_what_was_linked_to_it(session, provider, parti, seller):
    keripik, tiwul = a_listing(seller), a_listing(seller, "Tiwul", "tiwul")
    hers = shown(parti, a_completed(provider, parti))
    link = {"actor": parti, "enrolment_id": hers}
    showing.link_listings(**link, listing_ids={keripik.id})
    assert len(history.shown_for_listing(session, keripik.id)) == 1
    assert history.shown_for_listing(session, tiwul.id) == []
    showing.link_listings(**link, listing_ids={tiwul.id})
    assert history.shown_for_listing(session, keripik.id) == []
    assert len(history.shown_for_listing(session, tiwul.id)) == 1
    showing.link_listings(**link, listing_ids=set())
    assert history.shown_for_listing(session, tiwul.id) == []


def test_she_links_only_her_own_trainings_to_her_own_listings(session, provider, parti, seller):
    nur = a_woman("Nur")
    hers, nurs = a_completed(provider, parti), a_completed(provider, nur)
    keripik = a_listing(seller)
    foreign = a_listing(a_seller(nur, an_organisation("giri"), "nur"), "Opak", "opak")
    for actor, training, listing in (
        (parti, nurs, keripik.id),
        (parti, hers, foreign.id),
        (nur, nurs, keripik.id),
        (parti, hers, 10**9),
    ):
        with pytest.raises(NotFound):
            showing.link_listings(actor=actor, enrolment_id=training, listing_ids={listing})
    with pytest.raises(NotFound):
        showing.show(actor=nur, enrolment_id=hers, is_shown=True)
    assert [c.name for c in showing.list_choices(session, parti, hers)] == ["Keripik pisang"]


def test_a_state_says_how_far_she_came(session, provider, parti, seller):
    running = a_cohort(provider, programme_id=a_programme(provider, "Berjalan"))
    closed = a_cohort(provider, programme_id=a_programme(provider, "Ditutup"))
    left = a_cohort(provider, programme_id=a_programme(provider, "Berhenti"))
    for cohort in (running, closed, left):
        hers = enrolled(cohort, parti)
        present(a_session(cohort), hers)
        a_session(cohort)
        shown(parti, hers)
    enrolments.leave(actor=parti, enrolment_id=hers)
    cohorts.close_cohort(actor=SYSTEM, cohort_id=closed, follow_up_on=clock.today())
    states = {t.programme: t.state for t in history.shown_for_seller(session, seller.id)}
    assert states == {"Berjalan": "running", "Ditutup": "joined", "Berhenti": "joined"}


def test_who_waits_shows_nothing(session, provider, parti, seller):
    cohort = a_cohort(provider, seats=1)
    enrolled(cohort, a_woman("Nur"))
    waiting = enrolled(cohort, parti)
    with pytest.raises(NotFound):
        shown(parti, waiting)


def test_only_a_certificate_that_holds_is_named(session, provider, parti, seller):
    hers = shown(parti, a_completed(provider, parti))
    ratna = an_issuer(provider)
    code = certificates.issue(actor=ratna, enrolment_id=hers, valid_until=clock.today())
    (training,) = history.shown_for_seller(session, seller.id)
    assert training.code == code
    with time_machine.travel(clock.now() + timedelta(days=1), tick=False):
        assert history.shown_for_seller(session, seller.id)[0].code is None
    certificate_id = session.scalars(select(Certificate.id)).one()
    certificates.withdraw(actor=ratna, certificate_id=certificate_id, reason="Keliru.")
    assert history.shown_for_seller(session, seller.id)[0].code is None
    (old,) = history.list_withdrawn(session, parti, hers)
    assert (old.code, old.reason) == (code, "Keliru.")
    assert history.list_withdrawn(session, a_woman("Nur"), hers) == []


def test_the_shop_asks_one_question(app, provider, parti, seller):
    for n in range(3):
        shown(parti, a_completed(provider, parti, name=f"A{n}"))
    asked = []
    event.listen(db.engine, "before_cursor_execute", lambda *args: asked.append(args[2]))
    with reading() as reader:
        assert len(history.shown_for_seller(reader, seller.id)) == 3
    assert len(asked) == 1


def test_her_own_page_is_hers_alone(session, provider, parti):
    cohort = a_cohort(provider, opening="Ibu berdaya.")
    hers = enrolled(cohort, parti)
    one = a_session(cohort)
    a_session(cohort, days=3)
    present(one, hers)
    mine = history.get_mine(session, parti, hers)
    assert (mine.standing.attended, mine.standing.required, mine.opening) == (1, 2, "Ibu berdaya.")
    assert mine.next_at > clock.now()
    assert history.list_marks(session, parti, hers)[one] is True
    nur = a_woman("Nur")
    with pytest.raises(NotFound):
        history.get_mine(session, nur, hers)
    assert history.list_marks(session, nur, hers) == {}
    assert history.list_mine(session, nur) == []
    assert [m.enrolment_id for m in history.list_mine(session, parti, words="jualan")] == [hers]
    assert history.list_mine(session, parti, words="%") == []


def test_only_classes_with_a_session_to_come_are_offered(session, provider, parti):
    starter = a_programme(provider, "Awal")
    coming = a_cohort(
        provider, seats=2, prerequisite_id=starter, topic="usaha", has_childcare=True, fee=10_000
    )
    a_session(coming, days=3, data_mb=40)
    a_session(coming, days=4, data_mb=45)
    over = a_cohort(provider, name="lama", programme_id=starter)
    a_session(over)
    (offer,), has_more = offers.list_offers(session, parti)
    assert (offer.cohort_id, offer.data_mb, offer.sessions, has_more) == (coming, 85, 2, False)
    assert (offer.prerequisite, offer.fee, offer.seats_left) == ("Awal", 10_000, 2)
    assert offers.list_offers(session, parti, words="USAHA")[0] == [offer]
    assert offers.list_offers(session, parti, words="100%") == ([], False)
    with pytest.raises(NotFound):
        offers.get_offer(session, parti, over)
    cohorts.close_cohort(actor=SYSTEM, cohort_id=coming, follow_up_on=clock.today())
    with pytest.raises(NotFound):
        offers.get_offer(session, parti, coming)
