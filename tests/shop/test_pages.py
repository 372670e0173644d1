"""The pages of words: true figures, sentences one can read, and nothing the law forbids."""

import re
from datetime import timedelta

import brotli
import pytest

from cooperatives import consignment
from cooperatives.consignment import DEFAULT_RATES
from cooperatives.sharing import Rate
from core import clock
from core.actors import SYSTEM
from shop import pages
from shop.settings import ShopSettings
from tests.cooperatives.factories import a_cooperative

PUBLIC = ("/biaya", "/bantuan", "/privasi", "/syarat", "/aduan")
WORDS_MAX = 15


def test_of_a_hundred_thousand_the_maker_gets_what_a_sale_would_give_her():
    makers = [way.shares.maker for way in pages.share_out(DEFAULT_RATES, 100_000)]
    assert makers == [93_000, 93_000, 85_000, 95_000]


@pytest.mark.parametrize("price", [1, 7, 99, 12_345, 10**12])
def test_nothing_of_a_price_is_lost_and_the_drawing_fills_its_width(price):
    for way in pages.share_out(DEFAULT_RATES, price):
        assert sum(amount for _, amount in way.parts) == price
        assert way.bars[0].start == 0
        ends = [bar.start + bar.width for bar in way.bars]
        assert [bar.start for bar in way.bars[1:]] == ends[:-1]
        assert ends[-1] == pages.DRAWING_WIDTH


def test_a_way_the_terms_do_not_allow_is_not_shown():
    ways = pages.share_out({("bazaar", "bazaar"): Rate()}, 5_000)
    assert [(str(way.label), way.shares.maker) for way in ways] == [("Di bazar", 5_000)]


@pytest.mark.service
def test_the_terms_in_force_and_those_announced_are_told_apart(session):
    cooperative = a_cooperative("sendang")
    later = clock.today() + timedelta(days=40)
    higher = {**DEFAULT_RATES, ("web", "home"): Rate(cooperative_bp=900, operator_bp=200)}
    consignment.add_version(
        session, actor=SYSTEM, organisation_id=cooperative.id, valid_from=later, rates=higher
    )
    (house,) = pages.list_houses(session)
    assert house.current.version == 1
    assert [(sheet.version, sheet.valid_from) for sheet in house.announced] == [(2, later)]
    assert pages.rates_of([house], "sendang")["web", "home"].cooperative_bp == 500
    assert pages.rates_of([house], "elsewhere") == DEFAULT_RATES


@pytest.mark.service
def test_the_page_of_fees_computes_any_price_by_the_chosen_terms(client, session):
    cooperative = a_cooperative("sendang")
    for days, bp in ((0, 333), (31, 400)):
        consignment.add_version(
            session,
            actor=SYSTEM,
            organisation_id=cooperative.id,
            valid_from=clock.today() + timedelta(days=days),
            rates={**DEFAULT_RATES, ("web", "home"): Rate(cooperative_bp=bp)},
        )
    session.commit()
    theirs = client.get("/biaya?harga=25rb&koperasi=sendang").text
    assert "Rp\u00a024.167" in theirs  # 3,33 % of 25.000 is 832,5, which rounds up to 833.
    assert "sudah diumumkan" in theirs
    assert "Rp\u00a024.167" not in client.get("/biaya?harga=25rb").text


@pytest.mark.service
@pytest.mark.parametrize(
    "asked",
    ["harga=abc", "harga=0", "harga=-5", "harga=", "koperasi=x", "harga=%00", "harga=9" + "9" * 60],
)
def test_a_price_we_cannot_read_gets_a_sentence_and_the_example_stays(client, asked):
    answer = client.get(f"/biaya?{asked}")
    assert answer.status_code == 200
    assert "perlu dibetulkan" in answer.text
    assert "Rp\u00a093.000" in answer.text


@pytest.mark.service
def test_what_was_typed_stays_in_its_box(client):
    assert 'value="abc"' in client.get("/biaya?harga=abc").text


def shown(client, address):
    answer = client.get(address)
    assert answer.status_code == 200
    return answer.text


def sentences(page):
    """What a reader reads: the sentences of the main part, without drawings."""
    main = re.search(r"<main.*?</main>", page, re.DOTALL)[0]
    plain = re.sub(r"<svg.*?</svg>|<small.*?</small>", "", main, flags=re.DOTALL)
    pieces = re.split(r"<(?!/?b\b|/?span\b|/?a\b)[^>]*>", plain)
    text = [re.sub(r"<[^>]*>", "", piece) for piece in pieces]
    return [s.strip() for piece in text for s in re.split(r"[.?:!](?=\s|$)", piece) if s.strip()]


@pytest.mark.service
@pytest.mark.parametrize("address", PUBLIC)
def test_no_sentence_has_more_than_fifteen_words(client, address):
    page = shown(client, address)
    long = [s for s in sentences(page) if len(s.split()) > WORDS_MAX]
    assert long == []


@pytest.mark.service
@pytest.mark.parametrize("address", PUBLIC)
def test_a_public_page_fits_into_the_first_answer(client, address):
    for n in range(12):
        a_cooperative(f"koperasi-uji-{n}")
    page = client.get(address)
    assert page.status_code == 200
    weight = len(brotli.compress(page.data, quality=4)) + len(str(page.headers))
    assert weight <= 14_600


@pytest.mark.service
@pytest.mark.parametrize("address", PUBLIC)
def test_every_link_of_our_own_pages_leads_somewhere(client, address):
    main = re.search(r"<main.*?</main>", shown(client, address), re.DOTALL)[0]
    for target in set(re.findall(r'href="(/[^"]*)"', main)) - {"/cari"}:
        assert client.get(target.replace("&amp;", "&")).status_code in (200, 303), target


@pytest.mark.service
def test_figures_of_law_come_from_the_settings(app, client):
    app.extensions["settings"][ShopSettings] = ShopSettings(
        data_answer_days=41, compensation_days=43, books_years=47, sapa_phone="12345"
    )
    assert "41×24 jam" in client.get("/privasi").text
    assert "47 tahun" in client.get("/privasi").text
    assert "43 hari" in client.get("/syarat").text
    assert 'href="tel:12345"' in client.get("/bantuan").text


@pytest.mark.service
def test_the_terms_refuse_no_return_and_name_what_we_are(client):
    page = client.get("/syarat").text.lower()
    assert "lokapasar" in page
    assert "2 hari kerja" in page
    for forbidden in ("tidak dapat dikembalikan", "tidak bisa dikembalikan", "tidak menanggung"):
        assert forbidden not in page
    assert "tidak menyalurkan pekerja" in page
