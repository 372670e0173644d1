"""Notices of Stripe: signed, by one of several secrets, now; and about us, or calmly not."""

import json
import time

import pytest
from stripe import WebhookSignature

from orders.gateways.stripe import Stripe
from orders.gateways.words import Forged
from orders.simulators.stripe import papers

NEW, OLD = "whsec_new", "whsec_old"
ABOUT = {"object": "checkout.session", "client_reference_id": "LB-7KQ2M-1", "metadata": {}}
CHARGE = {"object": "charge", "payment_intent": "pi_1", "metadata": {"attempt": "LB-7KQ2M-1"}}
DISPUTE = {"object": "dispute", "payment_intent": "pi_1", "metadata": {}}


@pytest.fixture(autouse=True)
def secrets(gateway_settings):
    gateway_settings(stripe_webhook_secrets=(NEW, OLD))


def event(kind="checkout.session.completed", about=ABOUT, name="evt_1"):
    return json.dumps(papers.event(name, kind, about))


def hear(body, secret=NEW, at=None, **headers):
    signed = WebhookSignature.generate_signature_header(body, secret, at)
    return Stripe().hear({"Stripe-Signature": signed, **headers}, body.encode())


@pytest.mark.parametrize("secret", [NEW, OLD])
def test_each_of_our_secrets_is_believed(app, secret):
    heard = hear(event(), secret)
    assert (heard.event_key, heard.attempt_key) == ("evt_1", "LB-7KQ2M-1")


def test_one_right_signature_among_several_is_enough(app):
    body, now = event(), int(time.time())
    right = WebhookSignature.generate_signature_header(body, NEW, now).partition(",v1=")[2]
    Stripe().hear({"stripe-signature": f"t={now},v1={'0' * 64},v1={right}"}, body.encode())


@pytest.mark.parametrize("seconds", [-299, 0, 299])
def test_five_minutes_either_way_are_let_pass(app, seconds):
    assert hear(event(), at=int(time.time()) + seconds).event_key == "evt_1"


@pytest.mark.parametrize("seconds", [-310, 310, 10**9])
def test_older_ones_and_those_from_the_future_are_not(app, seconds):
    with pytest.raises(Forged):
        hear(event(), at=int(time.time()) + seconds)


@pytest.mark.parametrize(
    "header",
    ["", "nonsense", "t=,v1=", "t=1", "v1=abc", f"t={10**400},v1=00", "t=1,v1=ü", "t=-1,v1="],
)
def test_a_header_that_is_none_is_forged(app, header):
    with pytest.raises(Forged):
        Stripe().hear({"Stripe-Signature": header}, event().encode())


def test_no_header_no_secret_and_another_secret_are_forged(app, gateway_settings):
    with pytest.raises(Forged):
        Stripe().hear({}, event().encode())
    with pytest.raises(Forged):
        hear(event(), "whsec_of_somebody_else")
    gateway_settings(stripe_webhook_secrets=())
    with pytest.raises(Forged):
        hear(event())


def test_a_body_changed_by_one_letter_is_forged(app):
    body = event()
    header = {"Stripe-Signature": WebhookSignature.generate_signature_header(body, NEW)}
    with pytest.raises(Forged):
        Stripe().hear(header, body.replace("evt_1", "evt_2").encode())
    with pytest.raises(Forged):
        Stripe().hear(header, b"\xff" + body.encode())


@pytest.mark.parametrize("body", ["[]", "null", "7", '"a"', "{", "[" * 50_000])
def test_what_is_rightly_signed_and_no_object_is_refused(app, body):
    with pytest.raises(Forged):
        hear(body)


@pytest.mark.parametrize(
    "body",
    [
        "{}",
        '{"id": 7, "type": "charge.refunded"}',
        '{"id": "evt_1"}',
        '{"id": "evt_1", "type": "charge.refunded"}',
        '{"id": "evt_1", "type": "charge.refunded", "data": {"object": {"metadata": null}}}',
        '{"id": "evt_1", "type": "charge.refunded", "data": {"object": {"metadata": []}}}',
        '{"id": "evt_1", "type": "charge.refunded", "data": []}',
    ],
)
def test_an_empty_or_odd_event_is_about_nothing_of_ours(app, body):
    assert hear(body).attempt_key == ""


@pytest.mark.parametrize(
    ("kind", "about", "theirs"),
    [
        ("checkout.session.completed", ABOUT, ""),
        ("checkout.session.async_payment_failed", ABOUT, ""),
        ("checkout.session.expired", ABOUT, ""),
        ("charge.refunded", CHARGE, "pi_1"),
        ("refund.updated", CHARGE, "pi_1"),
    ],
)
def test_what_is_about_us_names_the_attempt(app, kind, about, theirs):
    heard = hear(event(kind, about))
    assert (heard.attempt_key, heard.theirs) == ("LB-7KQ2M-1", theirs)


def test_a_dispute_names_the_payment_in_their_words(app):
    heard = hear(event("charge.dispute.created", DISPUTE))
    assert (heard.attempt_key, heard.theirs) == ("", "pi_1")
    wide = DISPUTE | {"payment_intent": {"id": "pi_2", "object": "payment_intent"}}
    assert hear(event("charge.dispute.closed", wide)).theirs == "pi_2"


@pytest.mark.parametrize("kind", ["customer.created", "payout.paid", "v2.something", ""])
def test_other_events_are_heard_calmly(app, kind):
    heard = hear(event(kind, ABOUT))
    assert (heard.attempt_key, heard.theirs) == ("", "")


@pytest.mark.parametrize("key", ["", "a b", "../../x", "x" * 41, 7])
def test_a_key_that_we_never_gave_is_no_key(app, key):
    assert hear(event(about=ABOUT | {"client_reference_id": key})).attempt_key == ""


def test_the_simulators_own_notices_are_right_forged_and_edited(app):
    signer, told = papers.Signer(NEW), papers.event("evt_9", "charge.refunded", CHARGE)
    letter = signer.signed(told)
    assert Stripe().hear(letter.headers, letter.body).attempt_key == "LB-7KQ2M-1"
    for wrong in (signer.forged(told), signer.edited(told)):
        with pytest.raises(Forged):
            Stripe().hear(wrong.headers, wrong.body)
