"""Text messages over HTTP: what a gateway answers, and what we make of it."""

import socket
import threading

import pytest
from flask import current_app

from core import code_ways, whatsapp
from core.channels import Letter, Unreachable
from core.errors import RemoteError
from core.sms import Sms, SmsSettings
from core.whatsapp import WhatsAppSettings
from tests.core.postbox import change

pytestmark = pytest.mark.service
LETTER = Letter(7, "id", "Kode", "Kode Lumbung: 123456.", "", "code", ("123456",), copies="123456")
PHONE, ABROAD = "+6281234567890", "+85291234567"


@pytest.fixture
def gateway(app, httpserver):
    current_app.extensions.pop("remotes", None)
    change(SmsSettings, url=httpserver.url_for("/sms"), token="t-1", sender="PASAR")
    return httpserver


@pytest.fixture
def cloud(app, httpserver):
    current_app.extensions.pop("remotes", None)
    change(
        WhatsAppSettings,
        url=httpserver.url_for("").rstrip("/"),
        phone_id="555",
        token="t-2",
        templates=("code=lumbung_kode",),
    )
    return httpserver


def sms_answers(gateway, status, body="{}"):
    gateway.clear()
    gateway.expect_request("/sms", method="POST").respond_with_data(body, status=status)


def test_the_protocol_is_as_written_down(gateway):
    sms_answers(gateway, 202, '{"id": "m-1"}')
    assert Sms().send(PHONE, LETTER) == "m-1"
    request, _answer = gateway.log[0]
    assert request.get_json() == {
        "to": PHONE, "text": LETTER.text, "sender": "PASAR", "id": "code-7",
    }  # fmt: skip
    assert request.headers["Authorization"] == "Bearer t-1"
    assert request.headers["Idempotency-Key"] == "code-7"


@pytest.mark.parametrize("body", ["", "null", "[]", '{"name": 1}', "<html>"])
def test_a_gateway_may_give_no_name(gateway, body):
    sms_answers(gateway, 200, body)
    assert Sms().send(PHONE, LETTER) == ""


@pytest.mark.parametrize("status", [400, 404, 410, 422])
def test_a_number_that_is_never_reached(gateway, status):
    sms_answers(gateway, status)
    with pytest.raises(Unreachable):
        Sms().send(PHONE, LETTER)


@pytest.mark.parametrize("status", [301, 401, 403, 429, 500, 503])
def test_their_trouble_is_tried_again(gateway, status):
    sms_answers(gateway, status)
    with pytest.raises(RemoteError):
        Sms().send(PHONE, LETTER)


def test_a_cut_line_is_their_trouble(app):
    current_app.extensions.pop("remotes", None)
    with socket.create_server(("127.0.0.1", 0)) as server:
        change(SmsSettings, url=f"http://127.0.0.1:{server.getsockname()[1]}/sms")
        thread = threading.Thread(target=lambda: server.accept()[0].close())
        thread.start()
        with pytest.raises(RemoteError):
            Sms().send(PHONE, LETTER)
        thread.join()


def test_no_text_goes_abroad_unless_the_settings_say_so(gateway):
    sms_answers(gateway, 202, '{"id": "m-1"}')
    with pytest.raises(Unreachable):
        Sms().send(ABROAD, LETTER)
    change(SmsSettings, countries=("+62", "+852"))
    assert Sms().send(ABROAD, LETTER) == "m-1"


def send_code(prefers="whatsapp"):
    return code_ways.send(7, PHONE, "123456", 10, ["id"], prefers)


def test_whatsapp_comes_first_and_gives_the_code_to_copy(gateway, cloud):
    cloud.expect_request("/555/messages").respond_with_json({"messages": [{"id": "wamid.1"}]})
    assert send_code() == "whatsapp"
    sent = cloud.log[0][0].get_json()["template"]
    assert sent["name"] == "lumbung_kode"
    assert [part["parameters"][0]["text"] for part in sent["components"]] == ["123456", "123456"]


def test_who_prefers_texts_gets_a_text(gateway, cloud):
    sms_answers(gateway, 202)
    assert send_code("sms") == "sms"


def test_a_way_that_fails_lets_the_next_one_try(gateway, cloud):
    sms_answers(gateway, 202)
    cloud.expect_request("/555/messages").respond_with_data("", status=503)
    assert send_code() == "sms"


def test_when_all_fail_the_job_comes_again(gateway, cloud):
    sms_answers(gateway, 503)
    cloud.expect_request("/555/messages").respond_with_data("", status=503)
    with pytest.raises(RemoteError):
        send_code()


def test_a_number_that_nobody_reaches_is_given_up(gateway):
    sms_answers(gateway, 404)
    assert send_code() == ""
    assert not whatsapp.WhatsApp().is_open(code_ways.TEMPLATE)
