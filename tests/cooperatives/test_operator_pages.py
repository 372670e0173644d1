"""The operator founds organisations, opens and closes places, and writes terms in versions."""

from datetime import timedelta

import pytest

from cooperatives import board, consignment
from cooperatives.models import Place
from cooperatives.views.operator_forms import PercentField, TermsForm
from core import clock, orgs
from core.db import db
from core.errors import NotFound
from core.rights import OPERATE
from tests.cooperatives.factories import a_cooperative, a_place
from tests.factories import an_actor, give, sign_in, token_in
from tests.visitor import Forms

pytestmark = pytest.mark.service

PHONE = "+6281111111111"


@pytest.fixture
def desk(client):
    give(an_actor("Kelola", phone=PHONE), OPERATE, orgs.operator(db.session()).id)
    sign_in(client, phone=PHONE)
    return client


def send(client, path, **fields):
    return client.post(path, data={"csrf_token": token_in(client.get(path)), **fields})


def terms_as_shown(client, path):
    forms = Forms(client.get(path).text).forms
    return next(form["fields"] for form in forms if "valid_from" in form["fields"])


FOUNDING = {
    "kind": "joint_group",
    "name": "Kelompok Usaha Lereng",
    "short_name": "Lereng",
    "district": "Kertek, Wonosobo",
}


def test_a_group_is_opened_with_the_usual_terms(desk):
    answer = send(desk, "/kelola/organisasi/baru", **FOUNDING)
    assert answer.status_code == 303
    page = desk.get(answer.location).text
    assert "Kelompok Usaha Lereng" in page
    assert "Koperasi 5\u00a0%, kios 10\u00a0%" in page
    assert "Kelompok Usaha Lereng" in desk.get("/kelola/organisasi").text


def test_a_second_group_of_the_same_name_gets_a_sentence(desk):
    send(desk, "/kelola/organisasi/baru", **FOUNDING)
    answer = send(desk, "/kelola/organisasi/baru", **FOUNDING)
    assert "Alamat pendek ini sudah dipakai" in answer.text
    assert 'value="Kelompok Usaha Lereng"' in answer.text


def test_a_kiosk_is_opened_and_closed(desk):
    home = a_cooperative()
    path = f"/kelola/organisasi/{home.id}"
    sent = {"kind": "kiosk", "name": "Kios Pasar", "district": "Kertek", "is_pickup": "y"}
    answer = send(desk, f"{path}/tempat/baru", **sent, weekdays="07.00-19.00")
    assert answer.status_code == 303
    made = db.session.query(Place).filter_by(slug="kios-pasar").one()
    assert (made.is_pickup, made.opening_hours) == (True, {"mon_sat": "07.00-19.00"})
    send(desk, f"{path}/tempat/baru", **sent)
    token = token_in(desk.get(path))
    desk.post(f"{path}/tempat/{made.id}/tutup", data={"csrf_token": token})
    db.session.expire_all()
    assert made.closed_at is not None


def test_a_place_is_closed_under_its_own_organisation_only(desk):
    home, other = a_cooperative(), a_cooperative()
    place = a_place("kiosk", other)
    path = f"/kelola/organisasi/{home.id}"
    token = token_in(desk.get(f"{path}/tempat/baru"))
    answer = desk.post(f"{path}/tempat/{place.id}/tutup", data={"csrf_token": token})
    assert answer.status_code == 404


def test_lower_fees_are_written_for_today_and_old_lots_keep_theirs(desk):
    home = a_cooperative()
    path = f"/kelola/organisasi/{home.id}/ketentuan"
    shown = terms_as_shown(desk, path)
    assert shown["kiosk_counter_kiosk"] == "10"
    lower = shown | {"kiosk_counter_kiosk": "7,5", "valid_from": clock.today().isoformat()}
    promised = {"invited_counter_kiosk": "2", "inviter_payer_counter_kiosk": "cooperative"}
    promised |= {"off_counter_kiosk": "5", "off_payer_counter_kiosk": "kiosk"}
    assert desk.post(path, data=lower | promised).status_code == 303
    sheet = consignment.current_terms(db.session(), home.id)
    rate = sheet.rates["counter", "kiosk"]
    assert (sheet.version, rate.kiosk_bp) == (2, 750)
    assert (rate.affiliate_bp, rate.affiliate_payer) == (200, "cooperative")
    assert (rate.discount_bp, rate.discount_payer) == (500, "kiosk")


def test_higher_fees_are_announced_first(desk):
    home = a_cooperative()
    path = f"/kelola/organisasi/{home.id}/ketentuan"
    higher = terms_as_shown(desk, path) | {"kiosk_counter_kiosk": "12"}
    soon = higher | {"valid_from": (clock.today() + timedelta(days=29)).isoformat()}
    answer = desk.post(path, data=soon)
    assert "diumumkan 30 hari sebelumnya" in answer.text
    assert 'value="12"' in answer.text
    assert desk.post(path, data=higher).status_code == 303


@pytest.mark.parametrize("typed", ["101", "-1", "lima", "5,555", "1e3", "²"])
def test_an_odd_percentage_gets_a_sentence(desk, typed):
    home = a_cooperative()
    path = f"/kelola/organisasi/{home.id}/ketentuan"
    answer = desk.post(path, data=terms_as_shown(desk, path) | {"kiosk_counter_kiosk": typed})
    assert answer.status_code == 200
    assert "Tulis persen dari 0 sampai 100" in answer.text or "Terlalu panjang" in answer.text


@pytest.mark.parametrize(
    ("typed", "points"), [("5", 500), ("7,5", 750), ("7.25", 725), ("0", 0), ("100", 10_000)]
)
def test_a_percentage_is_kept_in_basis_points(app, typed, points):
    with app.test_request_context(method="POST", data={"kiosk_web_home": typed}):
        field = TermsForm()["kiosk_web_home"]
    assert field.data == points
    assert field._read(PercentField._write(field, points)) == points


def test_a_whole_that_is_too_much_is_refused(desk):
    home = a_cooperative()
    path = f"/kelola/organisasi/{home.id}/ketentuan"
    too_much = terms_as_shown(desk, path) | {"kiosk_web_home": "60", "operator_web_home": "60"}
    assert "paling banyak 100 persen" in desk.post(path, data=too_much).text


def test_strangers_learn_nothing(app):
    home, stranger = a_cooperative(), an_actor("Orang")
    for forbidden in (
        lambda: board.list_all(db.session(), stranger),
        lambda: board.whole(db.session(), stranger, home.id),
    ):
        with pytest.raises(NotFound):
            forbidden()
