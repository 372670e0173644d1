"""A restored house learns from the gateways what was paid in the time it has lost."""

import pytest

from core.actors import GUEST
from core.backup.opening import Restored
from orders import catching_up, opening
from tests.orders.factories import attempt_of, order
from tests.orders.playing import SILENCE
from tests.orders.test_asking import later, state_of

pytestmark = pytest.mark.service
RESTORED = Restored("log", None)


@pytest.fixture
def placed(shop):
    placed = order((shop.batik, 1), method="qris")
    opening.open_payment(actor=GUEST, order_id=placed.id)
    return placed


def test_what_was_paid_in_the_lost_time_is_taken_in_at_once_and_only_once(placed, gateway):
    gateway.pays(attempt_of(placed))
    for _ in range(2):
        assert catching_up.ask_about_all(RESTORED) == []
    assert state_of(placed) == "paid"


def test_a_gateway_that_is_silent_keeps_the_house_closed(placed, gateway):
    gateway.failing = [SILENCE]
    (sentence,) = catching_up.ask_about_all(RESTORED)
    assert sentence.startswith(f"attempt {attempt_of(placed).id}: ")
    assert state_of(placed) == "awaiting_payment"


def test_what_can_move_no_more_is_left_alone(placed, gateway):
    gateway.failing = [SILENCE]
    with later(days=9):
        assert catching_up.ask_about_all(RESTORED) == []
    assert gateway.failing == [SILENCE]


def test_a_transfer_is_known_to_people_only(shop):
    order((shop.batik, 1), method="transfer")
    assert catching_up.ask_about_all(RESTORED) == []
