"""A new PIN with the coordinator: at once, or after a waiting time that she can stop."""

import re

import pytest
import time_machine
from sqlalchemy import select, text

from cooperatives import help_with_pin, members
from cooperatives.rights import COORDINATE
from core import clock, recovery, signin
from core.actors import SYSTEM, Actor
from core.audit import Audit
from core.db import db
from core.errors import NotFound
from core.people import Person
from core.recovery import MustWait, Recovery
from tests.cooperatives.factories import a_cooperative
from tests.crowd import tried_at_once
from tests.factories import PIN, a_person, give, send, sign_in

pytestmark = pytest.mark.service
UMI, NEW_PIN = "+6281299998888", "830417"
HOURS = 24 * 3600


@pytest.fixture
def village(app):
    """A coordinator and a member of her cooperative."""
    umi, member = a_person("Umi", phone=UMI), a_person()
    cooperative = a_cooperative()
    give(Actor(umi.id), COORDINATE, cooperative.id)
    members.join(actor=SYSTEM, cooperative_id=cooperative.id, person_id=member.id)
    return Actor(umi.id), member


def code_on(page):
    found = re.search(r'<p class="price">(\d{4}) (\d{4})</p>', page.text)
    return "".join(found.groups()) if found else None


def deeds():
    query = select(Audit.action).where(Audit.action.like("%re%")).order_by(Audit.id)
    return [
        deed for deed in db.session.scalars(query) if deed.startswith(("recovery", "pin.reset"))
    ]


def test_where_no_phone_is_signed_in_the_code_comes_at_once_and_money_waits(client, village):
    _umi, member = village
    sign_in(client, phone=UMI)
    url = f"/koord/pin/{member.id}"
    assert "Kode hanya diberikan saat bertemu" in client.get(url).text
    code = code_on(send(client, url))
    send(client, "/keluar", page="/akun")
    answer = send(client, "/pin-baru", phone=member.phone, code=code, pin=NEW_PIN)
    assert answer.status_code == 303
    db.session.refresh(member)
    assert (member.pin_trusted_from - clock.now()).total_seconds() == pytest.approx(HOURS, abs=60)
    page = client.get("/akun/pesan").text
    assert "Kode PIN baru dibuat" in page
    assert "PIN Anda diganti" in page
    assert deeds() == ["pin.reset_issued", "pin.reset_used"]


def test_where_a_phone_is_signed_in_it_waits_and_she_is_told(client, app, village):
    _umi, member = village
    sign_in(client)
    desk = app.test_client()
    with time_machine.travel(clock.now(), tick=False) as time:
        sign_in(desk, phone=UMI)
        url = f"/koord/pin/{member.id}"
        assert code_on(send(desk, url)) is None
        assert "Ada HP yang masih masuk" in desk.get(url).text
        send(desk, f"{url}/mulai", page=url)
        assert "Masa tunggu berjalan" in desk.get(url).text
        assert code_on(send(desk, url, page="/akun")) is None
        assert "Ada yang meminta PIN baru" in client.get("/akun/pesan").text
        assert "Anda meminta PIN baru?" in client.get("/akun").text
        time.shift(HOURS)
        code = code_on(send(desk, url))
        assert code
        guest = app.test_client()
        assert (
            send(guest, "/pin-baru", phone=member.phone, code=code, pin=NEW_PIN).status_code == 303
        )
    assert client.get("/akun").status_code == 303  # Her old sign-in has ended.
    assert deeds() == ["recovery.begin", "pin.reset_issued", "pin.reset_used"]


def test_whoever_is_signed_in_as_her_stops_it(client, app, village):
    umi, member = village
    sign_in(client)
    with time_machine.travel(clock.now(), tick=False) as time:
        help_with_pin.begin(actor=umi, person_id=member.id)
        send(client, "/akun/pemulihan/hentikan", page="/akun")
        assert "Anda meminta PIN baru?" not in client.get("/akun").text
        time.shift(HOURS + 1)
        with pytest.raises(MustWait):
            help_with_pin.give_code(actor=umi, person_id=member.id)
        help_with_pin.begin(actor=umi, person_id=member.id)
        time.shift(HOURS)
        code = help_with_pin.give_code(actor=umi, person_id=member.id)
        send(client, "/akun/pemulihan/hentikan", page="/akun")  # Also after the code was made.
        guest = app.test_client()
        page = send(guest, "/pin-baru", phone=member.phone, code=code, pin=NEW_PIN)
    assert "tidak berlaku" in page.text
    assert sign_in(app.test_client(), pin=PIN).status_code == 303
    assert deeds().count("recovery.stop") == 1


def test_beginning_twice_waits_once_and_tells_once(village):
    umi, member = village
    signin.open_sign_in(actor=Actor(member.id), device="x")
    for _ in range(2):
        help_with_pin.begin(actor=umi, person_id=member.id)
    assert len(db.session.scalars(select(Recovery.id)).all()) == 1
    told = db.session.scalar(text("select count(*) from notice where event_key like 'recovery:%'"))
    assert told == 1


@pytest.mark.race
def test_ten_coordinators_at_once_begin_one_wait(committed):
    umi, member = a_person("Umi", phone=UMI), a_person()
    signin.open_sign_in(actor=Actor(member.id), device="x")
    actor, person_id = Actor(umi.id), member.id
    begin = lambda: recovery.begin(actor=actor, person_id=person_id)  # noqa: E731
    assert tried_at_once(committed, *[begin] * 10) == [None] * 10
    assert len(db.session.scalars(select(Recovery.id)).all()) == 1


def test_a_wait_that_nobody_used_is_over_after_a_week(village):
    umi, member = village
    signin.open_sign_in(actor=Actor(member.id), device="x")
    with time_machine.travel(clock.now(), tick=False) as time:
        help_with_pin.begin(actor=umi, person_id=member.id)
        time.shift(HOURS + recovery.GIVEN_WITHIN.total_seconds())
        with pytest.raises(MustWait):
            help_with_pin.give_code(actor=umi, person_id=member.id)
        help_with_pin.begin(actor=umi, person_id=member.id)
        assert len(db.session.scalars(select(Recovery.id)).all()) == 2


def test_nobody_begins_for_herself_or_for_a_stranger(village):
    umi, _member = village
    stranger = a_person("Lain", phone="+6281277776666")
    for person_id in (umi.person_id, stranger.id, 0):
        with pytest.raises(NotFound):
            help_with_pin.begin(actor=umi, person_id=person_id)
    assert db.session.get(Person, stranger.id).pin_trusted_from is None
