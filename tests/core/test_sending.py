"""Acts over the wire: each done once, answered in words, and none of them harmed by another."""

import json
import threading
import uuid
from datetime import timedelta

import pytest
import time_machine
from flask_babel import lazy_gettext as _l
from sqlalchemy import select
from werkzeug.datastructures import MultiDict
from wtforms import IntegerField, SelectMultipleField
from wtforms.validators import NumberRange

from core import acts, clock, pause, signin
from core.actors import SYSTEM, Actor
from core.acts import HANDLERS, Act
from core.conflicts import ActConflict
from core.db import db
from core.errors import Busy, Conflict, DomainError
from core.forms import HouseForm, act_content
from core.visitor import SESSION_KEY
from tests.factories import a_person, send, sign_in

pytestmark = pytest.mark.service
THEN = clock.now().replace(microsecond=0) + timedelta(days=4)


class Deeds:
    """A floor that handles acts of one kind: it notes what it did."""

    def __init__(self):
        self.done, self.times = [], []

    def __call__(self, db, *, actor, act_id, at, content):
        match content.get("do"):
            case "refuse":
                raise DomainError("Stok tinggal 2.")
            case "conflict":
                raise Conflict("Harga sudah diubah di HP lain.")
            case "busy":
                raise Busy
            case "break":
                raise ZeroDivisionError
        self.done.append(act_id)
        self.times.append(at)
        return {"n": content.get("n", 0)}


@pytest.fixture
def deeds():
    found = Deeds()
    acts.handles("test.deed", label=_l("Ubah stok"))(found)
    yield found
    HANDLERS.pop("test.deed")


@pytest.fixture
def her(app, client):
    found = a_person()
    sign_in(client)
    return found


def an_act(person, n=1, **changes):
    return {
        "id": str(uuid.uuid4()),
        "kind": "test.deed",
        "version": 1,
        "at": clock.now().isoformat(),
        "by": person.id,
        "content": {"n": n},
        **changes,
    }


def told(client, *sent, **more):
    """The answers to some acts, by state, sentence and answer."""
    token = client.get("/kirim").json["token"]
    answer = client.post(
        "/kirim",
        data=json.dumps({"acts": list(sent)}),
        headers={"X-CSRFToken": token, "Content-Type": "application/json"},
        **more,
    )
    assert answer.status_code == 200, answer.text
    return answer.json["answers"]


def states(answers):
    return [answer["state"] for answer in answers]


def test_a_phone_learns_who_it_sends_for(client, her):
    answer = client.get("/kirim")
    assert answer.json["person"] == her.id
    assert answer.json["version"]
    assert answer.headers["Cache-Control"] == "private, no-store"


def test_what_was_done_is_answered_the_same_again(client, her, deeds):
    act = an_act(her, n=5)
    first, again = told(client, act), told(client, act, act)
    assert first == [{"id": act["id"], "state": "done", "answer": {"n": 5}, "sentence": ""}]
    assert again == first * 2
    assert len(deeds.done) == 1


def test_each_act_stands_for_itself(client, her, deeds):
    """One refused, one broken, one unreadable: the others arrive, in their order."""
    sent = [an_act(her, content={"do": do}) for do in ("refuse", "break", "conflict", "busy")]
    sent += [
        {"id": "x"},
        an_act(her, kind="test.unknown"),
        an_act(her, version=2),
        an_act(her, n=9),
    ]
    answers = told(client, *sent)
    assert states(answers) == [
        "refused", "again", "conflict", "again", "refused", "update", "update", "done",
    ]  # fmt: skip
    assert answers[0]["sentence"] == "Stok tinggal 2."
    assert [a["id"] for a in answers] == [a["id"] if len(a) > 1 else "" for a in sent]
    assert len(deeds.done) == 1
    assert len(db.session.scalars(select(Act)).all()) == 1


def test_another_persons_act_is_never_done(client, her, deeds):
    other = a_person("Umi", phone="+6281234567891")
    assert states(told(client, an_act(other))) == ["other"]
    assert deeds.done == []


def test_a_guest_is_sent_to_the_door(client, app):
    assert client.get("/kirim").location.startswith("/masuk")


def test_a_token_is_asked_for(client, her, deeds):
    answer = client.post("/kirim", json={"acts": [an_act(her)]})
    assert answer.status_code == 400
    assert deeds.done == []


def test_what_cannot_be_read_as_a_whole_is_refused(client, her):
    token = client.get("/kirim").json["token"]
    headers = {"X-CSRFToken": token, "Content-Type": "application/json"}
    assert client.post("/kirim", data="{", headers=headers).status_code == 422
    assert client.post("/kirim", data="[" * 90_000, headers=headers).status_code == 422
    assert client.post("/kirim", data=" " * 300_000, headers=headers).status_code == 413
    many = json.dumps({"acts": [{}] * 51})
    assert client.post("/kirim", data=many, headers=headers).status_code == 413


def test_while_the_house_is_paused_nothing_is_done_and_nothing_lost(client, her, deeds):
    act = an_act(her)
    token = client.get("/kirim").json["token"]
    pause.begin(actor=SYSTEM, why="x", facts={})
    headers = {"X-CSRFToken": token, "Content-Type": "application/json"}
    answer = client.post("/kirim", data=json.dumps({"acts": [act]}), headers=headers)
    assert answer.status_code == 503
    pause.end(actor=SYSTEM)
    assert states(told(client, act)) == ["done"]


def test_both_times_are_kept(client, her, deeds):
    with time_machine.travel(THEN, tick=False):
        act = an_act(her, at=(THEN - timedelta(hours=11)).isoformat())
        told(client, act)
    row = db.session.get(Act, uuid.UUID(act["id"]))
    assert row.device_at == deeds.times[0] == THEN - timedelta(hours=11)
    assert (row.created_at, row.is_clamped) == (THEN, False)


@pytest.mark.parametrize("days", [-40, 1])
def test_a_clock_that_is_wrong_is_flagged_and_the_act_is_done(client, her, deeds, days):
    """Also the draft that is sent again after forty days is one object."""
    said = clock.now() + timedelta(days=days)
    act = an_act(her, at=said.isoformat())
    assert states(told(client, act, act)) == ["done", "done"]
    row = db.session.get(Act, uuid.UUID(act["id"]))
    assert (row.device_at, row.is_clamped) == (said, True)
    assert len(deeds.done) == 1
    assert abs(deeds.times[0] - clock.now()) <= acts.BACK_MAX + timedelta(minutes=1)


def test_the_same_id_with_other_content_is_kept_for_a_person(client, her, deeds):
    act = an_act(her, n=1)
    changed = act | {"content": {"n": 2}}
    assert states(told(client, act, changed, changed)) == ["done", "conflict", "conflict"]
    (kept,) = db.session.scalars(select(ActConflict)).all()
    assert (kept.person_id, kept.content) == (her.id, {"n": 2})
    page = client.get("/akun/kiriman")
    assert "Ubah stok" in page.text
    send(client, f"/akun/kiriman/{kept.id}/selesai", page="/akun/kiriman")
    assert "Ubah stok" not in client.get("/akun/kiriman").text


def test_a_conflict_that_is_over_settles_itself(client, her, deeds, monkeypatch):
    act = an_act(her, content={"do": "conflict"})
    assert states(told(client, act)) == ["conflict"]
    assert "Harga sudah diubah" in client.get("/akun/kiriman").text
    monkeypatch.setattr(Deeds, "__call__", lambda self, db, **kw: {})
    assert states(told(client, act)) == ["done"]
    assert "Harga sudah diubah" not in client.get("/akun/kiriman").text


def test_a_broken_phone_does_not_fill_the_house(client, her, deeds, monkeypatch):
    monkeypatch.setattr("core.conflicts.OPEN_MAX", 3)
    sent = [an_act(her, content={"do": "conflict"}) for _ in range(5)]
    assert states(told(client, *sent)) == ["conflict"] * 5
    assert len(db.session.scalars(select(ActConflict)).all()) == 3


def test_somebody_else_cannot_put_it_away(client, her, deeds):
    told(client, an_act(her, content={"do": "conflict"}))
    kept = db.session.scalars(select(ActConflict)).one()
    other = app_of(client).test_client()
    a_person("Umi", phone="+6281234567891")
    sign_in(other, phone="081234567891")
    answer = send(other, f"/akun/kiriman/{kept.id}/selesai", page="/akun")
    assert answer.status_code == 404


def app_of(client):
    return client.application


def test_two_handlers_of_one_version_are_our_bug(deeds):
    with pytest.raises(AssertionError):
        acts.handles("test.deed")(deeds)


def test_an_old_version_is_done_as_long_as_somebody_handles_it(client, her, deeds):
    newer = Deeds()
    acts.handles("test.deed", version=2)(newer)
    assert states(told(client, an_act(her), an_act(her, version=2), an_act(her, version=3))) == [
        "done", "done", "update",
    ]  # fmt: skip
    assert (len(deeds.done), len(newer.done)) == (1, 1)


@pytest.mark.race
def test_the_same_draft_ten_times_at_once_is_one_object(committed, deeds):
    person, gate, answers = a_person(), threading.Barrier(10), []
    token = signin.open_sign_in(actor=Actor(person.id), device="x")
    act = an_act(person)

    def phone():
        with committed.app_context():
            browser = committed.test_client()
            with browser.session_transaction() as cookie:
                cookie[SESSION_KEY] = token
            gate.wait()
            answers.extend(told(browser, act))
            db.session.remove()

    threads = [threading.Thread(target=phone) for _ in range(10)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert states(answers) == ["done"] * 10
    assert len(deeds.done) == 1


class DeedForm(HouseForm):
    """What an ordinary page would ask for the same deed."""

    n = IntegerField("Jumlah", validators=[NumberRange(1, 9, "Antara 1 dan 9.")])
    kinds = SelectMultipleField("Jenis", choices=["a", "b", "c"], validate_choice=False)


def test_a_form_may_read_an_act(app):
    with app.test_request_context("/kirim", method="POST", json={"acts": []}):
        form = DeedForm.of_act({"n": 3, "kinds": ["a", "c"], "more": {"x": None}})
        assert (form.n.data, form.kinds.data) == (3, ["a", "c"])
        assert DeedForm.of_act({"n": "3"}).n.data == 3
        with pytest.raises(DomainError) as wrong:
            DeedForm.of_act({"n": "12"})
        assert wrong.value.sentence == "Jumlah: Antara 1 dan 9."


def test_a_form_says_the_same_on_both_ways():
    sent = MultiDict(
        [("n", "3"), ("csrf_token", "x"), ("act_id", "y"), ("kinds", "a"), ("kinds", "b")]
    )
    assert act_content(sent) == {"n": "3", "kinds": ["a", "b"]}
