"""A text ready to be passed on, with a link of her own whose visits are counted."""

import html
import re
from urllib.parse import parse_qs, urlsplit

import pytest

from core import clock, privacy
from core.actors import Actor
from core.db import db
from sellers import affiliates
from sellers.models import Listing, Referral
from tests.cooperatives.factories import a_listing, a_variant
from tests.factories import a_person, give, sign_in
from tests.orders.factories import SELL, a_market

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
