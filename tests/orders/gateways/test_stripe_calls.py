"""The traps of Stripe's SDK: patience, proxies, redirects, odd answers, and no secret anywhere."""

import logging
import re
import time
from uuid import uuid4

import pytest
from pytest_httpserver import HTTPServer
from werkzeug import Response

from core.errors import RemoteError
from orders.gateways import Presented
from orders.gateways.stripe import Stripe, is_theirs
from tests.orders.gateways.stripe_room import card

pytestmark = pytest.mark.service
KEY = "sk_live_51_very_secret_key"
PERSONAL = "joko@example.com"


@pytest.fixture(scope="module")
def server():
    with HTTPServer(threaded=True) as server:
        yield server


@pytest.fixture
def there(server, gateway_settings):
    """A Stripe that answers whatever the test says, and notes what it was asked."""
    server.clear()
    url = server.url_for("").rstrip("/")
    gateway_settings(stripe_secret_key=KEY, stripe_api_url=url, remote_seconds=1.0)
    asked = []

    def answer(given):
        def handle(request):
            asked.append(request)
            return given() if callable(given) and not isinstance(given, Response) else given

        server.expect_request(re.compile(".*")).respond_with_handler(handle)
        return asked

    return answer


def json_of(text, code=200):
    return Response(text, code, mimetype="application/json")


def deeds():
    known = card(gateway_id="cs_test_1")
    return (
        lambda: Stripe().start(card()),
        lambda: Stripe().read(known),
        lambda: Stripe().cancel(known),
        lambda: Stripe().refund(known, refund_id=uuid4(), asked=Presented(1, "TWD")),
    )


@pytest.mark.parametrize(
    "answer",
    [
        Response("<h1>Bad Gateway</h1>", 502),
        json_of('{"error": {"message": "joko@example.com sk_live_51_very_secret_key"}}', 500),
        json_of('{"error": {"type": "api_error"}}', 503),
        json_of('{"error": "joko@example.com"}', 500),
        json_of('{"error": {"message": "Invalid API Key provided: sk_live_51_very"}}', 401),
        json_of('{"error": {"message": "slow down"}}', 429),
        json_of("[]"),
        json_of("null"),
        json_of('"joko@example.com"'),
        json_of("{}"),
        json_of('{"id": 7, "object": "checkout.session"}'),
        json_of('{"id": "cs_1", "object": "checkout.session", "status": "odd"}'),
        json_of('{"id": "cs_1", "object": "checkout.session", "payment_status": "paid"}'),
        json_of("[" * 50_000),
        json_of('{"id": "cs_1", "status": "' + "x" * 600_000 + '"}'),
        Response("", 200),
        Response("", 302, {"Location": "/v1/elsewhere"}),
        Response("{}", 307, {"Location": "/v1/elsewhere"}),
    ],
)
def test_whatever_is_no_answer_is_a_remote_error_without_secrets(there, answer, caplog):
    asked = there(answer)
    caplog.set_level(logging.DEBUG)
    for deed in deeds()[:3]:
        with pytest.raises(RemoteError) as caught:
            deed()
        said = f"{caught.value!r} {caught.value.__cause__!r} {caplog.text}"
        assert not any(secret in said for secret in (PERSONAL, KEY, KEY[:16]))
    assert not any("elsewhere" in request.path for request in asked)


def test_silence_ends_in_time(there):
    there(lambda: time.sleep(3) or json_of("{}"))
    for deed in deeds():
        began = time.monotonic()
        with pytest.raises(RemoteError):
            deed()
        assert time.monotonic() - began < 2.9


def test_a_body_that_drips_ends_in_time(there):
    def drips():
        for _ in range(30):
            yield b" "
            time.sleep(0.2)

    there(lambda: Response(drips(), mimetype="application/json"))
    began = time.monotonic()
    with pytest.raises(RemoteError):
        Stripe().read(card(gateway_id="cs_test_1"))
    assert time.monotonic() - began < 5


def test_proxies_of_the_environment_are_not_obeyed(there, monkeypatch):
    for name in ("HTTP_PROXY", "http_proxy", "HTTPS_PROXY", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    monkeypatch.delenv("NO_PROXY", raising=False)
    monkeypatch.delenv("no_proxy", raising=False)
    asked = there(json_of('{"id": "cs_1", "object": "checkout.session", "status": "open"}'))
    assert Stripe().read(card(gateway_id="cs_1"))
    assert asked[0].headers["Authorization"] == f"Bearer {KEY}"


def test_the_key_for_once_is_short_and_the_same_each_time(there):
    asked = there(json_of('{"error": {"message": "down"}}', 500))
    wanted = card()
    for _ in range(2):
        with pytest.raises(RemoteError):
            Stripe().start(wanted)
    keys = {request.headers["Idempotency-Key"] for request in asked}
    assert len(keys) == 1
    assert len(keys.pop()) <= 255


def test_a_page_elsewhere_is_no_page(there):
    there(json_of('{"id": "cs_1", "url": "https://evil.example/c/pay/cs_1"}'))
    with pytest.raises(RemoteError):
        Stripe().start(card())


@pytest.mark.parametrize(
    ("url", "is_good"),
    [
        ("https://checkout.stripe.com/c/pay/cs_live_1#fid", True),
        ("http://checkout.stripe.com/c/pay/cs_live_1", False),
        ("https://checkout.stripe.com.evil.example/c/pay", False),
        ("https://checkout.stripe.com@evil.example/c/pay", False),
        ("javascript:alert(1)", False),
        ("https://[", False),
        (None, False),
        ("https://checkout.stripe.com/" + "x" * 1000, False),
    ],
)
def test_buyers_are_sent_to_stripe_alone(gateway_settings, url, is_good):
    gateway_settings(stripe_api_url="")
    assert is_theirs(url) is is_good
