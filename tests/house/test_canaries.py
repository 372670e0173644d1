"""What a woman keeps to herself is on no page, in no file and in no picture that strangers open.

The demo world is marked with words and numbers that stand nowhere else. Then strangers of each kind
follow every link they are shown, and nothing they are given may bear a mark that is not theirs.
"""

import io
import re
import uuid
from collections import Counter
from contextlib import suppress
from html import unescape
from urllib.parse import urlsplit
from zipfile import ZipFile

import pytest
from PIL import Image
from pypdf import PdfReader
from sqlalchemy import select
from werkzeug.exceptions import HTTPException
from werkzeug.routing import RequestRedirect

from app import create_app
from cooperatives import members, places
from cooperatives.members import Founding
from cooperatives.models import Place
from cooperatives.rights import COORDINATE, KEEP, TREASURE
from core import access, album, workbooks
from core.actors import SYSTEM, Actor
from core.db import db
from core.notices import Notice
from core.people import Person
from core.signin import HASHER
from sellers import photos
from sellers.models import Listing, Seller, Variant
from sellers.training.models import Cohort, Enrolment, Programme
from shop.demo import world
from tests.conftest import environ, make_database, server_url
from tests.factories import PIN, sign_in
from tests.house import buyers, pages

pytestmark = [pytest.mark.service, pytest.mark.timeout(400)]

OF_A_PAGE = {"guest": 40}  # A guest sees every maker and product, others some of each page.
OF_A_PAGE_ELSE = 6
GPS = 0x8825
ADDRESS = re.compile(r'(?:href|src|content|data-[a-z-]+)="([^"]+)"|srcset="([^"]+)"')
WAYS_OUT = ("/keluar", "/bahasa", "/static/")


@pytest.fixture(scope="module")
def marked(template_database, tmp_path_factory):
    """The demo world with marks; gives the app, and each maker's marks and phone by person's id."""
    name = f"canary_{uuid.uuid4().hex[:12]}"
    make_database(name, template_database)
    folder = str(tmp_path_factory.mktemp("storage"))
    app = create_app(environ(server_url(name), LUMBUNG_STORAGE_FOLDER=folder, LUMBUNG_DEMO="yes"))
    with app.app_context():
        world.load()
        buyers.settle_everybody()
        buyers.order_from_some()
        of_buyers = buyers.marks()
        marks = mark() | {buyers.THEIRS: of_buyers}
        send_a_photo()
        open_another_house()
        phones = {row.id: row.phone for row in db.session.execute(select(Person.id, Person.phone))}
        db.session.remove()
    yield app, marks, phones
    with app.app_context():
        db.engine.dispose()


def mark():
    """Put a mark into all that a maker keeps to herself."""
    hashed, marks = HASHER.hash(PIN), {}
    for seller in db.session.scalars(select(Seller).where(Seller.person_id.is_not(None))):
        person, sign = db.session.get(Person, seller.person_id), f"kanari{seller.id:03d}"
        person.phone, person.pin_hash = f"+628400000{500 + seller.id}", hashed
        person.email = f"surat-{sign}@example.org"
        seller.device, seller.signal = f"gawai-{sign}", f"sinyal-{sign}"
        for home in db.session.scalars(select(Place).where(Place.seller_id == seller.id)):
            home.village, home.landmark = f"desa-{sign}", f"patokan-{sign}"
        digits = r"[\s.\-\u2011]?".join(person.phone[3:])
        marks[person.id] = re.compile(f"{sign}|{digits}", re.IGNORECASE)
    db.session.commit()
    return marks


OTHERS = {"keeper": "+628400000901", "coordinator": "+628400000902", "treasurer": "+628400000903"}


def open_another_house():
    """A cooperative with a kiosk of its own, whose people have nothing to do with these makers."""
    house = members.found(
        actor=SYSTEM, founding=Founding(slug="tetangga", name="Tetangga", short_name="Tetangga")
    ).id
    kiosk = places.open_place(
        actor=SYSTEM, kind="kiosk", organisation_id=house, slug="kios-tetangga", name="Kios Sebelah"
    ).id
    held = {"keeper": (KEEP, kiosk), "coordinator": (COORDINATE, house)}
    held["treasurer"] = (TREASURE, house)
    for role, phone in OTHERS.items():
        person = Person(name=f"Tetangga {role}", call_me=role, phone=phone, languages=["id"],
                        pin_hash=HASHER.hash(PIN))  # fmt: skip
        db.session.add(person)
        db.session.commit()
        right, subject_id = held[role]
        access.give(actor=SYSTEM, person_id=person.id, right=right, subject_id=subject_id)


def of_other_houses(app, phone):
    """The makers who sell for no organisation that this person works for."""
    with app.app_context():
        person_id = db.session.scalars(select(Person.id).where(Person.phone == phone)).one()
        kiosks = access.subjects(db.session(), Actor(person_id), KEEP)
        of_kiosks = select(Place.organisation_id).where(Place.id.in_(kiosks))
        houses = access.subjects(db.session(), Actor(person_id), COORDINATE, TREASURE)
        houses |= set(db.session.scalars(of_kiosks))
        others = select(Seller.person_id).where(
            Seller.person_id.is_not(None), Seller.organisation_id.not_in(houses)
        )
        found = set(db.session.scalars(others))
        db.session.remove()
    assert houses
    return found


def send_a_photo():
    """A maker's phone wrote into her photo where she lives."""
    picture, sent = Image.new("RGB", (640, 480), "green"), io.BytesIO()
    noted = picture.getexif()
    noted.get_ifd(GPS).update({1: "S", 2: (7.0, 21.0, 33.0), 3: "E", 4: (109.0, 54.0, 12.0)})
    noted[0x010E] = "rumah-kanari"
    picture.save(sent, "JPEG", exif=noted, comment=b"rumah-kanari")
    tiwul = select(Variant.listing_id).where(Variant.sku == "LMB-S01-01")
    listing_id = db.session.scalars(tiwul).one()
    photo = photos.attach(actor=SYSTEM, listing_id=listing_id, content=sent.getvalue(), alt="Tiwul")
    album.redraw.run(picture_id=photo.id)


def text_of(answer):
    """What can be read in an answer, whatever it is."""
    if answer.mimetype == "application/pdf":
        read = PdfReader(io.BytesIO(answer.data)).pages
        return "\n".join(page.extract_text() for page in read)
    if answer.mimetype == workbooks.CONTENT_TYPE:
        with ZipFile(io.BytesIO(answer.data)) as book:
            return "\n".join(unescape(book.read(name).decode()) for name in book.namelist())
    if answer.mimetype.startswith("image/") and answer.mimetype != "image/svg+xml":
        picture = Image.open(io.BytesIO(answer.data))
        kept = [*picture.getexif().values(), *picture.info.values()]
        assert not picture.getexif().get_ifd(GPS), "a picture knows where it was taken"
        assert "rumah-kanari" not in str(kept)
        return str(kept)
    return unescape(answer.get_data(as_text=True))


def crawl(app, browser, of_a_page):
    """The addresses a visitor can reach by links, with what she reads there."""
    waiting, met, times = ["/", "/cari", "/akun", "/belajar", "/ibu", "/mobil"], set(), Counter()
    urls = app.url_map.bind("localhost")
    while waiting:
        address = waiting.pop(0)
        with suppress(HTTPException, RequestRedirect):
            endpoint, _blanks = urls.match(urlsplit(address).path)
            times[endpoint] += address not in met
        if address in met or address.startswith(WAYS_OUT) or times[endpoint] > of_a_page:
            continue
        met.add(address)
        answer = browser.get(address)
        assert answer.status_code < 500, address
        text = text_of(answer)
        found = [answer.location or ""]
        for one, many in ADDRESS.findall(text if answer.mimetype == "text/html" else ""):
            found += [one, *(part.split()[0] for part in many.split(",") if part.strip())]
        waiting += [link for link in map(own, found) if link and link not in met]
        yield address, text


def own(link):
    """A link into our own house without its fragment; nothing for others."""
    parts = urlsplit(link)
    if parts.netloc not in ("", "localhost") or not parts.path.startswith("/"):
        return ""
    return parts.path + (f"?{parts.query}" if parts.query else "")


def strangers(app, marks, phones):
    """A name, a browser, and whose marks she must not see."""
    yield "guest", app.test_client(), set(marks)
    for role in ("buyer", "observer", "facilitator"):
        browser = app.test_client()
        sign_in(browser, phone=pages.phones(role)[0], pin=pages.people.PIN)
        yield role, browser, set(marks) - {buyers.THEIRS}  # She may have bought something.
    for role, phone in OTHERS.items():
        browser = app.test_client()
        sign_in(browser, phone=phone)
        yield f"{role} next door", browser, set(marks)
    for role in OTHERS:
        browser, phone = app.test_client(), pages.phones(role)[0]
        sign_in(browser, phone=phone, pin=pages.people.PIN)
        yield f"{role} of the demo", browser, of_other_houses(app, phone)
    with app.app_context():
        senders = buyers.some_makers()
        db.session.remove()
    for person_id, _variant in senders:
        browser = app.test_client()
        sign_in(browser, phone=phones[person_id])
        yield f"maker {person_id}", browser, set(marks) - {person_id}


def test_nobody_reads_what_a_maker_or_a_buyer_keeps_to_herself(marked):
    """A maker reads of a buyer only where she sends her a parcel, and only meanwhile."""
    app, marks, phones = marked
    seen, named = {}, 0
    for who, browser, hidden in strangers(app, marks, phones):
        for address, text in crawl(app, browser, OF_A_PAGE.get(who, OF_A_PAGE_ELSE)):
            seen.setdefault(who, []).append(address)
            if who.startswith("keeper") and address.endswith("/wa"):
                continue  # She writes to whoever brought goods to her own kiosk.
            for person_id in hidden:
                found = marks[person_id].search(text)
                if found and person_id == buyers.THEIRS and buyers.she_sends(app, who, address):
                    named += 1
                    continue
                assert found is None, f"{who} reads {found[0]} at {address}"
    print({who: len(addresses) for who, addresses in seen.items()})
    assert len(seen["guest"]) > 150
    for role, work in (("keeper", "/kios"), ("coordinator", "/koord"), ("treasurer", "/kas")):
        for where in ("next door", "of the demo"):
            assert any(address.startswith(work) for address in seen[f"{role} {where}"]), role
    assert any(address.startswith("/media/") for address in seen["guest"])
    assert named, "nobody sends anything"
    for who in (who for who in seen if who.startswith("maker")):
        assert "/ibu/uang" in seen[who]
        assert any("/hitungan/" in one and one.endswith(".pdf") for one in seen[who])


def test_no_message_and_no_copy_of_her_data_names_a_buyer(marked):
    app, marks, phones = marked
    with app.app_context():
        senders = buyers.some_makers()
        told = select(Notice).where(Notice.person_id.in_(select(Seller.person_id)))
        messages = [
            f"{one.event_key} {one.title} {one.text} {one.params} {one.link}"
            for one in db.session.scalars(told)
        ]
        db.session.remove()
    for person_id, _variant in senders:
        browser = app.test_client()
        sign_in(browser, phone=phones[person_id])
        copied = browser.get("/akun/data/salinan.json")
        assert copied.status_code == 200
        messages.append(copied.text)
    assert len(messages) > 40
    for text in messages:
        found = marks[buyers.THEIRS].search(text)
        assert found is None, f"{found[0]} in {text[:200]}"


def test_the_marks_would_be_found(marked):
    _app, marks, phones = marked
    person_id, pattern = next(iter(marks.items()))
    phone = phones[person_id]
    local = "0" + phone[3:]
    for spelling in (phone, local, f"{local[:4]}-{local[4:8]}-{local[8:]}", phone[1:]):
        assert pattern.search(f"Telepon: {spelling}.")


def test_a_training_she_does_not_show_stands_on_no_page_of_hers(marked):
    app, _marks, _phones = marked
    guest, looked = app.test_client(), 0
    taken = (
        select(Seller.slug, Seller.id, Programme.name, Enrolment.is_shown)
        .join(Enrolment, Enrolment.person_id == Seller.person_id)
        .join(Cohort, Cohort.id == Enrolment.cohort_id)
        .join(Programme, Programme.id == Cohort.programme_id)
    )
    with app.app_context():
        rows = db.session.execute(taken).all()
        goods = db.session.execute(
            select(Listing.seller_id, Listing.slug).where(Listing.state == "live")
        ).all()
        db.session.remove()
    shown = {(row.id, row.name) for row in rows if row.is_shown}
    for row in rows:
        if (row.id, row.name) in shown:
            continue
        hers = [f"/p/{slug}" for seller_id, slug in goods if seller_id == row.id]
        for address in (f"/toko/{row.slug}", *hers):
            looked += 1
            assert row.name not in unescape(guest.get(address).text), address
    assert looked
