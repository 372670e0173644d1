"""What a simulator sends reaches us as gateways send it, faults and repetitions included."""

import json
import time

import pytest
from pytest_httpserver import HTTPServer
from werkzeug import Response

from orders.simulators.delivery import Delivery, Letter, RetryTable
from orders.simulators.switches import Switches

TABLE = RetryTable((120.0, 600.0), lambda answer: {200: 0, 400: 1}.get(answer, 2))


class Plain:
    """Signs by saying so."""

    def signed(self, event):
        return Letter(json.dumps(event).encode(), {"Signed": "yes"})

    def forged(self, event):
        return Letter(json.dumps(event).encode(), {"Signed": "by another"})

    def edited(self, event):
        return Letter(json.dumps({**event, "status": "settlement"}).encode(), {"Signed": "yes"})


class Ear:
    """A house that notes what it hears and answers as told."""

    def __init__(self, server):
        self.heard, self.answers = [], []
        self.server = server
        server.expect_request("/ear").respond_with_handler(self.hear)

    def hear(self, request):
        self.heard.append((request.headers["Signed"], request.get_json()))
        return Response(status=self.answers.pop(0) if self.answers else 200)


@pytest.fixture(scope="module")
def server():
    with HTTPServer() as server:
        yield server


@pytest.fixture
def ear(server):
    server.clear()
    return Ear(server)


@pytest.fixture
def switches():
    return Switches()


@pytest.fixture
def delivery(ear, switches):
    made = Delivery(ear.server.url_for("/ear"), Plain(), TABLE, switches, speed=10_000)
    yield made
    made.close()


def numbers(ear):
    return [event["n"] for _, event in ear.heard]


def test_a_notice_is_sent_signed_and_once(delivery, ear):
    delivery.tell({"n": 1})
    delivery.drain()
    assert ear.heard == [("yes", {"n": 1})]


def test_notices_keep_their_order(delivery, ear):
    for n in range(20):
        delivery.tell({"n": n})
    delivery.drain()
    assert numbers(ear) == list(range(20))


def test_a_duplicate_comes_three_times(delivery, ear, switches):
    switches.set(duplicate=1)
    delivery.tell({"n": 1})
    delivery.tell({"n": 2})
    delivery.drain()
    assert numbers(ear) == [1, 1, 1, 2]


def test_two_notices_change_places(delivery, ear, switches):
    switches.set(reorder=1)
    for n in (1, 2, 3):
        delivery.tell({"n": n})
    delivery.drain()
    assert sorted(numbers(ear)) == [1, 2, 3]
    assert numbers(ear).index(2) < numbers(ear).index(1)


def test_a_notice_that_nobody_overtakes_is_sent_all_the_same(delivery, ear, switches):
    switches.set(reorder=1)
    delivery.tell({"n": 1})
    delivery.drain()
    assert numbers(ear) == [1]


def test_a_late_notice_comes_late(delivery, ear, switches):
    switches.set(delay=1)
    began = time.monotonic()
    delivery.tell({"n": 1})
    delivery.drain()
    assert numbers(ear) == [1]
    assert time.monotonic() - began >= 0.3


def test_a_silent_gateway_says_nothing(delivery, ear, switches):
    switches.set(silent=1)
    delivery.tell({"n": 1})
    delivery.drain()
    assert ear.heard == []


def test_forged_and_edited_notices_say_so(delivery, ear, switches):
    switches.set(forged=1)
    delivery.tell({"n": 1, "status": "pending"})
    switches.set(edited_status=1)
    delivery.tell({"n": 2, "status": "pending"})
    delivery.drain()
    assert [signed for signed, _ in ear.heard] == ["by another", "yes"]
    assert [event["status"] for _, event in ear.heard] == ["pending", "settlement"]


@pytest.mark.parametrize(
    ("answers", "tries"),
    [([200], 1), ([400, 400, 400], 2), ([504, 504, 504], 3), ([504, 200], 2)],
)
def test_it_repeats_as_the_papers_say(delivery, ear, answers, tries):
    ear.answers = list(answers)
    delivery.tell({"n": 1})
    delivery.drain()
    assert numbers(ear) == [1] * tries
    assert [told.answer for told in delivery.told()] == answers[:tries]


def test_a_house_that_is_away_is_told_again(switches):
    away = Delivery("http://127.0.0.1:9/ear", Plain(), TABLE, switches, speed=10_000)
    away.tell({"n": 1})
    away.drain()
    away.close()
    assert [told.answer for told in away.told()] == [None, None, None]
