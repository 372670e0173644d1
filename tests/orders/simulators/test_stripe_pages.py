"""The simulated Stripe as people and machines see it, over real HTTP."""

import pytest
import requests

from orders.gateways.stripe import Stripe
from orders.simulators.stripe.api import nested
from orders.simulators.stripe.book import KNOWN, NO_DECIMALS, written
from orders.simulators.switches import ALWAYS
from tests.orders.gateways.conftest import gateway_settings, switches  # noqa: F401
from tests.orders.gateways.stripe_room import KEY, Opened, running

pytestmark = pytest.mark.service


@pytest.fixture
def theirs(gateway_settings, switches):  # noqa: F811
    switches.set(silent=ALWAYS)
    with running(gateway_settings, switches) as desk:
        yield desk


@pytest.fixture
def made(theirs):
    return Opened(theirs)


def browse(desk, path, **form):
    url = desk.world.own_url + path
    if form:
        return requests.post(url, data=form, timeout=5, allow_redirects=False)
    return requests.get(url, timeout=5)


def call(desk, path, key=KEY, headers=None, **form):
    headers = {"Authorization": f"Bearer {key}", **(headers or {})}
    url = f"{desk.world.own_url}/v1/{path}"
    return requests.post(url, data=form, headers=headers, timeout=5)


def test_the_page_shows_the_sum_and_that_no_money_is_real(theirs, made):
    page = browse(theirs, f"/c/pay/{made.session.id}").text
    assert "TWD 182.18" in page
    assert "bukan uang sungguhan" in page
    assert made.invoice.return_url in page


def test_a_declined_card_leaves_the_page_open(theirs, made):
    answer = browse(theirs, f"/c/pay/{made.session.id}", deed="decline")
    assert answer.status_code == 303
    assert "Kartu ditolak" in browse(theirs, f"/c/pay/{made.session.id}?declined=1").text
    assert made.session.status == "open"


def test_paying_leads_back_and_closes_the_page(theirs, made):
    answer = browse(theirs, f"/c/pay/{made.session.id}", deed="pay")
    assert (answer.status_code, answer.headers["Location"]) == (303, made.invoice.return_url)
    assert "Sudah dibayar" in browse(theirs, f"/c/pay/{made.session.id}").text
    assert browse(theirs, f"/c/pay/{made.session.id}", deed="pay").status_code == 409


def test_a_closed_page_can_be_paid_late_when_that_is_switched_on(theirs, made, switches):  # noqa: F811
    theirs.expire(made.session)
    assert browse(theirs, f"/c/pay/{made.session.id}", deed="pay").status_code == 409
    switches.set(late=ALWAYS)
    assert browse(theirs, f"/c/pay/{made.session.id}", deed="pay").status_code == 303
    assert made.session.is_paid


def test_the_desk_does_what_banks_and_clerks_do(theirs, made):
    for deed in ("pay", "dispute", "under_review", "won", "refund"):
        assert browse(theirs, f"/sessions/{made.session.id}/{deed}", go="1").status_code == 303
    assert (made.session.disputes[0].status, made.session.given_back) == ("won", 18_218)
    assert made.invoice.key in browse(theirs, "/").text
    moved = browse(theirs, "/ledger.json").json()
    assert [row["type"] for row in moved] == ["charge", "dispute", "dispute_reversal", "refund"]
    assert browse(theirs, f"/sessions/{made.session.id}/won", go="1").status_code == 409
    assert browse(theirs, f"/sessions/{made.session.id}/nonsense", go="1").status_code == 409


def test_pending_refunds_are_settled_by_button(theirs, made):
    browse(theirs, "/refunds/pending", go="1")
    made.pay()
    theirs.refund(made.session, 100, {})
    name = made.session.refunds[0].id
    assert browse(theirs, f"/refunds/{name}/failed", go="1").status_code == 303
    assert made.session.refunds[0].status == "failed"


def test_machines_need_the_key(theirs):
    assert call(theirs, "refunds", key="sk_test_other").status_code == 401


def test_a_field_that_is_not_in_the_papers_is_refused(theirs):
    answer = call(theirs, "checkout/sessions", mode="payment", ip_address="1")
    assert answer.json()["error"]["code"] == "parameter_unknown"


def test_one_key_and_another_form_is_an_error(theirs, made):
    made.pay()
    once = {"Idempotency-Key": "a"}
    first = call(theirs, "refunds", headers=once, payment_intent=made.session.payment, amount=100)
    again = call(theirs, "refunds", headers=once, payment_intent=made.session.payment, amount=100)
    other = call(theirs, "refunds", headers=once, payment_intent=made.session.payment, amount=200)
    assert first.json() == again.json()
    assert (other.status_code, other.json()["error"]["type"]) == (400, "idempotency_error")
    assert len(made.session.refunds) == 1


@pytest.mark.parametrize(
    ("currency", "amount", "code"),
    [
        ("usd", 49, "amount_too_small"),
        ("jpy", 49, "amount_too_small"),
        ("usd", 100_000_000, "amount_too_large"),
        ("isk", 10_050, "invalid_amount"),
        ("kwd", 1_234, "invalid_amount"),
        ("zzz", 500, None),
    ],
)
def test_amounts_are_judged_by_currency(theirs, currency, amount, code):
    form = {
        "mode": "payment",
        "line_items[0][quantity]": "1",
        "line_items[0][price_data][currency]": currency,
        "line_items[0][price_data][unit_amount]": str(amount),
    }
    answer = call(theirs, "checkout/sessions", **form)
    assert (answer.status_code, answer.json()["error"].get("code")) == (400, code)


def test_forms_become_trees():
    assert nested({"a": "1", "b[0][c]": "2", "b[0][d]": "3", "e[f]": "4"}) == {
        "a": "1",
        "b": {"0": {"c": "2", "d": "3"}},
        "e": {"f": "4"},
    }


def test_amounts_are_written_for_people():
    assert written("jpy", 1_234) == "JPY 1,234"
    assert written("kwd", 1_230) == "KWD 1.230"
    assert written("usd", 5) == "USD 0.05"
    assert NO_DECIMALS < KNOWN


def test_the_house_hears_what_happens(gateway_settings, switches):  # noqa: F811
    from pytest_httpserver import HTTPServer
    from werkzeug import Response

    heard = []
    with HTTPServer() as house:

        def hear(request):
            heard.append((dict(request.headers), request.get_data()))
            return Response()

        house.expect_request("/webhooks/stripe").respond_with_handler(hear)
        with running(gateway_settings, switches, house.url_for("").rstrip("/")) as desk:
            made = Opened(desk).pay()
            desk.refund(made.session, 100, {"attempt": made.invoice.key})
            desk.dispute(made.session)
            desk.delivery.drain()
    notices = [Stripe().hear(*said) for said in heard]
    assert [notice.attempt_key for notice in notices] == [made.invoice.key] * 3 + [""]
    assert notices[-1].theirs == made.session.payment
    assert len({notice.event_key for notice in notices}) == 4


def test_the_desk_pays_out_and_offers_its_report(theirs, made):
    made.pay()
    assert made.invoice.key not in browse(theirs, "/report.csv").text
    assert browse(theirs, "/payout", go="1").status_code == 303
    assert made.invoice.key in browse(theirs, "/report.csv").text
