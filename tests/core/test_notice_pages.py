"""My messages: mine alone, in my language, read and unread in words."""

import pytest
from flask_babel import lazy_gettext as _l

from core import notify
from core.db import in_transaction
from tests.factories import a_person, sign_in, token_in

pytestmark = pytest.mark.service


@in_transaction()
def tell(db, *, person, event="order:1:paid", link="/akun", title="Akun", text="Keluar"):
    notify.tell(db, event_key=event, people=[person.id], title=_l(title), text=_l(text), link=link)


@pytest.fixture
def hers(client):
    person = a_person()
    sign_in(client)
    return person


def of(session, person):
    session.expire_all()
    return notify.list_for(session, person.id)


def test_an_empty_page_says_what_will_come(client, hers):
    assert "Belum ada pesan" in client.get("/akun/pesan").text


def test_she_sees_what_is_new_and_reading_leads_on(client, hers, session):
    tell(person=hers)
    page = client.get("/akun/pesan")
    assert "1 pesan belum dibaca" in page.text
    notice = of(session, hers)[0]
    data = {"csrf_token": token_in(page)}
    answer = client.post(f"/akun/pesan/{notice.id}/baca", data=data)
    assert (answer.status_code, answer.location) == (303, "/akun")
    assert of(session, hers)[0].read_at is not None
    page = client.get("/akun/pesan").text
    assert "belum dibaca" not in page
    assert "sudah dibaca" in page


def test_reading_again_keeps_the_first_moment(client, hers, session):
    tell(person=hers)
    data = {"csrf_token": token_in(client.get("/akun/pesan"))}
    notice_id = of(session, hers)[0].id
    client.post(f"/akun/pesan/{notice_id}/baca", data=data)
    first = of(session, hers)[0].read_at
    client.post(f"/akun/pesan/{notice_id}/baca", data=data)
    assert of(session, hers)[0].read_at == first


def test_nobody_reads_the_message_of_somebody_else(client, hers, session):
    stranger = a_person("Lain", phone="+6281299998888")
    tell(person=stranger, title="Masuk")
    page = client.get("/akun/pesan")
    assert "belum dibaca" not in page.text
    notice = of(session, stranger)[0]
    data = {"csrf_token": token_in(client.get("/akun"))}
    assert client.post(f"/akun/pesan/{notice.id}/baca", data=data).status_code == 404
    client.post("/akun/pesan/baca-semua", data=data)
    assert of(session, stranger)[0].read_at is None


def test_all_are_read_at_once(client, hers, session):
    for number in range(3):
        tell(person=hers, event=f"order:{number}:paid")
    data = {"csrf_token": token_in(client.get("/akun/pesan"))}
    assert client.post("/akun/pesan/baca-semua", data=data).status_code == 303
    assert notify.count(session, hers.id) == (3, 0)


def test_a_long_list_has_pages(client, hers):
    for number in range(notify.PAGE_SIZE + 1):
        tell(person=hers, event=f"order:{number}:paid", text=f"Kabar ke-{number}.")
    assert "Kabar ke-0." not in client.get("/akun/pesan").text
    assert "Kabar ke-0." in client.get("/akun/pesan?hal=2").text


@pytest.mark.parametrize(
    ("languages", "title"),
    [(["en", "id"], "Account"), (["id", "en"], "Akun"), (["jv", "en"], "Account"), ([], "Akun")],
)
def test_each_reads_in_her_own_language(session, languages, title):
    person = a_person()
    person.languages = languages
    session.commit()
    tell(person=person)
    assert of(session, person)[0].title == title


def test_one_event_speaks_to_each_in_her_own(session):
    one, other = a_person("Satu"), a_person("Dua")
    other.languages = ["en"]
    session.commit()
    tell(person=other)
    tell(person=one)
    assert [of(session, each)[0].title for each in (one, other)] == ["Akun", "Account"]
