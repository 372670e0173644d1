"""Goods in and the shelf on a phone: a basket taken in without signal comes once."""

import io
from types import SimpleNamespace

import pytest
from PIL import Image
from playwright.sync_api import expect

from app import create_app
from cooperatives.models import ConsignNote, ConsignPhoto, Level
from cooperatives.rights import KEEP
from core import access, doctor, signin
from core.actors import SYSTEM
from core.db import db
from sellers.rights import SELL
from tests import weak_signal
from tests.conftest import environ
from tests.cooperatives.factories import (
    a_cooperative,
    a_listing,
    a_lot,
    a_place,
    a_seller,
    a_variant,
)
from tests.cooperatives.receiving.factories import a_note, an_offered
from tests.cooperatives.shelf.factories import a_shipment
from tests.factories import PIN, an_actor, give
from tests.journeys.conftest import PHONE, Visit
from tests.journeys.test_without_signal import bar, killed, sign_in
from tests.shop import serving

pytestmark = [pytest.mark.browser, pytest.mark.timeout(600)]
DESK = "/kios-kerja/terima"
OPEN_ALL = "for (const each of document.querySelectorAll('main details')) each.open = true"


def a_kiosk_with_its_makers():
    """Two makers of one cooperative; the first offers twenty."""
    cooperative = a_cooperative()
    kiosk = a_place("kiosk", cooperative)
    owners = [a_seller(cooperative) for _n in range(2)]
    variants = [a_variant(a_listing(owner)) for owner in owners]
    an_offered(kiosk, owners[0], variants[0], 20)
    return SimpleNamespace(kiosk=kiosk, owners=owners, variants=variants)


@pytest.fixture
def town(own_database):
    app = create_app(environ(own_database))
    with app.app_context():
        town = a_kiosk_with_its_makers()
        person = signin.register(
            actor=SYSTEM, name="Harti", call_me="Bu Harti", phone="+6281234567899", pin=PIN
        )
        access.give(actor=SYSTEM, person_id=person.id, right=KEEP, subject_id=town.kiosk.id)
        db.session.commit()
        town.url = own_database
        yield town
        db.session.remove()
        db.engine.dispose()


@pytest.fixture
def line(town):
    with serving.web(town.url) as web, weak_signal.before(web.port, seed=11) as found:
        yield found


@pytest.fixture
def hers(browser, line):
    context = browser.new_context(viewport=PHONE, has_touch=True, is_mobile=True, locale="id-ID")
    context.set_default_timeout(90_000)
    visit = Visit(context, line.address)
    sign_in(visit, DESK)
    yield visit
    context.close()


def a_photo():
    file = io.BytesIO()
    Image.new("RGB", (800, 600), "olive").save(file, "JPEG")
    return {"name": "barang.jpg", "mimeType": "image/jpeg", "buffer": file.getvalue()}


def written():
    db.session.rollback()
    return db.session.query(ConsignNote).order_by(ConsignNote.serial).all()


def test_a_basket_taken_in_without_signal_comes_once(town, line, hers):
    hers.go(DESK)
    hers.page.wait_for_load_state("networkidle")
    hers.must_be_usable()
    line.off()
    hers = killed(hers)
    hers.go(DESK)
    first, variant = town.owners[0], town.variants[0]
    owner = hers.page.locator(f"#siapa-{first.id}")
    owner.locator("summary").first.click()
    expect(owner.locator(f"[name=jumlah-{variant.id}]")).to_have_value("20")
    owner.locator(f"[name=jumlah-{variant.id}]").fill("18")
    owner.locator("input[type=file]").set_input_files(a_photo())
    expect(owner.locator("[data-photo-said]")).to_contain_text("tersimpan di HP")
    owner.get_by_role("button", name="Simpan, buat nota titip").click()
    expect(bar(hers)).to_contain_text("1 belum terkirim")
    hers.keep("goods-in-no-signal")
    hers = killed(hers)
    line.on()
    line.lose_answer(b"POST /kirim")
    hers.go(DESK)
    expect(bar(hers)).to_contain_text("Terkirim", timeout=120_000)
    (note,) = written()
    assert (note.owner_id, note.offer_id is not None) == (first.id, True)
    assert db.session.query(Level.on_hand).filter_by(place_id=town.kiosk.id).all() == [(18,)]
    assert db.session.query(ConsignPhoto).one().note_id == note.id
    assert doctor.examine() == []


@pytest.fixture
def shelf(committed):
    """A keeper who also sells, with goods, a note and a box on its way."""
    found = a_kiosk_with_its_makers()
    found.actor = an_actor()
    give(found.actor, KEEP, found.kiosk.id)
    give(found.actor, SELL, found.owners[0].id)
    found.note = a_note(found.kiosk, found.owners[0], found.variants[0], 6)
    lot = a_lot(found.variants[1], found.kiosk, 9, days=3)
    found.shipment = a_shipment(found.kiosk, a_place("bazaar"), lot)
    return found


def test_every_page_of_kiosk_and_maker_can_be_used_on_a_phone(shelf, phone):
    phone.sign_in()
    rak = "/kios-kerja/rak"
    for path, name in (
        (DESK, "goods-in"),
        (f"{DESK}/nota/{shelf.note.id}", "consign-note"),
        (rak, "shelf"),
        (f"{rak}?urut=tarik", "shelf-pull"),
        (f"{rak}?urut=habis", "shelf-few"),
        (f"{rak}?pemilik={shelf.owners[0].id}", "shelf-owner"),
        ("/kios-kerja/kiriman", "shipments"),
        (f"/kios-kerja/kiriman/{shelf.shipment.id}", "shipment"),
        ("/ibu/titip", "consigned"),
        ("/ibu/titip/tawarkan", "offer"),
        (f"/ibu/titip/nota/{shelf.note.id}", "her-note"),
    ):
        phone.go(path)
        phone.page.evaluate(OPEN_ALL)
        phone.keep(name)
        phone.must_be_usable()
