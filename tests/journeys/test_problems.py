"""A buyer shows what is wrong with a photo, the seller answers, and the money goes back."""

import io
import re

import pytest
from PIL import Image
from playwright.sync_api import expect

from cooperatives.rights import TREASURE
from core.db import db
from orders.models import Refund
from orders.refund_accounts import Target
from tests.factories import a_person, give
from tests.orders.claim_factories import came
from tests.orders.factories import SELL, Actor, a_market
from tests.orders.test_claim_money import granted
from tests.orders.test_refund_accounts import give as give_account

pytestmark = pytest.mark.browser
PHONE = "0812-9999-8888"


def a_photo():
    file = io.BytesIO()
    Image.new("RGB", (900, 700), "#7a5b34").save(file, "JPEG")
    return {"name": "rusak.jpg", "mimeType": "image/jpeg", "buffer": file.getvalue()}


def enter(phone, right, subject_id):
    she = Actor(a_person("Wati", phone="+6281299998888").id)
    give(she, right, subject_id)
    phone.sign_in(PHONE)


def test_a_problem_from_photo_to_money_back(committed, phone, desk):
    market = a_market()
    placed, _parcel = came(market, (market.batik, 2))
    page = phone.go(f"/pesanan/{placed.code}").page
    page.get_by_role("link", name="Ada masalah dengan paket ini?").click()
    phone.must_be_usable()
    phone.keep("problem-1-form")
    page.get_by_role("button", name="Kirim laporan").click()
    expect(page.get_by_text("Ada isian yang perlu dibetulkan")).to_be_visible()
    phone.must_be_usable()
    phone.keep("problem-2-wrong")
    page.get_by_label("Batik Carica").fill("2")
    page.get_by_label("Barangnya salah").check()
    page.get_by_label("Foto barangnya").set_input_files(a_photo())
    page.get_by_label("Uang kembali").check()
    page.get_by_label("Ceritakan singkat").fill("Warnanya lain dari yang dipesan.")
    page.get_by_role("button", name="Kirim laporan").click()
    expect(page.get_by_text("Laporan Anda sudah kami terima.")).to_be_visible()
    phone.must_be_usable()
    phone.keep("problem-3-told")
    told = page.url.removeprefix(phone.address)

    enter(phone, SELL, market.weaver.id)
    phone.go("/ibu").must_be_usable()
    page.get_by_role("link", name=re.compile("Jawab keluhan pembeli")).click()
    phone.must_be_usable()
    phone.keep("problem-4-answer")
    page.get_by_label("Batik Carica").fill("1")
    page.get_by_label("Pesan untuk pembeli").fill("Satu memang keliru, maaf ya.")
    page.get_by_role("button", name="Kirim jawaban").click()
    expect(page.get_by_text("Giliran pembeli")).to_be_visible()
    phone.must_be_usable()
    phone.keep("problem-5-answered")

    phone.go(told).must_be_usable()
    phone.keep("problem-6-offer")
    desk.go(told).must_be_usable()
    desk.keep("problem-6-offer-wide")
    page.get_by_role("button", name="Ya, saya setuju").click()
    expect(page.get_by_text("Uang Anda dikembalikan")).to_be_visible()
    phone.go(f"/pesanan/{placed.code}").must_be_usable()
    phone.keep("problem-7-order")
    page.get_by_role("link", name="Isi rekening Anda").click()
    phone.must_be_usable()
    phone.keep("problem-8-account")
    page.get_by_label("Bank atau dompet digital").select_option("bri")
    page.get_by_label("Nomor rekening").fill("0123 4567 8901")
    page.get_by_label("Nama pemilik rekening").fill("Joko")
    page.get_by_label("Nomor HP pemesan").fill("0812-3456-7890")
    page.get_by_role("button", name="Simpan rekening").click()
    expect(page.get_by_text("catat dengan aman")).to_be_visible()
    db.session.expire_all()
    assert db.session.query(Refund).one().amount == 185_000


def test_a_treasurer_sees_where_the_money_goes(committed, phone):
    market = a_market()
    placed, parcel = came(market, (market.batik, 2))
    granted(market, parcel, 1)
    give_account(placed, Target("bri", "012345678901", "Joko"))
    refund = db.session.query(Refund).one()
    enter(phone, TREASURE, market.house)
    page = phone.go(f"/kas/kembali/{refund.id}").page
    phone.must_be_usable()
    phone.keep("problem-9-masked")
    page.get_by_role("button", name="Mulai kirim, lihat nomornya").click()
    expect(page.get_by_text("012345678901")).to_be_visible()
    phone.must_be_usable()
    phone.keep("problem-10-number")
