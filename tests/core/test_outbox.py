"""The outbox sends: once, by the first open way, and what it cannot send it says."""

import hashlib
import hmac
import json

import pytest
from flask import current_app
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select, text
from werkzeug.datastructures import MultiDict
from wtforms import Form

from core import clock, emails, jobs, messages, notify, outbox
from core.db import in_transaction
from core.errors import RemoteError
from core.messages import Message
from core.notices import Notice, Recipient
from core.settings import CoreSettings
from core.whatsapp import WhatsAppSettings
from tests.core.postbox import body, change, open_postbox, use_postbox
from tests.core.test_notify import at
from tests.factories import a_person

PHONE, EMAIL = "+6281234567890", "joko@contoh.id"
SECRET, TOKEN = "app-secret-of-a-test", "token-of-a-test"


@pytest.fixture
def postbox(app):
    with open_postbox() as server:
        use_postbox(server)
        yield server


@pytest.fixture
def cloud(app, httpserver):
    """Meta's API on loopback."""
    current_app.extensions.pop("remotes", None)  # What failed in another test is forgotten.
    change(
        WhatsAppSettings,
        url=httpserver.url_for("").rstrip("/"),
        phone_id="555",
        token=TOKEN,
        app_secret=SECRET,
        verify_token="rahasia",
        templates=("order_paid=lumbung_dibayar", "notice=lumbung_kabar"),
    )
    return httpserver


def answer_with(cloud, status=200, **said):
    said = said or {"messages": [{"id": "wamid.1"}]}
    cloud.expect_request("/555/messages", method="POST").respond_with_json(said, status=status)


@pytest.fixture
def guests(app):
    """Guests of a test's own kind, by key; the book may be changed."""
    book = {"1": {"email": EMAIL, "whatsapp": PHONE}}
    outbox.register(current_app, "test", lambda db, key: book.get(key, {}))
    yield book
    del current_app.extensions["guest_books"]["test"]


@in_transaction()
def write(db, *, event="order:1:paid", to=None, message=None, link="/pesanan/abc"):
    message = message or Message("order_paid", "Judul", "Isi pesan.", ("LMB-1", "Rp 5.000"))
    notify.write(
        db, event_key=event, to=to or Recipient(guest="test:1"), message=message, link=link
    )


def only(session):
    session.expire_all()
    return session.scalars(select(Notice)).one()


def send(session):
    outbox.send.run(notice_id=only(session).id)
    return only(session)


@pytest.mark.service
def test_a_guest_gets_her_mail_once(session, guests, postbox):
    for _ in range(10):
        write()
    send(session)
    notice = send(session)
    assert (notice.state, notice.channel) == ("sent", "email")
    (letter,) = postbox.letters
    assert (letter["To"], letter["Subject"]) == (EMAIL, "Judul")
    assert letter["Message-ID"] == f"<notice-{notice.id}@localhost>"
    assert body(letter) == "Isi pesan.\n\nhttp://localhost:8000/pesanan/abc"


@pytest.mark.service
def test_nobody_who_cannot_hear_is_written_to(session, guests):
    assert not notify.is_heard(session, Recipient(guest="test:1"), "order_paid")
    assert notify.is_heard(session, Recipient(a_person().id, "test:1"), "order_paid")


@pytest.mark.service
def test_without_any_way_the_page_keeps_it(session, guests):
    write()
    assert send(session).state == "page_only"


@pytest.mark.service
def test_one_erased_meanwhile_gets_nothing(session, guests, postbox):
    write()
    guests.clear()
    assert send(session).state == "page_only"
    assert postbox.letters == []


@pytest.mark.service
def test_a_closed_mailbox_lets_the_next_way_be_tried(session, guests, postbox, cloud):
    postbox.to_recipients = b"550 nobody here"
    answer_with(cloud)
    write()
    notice = send(session)
    assert (notice.state, notice.channel, notice.remote_id) == ("sent", "whatsapp", "wamid.1")
    assert notice.tried == ["email"]


@pytest.mark.service
def test_with_no_way_left_it_has_failed_and_says_why(session, guests, postbox):
    postbox.to_recipients = b"550 nobody here"
    write()
    notice = send(session)
    assert (notice.state, notice.problem, notice.tried) == ("failed", "mail_refused", ["email"])


@pytest.mark.service
def test_a_busy_mail_server_is_asked_again(session, guests, postbox):
    postbox.to_recipients = b"451 later"
    write()
    with pytest.raises(RemoteError):
        send(session)
    assert only(session).state == "waiting"
    postbox.to_recipients = b"250 fine"
    assert send(session).state == "sent"


@pytest.mark.service
def test_a_mail_server_that_is_away_is_asked_again_and_given_up_at_last(session, guests, postbox):
    write()
    use_postbox_nowhere()
    with pytest.raises(RemoteError) as error:
        send(session)
    assert EMAIL not in str(error.value)
    outbox.send.gave_up(notice_id=only(session).id)
    assert (only(session).state, only(session).problem) == ("failed", "gave_up")
    use_postbox(postbox)
    assert send(session).state == "sent"  # An operator let the job run once more.


def use_postbox_nowhere():
    change(CoreSettings, smtp_url="smtp://127.0.0.1:1")


@pytest.mark.service
def test_a_person_who_is_a_guest_too_reads_it_on_her_page(session, guests, postbox):
    person = a_person()
    write(to=Recipient(person.id, "test:1"))
    write(to=Recipient(person.id, "test:1"))
    assert [notice.title for notice in notify.list_for(session, person.id)] == ["Judul"]
    assert send(session).channel == "email"


@pytest.mark.service
def test_who_wants_no_messages_gets_none_on_her_phone(session, guests, cloud):
    person = a_person()
    person.channel, guests["1"] = "none", {"whatsapp": PHONE}
    session.commit()
    write(to=Recipient(person.id, "test:1"))
    assert send(session).state == "page_only"


@pytest.mark.service
def test_her_own_quiet_hours_count_and_answers_come_at_once(session, guests, postbox, monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: at(22))
    message = Message("order_paid", "Judul", "Isi")
    to = Recipient(guest="test:1")
    in_transaction()(notify.write)(event_key="a", to=to, message=message)
    in_transaction()(notify.write)(event_key="b", to=to, message=message, at_once=True)
    times = session.execute(
        text("select scheduled_at from procrastinate_jobs where task_name = 'core.send_notice'"
             " order by id")
    ).scalars().all()  # fmt: skip
    assert [(when - at(22)).total_seconds() / 3600 for when in times] == [8, 0]


# WhatsApp


@pytest.mark.service
def test_a_template_message_carries_its_values_and_the_way_to_the_order(session, guests, cloud):
    answer_with(cloud)
    write()
    notice = send(session)
    assert (notice.state, notice.channel) == ("sent", "whatsapp")
    ((request, _answer),) = cloud.log
    assert request.headers["Authorization"] == f"Bearer {TOKEN}"
    assert request.get_json() == {
        "messaging_product": "whatsapp",
        "to": "6281234567890",
        "type": "template",
        "template": {
            "name": "lumbung_dibayar",
            "language": {"code": "id"},
            "components": [
                {
                    "type": "body",
                    "parameters": [
                        {"type": "text", "text": "LMB-1"},
                        {"type": "text", "text": "Rp 5.000"},
                    ],
                },
                {
                    "type": "button",
                    "sub_type": "url",
                    "index": "0",
                    "parameters": [{"type": "text", "text": "pesanan/abc"}],
                },
            ],
        },
    }


@pytest.mark.service
def test_people_of_ours_get_title_and_text(session, cloud):
    answer_with(cloud)
    in_transaction()(notify.tell)(
        event_key="x", people=[a_person().id], title="Ada pesanan baru", text="Dua\nbaris."
    )
    assert send(session).channel == "whatsapp"
    ((request, _answer),) = cloud.log
    (values,) = request.get_json()["template"]["components"]
    assert [value["text"] for value in values["parameters"]] == ["Ada pesanan baru", "Dua baris."]


@pytest.mark.service
def test_a_message_that_meta_does_not_know_goes_another_way(session, guests, cloud, postbox):
    guests["1"] = {"whatsapp": PHONE, "email": EMAIL}
    write(message=Message("order_lapsed", "Judul", "Isi", ("LMB-1",)))
    assert send(session).channel == "email"
    assert cloud.log == []


@pytest.mark.parametrize(
    ("status", "code"),
    [(500, 131000), (503, 2), (429, 130429), (400, 131056), (401, 190), (400, 130429)],
)
@pytest.mark.service
def test_their_trouble_is_waited_out(session, guests, cloud, status, code):
    answer_with(cloud, status, error={"code": code, "message": f"to {PHONE}"})
    write()
    with pytest.raises(RemoteError) as error:
        send(session)
    assert PHONE not in str(error.value)
    assert only(session).state == "waiting"


@pytest.mark.service
def test_a_number_without_whatsapp_ends_it(session, guests, cloud):
    answer_with(cloud, 400, error={"code": 131026})
    write()
    notice = send(session)
    assert (notice.state, notice.problem) == ("failed", "whatsapp_131026")


@pytest.mark.service
def test_an_answer_in_no_form_we_know_is_asked_again(session, guests, cloud):
    cloud.expect_request("/555/messages").respond_with_data("<html>", status=200)
    write()
    with pytest.raises(RemoteError):
        send(session)


def told(client, *statuses, secret=SECRET, key="wamid.1"):
    errors = [{"code": 131026}]
    said = [{"id": key, "status": status, "errors": errors} for status in statuses]
    raw = json.dumps({"entry": [{"changes": [{"value": {"statuses": said}}]}]}).encode()
    sign = "sha256=" + hmac.new(secret.encode(), raw, hashlib.sha256).hexdigest()
    return client.post("/webhooks/whatsapp", data=raw, headers={"X-Hub-Signature-256": sign})


def sent(session, guests, cloud):
    answer_with(cloud)
    write()
    return send(session)


@pytest.mark.parametrize(
    ("statuses", "state"),
    [
        (["sent"], "sent"),
        (["delivered"], "delivered"),
        (["delivered", "read"], "read"),
        (["read", "delivered", "sent"], "read"),
        (["read", "failed"], "read"),
        (["failed"], "failed"),
        (["failed", "delivered"], "failed"),
        (["deleted"], "sent"),
    ],
)
@pytest.mark.service
def test_its_fate_is_kept_in_whatever_order_it_is_told(
    client, session, guests, cloud, statuses, state
):
    sent(session, guests, cloud)
    for _ in range(2):
        assert told(client, *statuses).status_code == 200
    assert only(session).state == state


@pytest.mark.service
def test_one_that_failed_on_its_way_goes_by_mail(client, session, guests, cloud, postbox):
    guests["1"] = {"whatsapp": PHONE, "email": EMAIL}
    sent(session, guests, cloud)
    told(client, "failed")
    notice = send(session)
    assert (notice.state, notice.channel, notice.tried) == ("sent", "email", ["whatsapp"])
    assert len(postbox.letters) == 1


@pytest.mark.service
def test_a_forged_fate_is_refused(client, session, guests, cloud):
    sent(session, guests, cloud)
    assert told(client, "read", secret="guessed").status_code == 401
    assert client.post("/webhooks/whatsapp", data=b"{}").status_code == 401
    assert only(session).state == "sent"


@pytest.mark.service
def test_without_a_secret_everything_is_refused(client, session):
    assert told(client, "read", secret="").status_code == 401


@pytest.mark.service
def test_what_is_signed_and_odd_is_answered_and_left_alone(client, cloud):
    raw_kinds = [b"[]", b"{}", b"no json", b'{"entry":[{"changes":[{"value":7}]}]}', b'{"entry":5}']
    for raw in raw_kinds:
        sign = "sha256=" + hmac.new(SECRET.encode(), raw, hashlib.sha256).hexdigest()
        answer = client.post("/webhooks/whatsapp", data=raw, headers={"X-Hub-Signature-256": sign})
        assert answer.status_code == 200, raw
    assert told(client, "read", key="of-somebody-else").status_code == 200


@pytest.mark.service
def test_a_body_without_end_is_not_read(client, cloud):
    assert client.post("/webhooks/whatsapp", data=b"x" * 300_000).status_code == 413


@pytest.mark.service
def test_the_challenge_is_repeated_to_who_knows_the_word(client, cloud):
    ask = "/webhooks/whatsapp?hub.mode=subscribe&hub.challenge=1158&hub.verify_token="
    answer = client.get(ask + "rahasia")
    assert (answer.status_code, answer.text, answer.mimetype) == (200, "1158", "text/plain")
    assert client.get(ask + "salah").status_code == 404


@pytest.mark.service
def test_a_house_without_whatsapp_has_no_word(client):
    assert client.get("/webhooks/whatsapp?hub.challenge=1&hub.verify_token=").status_code == 404


# Line ends


@given(st.text(max_size=300))
def test_a_value_is_one_line_whatever_it_was(typed):
    assert len(messages.folded(typed).splitlines()) <= 1


@pytest.mark.service
def test_nobody_writes_headers_for_us(session, guests, postbox):
    evil = "LMB-1\r\nBcc: korban@contoh.id\r\n\r\nIsi palsu"
    facts = {"number": evil, "total": evil}
    write(message=messages.written("order_paid", "id", facts, "number"))
    send(session)
    (letter,) = postbox.letters
    assert letter["Bcc"] is None
    assert postbox.asked == [f"rcpt TO:<{EMAIL}>"]
    assert "Bcc: korban" in letter["Subject"].replace("\n", "")


@pytest.mark.parametrize(
    "typed",
    ["a@b.id\nBcc: x@y.id", "a@b.id,x@y.id", "a b@c.id", "a@b", "<a@b.id>", "ä@b.id", "a@b.id\x00"],
)
def test_an_address_is_one_address(app, typed):
    class Asked(Form):
        email = emails.EmailField()

    form = Asked(MultiDict({"email": typed}))
    with app.test_request_context():
        assert not form.validate()


def test_a_masked_address_tells_little():
    assert emails.masked("joko.susilo@contoh.id") == "j•••@contoh.id"


def test_the_job_says_what_to_do_when_it_gives_up():
    assert jobs.JOBS["core.send_notice"].gave_up is not None
