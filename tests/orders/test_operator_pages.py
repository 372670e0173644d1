"""The operator opens couriers, writes rates from a day on, and says which region is which zone."""

from datetime import timedelta

import pytest

from core import clock, orgs
from core.actors import SYSTEM
from core.db import db
from core.rights import OPERATE
from orders import rates, shipping
from orders.models import DeliveryService, DeliveryZone
from tests.factories import an_actor, give, sign_in, token_in
from tests.visitor import Forms

pytestmark = pytest.mark.service

PHONE = "+6281111111111"
KERTEK, SEMARANG = "330708", "337401"


@pytest.fixture
def desk(client):
    rates.load_sample_rates(actor=SYSTEM)
    give(an_actor("Kelola", phone=PHONE), OPERATE, orgs.operator(db.session()).id)
    sign_in(client, phone=PHONE)
    return client


def as_shown(client, path, having):
    forms = Forms(client.get(path).text).forms
    return next(form["fields"] for form in forms if having in form["fields"])


def quotes():
    freight = shipping.Freight(KERTEK, 900)
    (found,) = shipping.quotes(db.session(), [freight], to_district=SEMARANG)
    return {one.service_code: one.fee for one in found}


def test_a_new_rate_counts_from_its_day(desk):
    path = "/kelola/ongkir/kurir/jne-reg/tarif"
    before = quotes()["jne-reg"]
    sent = as_shown(desk, path, "valid_from") | {
        "from_zone": "wonosobo", "to_zone": "jateng", "is_offered": "y", "base_rupiah": "99rb",
        "step_rupiah": "9.000", "source": "agen",
        "valid_from": (clock.today() + timedelta(days=3)).isoformat(),
    }  # fmt: skip
    assert desk.post(path, data=sent).status_code == 303
    assert quotes()["jne-reg"] == before
    today = sent | {"valid_from": clock.today().isoformat()}
    assert desk.post(path, data=today).status_code == 303
    assert quotes()["jne-reg"] == 99_000
    page = desk.get("/kelola/ongkir/kurir/jne-reg").text
    assert "99.000" in page
    assert "Akan datang" in page


def test_a_lane_ends(desk):
    path = "/kelola/ongkir/kurir/jne-reg/tarif"
    sent = as_shown(desk, path, "valid_from") | {
        "from_zone": "wonosobo", "to_zone": "jateng", "source": "agen"
    }  # fmt: skip
    del sent["is_offered"]
    assert desk.post(path, data=sent).status_code == 303
    assert "jne-reg" not in quotes()
    assert "Tidak dilayani" in desk.get("/kelola/ongkir/kurir/jne-reg").text


def test_a_rate_in_the_past_gets_a_sentence_and_keeps_what_was_typed(desk):
    path = "/kelola/ongkir/kurir/jne-reg/tarif"
    sent = as_shown(desk, path, "valid_from") | {
        "base_rupiah": "12345", "source": "agen", "valid_from": "2026-01-01"
    }  # fmt: skip
    answer = desk.post(path, data=sent)
    assert answer.status_code == 200
    assert "paling cepat hari ini" in answer.text
    assert 'value="12345"' in answer.text


@pytest.mark.parametrize("zone", ["bulan", "", "<b>"])
def test_an_unknown_zone_is_no_choice(desk, zone):
    path = "/kelola/ongkir/kurir/jne-reg/tarif"
    sent = as_shown(desk, path, "valid_from") | {"from_zone": zone, "source": "agen"}
    assert "Pilih salah satu" in desk.post(path, data=sent).text


def test_a_closed_courier_is_offered_no_more(desk):
    token = token_in(desk.get("/kelola/ongkir/kurir/jne-reg"))
    desk.post("/kelola/ongkir/kurir/jne-reg/tutup", data={"csrf_token": token})
    assert "jne-reg" not in quotes()
    desk.post("/kelola/ongkir/kurir/jne-reg/buka", data={"csrf_token": token})
    assert "jne-reg" in quotes()


def test_a_courier_is_added_once(desk):
    sent = as_shown(desk, "/kelola/ongkir/baru", "divisor")
    sent |= {"code": "ojek-desa", "label": "Ojek desa", "divisor": ""}
    assert desk.post("/kelola/ongkir/baru", data=sent).status_code == 303
    made = db.session.query(DeliveryService).filter_by(code="ojek-desa").one()
    assert (made.divisor, made.max_grams) == (None, 30_000)
    assert "sudah dipakai" in desk.post("/kelola/ongkir/baru", data=sent).text


def test_a_rule_that_contradicts_itself_gets_a_sentence(desk):
    sent = as_shown(desk, "/kelola/ongkir/baru", "divisor")
    sent |= {"code": "ojek-desa", "label": "Ojek desa", "min_grams": "9000", "max_grams": "100"}
    assert "Aturan berat kurir belum benar" in desk.post("/kelola/ongkir/baru", data=sent).text


@pytest.mark.parametrize("region", ["Kabupaten Wonosobo", "3307"])
def test_a_region_is_put_into_a_zone_and_out_again(desk, region):
    token = token_in(desk.get("/kelola/ongkir/zona"))
    sent = {"csrf_token": token, "region": region, "zone": "gunung"}
    assert desk.post("/kelola/ongkir/zona", data=sent).status_code == 303
    assert db.session.get(DeliveryZone, "3307").zone == "gunung"
    desk.post("/kelola/ongkir/zona", data=sent | {"zone": ""})
    db.session.expire_all()
    assert db.session.get(DeliveryZone, "3307") is None


@pytest.mark.parametrize("region", ["Atlantis", "99", "", "\x00", "x" * 5000])
def test_an_unknown_region_gets_a_sentence(desk, region):
    token = token_in(desk.get("/kelola/ongkir/zona"))
    answer = desk.post(
        "/kelola/ongkir/zona", data={"csrf_token": token, "region": region, "zone": "gunung"}
    )
    assert answer.status_code == 200
    assert "Ada isian yang perlu dibetulkan" in answer.text


def test_an_unknown_courier_is_not_found(desk):
    assert desk.get("/kelola/ongkir/kurir/elang").status_code == 404
    assert desk.get("/kelola/ongkir/kurir/%00").status_code == 404
