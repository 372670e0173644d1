"""Her notebook on the screen: her own pages, in words, behind her PIN, and no buyer in it."""

import re
from datetime import timedelta
from urllib.parse import unquote

import pytest
import time_machine

from cooperatives.accounts import Owner
from core import clock
from core.actors import Actor
from core.second_factor import FRESH
from sellers.rights import SELL
from tests.cooperatives.books_factories import COUNTER, earned_sale, parties
from tests.cooperatives.factories import a_cooperative, a_seller
from tests.factories import a_person, give, sign_in

pytestmark = pytest.mark.service
PHONES = iter(range(1_000, 9_999))


def a_mother(app, cooperative=None):
    """A signed-in browser of a maker with a shop of her own."""
    phone = f"08136666{next(PHONES)}"
    person = a_person("Nur", phone="+62" + phone[1:])
    seller = a_seller(cooperative or a_cooperative(), person_id=person.id)
    give(Actor(person.id), SELL, seller.id)
    browser = app.test_client()
    sign_in(browser, phone=phone)
    browser.person_id, browser.seller = person.id, seller
    return browser


@pytest.fixture
def nur(app):
    """A mother who sold at home and at the kiosk this month."""
    nur = a_mother(app)
    owner = Owner(person_id=nur.person_id)
    at_home = parties(owner, nur.seller.organisation_id)
    kiosk = (nur.seller.organisation_id, "terminal")
    earned_sale((at_home, 84_000))
    earned_sale(
        (parties(owner, nur.seller.organisation_id, kiosk=kiosk), 20_000),
        (parties(None, nur.seller.organisation_id, kiosk=kiosk), 50_000),
        rate=COUNTER,
    )
    return nur


def amounts_in(table):
    """The signed amounts of a notebook."""
    return [
        int(digits.replace(".", "")) * (-1 if sign == "−" else 1)
        for sign, digits in re.findall(r"([−+])Rp\xa0([\d.]+)", table)
    ]


def test_the_page_adds_up_and_names_every_cut(nur):
    page = nur.get("/ibu/uang").text
    table = re.search('<table class="table notebook">.*?</table>', page, re.DOTALL)[0]
    assert amounts_in(table) == [78_120, 17_000]
    foot = table.partition("<tfoot>")[2]
    assert "Rp\xa095.120" in foot
    assert "Potongan koperasi Rp\xa04.200\nPotongan pengelola Rp\xa01.680" in table
    assert "Potongan koperasi Rp\xa01.000\nPotongan kios Rp\xa02.000" in table
    assert "Uang Rp\xa095.120 dibayarkan hari" in page


def test_a_line_opens_into_its_parts(nur):
    address = re.search(r"/ibu/uang/catatan/\d+", nur.get("/ibu/uang").text)[0]
    page = nur.get(address).text
    for words in ("Harga barang", "Rp\xa084.000", "−Rp\xa04.200", "−Rp\xa01.680", "Rp\xa078.120"):
        assert words in page


def test_nobody_else_opens_it(app, nur):
    address = re.search(r"/ibu/uang/catatan/\d+", nur.get("/ibu/uang").text)[0]
    other = a_mother(app)
    assert other.get(address).status_code == 404
    assert "Rp\xa084.000" not in other.get("/ibu/uang").text
    assert other.get("/ibu/uang/catatan/99999999999999999999").status_code == 404


@pytest.mark.parametrize("path", ["", "/minggu", "/catatan/1"])
def test_money_asks_for_the_pin_again_after_ten_minutes(app, path):
    with time_machine.travel(clock.now(), tick=False) as time:
        nur = a_mother(app)
        time.shift(FRESH)
        answer = nur.get(f"/ibu/uang{path}")
    assert answer.status_code == 303
    assert answer.location.startswith("/akun/pastikan")


@pytest.mark.parametrize("asked", ["2026-13", "0000-01", "abc", "2099-12", "2026-11' or 1"])
def test_an_odd_month_is_this_month_or_empty(nur, asked):
    answer = nur.get("/ibu/uang", query_string={"bulan": asked})
    assert answer.status_code == 200


def test_a_month_carries_over_what_was_not_paid(nur):
    later = (clock.today().replace(day=1) + timedelta(days=32)).replace(day=1)
    page = nur.get(f"/ibu/uang?bulan={later:%Y-%m}").text
    assert "Belum ada catatan bulan ini" in page
    before = (clock.today().replace(day=1) - timedelta(days=1)).replace(day=1)
    assert "Belum ada catatan bulan ini" in nur.get(f"/ibu/uang?bulan={before:%Y-%m}").text


def test_her_months_are_drawn_and_written(nur):
    page = nur.get("/ibu/uang").text
    assert page.count('class="months-bar"') == 6
    assert 'aria-hidden="true"' in page
    assert "Bagian Ibu setiap bulan" in page


def test_the_week_goes_to_whatsapp_as_a_text(nur):
    page = nur.get("/ibu/uang/minggu").text
    text = unquote(re.search(r'https://wa.me/\?text=([^"]+)', page)[1])
    assert text.startswith("Uang Bu Nur, ")
    assert "Harga barang: Rp\xa0104.000" in text
    assert "Belum dibayarkan: Rp\xa095.120" in text
    assert "Belum ada uang masuk minggu ini." in nur.get("/ibu/uang/minggu?lalu=3").text


def test_a_mother_without_sales_is_told_what_comes_first(app):
    page = a_mother(app).get("/ibu/uang").text
    assert "Uang masuk setelah barang sampai" in page
    assert "months-bar" not in page
