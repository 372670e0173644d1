"""Stripe's adapter through the real SDK: opening, reading, closing and giving back."""

from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

import pytest

from core import clock
from core.errors import RemoteError
from orders.gateways import Answer, Presented, Reading, Refunded
from orders.gateways.stripe import Stripe
from orders.gateways.stripe_calls import Refused
from orders.gateways.words import KeyTaken
from orders.simulators.switches import ALWAYS
from orders.states import AttemptEvent as E
from tests.orders.gateways.stripe_room import TWD, Opened, card, running

pytestmark = pytest.mark.service


@pytest.fixture
def theirs(gateway_settings, switches):
    switches.set(silent=ALWAYS)
    with running(gateway_settings, switches) as desk:
        yield desk


@pytest.fixture
def opened(theirs):
    return lambda *more, **changes: Opened(theirs, *more, **changes)


def only(desk):
    (session,) = desk.book.sessions.values()
    return session


def test_it_is_open_with_a_key_and_closed_without(theirs, gateway_settings):
    assert Stripe().is_open()
    gateway_settings(stripe_secret_key="")
    assert not Stripe().is_open()


def test_a_session_asks_for_her_money_under_our_key_and_names_nobody(theirs):
    asked = card()
    started = Stripe().start(asked)
    session = only(theirs)
    assert (session.amount, session.currency) == (18_218, "twd")
    assert session.reference == asked.key
    assert session.metadata == session.payment_metadata == {"attempt": asked.key}
    assert session.name == "Lumbung LB-7KQ2M"
    assert session.expires_at == int(asked.expires_at.timestamp())
    assert session.success_url == session.cancel_url == asked.return_url
    assert started.gateway_id == session.id
    assert started.pay_url == f"{theirs.world.own_url}/c/pay/{session.id}"


@pytest.mark.parametrize(
    ("presented", "at_stripe"),
    [
        (Presented(7_764, "KRW"), 7_764),
        (Presented(700, "JPY"), 700),
        (Presented(558, "USD"), 558),
        (Presented(1_730, "KWD"), 1_730),
        (Presented(92_000, "IDR"), 9_200_000),
    ],
)
def test_every_currency_is_counted_as_stripe_counts_it(opened, presented, at_stripe):
    made = opened(presented).pay()
    assert made.session.amount == at_stripe
    assert (made.read().amount, made.read().currency) == (presented.amount, presented.currency)


def test_asked_twice_it_opens_one_page(theirs):
    asked = card()
    assert Stripe().start(asked) == Stripe().start(asked)
    assert len(theirs.book.sessions) == 1


def test_another_sum_for_the_same_attempt_is_another_page(theirs):
    asked = card()
    Stripe().start(asked)
    Stripe().start(replace(asked, presented=Presented(558, "USD")))
    assert len(theirs.book.sessions) == 2


@pytest.mark.parametrize("fault", ["lose_answer", "fail_5xx"])
def test_the_sdk_asks_once_more_under_the_same_key(theirs, switches, fault):
    switches.set(**{fault: 1})
    assert Stripe().start(card()).pay_url
    assert len(theirs.book.sessions) == 1


@pytest.mark.parametrize("fault", ["lose_answer", "fail_5xx"])
def test_an_answer_lost_for_good_is_found_again(theirs, switches, fault):
    asked = card()
    switches.set(**{fault: 2})
    with pytest.raises(RemoteError):
        Stripe().start(asked)
    assert Stripe().read(asked) == Reading(E.OPEN)
    Stripe().start(asked)
    assert len(theirs.book.sessions) == 1


def test_paid_although_the_answer_was_lost(theirs, switches):
    asked = card()
    switches.set(lose_answer=2)
    with pytest.raises(RemoteError):
        Stripe().start(asked)
    theirs.pay(only(theirs))  # Stripe's first answer still says that it is open.
    assert Stripe().read(asked).event is E.CAPTURE
    assert Stripe().cancel(asked).event is E.CAPTURE


def test_nothing_was_opened_before_she_chose_her_currency(theirs):
    assert Stripe().read(card(presented=None)) is None
    assert theirs.book.sessions == {}


@pytest.mark.parametrize("minutes", [-5, 5, 29])
def test_too_little_time_for_a_page_means_the_next_try(theirs, minutes):
    asked = card(expires_at=clock.now() + timedelta(minutes=minutes))
    with pytest.raises(KeyTaken):
        Stripe().start(asked)
    assert Stripe().read(asked) == Reading(E.EXPIRE)
    assert Stripe().cancel(asked) == Reading(E.EXPIRE)
    assert theirs.book.sessions == {}


@pytest.mark.parametrize(
    "presented", [Presented(5, "USD"), Presented(1_234, "ISK"), Presented(9, "HKD")]
)
def test_what_stripe_refuses_is_a_clear_no(theirs, presented):
    if presented.currency == "ISK":
        assert Stripe().start(card(presented)).pay_url
        return
    with pytest.raises(Refused) as no:
        Stripe().start(card(presented))
    assert no.value.code == "amount_too_small"


def test_open_paid_and_expired(opened):
    made = opened()
    assert made.read() == Reading(E.OPEN)
    made.pay()
    paid = made.read()
    assert paid == Reading(
        E.CAPTURE, TWD.amount, "TWD", returned=0, channel="card", theirs=made.session.payment
    )


def test_a_session_that_ran_out(opened):
    made = opened()
    made.session.expires_at = int(clock.now().timestamp()) - 1
    assert made.read() == Reading(E.EXPIRE)


def test_another_amount_is_told_as_it_came(opened, switches):
    switches.set(wrong_amount=1)
    made = opened().pay()
    assert (made.read().event, made.read().amount) == (E.CAPTURE, TWD.amount + 100)


def test_closing_leaves_nothing_to_pay(opened):
    made = opened()
    assert Stripe().cancel(made.invoice) == Reading(E.EXPIRE)
    assert made.session.status == "expired"
    assert Stripe().cancel(made.invoice) == Reading(E.EXPIRE)


def test_closing_too_late_tells_of_the_money(opened):
    made = opened().pay()
    assert Stripe().cancel(made.invoice).event is E.CAPTURE


def test_closing_in_the_moment_she_pays_tells_of_the_money(opened, theirs, monkeypatch):
    made = opened()
    expire = theirs.expire

    def pay_first(session):
        theirs.pay(session)
        expire(session)

    monkeypatch.setattr(theirs, "expire", pay_first)
    assert Stripe().cancel(made.invoice).event is E.CAPTURE


def give_back(made, amount, refund_id=None):
    return Stripe().refund(
        made.invoice, refund_id=refund_id or uuid4(), asked=Presented(amount, "TWD")
    )


def test_money_goes_back_in_parts_and_no_more_than_came(opened):
    made = opened().pay()
    first = give_back(made, 8_218)
    assert first.refunded is Refunded.DONE
    assert first.theirs == made.session.refunds[0].id
    assert made.read().returned == 8_218
    assert give_back(made, 10_001) == Answer(Refunded.DENIED)
    assert give_back(made, 10_000).refunded is Refunded.DONE
    assert made.read() == replace(made.read(), event=E.CAPTURE, returned=TWD.amount)
    assert give_back(made, 1) == Answer(Refunded.DENIED)


def test_a_refund_asked_for_again_sends_nothing_twice(opened, switches):
    made, refund_id = opened().pay(), uuid4()
    switches.set(lose_answer=1)
    assert give_back(made, 5_000, refund_id) == give_back(made, 5_000, refund_id)
    assert [row.amount for row in made.session.refunds] == [5_000]


@pytest.mark.parametrize(
    ("status", "answer", "returned"),
    [("pending", Refunded.UNDER_WAY, 0), ("failed", Refunded.BY_HAND, 0)],
)
def test_a_refund_that_is_not_there_yet_is_not_counted(opened, theirs, status, answer, returned):
    made = opened().pay()
    theirs.book.refund_status = status
    assert give_back(made, 5_000).refunded is answer
    assert made.read().returned == returned


@pytest.mark.parametrize(
    ("status", "answer"), [("succeeded", Refunded.DONE), ("failed", Refunded.BY_HAND)]
)
def test_asked_again_a_pending_refund_is_told_as_it_stands_now(opened, theirs, status, answer):
    made, refund_id = opened().pay(), uuid4()
    theirs.book.refund_status = "pending"
    give_back(made, 5_000, refund_id)
    theirs.settle(made.session.refunds[0].id, status)
    assert give_back(made, 5_000, refund_id).refunded is answer


def test_what_was_never_paid_is_not_given_back(opened):
    assert give_back(opened(), 100) == Answer(Refunded.DENIED)


def test_a_dispute_holds_the_money_and_blocks_refunds(opened, theirs):
    made = opened().pay()
    theirs.dispute(made.session)
    assert (made.read().event, made.read().returned) == (E.DISPUTE, TWD.amount)
    assert give_back(made, 100) == Answer(Refunded.DENIED)


@pytest.mark.parametrize(
    ("decided", "event", "returned"),
    [("won", E.WIN, 0), ("lost", E.CHARGE_BACK, 9_000), ("under_review", E.DISPUTE, 9_000)],
)
def test_a_dispute_is_decided(opened, theirs, decided, event, returned):
    made = opened().pay()
    theirs.dispute(made.session, 9_000)
    theirs.decide(made.session, decided)
    reading = made.read()
    assert (reading.event, reading.returned, reading.amount) == (event, returned, TWD.amount)


def test_a_question_of_her_bank_takes_nothing(opened, theirs):
    made = opened().pay()
    theirs.dispute(made.session, status="warning_needs_response")
    assert (made.read().event, made.read().returned) == (E.CAPTURE, 0)


def test_what_went_back_before_a_dispute_was_won_stays_told(opened, theirs):
    made = opened().pay()
    give_back(made, 4_000)
    theirs.dispute(made.session, 9_000)
    theirs.decide(made.session, "won")
    assert (made.read().event, made.read().returned) == (E.WIN, 4_000)


def test_the_ledger_says_what_moved(opened, theirs):
    made = opened().pay()
    give_back(made, 4_000)
    rows = [(row["type"], row["amount"], row["currency"]) for row in theirs.book.ledger]
    assert rows == [("charge", TWD.amount, "twd"), ("refund", -4_000, "twd")]
