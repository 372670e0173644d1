"""The operator's table of delivery fees: followed by newer rows, never edited, always audited."""

from datetime import timedelta

import pytest
from sqlalchemy import delete, func, select, update
from sqlalchemy.exc import IntegrityError

from core import clock
from core.actors import SYSTEM
from core.audit import Audit
from orders import rates, shipping
from orders.models import DeliveryRate, DeliveryService, DeliveryZone
from orders.rates import (
    CodeTaken,
    Lane,
    NoSuchService,
    OddRate,
    OddService,
    OddStart,
    OddZone,
    Tariff,
    UnknownZone,
)
from orders.weights import WeighRule
from tests.factories import an_actor
from tests.orders.test_shipping import SEMARANG, ask

pytestmark = pytest.mark.service

LANE = Lane("kurir", "wonosobo", "jateng")
TARIFF = Tariff(9_000, 8_000, 1, 3, "tabel kurir")


@pytest.fixture
def operator(app):
    return an_actor("Harti")


@pytest.fixture
def service(operator):
    rates.set_zone(actor=operator, region_code="3307", zone="wonosobo")
    rates.set_zone(actor=operator, region_code="33", zone="jateng")
    return add_service(operator)


def add_service(actor, code="kurir", label="Kurir", rule=WeighRule(), takes_cash=False):  # noqa: B008
    return rates.add_service(actor=actor, code=code, label=label, rule=rule, takes_cash=takes_cash)


def add_rate(actor, lane=LANE, tariff=TARIFF, day=None):
    return rates.add_rate(actor=actor, lane=lane, tariff=tariff, valid_from=day or clock.today())


def deeds(session, action):
    return list(session.scalars(select(Audit).where(Audit.action == action).order_by(Audit.id)))


def count(session, model):
    return session.scalar(select(func.count()).select_from(model))


def test_a_service_keeps_its_rule_and_who_added_it(session, operator):
    rule = WeighRule(divisor=4000, tolerance_grams=0, min_grams=10_000, max_grams=50_000)
    service_id = add_service(operator, "kargo", "Kargo", rule, takes_cash=True)
    kept = session.get(DeliveryService, service_id)
    assert (kept.divisor, kept.min_grams, kept.takes_cash, kept.is_open) == (4000, 10_000, 1, 1)
    (deed,) = deeds(session, "delivery.service_add")
    assert (deed.actor_id, deed.facts["divisor"]) == (operator.person_id, 4000)


def test_a_code_is_used_once(service, operator):
    with pytest.raises(CodeTaken):
        add_service(operator)


@pytest.mark.parametrize(
    ("code", "label"),
    [
        *((code, "A") for code in ("", "Kurir", "a b", "x" * 31, "a\x00b")),
        *(("baik", label) for label in ("", "x" * 81, "a\x00")),
    ],
)
def test_a_service_needs_a_plain_code_and_a_label(operator, code, label):
    with pytest.raises(OddService):
        add_service(operator, code, label)


def test_a_closed_service_asks_nothing_until_it_opens_again(session, service, operator):
    add_rate(operator)
    rates.switch_service(actor=operator, code="kurir", is_open=False)
    assert ask(SEMARANG) == []
    rates.switch_service(actor=operator, code="kurir", is_open=True)
    assert len(ask(SEMARANG)) == 1
    assert [deed.facts for deed in deeds(session, "delivery.service_switch")] == [
        {"is_open": False},
        {"is_open": True},
    ]


@pytest.mark.parametrize("code", ["lain", "", "a\x00"])
def test_a_service_that_is_not_there_cannot_be_changed(service, operator, code):
    with pytest.raises(NoSuchService):
        rates.switch_service(actor=operator, code=code, is_open=False)
    with pytest.raises(NoSuchService):
        add_rate(operator, Lane(code, "wonosobo", "jateng"))


def test_a_region_moves_to_another_zone_and_back(session, service, operator):
    rates.set_zone(actor=operator, region_code="3374", zone="semarang")
    add_rate(operator)
    assert ask(SEMARANG) == []
    rates.set_zone(actor=operator, region_code="3374", zone="jateng")
    assert len(ask(SEMARANG)) == 1
    rates.set_zone(actor=operator, region_code="3374", zone=None)
    assert len(ask(SEMARANG)) == 1
    assert session.get(DeliveryZone, "3374") is None
    told = [
        (deed.facts["before"], deed.facts["after"])
        for deed in deeds(session, "delivery.zone_set")
        if deed.object_id == "3374"
    ]
    assert told == [(None, "semarang"), ("semarang", "jateng"), ("jateng", None)]


@pytest.mark.parametrize("code", ["", "0", "99", "3399", "330799", "33070501", "33\x00"])
def test_only_regions_that_exist_lie_in_a_zone(operator, code):
    with pytest.raises(OddZone):
        rates.set_zone(actor=operator, region_code=code, zone="jateng")


@pytest.mark.parametrize("zone", ["", "Jateng", "jawa tengah", "x" * 21, "a\x00"])
def test_a_zone_has_a_plain_name(operator, zone):
    with pytest.raises(OddZone):
        rates.set_zone(actor=operator, region_code="33", zone=zone)


def test_a_rate_is_written_with_its_source_and_audited(session, service, operator):
    rate_id = add_rate(operator)
    kept = session.get(DeliveryRate, rate_id)
    assert (kept.base_rupiah, kept.step_rupiah, kept.source) == (9_000, 8_000, "tabel kurir")
    (deed,) = deeds(session, "delivery.rate_add")
    assert (deed.object_id, deed.actor_id) == (str(rate_id), operator.person_id)
    assert deed.facts["valid_from"] == clock.today().isoformat()


def test_a_slip_is_corrected_the_same_day_by_another_row(session, service, operator):
    add_rate(operator, tariff=Tariff(90_000, 80_000, 1, 3, "tabel kurir"))
    mended = add_rate(operator)
    assert [one.rate_id for one in ask(SEMARANG)] == [mended]
    assert count(session, DeliveryRate) == 2


@pytest.mark.parametrize(
    "change", [update(DeliveryRate).values(base_rupiah=1), delete(DeliveryRate)]
)
def test_a_rate_is_never_edited(session, service, operator, change):
    add_rate(operator)
    with pytest.raises(IntegrityError, match="append-only"):
        session.execute(change)


def test_a_service_leaves_a_lane_and_comes_back(service, operator):
    add_rate(operator)
    next_week = clock.today() + timedelta(days=7)
    rates.end_lane(actor=operator, lane=LANE, valid_from=next_week, source="surat kurir")
    assert len(ask(SEMARANG)) == 1
    assert ask(SEMARANG, day=next_week) == []
    add_rate(operator, day=next_week + timedelta(days=1))
    assert len(ask(SEMARANG, day=next_week + timedelta(days=1))) == 1


@pytest.mark.parametrize("days", [-1, -4000, 732])
def test_a_rate_begins_today_or_soon(service, operator, days):
    with pytest.raises(OddStart):
        add_rate(operator, day=clock.today() + timedelta(days=days))


@pytest.mark.parametrize("zone", ["lain", "", "a\x00", "Jateng"])
def test_a_rate_is_between_zones_that_have_regions(service, operator, zone):
    with pytest.raises(UnknownZone):
        add_rate(operator, Lane("kurir", "wonosobo", zone))
    with pytest.raises(UnknownZone):
        add_rate(operator, Lane("kurir", zone, "jateng"))


@pytest.mark.parametrize(
    "values",
    [
        (-1, 0, 0, 1, "s"),
        (0, -1, 0, 1, "s"),
        (10**7 + 1, 0, 0, 1, "s"),
        (0, 10**30, 0, 1, "s"),
        (1.5, 0, 0, 1, "s"),
        (0, 0, -1, 1, "s"),
        (0, 0, 2, 1, "s"),
        (0, 0, 0, 91, "s"),
        (0, 0, 0, 1, ""),
        (0, 0, 0, 1, "x" * 121),
        (0, 0, 0, 1, "a\x00"),
    ],
)
def test_a_tariff_that_cannot_be_meant_is_refused(values):
    with pytest.raises(OddRate):
        Tariff(*values)


def test_samples_are_marked_and_loaded_once(session):
    loaded = rates.load_sample_rates(actor=SYSTEM)
    assert loaded == count(session, DeliveryRate) > 100
    assert rates.load_sample_rates(actor=SYSTEM) == 0
    assert count(session, DeliveryRate) == loaded
    assert len(deeds(session, "delivery.sample_load")) == 1
    sources = set(session.scalars(select(DeliveryRate.source)))
    assert all(source.startswith("CONTOH") for source in sources)


def test_samples_leave_alone_what_the_operator_decided(session, operator):
    rates.load_sample_rates(actor=SYSTEM)
    rates.switch_service(actor=operator, code="jne-reg", is_open=False)
    rates.set_zone(actor=operator, region_code="3374", zone="semarang")
    rates.end_lane(
        actor=operator,
        lane=Lane("jnt-ez", "wonosobo", "jateng"),
        valid_from=clock.today(),
        source="surat kurir",
    )
    assert rates.load_sample_rates(actor=SYSTEM) == 0
    assert session.get(DeliveryZone, "3374").zone == "semarang"
    salatiga = {one.service_code for one in ask("337301")}
    assert "sicepat-reg" in salatiga
    assert not salatiga & {"jne-reg", "jnt-ez"}


def test_a_fee_of_nothing_is_a_fee(service, operator, session):
    """Free delivery is a rate; only a missing rate means that nobody goes."""
    add_rate(operator, tariff=Tariff(0, 0, 0, 1, "promo"))
    where = {"from_district": "330705", "to_region": "3374"}
    assert shipping.estimate(session, **where, grams=900).fee == 0
