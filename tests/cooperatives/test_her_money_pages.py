"""Her notebook on the screen: her own pages, in words, behind her PIN, and no buyer in it."""

import re
from datetime import timedelta
from urllib.parse import unquote

import pytest
import time_machine
from sqlalchemy import text

from cooperatives import payouts, settlement
from cooperatives.accounts import Owner, Page
from cooperatives.models.books import Kind
from cooperatives.rights import COORDINATE
from core import clock
from core.actors import Actor
from core.db import db
from core.second_factor import FRESH
from sellers.rights import SELL
from tests.cooperatives.books_factories import (
    COUNTER,
    account_of,
    bank,
    earned_sale,
    parties,
    wait_until_decided,
)
from tests.cooperatives.factories import a_cooperative, a_seller
from tests.cooperatives.test_books_pages import browser_of
from tests.factories import a_person, give, send, sign_in, token_in

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


def fill_in(mother, **more):
    account = {"way": "bank", "bank": "bri", "number": "012345678901", "name": "Nurhayati"}
    return send(mother, "/ibu/uang/terima/ganti", **{**account, **more})


def test_she_changes_how_she_is_paid_and_stops_it_again(nur):
    assert fill_in(nur).status_code == 303
    page = nur.get("/ibu/uang/terima").text
    assert "BRI ••••8901" in page
    assert "Cara terima uang Ibu sedang diganti" in nur.get("/ibu/uang").text
    assert "Cara terima uang Ibu sedang diganti" in nur.get("/ibu").text
    assert "Masih ada perubahan yang menunggu" in fill_in(nur, number="98765432101").text
    stop = re.search(r"/ibu/uang/terima/\d+/hentikan", page)[0]
    send(nur, stop, page="/ibu/uang/terima")
    assert "sedang diganti" not in nur.get("/ibu/uang/terima").text


def test_without_her_pin_she_still_stops_it_but_sees_no_account(app):
    with time_machine.travel(clock.now(), tick=False) as time:
        nur = a_mother(app)
        fill_in(nur)
        time.shift(FRESH)
        page = nur.get("/ibu/uang/terima").text
        assert "••••" not in page
        stop = re.search(r"/ibu/uang/terima/\d+/hentikan", page)[0]
        assert send(nur, stop, page="/ibu/uang/terima").location.endswith("/ibu/uang/terima")
        answer = nur.get("/ibu/uang/terima/ganti")
        assert answer.location.startswith("/akun/pastikan")
    assert "sedang diganti" not in nur.get("/ibu/uang/terima").text


@pytest.mark.parametrize(
    ("more", "sentence"),
    [
        ({"number": ""}, "Nomor rekening belum diisi."),
        ({"name": ""}, "Nama pemilik rekening belum diisi."),
        ({"number": "12"}, "Nomor ini belum cocok."),
        ({"bank": "lain"}, "Pilih dari daftar ini."),
        ({"way": "cash"}, "Ibu sudah menerima uang dengan cara ini."),
        ({"way": "x"}, "Pilih dari daftar ini."),
    ],
)
def test_what_cannot_be_is_said_beside_its_field(nur, more, sentence):
    answer = fill_in(nur, **more)
    assert answer.status_code == 200
    assert sentence in answer.text


def test_a_wrong_pin_on_the_way_is_told_upwards(app):
    with time_machine.travel(clock.now(), tick=False) as time:
        nur = a_mother(app)
        time.shift(FRESH)
        asked = nur.get("/ibu/uang/terima/ganti").location
        send(nur, asked, pin="111111")
    waiting = db.session.execute(
        text("select args from procrastinate_jobs where task_name = 'cooperatives.pay_way_missed'")
    ).scalars()
    assert [facts["towards"] for facts in waiting] == ["/ibu/uang/terima/ganti"]


def test_a_treasurer_sees_the_account_only_when_she_begins(app, nur):
    fill_in(nur)
    with time_machine.travel(clock.now() + timedelta(hours=73), tick=False):
        rini = browser_of(app, nur.seller.organisation_id)
        wati = browser_of(app, nur.seller.organisation_id)
        umi = browser_of(app, nur.seller.organisation_id, COORDINATE)
        page = Page(Kind.MAKER, nur.seller.organisation_id, Owner(person_id=nur.person_id))
        wait_until_decided()
        owed = settlement.close(actor=rini.actor, account_id=account_of(page))
        payout = payouts.prepare(
            actor=rini.actor, settlement_id=owed.id, source_id=account_of(bank())
        )
        payouts.approve(actor=wati.actor, payout_id=payout.id)
        address = f"/kas/bayar/{payout.id}"
        before = rini.get(address).text
        assert "BRI ••••8901" in before
        assert "012345678901" not in before
        send(rini, f"{address}/rekening", page=address)
        assert "012345678901" in rini.get(address).text
        assert "Nurhayati" in rini.get(address).text
        assert "012345678901" not in umi.get(address).text


def test_a_treasurer_is_told_to_wait(app, nur):
    rini = browser_of(app, nur.seller.organisation_id)
    wati = browser_of(app, nur.seller.organisation_id)
    page = Page(Kind.MAKER, nur.seller.organisation_id, Owner(person_id=nur.person_id))
    wait_until_decided()
    owed = settlement.close(actor=rini.actor, account_id=account_of(page))
    payout = payouts.prepare(actor=rini.actor, settlement_id=owed.id, source_id=account_of(bank()))
    payouts.approve(actor=wati.actor, payout_id=payout.id)
    address = f"/kas/bayar/{payout.id}"
    token = token_in(rini.get(address))
    fill_in(nur)
    assert "Jangan kirim sebelum" in rini.get(address).text
    data = {"csrf_token": token, "reference_no": "TRX-1"}
    answer = rini.post(f"{address}/kirim", data=data)
    assert "Penerima sedang mengganti cara terima uang." in answer.text
