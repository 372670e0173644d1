"""The training car: its road is read by anybody, and whoever is signed in asks it to come."""

import pytest

from core import tasks
from core.actors import Actor
from core.db import db
from core.errors import NotFound
from core.notices import Notice
from core.phones import show
from sellers.training import car
from sellers.training.car import CarWish
from sellers.training.rights import TEACH
from tests.factories import sign_in, token_in
from tests.sellers.training.factories import (
    a_cohort,
    a_facilitator,
    a_phone,
    a_programme,
    a_provider,
    a_session,
    a_woman,
)

pytestmark = pytest.mark.service

KERTEK = "330708"


def a_road(provider, kinds=("car",), **more):
    """A programme with one session to come; gives its cohort."""
    programme_id = a_programme(provider, "Jualan dari HP", kinds=kinds)
    cohort_id = a_cohort(provider, programme_id=programme_id, name="Jalan")
    stop = {"days": 3, "place": "Balai Desa", "landmark": "Sebelah masjid"}
    a_session(cohort_id, **{**stop, "title": "Foto terang", **more})
    return cohort_id


@pytest.fixture
def provider(session):
    return a_provider()


def stops():
    return [stop.title for stop in car.list_stops(db.session())]


def test_the_road_says_when_where_by_which_landmark_and_what(client, provider):
    a_road(provider, zone="WITA", district_code=KERTEK, loan_phones=8, weather="rain")
    page = client.get("/mobil").text
    for words in ("WITA", "Balai Desa", "Sebelah masjid", "Kertek", "Foto terang",
                  "Jualan dari HP", "8 HP pinjaman", "Hujan, tunggu kabar"):  # fmt: skip
        assert words in page, words


@pytest.mark.parametrize(
    ("more", "shown"),
    [
        ({}, True),
        ({"days": 0}, True),
        ({"days": -1}, False),
        ({"place": ""}, False),
        ({"kinds": ("online", "in_person")}, False),
        ({"kinds": ("online", "car")}, True),
    ],
)
def test_only_stops_to_come_of_a_car_are_on_the_road(provider, more, shown):
    a_road(provider, **more)
    assert bool(stops()) is shown


def test_a_road_without_stops_says_so(client, provider):
    assert "Belum ada jadwal mobil" in client.get("/mobil").text
    assert client.get("/mobil/minta").status_code == 303


def sent(page, to, **more):
    values = {"provider": to.id, "district_code": "Kertek, Wonosobo", "women": "12",
              "landmark": "Lapangan", "words": "Foto barang."}  # fmt: skip
    return {"csrf_token": token_in(page), **values, **more}


def test_a_village_asks_and_is_answered_in_words(client, provider):
    a_road(provider)
    her, his = a_phone(), a_phone()
    woman, teacher = a_woman("Parti", phone=her), a_facilitator(provider, phone=his)
    sign_in(client, show(her))
    page = client.get("/mobil/minta")
    assert client.post("/mobil/minta", data=sent(page, provider)).status_code == 303
    assert "Menunggu jawaban" in client.get("/mobil/minta").text
    again = client.post("/mobil/minta", data=sent(page, provider))
    assert "masih menunggu jawaban" in again.text
    (task,) = tasks.list_for(db.session(), teacher, TEACH)
    client.post("/keluar", data={"csrf_token": token_in(client.get("/mobil/minta"))})
    sign_in(client, show(his))
    page = client.get(task.link)
    assert "Foto barang." in page.text
    assert show(her) not in page.text
    empty = client.post(task.link, data={"csrf_token": token_in(page), "words": " "})
    assert empty.status_code == 200
    answer = {"csrf_token": token_in(page), "words": "Kami datang 3 Mei."}
    assert client.post(task.link, data=answer).status_code == 303
    assert client.post(task.link, data=answer).status_code == 200  # It was sent already.
    assert tasks.list_for(db.session(), teacher, TEACH) == []
    assert "Dijawab" in client.get("/fasilitator/mobil").text
    (mine,) = car.list_mine(db.session(), woman)
    assert mine.answer == "Kami datang 3 Mei."
    (told,) = db.session.query(Notice).filter_by(person_id=woman.person_id)
    assert told.link == "/mobil/minta"


def test_what_is_missing_is_said_beside_it_and_what_was_typed_stays(client, provider):
    a_road(provider)
    phone = a_phone()
    a_woman("Parti", phone=phone)
    sign_in(client, show(phone))
    page = client.get("/mobil/minta")
    for wrong in ({"women": "0"}, {"women": "banyak"}, {"district_code": "Entah"},
                  {"landmark": ""}, {"provider": "999999"}):  # fmt: skip
        answer = client.post("/mobil/minta", data=sent(page, provider, **wrong))
        assert answer.status_code == 200, wrong
        assert "Foto barang." in answer.text
    assert db.session.query(CarWish).count() == 0


def test_a_provider_without_a_car_is_not_asked(provider):
    a_road(provider, kinds=("online",))
    wish = car.Wish(provider.id, KERTEK, "Lapangan", 5)
    with pytest.raises(NotFound):
        car.ask(actor=a_woman("Parti"), wish=wish)


def test_she_asks_a_few_times_a_day_and_no_more(app, provider):
    woman, teacher = a_woman("Parti"), a_facilitator(provider)
    a_road(provider)
    wish = car.Wish(provider.id, KERTEK, "Lapangan", 5)
    for _turn in range(3):
        car.ask(actor=woman, wish=wish)
        (waits,) = [one for one in car.list_mine(db.session(), woman) if not one.answered_at]
        car.answer(actor=teacher, wish_id=waits.id, words="Belum bisa.")
    with pytest.raises(car.limits.TooMany):
        car.ask(actor=woman, wish=wish)


def test_another_provider_reads_and_answers_nothing(provider):
    a_road(provider)
    woman, stranger = a_woman("Parti"), a_facilitator(a_provider("lain"))
    car.ask(actor=woman, wish=car.Wish(provider.id, KERTEK, "Lapangan", 5))
    (one,) = car.list_mine(db.session(), woman)
    assert car.list_asked(db.session(), stranger) == []
    for act in (
        lambda: car.get_asked(db.session(), stranger, one.id),
        lambda: car.answer(actor=stranger, wish_id=one.id, words="x"),
        lambda: car.answer(actor=Actor(woman.person_id), wish_id=one.id, words="x"),
    ):
        with pytest.raises(NotFound):
            act()
