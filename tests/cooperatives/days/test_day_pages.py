"""The pages of a kiosk's day, as keepers, the coordinator and the treasurer see them."""

import re

import pytest

from cooperatives.days import bags
from cooperatives.models import Bag, DrawerCount
from cooperatives.rights import COORDINATE, KEEP, TREASURE
from core import signin
from core.db import db
from core.visitor import SESSION_KEY
from tests.cooperatives.days.factories import (
    a_kiosk,
    close,
    counted,
    holding,
    in_bank,
    in_drawer,
    odd,
    open_day,
    packed,
    sold,
)
from tests.factories import send, token_in

pytestmark = pytest.mark.service


@pytest.fixture
def kiosk(app):
    found = a_kiosk()
    sold(kiosk=found, amount=152_500)
    sold(kiosk=found, amount=20_000, way="qris")
    return found


def as_(app, actor):
    browser = app.test_client()
    with browser.session_transaction() as cookie:
        cookie[SESSION_KEY] = signin.open_sign_in(actor=actor, device="x")
    return browser


@pytest.fixture
def keeper(app, kiosk):
    return as_(app, kiosk.keeper)


def hidden(page):
    """The values a page hands on."""
    boxes = re.findall(r"<input[^>]*type=\"hidden\"[^>]*>", page.text)
    return {
        re.search(r'name="([^"]*)"', box)[1]: re.search(r'value="([^"]*)"', box)[1]
        for box in boxes
        if "value=" in box
    }


PIECES = {"piece_100000": "1", "piece_50000": "1", "piece_2000": "1", "piece_500": "1"}


def look(keeper, **typed):
    """Step one: count, and look at what should be there."""
    page = keeper.get("/kios-kerja/tutup")
    return keeper.post(
        "/kios-kerja/tutup", data={**hidden(page), **PIECES, "qris": "20000"} | typed
    )


def shut(keeper, page, **typed):
    return keeper.post("/kios-kerja/tutup", data={**hidden(page), "close": "1", **typed})


def test_she_counts_before_she_sees_what_should_be_there(keeper):
    page = keeper.get("/kios-kerja/tutup")
    assert "152.500" not in page.text
    assert "152.500" in look(keeper).text


def test_a_day_that_fits_is_closed_in_three_steps(keeper, kiosk):
    answer = shut(keeper, look(keeper), leave="100.000")
    assert answer.status_code == 303
    report = keeper.get(answer.location)
    assert "Cocok" in report.text
    assert in_drawer(kiosk) == 100_000
    assert db.session.query(Bag).one().amount == 52_500
    assert "Laporan hari ke-1" in report.text
    none = keeper.get("/kios-kerja/tutup")
    assert "Sudah ditutup" in none.text


def test_what_differs_asks_for_its_reason_beside_it_and_keeps_what_was_typed(keeper, kiosk):
    page = look(keeper, piece_2000="0")
    assert "Kenapa uang tunai berbeda?" in page.text
    assert "Kenapa QRIS berbeda?" not in page.text
    again = shut(keeper, page, leave="5rb")
    assert again.status_code == 200
    assert "Pilih sebab selisihnya" in again.text
    assert 'value="5.000"' in again.text or 'value="5rb"' in again.text
    done = shut(keeper, again, leave="5rb", reason_cash="change")
    assert done.status_code == 303
    assert odd(kiosk) == 2_000
    assert "Salah memberi kembalian" in keeper.get(done.location).text


def test_a_sale_in_between_is_told_and_the_new_figures_are_shown(keeper, kiosk):
    page = look(keeper)
    sold(kiosk=kiosk, amount=1_000)
    again = shut(keeper, page, leave="0")
    assert "Ada catatan baru yang masuk" in again.text
    assert "153.500" in again.text
    assert open_day(kiosk).closed_at is None


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"piece_500": "-1"}, "Tulis angka bulat"),
        ({"piece_500": "banyak"}, "Tulis angka bulat"),
        ({"qris": ""}, "Angkanya belum diisi"),
        ({"qris": "x" * 500}, "Terlalu panjang"),
        (dict.fromkeys(PIECES, ""), "Tulis isi laci"),
    ],
)
def test_odd_input_is_told_beside_its_box(keeper, typed, said):
    answer = look(keeper, **typed)
    assert answer.status_code == 200
    assert said in answer.text
    assert "152.500" not in answer.text


@pytest.mark.parametrize(
    "forged",
    [
        {"seen_cash": "abc", "leave": "0"},
        {"seen_cash": "9" * 40, "leave": "0"},
        {"day": "999999", "leave": "0"},
        {"leave": "-5"},
        {"leave": "1.000.000"},
        {"act": "nonsense", "leave": "x"},
    ],
)
def test_a_forged_close_closes_nothing(keeper, kiosk, forged):
    answer = shut(keeper, look(keeper), **forged)
    assert answer.status_code == 200
    assert open_day(kiosk).closed_at is None


def test_the_drawer_is_offered_by_one_and_taken_by_another(app, keeper, kiosk):
    page = keeper.get("/kios-kerja/ganti")
    page = keeper.post("/kios-kerja/ganti", data={**hidden(page), **PIECES, "piece_500": "0"})
    assert "Selisih ini milik giliran Ibu" in page.text
    data = {**hidden(page), "offer": "1", "reason_cash": "other"}
    again = keeper.post("/kios-kerja/ganti", data=data)
    assert "Untuk sebab lain" in again.text
    keeper.post("/kios-kerja/ganti", data=data | {"words_cash": "jatuh di jalan"})
    assert odd(kiosk) == 500
    (made,) = db.session.query(DrawerCount)
    assert "Laci menunggu diterima" in keeper.get("/kios-kerja/ganti").text
    other = as_(app, kiosk.other)
    page = other.get("/kios-kerja/ganti")
    assert "152.000" in page.text
    url = f"/kios-kerja/ganti/{made.id}/terima"
    assert other.post(url, data={"csrf_token": token_in(page)}).status_code == 303
    db.session.refresh(made)
    assert made.taken_by == kiosk.other.person_id
    day = open_day(kiosk)
    assert "menyerahkan kepada" in other.get(f"/kios-kerja/hari/{day.id}").text


def test_what_is_not_the_same_is_counted_anew(app, keeper, kiosk):
    from uuid import uuid4

    from cooperatives.days import shifts

    count_id = shifts.offer(
        actor=kiosk.keeper, act_id=uuid4(), place_id=kiosk.id, counted=counted(kiosk, 152_500)
    )
    other = as_(app, kiosk.other)
    send(other, f"/kios-kerja/ganti/{count_id}/kembali", "/kios-kerja/ganti", words="150 ribu")
    made = db.session.get(DrawerCount, count_id)
    assert (made.refusal, made.taken_by) == ("150 ribu", None)
    assert "Isi laci" in other.get("/kios-kerja/ganti").text


def test_cash_goes_to_the_bank_and_the_treasurer_says_that_it_came(app, keeper, kiosk):
    data = hidden(keeper.get("/kios-kerja/setor")) | {"amount": "1jt"}
    assert "Isi laci tidak sebanyak itu" in keeper.post("/kios-kerja/setor", data=data).text
    data["amount"] = "100rb"
    for _ in range(2):  # Sent twice, it is one bag.
        assert keeper.post("/kios-kerja/setor", data=data).status_code == 303
    bag = db.session.query(Bag).one()
    assert send(keeper, f"/kios-kerja/setor/{bag.id}", "/kios-kerja/setor").status_code == 303
    assert "Menunggu bendahara" in keeper.get("/kios-kerja/setor").text
    treasurer = as_(app, kiosk.treasurer)
    assert "Katanya sudah disetor" in treasurer.get("/kas/setoran").text
    wrong = send(treasurer, f"/kas/setoran/{bag.id}", "/kas/setoran", received="seratus")
    assert wrong.status_code == 200
    assert "seratus" in wrong.text
    send(treasurer, f"/kas/setoran/{bag.id}", "/kas/setoran", received="95.000")
    assert (in_bank(kiosk), odd(kiosk)) == (95_000, 5_000)
    assert "Tidak ada setoran di jalan" in treasurer.get("/kas/setoran").text


def test_a_slip_is_seen_by_who_carried_it_and_the_treasurer_and_no_other_keeper(app, kiosk):
    from core import files

    bag_id = packed(kiosk, 10_000)
    stored = files.store(b"\xff\xd8\xff\xe0photo")
    bags.bring(actor=kiosk.keeper, bag_id=bag_id, slip=stored)
    url = f"/kas/setoran/{bag_id}/bukti"
    statuses = [
        as_(app, actor).get(url).status_code
        for actor in (kiosk.keeper, kiosk.treasurer, kiosk.other)
    ]
    assert statuses == [200, 200, 404]


def test_a_treasurer_who_carried_it_asks_somebody_else(app, kiosk):
    access_too = holding(TREASURE, kiosk.organisation_id)
    from core import access
    from core.actors import SYSTEM

    access.give(actor=SYSTEM, person_id=access_too.person_id, right=KEEP, subject_id=kiosk.id)
    bag_id = packed(kiosk, 10_000, actor=access_too)
    both = as_(app, access_too)
    assert "Minta orang lain mengeceknya" in both.get("/kas/setoran").text
    answer = both.post(
        f"/kas/setoran/{bag_id}",
        data={"csrf_token": token_in(both.get("/akun")), "received": "10000"},
    )
    assert answer.status_code == 303
    assert in_bank(kiosk) == 0


def test_a_days_report_is_a_table_that_runs_no_formula(keeper, kiosk):
    cash = counted(kiosk, 150_000, reason="other", words="=1+1")
    day_id = close(kiosk, cash, 20_000)
    for wanted, begins in (("pdf", b"%PDF-"), ("xlsx", b"PK"), ("aneh", b"")):
        file = keeper.get(f"/kios-kerja/hari/{day_id}/unduh?bentuk={wanted}")
        assert (file.status_code, file.data.startswith(begins)) == (200, True)
    answer = keeper.get(f"/kios-kerja/hari/{day_id}/unduh")
    assert answer.status_code == 200
    rows = answer.get_data().decode("utf-8-sig").splitlines()
    assert rows[0] == "Jenis,Keterangan,Rupiah"
    assert "Uang tunai,Hasil hitung,150000" in rows
    assert not any(cell.startswith("=") for row in rows for cell in row.split(","))
    assert "attachment" in answer.headers["Content-Disposition"]


def test_who_coordinates_several_places_says_which(app, kiosk):
    from tests.cooperatives.factories import a_place

    a_place("bazaar", type("C", (), {"id": kiosk.organisation_id}))
    coordinator = as_(app, kiosk.coordinator)
    assert "Ibu sedang di mana?" in coordinator.get("/kios-kerja/tutup").text
    assert "Hitung isi laci dulu" in coordinator.get(f"/kios-kerja/tutup?kios={kiosk.slug}").text
    stranger = as_(app, holding(COORDINATE, a_kiosk().organisation_id))
    assert kiosk.slug not in stranger.get(f"/kios-kerja/tutup?kios={kiosk.slug}").text


def test_days_are_listed_newest_first(keeper, kiosk):
    assert "Masih buka" in keeper.get("/kios-kerja/hari").text
    close(kiosk, 152_500, 20_000)
    assert "Hari ke-1" in keeper.get("/kios-kerja/hari").text
