"""The traps of the SDK, and that nothing secret is ever written down."""

import logging
import re
import threading
import time

import pytest
import structlog
from pytest_httpserver import HTTPServer
from werkzeug import Response

from core.errors import RemoteError
from orders.gateways.midtrans import Midtrans, _is_theirs
from orders.gateways.midtrans_calls import Conversation, Refused
from orders.gateways.words import KeyTaken
from tests.orders.gateways.conftest import invoice

pytestmark = pytest.mark.service
KEY = "SB-Mid-server-very-secret"
SECRET = "joko@example.com"


@pytest.fixture(scope="module")
def server():
    with HTTPServer() as server:
        yield server


@pytest.fixture
def there(server, gateway_settings):
    """A Midtrans that answers whatever the test says, and notes what it was asked."""
    server.clear()
    url = server.url_for("").rstrip("/")
    gateway_settings(
        midtrans_server_key=KEY, midtrans_snap_url=url, midtrans_api_url=url, remote_seconds=0.5
    )
    asked = []

    def answer(*answers):
        rest = list(answers)

        def handle(request):
            asked.append(request)
            given = rest.pop(0) if len(rest) > 1 else rest[0]
            return given if isinstance(given, Response) else given()

        server.expect_request(re.compile(".*")).respond_with_handler(handle)
        return asked

    return answer


def json_of(text, code=200):
    return Response(text, code, mimetype="application/json")


@pytest.mark.parametrize(
    "answer",
    [
        Response("<h1>Bad Gateway</h1>", 502),
        Response("<h1>Bad Gateway</h1>", 502, mimetype="application/json"),
        json_of('{"status_code": "500", "status_message": "joko@example.com"}'),
        json_of('{"status_code": "503"}', 503),
        json_of("[]"),
        json_of("null"),
        json_of('"joko@example.com"'),
        json_of('{"status_code": ""}'),
        json_of('{"status_code": null}'),
        json_of('{"status_code": {"a": 1}}'),
        json_of("[" * 100_000),
        json_of("{}"),
        json_of('{"order_id": "another"}'),
        json_of('{"order_id": "' + "x" * 600_000 + '"}'),
        Response("", 200),
        Response("", 302, {"Location": "/v2/elsewhere"}),
        Response("{}", 307, {"Location": "/v2/elsewhere"}),
    ],
)
def test_whatever_is_no_answer_is_a_remote_error(there, answer):
    asked = there(answer)
    for deed in (Midtrans().read, Midtrans().cancel):
        with pytest.raises(RemoteError) as caught:
            deed(invoice())
        assert type(caught.value) is RemoteError
        assert SECRET not in str(caught.value)
    assert not any("elsewhere" in request.path for request in asked)


@pytest.mark.parametrize(
    "answer",
    [
        json_of('{"token": "t"}', 201),
        json_of('{"token": 7, "redirect_url": "http://127.0.0.1/"}', 201),
        json_of('{"token": "t", "redirect_url": "https://evil.example/snap"}', 201),
        json_of('{"token": "t", "redirect_url": "javascript:alert(1)"}', 201),
        json_of('{"token": "a/b", "redirect_url": "http://127.0.0.1/"}', 201),
        json_of('{"status_code": "202", "status_message": "still under way"}', 202),
    ],
)
def test_a_page_elsewhere_is_no_page(there, answer):
    there(answer)
    with pytest.raises(RemoteError):
        Midtrans().start(invoice())


@pytest.mark.parametrize(
    ("url", "is_theirs"),
    [
        ("https://app.sandbox.midtrans.com/snap/v2/vtweb/t", True),
        ("https://app.midtrans.com/snap/v4/redirection/t", True),
        ("http://app.midtrans.com/snap", False),
        ("https://midtrans.com.evil.example/snap", False),
        ("https://evilmidtrans.com/snap", False),
        ("https://app.midtrans.com@evil.example/", False),
        ("https://[/", False),
        ("https://app.midtrans.com/" + "x" * 1_000, False),
    ],
)
def test_buyers_are_sent_to_midtrans_and_nowhere_else(there, gateway_settings, url, is_theirs):
    gateway_settings(midtrans_snap_url="")
    assert _is_theirs(url) == is_theirs


@pytest.mark.parametrize(
    "words",
    ["transaction_details.order_id has already been taken",
     "Order_id has been paid and utilized, please use another order_id"],
)  # fmt: skip
def test_a_taken_key_is_told_apart(there, words):
    there(json_of(f'{{"error_messages": ["{words}"]}}', 400))
    with pytest.raises(KeyTaken):
        Midtrans().start(invoice())


def test_any_other_no_carries_its_code_and_no_words(there):
    there(json_of(f'{{"error_messages": ["{SECRET}"]}}', 400))
    with pytest.raises(Refused) as caught:
        Midtrans().start(invoice())
    assert (caught.value.code, str(caught.value)) == ("400", "midtrans said 400")


def test_a_silent_server_is_not_waited_for(there):
    there(lambda: time.sleep(1.2) or json_of("{}"))
    began = time.monotonic()
    with pytest.raises(RemoteError):
        Midtrans().read(invoice())
    assert time.monotonic() - began < 1.2


def test_a_server_that_trickles_is_not_waited_for(there):
    def drops():
        for _ in range(8):
            time.sleep(0.2)
            yield b" "

    there(lambda: Response(drops(), 200, mimetype="application/json"))
    began = time.monotonic()
    with pytest.raises(RemoteError):
        Midtrans().read(invoice())
    assert time.monotonic() - began < 1


def test_all_questions_of_one_purpose_share_the_time(there):
    waits = '{"order_id": "%s", "transaction_status": "pending", "transaction_id": "t"}'
    asked = invoice()
    there(lambda: time.sleep(0.2) or json_of(waits % asked.key))
    began = time.monotonic()
    with pytest.raises(RemoteError):
        Midtrans().cancel(asked)
    assert time.monotonic() - began < 1


def test_five_seconds_are_the_most(gateway_settings):
    gateway_settings(remote_seconds=60.0)
    assert Conversation()._ends - time.monotonic() <= 5.0


def test_a_proxy_of_the_environment_is_not_obeyed(there, monkeypatch):
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    asked = invoice()
    there(json_of(f'{{"order_id": "{asked.key}", "transaction_status": "pending"}}'))
    assert Midtrans().read(asked)


def test_each_call_has_a_key_of_its_own(there):
    asked = there(json_of('{"token": "t", "redirect_url": "x"}', 201))
    first, second = invoice(), invoice()
    for one in (first, second):
        with pytest.raises(RemoteError):
            Midtrans().start(one)
    with pytest.raises(RemoteError):
        Midtrans().read(first)
    keys = [request.headers.get("Idempotency-Key") for request in asked]
    assert keys == [f"snap:{first.attempt_id}", f"snap:{second.attempt_id}", None]


def test_nothing_secret_is_written_down(there, caplog):
    there(json_of(f'{{"status_code": "500", "status_message": "{SECRET} {KEY}"}}'))
    with caplog.at_level(logging.DEBUG), structlog.testing.capture_logs() as told:
        for deed in (Midtrans().read, Midtrans().cancel, Midtrans().start):
            with pytest.raises(RemoteError) as caught:
                deed(invoice())
            assert caught.value.__cause__ is None
            assert caught.value.__suppress_context__ or caught.value.__context__ is None
            assert not any(word in repr(caught.value) for word in (SECRET, KEY))
    written = f"{caplog.text}{told}"
    assert SECRET not in written
    assert KEY not in written


def test_many_threads_do_not_share_anything(app, there):
    one, two = invoice(), invoice()
    there(json_of('{"status_code": "404", "status_message": "Transaction doesn\'t exist."}'))
    seen = []

    def ask(invoice):
        with app.app_context():
            seen.append(Midtrans().read(invoice).event)

    threads = [threading.Thread(target=ask, args=(i,)) for i in (one, two) * 4]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(seen) == 8
