"""Midtrans' notices: only a right signature is heard, and each event has one key."""

import hashlib
import json

import pytest

from core import clock
from orders.gateways.midtrans import Midtrans
from orders.gateways.midtrans_notices import signature
from orders.gateways.words import Forged
from orders.simulators.midtrans import papers
from orders.simulators.midtrans.payments import Payment
from tests.orders.gateways.conftest import KEY

pytestmark = pytest.mark.service
GOLDEN = (
    "edc076b21793ebe3e17926350f5b8ae67d902fe657b3d0aa31b932d5c127e2375d308a2bc94f3265ac2d80a1f181a7"
    "9b997ac178a236fcff35af263fc4d4c231"
)
GOLDEN_KEY = "askvnoibnosifnboseofinbofinfgbiufglnbfg"


@pytest.fixture
def hear(app, gateway_settings):
    gateway_settings(midtrans_server_key=KEY)

    def hear(facts):
        body = facts if isinstance(facts, bytes) else json.dumps(facts).encode()
        return Midtrans().hear({}, body)

    return hear


def notice(key=KEY, **changes):
    facts = {
        "order_id": "LB-7KQ2M-1",
        "status_code": "200",
        "gross_amount": "92000.00",
        "transaction_id": "249fc620-6017-4540-af7c-5a1c25788f46",
        "transaction_status": "settlement",
        "payment_type": "qris",
        "a_new_field": {"of": ["tomorrow"]},
    } | changes
    return papers.sign(facts, key)


def test_the_golden_vector():
    assert signature("1111", "200", "100000.00", GOLDEN_KEY) == GOLDEN
    assert signature("1111", "200", "100000", GOLDEN_KEY).startswith("5f363520e86c10c2")


def test_a_right_signature_is_heard(hear):
    assert hear(notice()).attempt_key == "LB-7KQ2M-1"


def test_the_simulator_signs_as_the_papers_say():
    text = "LB-7KQ2M-120092000.00" + KEY
    assert notice()["signature_key"] == hashlib.sha512(text.encode()).hexdigest()


@pytest.mark.parametrize(
    "forged",
    [
        notice(key="SB-Mid-server-another"),
        notice(key=""),
        notice() | {"signature_key": ""},
        notice() | {"signature_key": None},
        notice() | {"signature_key": "ä"},
        notice() | {"signature_key": "\ud800"},
        notice() | {"signature_key": ["x"]},
        {name: value for name, value in notice().items() if name != "signature_key"},
        notice() | {"order_id": "LB-OTHER-1"},  # The right signature of another order.
        notice() | {"gross_amount": "92000"},  # The very strings are signed, not their value.
        notice() | {"gross_amount": 92000.00},
        notice() | {"order_id": None},
        [],
        "LB-7KQ2M-1",
        None,
    ],
)
def test_a_wrong_signature_is_not_heard(hear, forged):
    with pytest.raises(Forged):
        hear(forged)


@pytest.mark.parametrize(
    "body",
    [b"", b"{", b"\xff\xfe", b"[" * 100_000, b'{"a": ' * 20_000, b" " * 65_537, b"9" * 60_000],
)
def test_nonsense_is_not_heard(hear, body):
    with pytest.raises(Forged):
        hear(body)


def test_without_a_key_of_ours_nobody_is_heard(hear, gateway_settings):
    gateway_settings(midtrans_server_key="")
    with pytest.raises(Forged):
        hear(notice(key=""))


def test_the_same_event_has_the_same_key(hear):
    first = hear(notice())
    later = hear(notice(settlement_time="2026-11-26 10:00:00", status_message="again"))
    assert first.event_key == later.event_key
    assert len(first.event_key) <= 120


@pytest.mark.parametrize(
    "changes",
    [
        {"transaction_status": "pending"},
        {"transaction_id": "another"},
        {"status_code": "201"},
        {"order_id": "LB-7KQ2M-2"},
        {"refunds": [{"refund_chargeback_id": 1, "refund_key": "a"}]},
        {"refunds": [{"refund_chargeback_id": 1, "bank_confirmed_at": "2026-11-27 00:00:00"}]},
        {"bank_confirmed_at": "2026-11-27 00:00:00"},
    ],
)
def test_another_event_has_another_key(hear, changes):
    assert hear(notice()).event_key != hear(notice(**changes)).event_key


def test_a_refund_is_told_twice_and_both_are_heard(hear):
    first = hear(notice(refunds=[{"refund_chargeback_id": 1}]))
    confirmed = [{"refund_chargeback_id": 1, "bank_confirmed_at": "2026-11-27 00:00:00"}]
    assert first.event_key != hear(notice(refunds=confirmed)).event_key


@pytest.mark.parametrize("refunds", [None, "none", {"a": 1}, [None, 7]])
def test_refunds_in_another_shape_do_not_stop_us(hear, refunds):
    assert hear(notice(refunds=refunds)).attempt_key == "LB-7KQ2M-1"


@pytest.mark.parametrize("order_id", ["x" * 41, "a b", "../etc", "LB#1", "é"])
def test_a_name_that_cannot_be_ours_is_about_nothing_of_ours(hear, order_id):
    assert hear(notice(order_id=order_id)).attempt_key == ""


def test_the_dashboards_test_notice_is_heard_calmly(hear):
    test = notice(order_id="payment_notif_test_G123456789_5d29a1b2-6e5c")
    assert hear(test).attempt_key == ""


def test_every_notice_of_the_simulator_is_heard(hear):
    now = clock.now()
    payment = Payment("249fc620-6017", "LB-1", "other_qris", 10_000, now, now)
    signer = papers.Signer(KEY)
    assert hear(signer.signed(papers.facts(payment)).body).attempt_key == "LB-1"
    assert hear(signer.edited(papers.facts(payment)).body).attempt_key == "LB-1"
    with pytest.raises(Forged):
        hear(signer.forged(papers.facts(payment)).body)
