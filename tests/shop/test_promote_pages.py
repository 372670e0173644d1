"""A text ready to be passed on, with a link of her own whose visits are counted."""

import html
import re
from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
import time_machine

from core import clock, privacy
from core.actors import Actor
from core.db import db
from orders.models import Line
from sellers import affiliates, inviters
from sellers.models import Listing, Referral
from tests.cooperatives.factories import a_listing, a_lot, a_variant, terms_with
from tests.factories import a_person, give, sign_in
from tests.orders.factories import SELL, a_market
from tests.shop.buying import check, fill, press

pytestmark = pytest.mark.service
BROWSER = {"User-Agent": "Mozilla/5.0 (Linux; Android 9) Chrome/120 Mobile"}


@pytest.fixture
def market(app):
    built = a_market()
    db.session.get(Listing, built.batik.listing_id).published_at = clock.now()
    db.session.commit()
    return built


@pytest.fixture
def she(client):
    person = a_person("Umi")
    sign_in(client)
    return Actor(person.id)


def text_on(page):
    whatsapp = html.unescape(re.search(r'href="(https://wa.me/[^"]+)"', page)[1])
    return parse_qs(urlsplit(whatsapp).query)["text"][0]


def test_the_text_is_ready_and_its_link_is_hers(client, market, she):
    page = client.get(f"/ibu/promosi/{market.batik.listing_id}").text
    text = text_on(page)
    assert text.splitlines()[0] == "Batik Carica, Rp\u00a0185.000"
    assert len(text) <= 700
    code = re.search(r"/ajak/([\w-]+)$", text)[1]
    assert db.session.get(Referral, code).person_id == she.person_id
    assert text_on(client.get(f"/ibu/promosi/{market.batik.listing_id}").text) == text


def test_a_visit_counts_once_a_day_and_leads_to_the_product(client, app, market, she):
    link = affiliates.link_to(actor=she, listing_id=market.batik.listing_id)
    guest = app.test_client()
    for _ in range(3):
        answer = guest.get(f"/ajak/{link.code}", headers=BROWSER)
        assert (answer.status_code, answer.location) == (303, f"/p/{link.slug}")
    other = {"REMOTE_ADDR": "127.0.0.2"}
    guest.get(f"/ajak/{link.code}", headers=BROWSER, environ_overrides=other)
    for agent in ("WhatsApp/2.23 A", "Googlebot/2.1", "facebookexternalhit/1.1"):
        far = {"REMOTE_ADDR": "127.0.0.3"}
        guest.get(f"/ajak/{link.code}", headers={"User-Agent": agent}, environ_overrides=far)
    client.get(f"/ajak/{link.code}", headers=BROWSER, environ_overrides={"REMOTE_ADDR": "::9"})
    assert visits(link) == 2  # Her own is none.


def lines():
    db.session.expire_all()
    return db.session.query(Line).filter_by(kind="goods").all()


def test_who_came_by_a_link_and_buys_within_its_days_brings_her_a_share(app, market, she):
    terms_with(market.cooperative, affiliate_bp=500, affiliate_payer="cooperative")
    lot = a_lot(market.batik, market.homes[1], 5, days=30)  # The first to go.
    link = affiliates.link_to(actor=she, listing_id=market.batik.listing_id)
    for days, person in ((6, she.person_id), (7, None)):
        guest = app.test_client()
        guest.get(f"/ajak/{link.code}", headers=BROWSER)
        with time_machine.travel(clock.now() + timedelta(days=days), tick=False):
            fill(guest, (market.batik, 1))
            press(guest, check(guest, (market.batik, 1), phone="0813 0000 1111"))
        newest = max(lines(), key=lambda line: line.id)
        assert (newest.lot_id, newest.affiliate_id) == (lot.id, person)


def test_she_reads_her_share_before_she_passes_it_on_and_the_text_says_it_is_paid(
    client, market, she
):
    path = f"/ibu/promosi/{market.batik.listing_id}"
    assert "#iklan" not in client.get(path).text
    terms_with(market.cooperative, affiliate_bp=250, affiliate_payer="cooperative")
    page = client.get(path).text
    assert "Bagian Ibu 2,5 % dari harga" in page.replace("\u00a0", " ")
    assert "diambil dari bagian koperasi" in page
    assert "#iklan\n" in text_on(page)


def test_her_code_stands_on_her_page(client, market, she):
    assert inviters.code_of("UMI") in client.get("/ibu/promosi").text


def test_who_sells_nothing_herself_reads_her_money_and_says_how_she_is_paid(client, she):
    for path in ("/ibu/uang", "/ibu/uang/terima"):
        assert client.get(path).status_code == 200


def visits(link):
    db.session.expire_all()
    return db.session.get(Referral, link.code).visits


@pytest.mark.parametrize("code", ["x", "0" * 12, "0" * 40, "%00", "%F0%9F%8D%8C"])
def test_a_wrong_link_leads_nowhere(client, market, code):
    assert client.get(f"/ajak/{code}").status_code == 404


def test_what_buyers_cannot_see_is_not_passed_on(client, market, she):
    draft = a_variant(a_listing(market.weaver, state="draft"))
    assert client.get(f"/ibu/promosi/{draft.listing_id}").status_code == 404


def test_the_maker_reads_who_passed_her_goods_on(client, app, market, she):
    assert "Belum ada yang dibagikan" in client.get("/ibu/promosi").text
    client.get(f"/ibu/promosi/{market.batik.listing_id}")
    assert "Batik Carica" in client.get("/ibu/promosi").text
    weaver = a_person("Sri", phone="+6281299998888")
    give(Actor(weaver.id), SELL, market.weaver.id)
    theirs = app.test_client()
    sign_in(theirs, phone="0812-9999-8888")
    assert "<b>Bu Umi</b>: Batik Carica" in theirs.get("/ibu/promosi").text
    assert "Bu Umi" not in app.test_client().get("/p/batik-carica").text


def test_her_links_go_with_her(session, market, she):
    affiliates.link_to(actor=she, listing_id=market.batik.listing_id)
    assert privacy.gather(session, she.person_id)["sellers"]["links"][0]["visits"] == 0
    privacy.erase(actor=she)
    assert session.query(Referral).count() == 0
