"""One-time codes: guessed, replayed, stolen, asked for too often; and what they are good for."""

import re

import pytest
import time_machine
from flask import current_app
from sqlalchemy import select, text

from core import clock, code_ways, codes, orgs, signin
from core.actors import GUEST, Actor
from core.codes import CodeSettings, OneTimeCode
from core.db import db
from core.errors import TooMany
from core.people import Person
from core.rights import OPERATE
from core.second_factor import Ask
from core.settings import CoreSettings
from core.sms import SmsSettings
from core.tasks import Task
from tests.core.postbox import change
from tests.crowd import tried_at_once
from tests.factories import PIN, a_person, give, send, sign_in, token_in
from tests.orders.factories import run_jobs

pytestmark = pytest.mark.service
PHONE = "+6281234567890"
NEW_PIN = "830417"
SMS_PATH = "/pesan"


@pytest.fixture
def gateway(app, httpserver):
    """An SMS gateway on loopback that takes whatever it is given."""
    current_app.extensions.pop("remotes", None)
    change(SmsSettings, url=httpserver.url_for(SMS_PATH), token="t-1")
    httpserver.expect_request(SMS_PATH, method="POST").respond_with_json({"id": "m-1"}, status=202)
    return httpserver


def texts(gateway):
    return [request.get_json() for request, _answer in gateway.log]


def code_in(gateway):
    """The digits of the newest text, once the worker has sent it."""
    run_jobs()
    return re.search("[0-9]{6}", texts(gateway)[-1]["text"])[0]


def ask(client, phone="0812-3456-7890", **where):
    return send(client, "/masuk/kode", phone=phone, **where)


def write(client, code):
    return send(client, "/masuk/kode/tulis", code=code)


def other_than(code):
    return f"{(int(code) + 1) % 10**6:06d}"


def test_a_code_lets_her_in_who_is_alone_at_her_number(client, gateway):
    a_person()
    assert ask(client).location == "/masuk/kode/tulis"
    code = code_in(gateway)
    assert texts(gateway)[0]["to"] == PHONE
    assert write(client, f"{code[:3]} {code[3:]}").status_code == 303
    assert "Bu Sumirah" in client.get("/akun").text
    assert db.session.scalar(select(signin.SignIn)).pin_at is None


def test_no_name_stands_in_the_text_and_no_code_in_the_database(client, gateway):
    a_person()
    ask(client)
    code = code_in(gateway)
    assert "Sumirah" not in texts(gateway)[0]["text"]
    kept = db.session.scalar(text("select row_to_json(one_time_code)::text from one_time_code"))
    assert code not in re.sub("[0-9]{7,}", "", kept)
    queued = db.session.scalars(text("select args::text from procrastinate_jobs")).all()
    assert not any(code in args for args in queued)


def test_known_and_unknown_numbers_get_the_same_answer_and_count_alike(client, app, gateway):
    a_person()
    pages = []
    for phone in ("0812-3456-7890", "0812-9999-0000"):
        browser = app.test_client()
        asked = ask(browser, phone)
        page = browser.get("/masuk/kode/tulis")
        wrong = write(browser, "000000")
        shown = [re.sub('value="[^"]*"', "", answer.text) for answer in (page, wrong)]
        for _ in range(2):
            ask(browser, phone)
        pages.append((asked.status_code, asked.location, shown, ask(browser, phone).status_code))
    run_jobs()
    assert pages[0] == pages[1]
    assert pages[0][3] == 429
    assert {sent["to"] for sent in texts(gateway)} == {PHONE}


def test_a_code_is_good_once(client, app, gateway):
    a_person()
    ask(client)
    code = code_in(gateway)
    with client.session_transaction() as cookie:
        asked_with = cookie["code"]
    write(client, code)
    thief = app.test_client()
    thief.get("/masuk/kode")
    with thief.session_transaction() as cookie:
        cookie["code"] = asked_with
    assert "tidak berlaku lagi" in write(thief, code).text
    assert thief.get("/masuk/kode/siapa").status_code == 303
    assert thief.get("/akun").status_code == 303


def test_a_code_is_of_no_use_in_another_browser(client, app, gateway):
    """Bound to the browser that asked, also where the other one has asked for itself."""
    a_person()
    ask(client)
    code = code_in(gateway)
    stranger = app.test_client()
    assert "tidak berlaku lagi" in write(stranger, code).text
    ask(stranger)
    assert "belum cocok" in write(stranger, code).text
    assert write(client, code).status_code == 303


def test_an_old_code_is_of_no_use(client, gateway):
    a_person()
    with time_machine.travel(clock.now(), tick=False) as time:
        ask(client)
        code = code_in(gateway)
        time.shift(codes.MINUTES * 60)
        assert "tidak berlaku lagi" in write(client, code).text


def test_five_wrong_codes_and_the_right_one_comes_too_late(client, gateway):
    a_person()
    ask(client)
    code = code_in(gateway)
    for _ in range(4):
        assert "belum cocok" in write(client, other_than(code)).text
    assert "tidak berlaku lagi" in write(client, other_than(code)).text
    assert "tidak berlaku lagi" in write(client, code).text


@pytest.mark.timeout(600)  # Ten thousand transactions, one after the other.
def test_ten_thousand_guesses_are_five(app):
    """As fast as anybody could send them: the code itself is among them and does not open."""
    a_person()
    token = codes.ask(actor=GUEST, phone=PHONE)
    row = db.session.scalar(select(OneTimeCode))
    code = int(codes._otp(row.seed).at(0))
    answers = []
    for n in range(10_000):
        guess = f"{(code + 5 + n) % 10**6:06d}" if n < 9_990 else f"{code:06d}"
        try:
            codes.prove(actor=GUEST, token=token, code=guess)
            answers.append("open")
        except (codes.WrongCode, codes.CodeOver) as no:
            answers.append(type(no).__name__)
    assert answers[:4] == ["WrongCode"] * 4
    assert set(answers[4:]) == {"CodeOver"}
    db.session.refresh(row)
    assert (row.tries, row.used_at) == (5, None)


@pytest.mark.race
def test_fifty_at_once_are_five_tries_and_one_entry(committed):
    a_person()
    token = codes.ask(actor=GUEST, phone=PHONE)
    code = codes._otp(db.session.scalar(select(OneTimeCode.seed))).at(0)

    def guess(said):
        return lambda: codes.prove(actor=GUEST, token=token, code=said)

    wrong = tried_at_once(committed, *[guess(other_than(code))] * 50)
    assert sum(isinstance(answer, codes.WrongCode) for answer in wrong) == 4
    assert sum(isinstance(answer, codes.CodeOver) for answer in wrong) == 46
    token = codes.ask(actor=GUEST, phone=PHONE)
    newest = select(OneTimeCode.seed).order_by(OneTimeCode.id.desc()).limit(1)
    code = codes._otp(db.session.scalar(newest)).at(0)
    right = tried_at_once(committed, *[guess(code)] * 50)
    assert sum(isinstance(answer, OneTimeCode) for answer in right) == 1
    assert {type(answer) for answer in right} == {OneTimeCode, codes.CodeOver}


def test_one_number_cannot_be_bombed_and_its_owner_notices_nothing(client, app, gateway):
    a_person()
    sign_in(client)
    for n in range(40):  # Each from an address of its own.
        browser = app.test_client()
        browser.environ_base["REMOTE_ADDR"] = f"198.51.100.{n}"
        ask(browser)
    run_jobs()
    assert len(texts(gateway)) == 3
    assert client.get("/akun").status_code == 200
    assert sign_in(app.test_client()).status_code == 303  # Her PIN is not locked by it.
    assert send(client, "/akun/pastikan/kode-baru", page="/akun").status_code == 303
    run_jobs()
    assert len(texts(gateway)) == 4  # Nor are the codes she asks for herself.


def test_a_thousand_numbers_from_one_address_are_twenty(client, gateway):
    people = [f"+62812000{n:05d}" for n in range(1_000)]
    taken = 0
    for phone in people:
        try:
            codes.count(phone=phone, address="198.51.100.7")
            taken += 1
        except TooMany:
            pass
    assert taken == settings_of().address


def settings_of():
    return current_app.extensions["settings"][CodeSettings]


def test_a_thousand_numbers_from_everywhere_stop_at_the_days_money(client, gateway):
    change(CodeSettings, house=25)
    operator = a_person()
    give(Actor(operator.id), OPERATE, orgs.operator(db.session()).id)
    sign_in(client)
    for n in range(60):
        phone = f"+62813000{n:05d}"
        db.session.add(Person(name=f"N{n}", call_me=f"N{n}", phone=phone))
        db.session.commit()
        codes.count(phone=phone, address=f"203.0.113.{n}")
        codes.ask(actor=GUEST, phone=phone)
    for n in range(140):  # Unknown numbers cost nothing, and take nothing from the known.
        codes.ask(actor=GUEST, phone=f"+62814000{n:05d}")
    run_jobs()
    assert len(texts(gateway)) == 25
    assert [t.kind for t in db.session.scalars(select(Task))] == [codes.TOO_MANY.name]
    assert "tidak bisa dikirim" in client.get("/masuk/kode").text
    assert client.get("/akun").status_code == 200


def test_a_family_is_asked_who_it_is_and_for_her_own_pin(client, gateway):
    a_person("Sumirah")
    other = a_person("Wagiyem", pin=NEW_PIN)
    ask(client)
    assert "Wagiyem" not in client.get("/masuk/kode/tulis").text
    assert client.get("/masuk/kode/siapa").status_code == 303  # Names only after the code.
    assert write(client, code_in(gateway)).location == "/masuk/kode/siapa"
    page = client.get("/masuk/kode/siapa")
    assert "Bu Sumirah" in page.text
    assert "Bu Wagiyem" in page.text
    assert client.get("/akun").status_code == 303
    assert "belum cocok" in send(client, "/masuk/kode/siapa", who=other.id, pin=PIN).text
    assert "Pilih nama" in send(client, "/masuk/kode/siapa", pin=PIN).text
    assert send(client, "/masuk/kode/siapa", who=other.id, pin=NEW_PIN).status_code == 303
    assert "Wagiyem" in client.get("/akun").text
    opened = db.session.scalar(select(signin.SignIn))
    assert opened.pin_at is not None
    assert opened.code_at is not None


def test_a_family_code_lets_one_woman_in_and_not_a_second_one(client, app, gateway):
    a_person("Sumirah")
    other = a_person("Wagiyem", pin=NEW_PIN)
    ask(client)
    write(client, code_in(gateway))
    page = client.get("/masuk/kode/siapa")
    with client.session_transaction() as cookie:
        kept = dict(cookie)
    send(client, "/masuk/kode/siapa", who=other.id, pin=NEW_PIN)
    again = app.test_client()
    with again.session_transaction() as cookie:
        cookie.update(kept)
    assert again.get("/masuk/kode/siapa").status_code == 303
    again.post(
        "/masuk/kode/siapa", data={"csrf_token": token_in(page), "who": other.id, "pin": NEW_PIN}
    )
    assert again.get("/akun").status_code == 303


def test_who_works_for_others_needs_her_pin_as_well(client, gateway):
    person = a_person()
    give(Actor(person.id), OPERATE, orgs.operator(db.session()).id)
    ask(client)
    assert write(client, code_in(gateway)).location == "/masuk/kode/siapa"
    assert client.get("/akun").status_code == 303
    assert send(client, "/masuk/kode/siapa", pin=PIN).status_code == 303
    assert client.get("/akun").status_code == 200


def test_a_forgotten_pin_is_replaced_by_a_code_and_opens_no_money_at_first(client, app, gateway):
    person = a_person()
    other = app.test_client()
    sign_in(other)
    ask(client, page="/masuk/kode?lanjut=/akun/pin/baru")
    assert write(client, code_in(gateway)).status_code == 303
    page = send(client, "/akun/pin/baru", pin=NEW_PIN, again="111222")
    assert "PIN kedua belum sama" in page.text
    assert send(client, "/akun/pin/baru", pin=NEW_PIN, again=NEW_PIN).status_code == 303
    assert other.get("/akun").status_code == 303
    db.session.refresh(person)
    hours = (person.pin_trusted_from - clock.now()).total_seconds() / 3600
    assert hours == pytest.approx(24, abs=0.1)
    assert sign_in(app.test_client(), pin=PIN).status_code == 200
    assert sign_in(app.test_client(), pin=NEW_PIN).status_code == 303
    assert "PIN Anda diganti" in client.get("/akun/pesan").text


def test_a_pin_is_not_replaced_without_a_code_nor_by_a_family_code(client, gateway):
    a_person("Sumirah")
    sign_in(client)
    assert client.get("/akun/pin/baru").location.startswith("/masuk/kode")
    a_person("Wagiyem", pin=NEW_PIN)
    send(client, "/akun/pastikan/kode-baru", page="/akun")
    send(client, "/akun/pastikan/kode", page="/akun", code=code_in(gateway))
    assert db.session.scalar(select(signin.SignIn)).code_at is not None
    assert client.get("/akun/pin/baru").location.startswith("/masuk/kode")


def test_pin_and_code_open_a_page_with_money(client, app, gateway, monkeypatch):
    monkeypatch.setattr(app.view_functions["notices.index"], "asks", Ask.FACTOR, raising=False)
    a_person()
    sign_in(client)
    away = client.get("/akun/pesan").location
    page = client.get(away)
    assert "0812-••••-890" in page.text
    where = away.partition("?")[2]
    send(client, f"/akun/pastikan/kode-baru?{where}", page=away)
    code = code_in(gateway)
    wrong = send(client, f"/akun/pastikan/kode?{where}", page=away, code=other_than(code))
    assert "belum cocok" in wrong.text
    on = send(client, f"/akun/pastikan/kode?{where}", page=away, code=code)
    assert on.location == "/akun/pesan"
    assert client.get("/akun/pesan").status_code == 200


def test_a_code_asked_for_as_a_guest_confirms_nobody(client, app, gateway):
    """Nor does the code of another account: it is hers who asked while signed in."""
    a_person()
    guest = app.test_client()
    ask(guest)
    code = code_in(gateway)
    with guest.session_transaction() as cookie:
        token = cookie["code"]
    sign_in(client)
    with client.session_transaction() as cookie:
        cookie["code"] = token
    assert "tidak berlaku lagi" in send(client, "/akun/pastikan/kode", page="/akun", code=code).text


def test_old_codes_are_forgotten(app):
    with time_machine.travel(clock.now(), tick=False) as time:
        codes.ask(actor=GUEST, phone=PHONE)
        codes.forget_codes.run()
        assert db.session.scalar(select(OneTimeCode.id)) is not None
        time.shift(codes.KEPT.total_seconds() + 1)
        codes.forget_codes.run()
    assert db.session.scalar(select(OneTimeCode.id)) is None


def test_without_a_way_no_code_is_offered(client):
    a_person()
    assert not code_ways.any_open()
    assert "Masuk dengan kode" not in client.get("/masuk").text
    assert "tidak bisa dikirim" in send(client, "/masuk/kode", page="/masuk", phone=PHONE).text
    assert db.session.scalar(select(OneTimeCode.id)) is None


def test_a_demo_house_prints_the_code_and_not_the_number(client, capsys):
    change(CoreSettings, demo=True)
    a_person()
    ask(client)
    run_jobs()
    printed = capsys.readouterr().err
    assert "81234567890" not in printed
    assert write(client, re.search("[0-9]{6}", printed.split("Lumbung")[1])[0]).status_code == 303
    assert "Rumah contoh" in client.get("/masuk/kode/tulis").text


def test_a_code_is_sent_once_however_often_the_job_runs(client, gateway):
    a_person()
    ask(client)
    row = db.session.scalar(select(OneTimeCode))
    run_jobs()
    codes.send.run(code_id=row.id)
    assert len(texts(gateway)) == 1
    db.session.refresh(row)
    assert row.way == "sms"


def test_nobody_asks_without_a_token_or_from_another_site(client, gateway):
    a_person()
    assert client.post("/masuk/kode", data={"phone": "081234567890"}).status_code == 400
    token = token_in(client.get("/masuk/kode"))
    foreign = client.post(
        "/masuk/kode",
        data={"phone": "081234567890", "csrf_token": token},
        headers={"Sec-Fetch-Site": "cross-site"},
    )
    assert foreign.status_code == 400
    assert db.session.scalar(select(OneTimeCode.id)) is None
