"""Delivery fees: which services go where, what they ask, and the demo's parcels to the rupiah."""

from datetime import date, timedelta

import pytest
from sqlalchemy import text

from core import clock, regions
from core.actors import SYSTEM
from core.db import reading
from orders import rates, shipping
from orders.rates import Lane, Tariff
from orders.shipping import ShippingSettings
from orders.weights import OddParcel, WeighRule
from tests.cooperatives.factories import counted

pytestmark = pytest.mark.service

LEKSONO, KERTEK, KALIWIRO, KEPIL = "330705", "330708", "330704", "330702"
PARAKAN, SEMARANG, CAKUNG, JAYAPURA = "332304", "337406", "317506", "910301"

# The demo's goods as their makers pack them: grams, and the sides of one piece in centimetres.
TIWUL = (450, (24, 16, 6))
BANANA_CHIPS = (250, (28, 18, 9))
CASSAVA_CRACKERS = (260, (30, 20, 10))
BATIK = (420, (30, 24, 3))
SCARF = (210, (26, 20, 2))


@pytest.fixture
def heavy_carton(app):
    """One gram of packaging; the app is shared, so the next test gets its settings back."""
    known = app.extensions["settings"]
    before = known[ShippingSettings]
    known[ShippingSettings] = ShippingSettings(packaging_grams=1)
    yield
    known[ShippingSettings] = before


@pytest.fixture
def samples(app):
    rates.load_sample_rates(actor=SYSTEM)


@pytest.fixture
def lane(app):
    """One service between two zones: Wonosobo and Central Java."""
    rates.add_service(actor=SYSTEM, code="kurir", label="Kurir", rule=WeighRule(), takes_cash=False)
    rates.set_zone(actor=SYSTEM, region_code="3307", zone="wonosobo")
    rates.set_zone(actor=SYSTEM, region_code="33", zone="jateng")
    return Lane("kurir", "wonosobo", "jateng")


def price(lane, rupiah, day=None):
    return rates.add_rate(
        actor=SYSTEM,
        lane=lane,
        tariff=Tariff(rupiah, rupiah, 1, 3, "tabel kurir"),
        valid_from=day or clock.today(),
    )


def ask(to=SEMARANG, grams=900, boxes=(), origin=LEKSONO, day=None):
    with reading() as connection:
        freight = shipping.Freight(origin, grams, tuple(boxes))
        return shipping.quotes(connection, [freight], to_district=to, day=day)[0]


def fees(*args, **more):
    return {one.service_code: one.fee for one in ask(*args, **more)}


def goods(*pieces):
    """Weight and boxes of a parcel: (kind of goods, pieces) each."""
    grams = sum(kind[0] * count for kind, count in pieces)
    return {"grams": grams, "boxes": [kind[1] for kind, count in pieces for _ in range(count)]}


def test_the_demo_parcels_to_semarang_cost_14000_together(samples):
    """Order 0001 leaves two homes, and two parcels of 7,000 make what it says."""
    tiwul = ask(SEMARANG, **goods((TIWUL, 2)))
    chips = ask(SEMARANG, **goods((BANANA_CHIPS, 3)))
    assert [tiwul[0].service_code, chips[0].service_code] == ["kurir-reguler"] * 2
    assert tiwul[0].fee + chips[0].fee == 14_000


def test_from_one_place_the_same_goods_cost_14000_too(samples):
    together = ask(SEMARANG, origin="330709", **goods((TIWUL, 2), (BANANA_CHIPS, 3)))
    assert (together[0].fee, together[0].billed_kg) == (14_000, 2)


def test_the_demo_batik_to_east_jakarta_costs_22000_by_the_chosen_courier(samples):
    """Order 0002."""
    asked = fees(CAKUNG, origin=KERTEK, **goods((BATIK, 1), (SCARF, 1)))
    assert asked["jne-reg"] == 22_000


def test_the_demo_crackers_to_east_jakarta_cost_20000_and_take_cash(samples):
    """Order 0008: exactly 1.30 kg, still billed as one; by size it would be five."""
    cheapest, *others = ask(CAKUNG, **goods((CASSAVA_CRACKERS, 5)))
    assert (cheapest.fee, cheapest.billed_kg, cheapest.takes_cash) == (20_000, 1, True)
    assert {one.billed_kg for one in others} == {5, 10}


def test_the_cheapest_comes_first(samples):
    asked = [one.fee for one in ask(CAKUNG)]
    assert asked == sorted(asked)
    assert len(asked) == 7


def test_of_equal_fees_the_quicker_comes_first(lane):
    rates.add_service(actor=SYSTEM, code="zipat", label="Z", rule=WeighRule(), takes_cash=True)
    price(lane, 9_000)
    quick = Lane("zipat", lane.from_zone, lane.to_zone)
    tariff = Tariff(9_000, 9_000, 0, 1, "tabel kurir")
    rates.add_rate(actor=SYSTEM, lane=quick, tariff=tariff, valid_from=clock.today())
    assert [one.service_code for one in ask()] == ["zipat", "kurir"]


def test_the_maker_delivers_in_her_own_kabupaten_only(samples):
    near = ask(KERTEK)[0]
    assert (near.service_code, near.fee, near.takes_cash) == ("diantar-penjual", 5_000, True)
    assert ask(KERTEK, grams=9_000)[0].fee == 5_000
    assert "diantar-penjual" not in fees(PARAKAN)


def test_the_longest_region_code_decides_the_zone(samples):
    assert fees(KERTEK)["diantar-penjual"] == 5_000
    assert fees(KEPIL)["diantar-penjual"] == 10_000
    assert fees(KALIWIRO, origin=KEPIL)["diantar-penjual"] == 5_000
    assert fees(PARAKAN)["jne-reg"] == 9_000
    assert fees(SEMARANG)["jne-reg"] == 10_000


def test_every_regency_has_a_service_in_the_sample(samples):
    assert [code for code in regions.regencies() if not ask(f"{code}01")] == []


def test_a_service_goes_only_where_it_has_a_rate(samples):
    assert set(fees(JAYAPURA)) == {"jne-reg", "jnt-ez", "pos-reguler"}


def test_no_service_is_an_empty_list(lane):
    assert ask() == []
    price(lane, 9_000)
    assert [one.fee for one in ask()] == [9_000]
    assert ask(CAKUNG) == []


def test_there_is_no_way_back_without_a_rate(lane):
    price(lane, 9_000)
    assert ask(LEKSONO, origin=SEMARANG) == []


@pytest.mark.parametrize("code", ["", "3307", "999999", "abcdef", "33070\x00", "٣٣٠٧٠٥", "3" * 99])
def test_a_place_we_do_not_know_has_no_service(samples, code):
    assert ask(code) == []
    assert ask(SEMARANG, origin=code) == []


def test_a_parcel_too_heavy_for_one_goes_by_another(samples):
    assert "jne-reg" in fees(CAKUNG, grams=30_000)
    assert fees(CAKUNG, grams=30_001) == {"jne-jtr": 45_000 + 21 * 4_500}
    assert ask(CAKUNG, grams=100_001) == []


def test_cargo_bills_ten_kilograms_at_least(samples):
    cargo = next(one for one in ask(CAKUNG, grams=2_000) if one.service_code == "jne-jtr")
    assert (cargo.fee, cargo.billed_kg) == (45_000, 10)


def test_couriers_disagree_at_exactly_1300_grams(samples):
    asked = fees(CAKUNG, grams=1_300)
    assert asked["jne-reg"] == 22_000
    assert asked["jnt-ez"] == 2 * 21_000


def test_the_carton_counts_where_the_house_says_so(samples, heavy_carton):
    assert fees(CAKUNG, grams=1_300)["jne-reg"] == 44_000


@pytest.mark.parametrize("grams", [0, -1, 10**12])
def test_a_weight_no_parcel_has_is_refused(samples, grams):
    with pytest.raises(OddParcel):
        ask(grams=grams)


@pytest.mark.parametrize("box", [(0, 1, 1), (-9, -9, 9), (10**9, 1, 1)])
def test_a_box_no_parcel_has_is_refused(samples, box):
    with pytest.raises(OddParcel):
        ask(boxes=[box])


def test_the_newest_rate_that_has_begun_counts(lane):
    today = clock.today()
    first = price(lane, 9_000)
    second = price(lane, 9_500, today + timedelta(days=7))
    assert [(one.fee, one.rate_id) for one in ask()] == [(9_000, first)]
    assert [one.rate_id for one in ask(day=today + timedelta(days=6))] == [first]
    assert [one.rate_id for one in ask(day=today + timedelta(days=7))] == [second]
    assert ask(day=today - timedelta(days=1)) == []


def test_an_estimate_is_the_cheapest_to_a_kabupaten_or_kecamatan(samples, session):
    def told(region):
        return shipping.estimate(session, from_district=LEKSONO, to_region=region, grams=900)

    assert told("3374").fee == told(SEMARANG).fee == 7_000
    assert told("3307").service_code == "diantar-penjual"
    assert told(KEPIL).fee == 7_500
    for nowhere in ("9999", "33", "", "3374061", "33\x0074"):
        assert told(nowhere) is None


def test_an_estimate_where_nobody_goes_is_nothing(lane, session):
    where = {"from_district": LEKSONO, "to_region": "3374"}
    assert shipping.estimate(session, **where, grams=900) is None
    with pytest.raises(OddParcel):
        shipping.estimate(session, **where, grams=0)


def test_a_quote_is_one_statement(samples):
    with counted() as sent:
        ask(CAKUNG)
    assert len(sent) == 1


def test_a_quote_reads_by_index(samples, session):
    session.execute(text("set local enable_seqscan = off"))
    values = {"origins": ["330705"], "target": "317506", "day": date(2026, 11, 22)}
    offers = shipping._OFFERS
    plan = session.connection().exec_driver_sql(f"explain {offers.text}", {**offers.own, **values})
    told = "\n".join(plan.scalars())
    assert "ix_delivery_rate_lane" in told
    assert (
        told.count("Index Scan using pk_delivery_zone")
        + told.count("Bitmap Index Scan on pk_delivery_zone")
        == 2
    )


def test_several_parcels_are_quoted_in_their_order_by_one_query(samples):
    """Two leave from one district, one from another island, one from nowhere."""
    freights = [
        shipping.Freight(LEKSONO, 900),
        shipping.Freight(JAYAPURA, 900),
        shipping.Freight("wonosobo", 900),
        shipping.Freight(LEKSONO, 5_900),
    ]
    with reading() as connection, counted() as sent:
        found = shipping.quotes(connection, freights, to_district=SEMARANG)
    assert len(sent) == 1
    assert found == [ask(origin=f.from_district, grams=f.grams) for f in freights]
    assert [bool(quotes) for quotes in found] == [True, False, False, True]
    assert found[3][0].fee > found[0][0].fee
