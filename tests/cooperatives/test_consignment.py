"""Terms: written in versions, frozen for what came in under them, and never dearer by surprise."""

from datetime import date, timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from cooperatives import consignment
from cooperatives.consignment import (
    DEFAULT_RATES,
    NoTerms,
    NotSoldHere,
    OddShares,
    TermsSettings,
    TooSoon,
)
from cooperatives.rights import COORDINATE, TREASURE
from cooperatives.sharing import Rate
from core import clock
from core.actors import SYSTEM
from core.errors import NotFound
from tests.cooperatives.factories import a_cooperative
from tests.factories import an_actor, an_organisation, give

pytestmark = pytest.mark.service
HOME = ("web", "home")


@pytest.fixture
def cooperative(session):
    return a_cooperative()


@pytest.fixture(autouse=True)
def notice(app, monkeypatch):
    """Thirty days, or what a test says."""

    def give(days):
        monkeypatch.setitem(app.extensions["settings"], TermsSettings, TermsSettings(days))

    give(30)
    return give


def in_days(days):
    return clock.today() + timedelta(days=days)


def changed(place=HOME, **rate):
    return {**DEFAULT_RATES, place: Rate(**{"cooperative_bp": 500, "operator_bp": 200, **rate})}


def write(cooperative, days, rates, actor=SYSTEM):
    return consignment.write_terms(
        actor=actor, organisation_id=cooperative.id, valid_from=in_days(days), rates=rates
    )


def test_a_new_cooperative_starts_with_the_default_rates(cooperative, session):
    terms = consignment.current_terms(session, cooperative.id)
    assert terms.version == 1
    assert terms.rates == DEFAULT_RATES
    assert consignment.rate(terms, "counter", "kiosk").kiosk_bp == 1_000


def test_where_the_terms_are_silent_nothing_is_sold(cooperative, session):
    terms = consignment.current_terms(session, cooperative.id)
    with pytest.raises(NotSoldHere):
        consignment.rate(terms, "web", "bazaar")


def test_an_organisation_without_terms_takes_nothing_in(session):
    with pytest.raises(NoTerms):
        consignment.current_terms(session, an_organisation("belum").id)


def test_a_version_counts_from_its_day(cooperative, session):
    write(cooperative, 40, changed(cooperative_bp=600))
    before = consignment.current_terms(session, cooperative.id, in_days(39))
    after = consignment.current_terms(session, cooperative.id, in_days(40))
    assert (before.version, after.version) == (1, 2)
    assert after.rates[HOME].cooperative_bp == 600


def test_goods_keep_the_version_they_came_in_under(cooperative, session):
    frozen = consignment.current_terms(session, cooperative.id)
    write(cooperative, 0, changed(cooperative_bp=100))
    assert consignment.current_terms(session, cooperative.id).version == 2
    assert consignment.sheets(session, [frozen.id])[frozen.id] == frozen


def test_a_fee_may_fall_at_once(cooperative, session):
    write(cooperative, 0, changed(cooperative_bp=400))
    assert consignment.current_terms(session, cooperative.id).rates[HOME].cooperative_bp == 400


@pytest.mark.parametrize(
    "worse",
    [
        changed(cooperative_bp=501),
        changed(operator_bp=201),
        changed(kiosk_bp=1),
        changed(fee_payer="maker"),
        changed(affiliate_bp=1),
        changed(discount_bp=1_001),
        changed(discount_payer="maker"),
        {HOME: DEFAULT_RATES[HOME]},
    ],
    ids=[
        "cooperative",
        "operator",
        "kiosk",
        "fee",
        "inviter",
        "discount",
        "its bearer",
        "a channel ends",
    ],
)
def test_what_is_worse_for_makers_is_announced_thirty_days_ahead(cooperative, worse):
    with pytest.raises(TooSoon) as refused:
        write(cooperative, 29, worse)
    assert str(refused.value.sentence) == "Potongan yang naik harus diumumkan 30 hari sebelumnya."
    assert write(cooperative, 30, worse).version == 2


def test_what_others_promise_to_inviters_and_buyers_holds_at_once(cooperative):
    asked = changed(affiliate_bp=500, affiliate_payer="cooperative", discount_payer="cooperative")
    assert write(cooperative, 0, asked).rates == asked


def test_a_shift_between_those_who_take_is_no_rise(cooperative):
    assert write(cooperative, 0, changed(cooperative_bp=600, operator_bp=100)).version == 2


def test_a_rise_is_measured_against_what_would_hold_on_that_day(cooperative):
    write(cooperative, 10, changed(cooperative_bp=0))
    with pytest.raises(TooSoon):
        write(cooperative, 12, changed(cooperative_bp=500))
    assert write(cooperative, 8, changed(cooperative_bp=500)).version == 3


def test_the_notice_is_a_setting(cooperative, notice):
    notice(60)
    with pytest.raises(TooSoon):
        write(cooperative, 59, changed(cooperative_bp=600))
    assert write(cooperative, 60, changed(cooperative_bp=600)).version == 2


def test_no_terms_reach_into_the_past_but_the_first(cooperative):
    with pytest.raises(TooSoon):
        write(cooperative, -1, DEFAULT_RATES)


def test_the_first_terms_may_reach_back(session):
    old = consignment.add_version(
        session,
        actor=SYSTEM,
        organisation_id=an_organisation("lama").id,
        valid_from=date(2019, 4, 21),
        rates=DEFAULT_RATES,
    )
    assert old.version == 1


@pytest.mark.parametrize(
    "odd",
    [
        changed(cooperative_bp=-1),
        changed(cooperative_bp=9_801),
        changed(place=("web", "moon")),
        changed(place=("fax", "home")),
        changed(fee_payer="buyer"),
        changed(pull_days=-1),
        changed(pull_days=366),
        changed(affiliate_bp=-1),
        changed(affiliate_bp=9_301),
        changed(affiliate_bp=501, affiliate_payer="cooperative"),
        changed(affiliate_payer="kiosk"),
        changed(discount_bp=10_001),
        changed(place=("counter", "kiosk"), kiosk_bp=900, discount_payer="kiosk"),
        changed(discount_payer="operator"),
    ],
)
def test_impossible_shares_are_refused(cooperative, odd):
    with pytest.raises(OddShares):
        write(cooperative, 60, odd)


def test_only_a_coordinator_of_the_cooperative_writes_its_terms(cooperative):
    coordinator, treasurer, foreign = an_actor("Umi"), an_actor("Lestari"), an_actor("Lain")
    give(coordinator, COORDINATE, cooperative.id)
    give(treasurer, TREASURE, cooperative.id)
    give(foreign, COORDINATE, a_cooperative().id)
    assert write(cooperative, 0, DEFAULT_RATES, coordinator).version == 2
    for stranger in (treasurer, foreign):
        with pytest.raises(NotFound):
            write(cooperative, 0, DEFAULT_RATES, stranger)


def test_the_newest_versions_are_listed_first(cooperative, session):
    write(cooperative, 0, changed(cooperative_bp=400))
    listed = consignment.list_terms(session, cooperative.id)
    assert [terms.version for terms in listed] == [2, 1]


@pytest.mark.parametrize("change", ["update terms set version = 9", "delete from terms_rate"])
def test_written_terms_are_never_edited(cooperative, session, change):
    with pytest.raises(IntegrityError, match="append-only"):
        session.execute(text(change))
