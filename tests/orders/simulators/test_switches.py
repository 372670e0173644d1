"""Faults strike as often as asked, and can be switched by hand."""

import pytest
import requests

from orders.simulators.faults import Faulty
from orders.simulators.server import serving, together
from orders.simulators.switches import ALWAYS, NAMES, Switches


@pytest.fixture
def switches():
    return Switches()


def test_a_fault_strikes_so_many_times(switches):
    switches.set(duplicate=2)
    assert [switches.strikes("duplicate") for _ in range(3)] == [True, True, False]


def test_a_fault_may_strike_until_it_is_switched_off(switches):
    switches.set(silent=ALWAYS)
    assert all(switches.strikes("silent") for _ in range(5))
    switches.reset()
    assert not switches.strikes("silent")


def test_an_unknown_fault_is_no_fault(switches):
    with pytest.raises(KeyError):
        switches.set(flood=1)


@pytest.fixture
def browser(switches):
    return together(switches, {})


def ask(app, method, path, **more):
    with serving(app) as url:
        return requests.request(method, url + path, timeout=5, allow_redirects=False, **more)


def test_the_page_shows_every_fault_and_that_no_money_is_real(browser):
    page = ask(browser, "get", "/").text
    assert "bukan uang sungguhan" in page
    assert "no money here is real" in page
    assert all(f'name="{name}"' in page for name in NAMES)


def test_a_press_switches(browser, switches):
    assert ask(browser, "post", "/", data={"hang": "1", "late": "-1"}).status_code == 303
    assert (switches.state()["hang"], switches.state()["late"]) == (1, ALWAYS)


def test_a_machine_switches(browser, switches):
    answer = ask(browser, "post", "/switches.json", json={"silent": 3})
    assert answer.json()["silent"] == switches.state()["silent"] == 3


@pytest.mark.parametrize("wrong", [{"flood": 1}, {"silent": "often"}, [1]])
def test_nonsense_switches_nothing(browser, switches, wrong):
    assert ask(browser, "post", "/switches.json", json=wrong).status_code == 400
    assert set(switches.state().values()) == {0}


def test_another_site_may_not_press(browser, switches):
    elsewhere = {"Sec-Fetch-Site": "cross-site"}
    assert ask(browser, "post", "/", data={"hang": "1"}, headers=elsewhere).status_code == 403
    assert switches.state()["hang"] == 0


def test_only_loopback_names_are_answered(browser):
    assert ask(browser, "get", "/", headers={"Host": "example.org"}).status_code == 400


class Deeds:
    """An application that counts what it has done."""

    done = 0

    def __call__(self, environ, start):
        self.done += 1
        start("200 OK", [("Content-Type", "text/plain")])
        return [b"done"]


@pytest.fixture
def deeds():
    return Deeds()


@pytest.fixture
def faulty(deeds, switches):
    return Faulty(deeds, switches, lambda path: path.startswith("/v2"), hang_seconds=0.2)


def test_a_lost_answer_is_lost_after_the_deed(faulty, deeds, switches):
    switches.set(lose_answer=1)
    with pytest.raises(requests.ConnectionError):
        ask(faulty, "post", "/v2/pay")
    assert deeds.done == 1
    assert ask(faulty, "post", "/v2/pay").text == "done"


def test_a_broken_gateway_does_nothing(faulty, deeds, switches):
    switches.set(fail_5xx=1)
    assert ask(faulty, "post", "/v2/pay").status_code == 502
    assert deeds.done == 0


def test_a_hanging_gateway_says_nothing_in_the_end(faulty, deeds, switches):
    switches.set(hang=1)
    with pytest.raises(requests.ConnectionError):
        ask(faulty, "post", "/v2/pay")
    assert deeds.done == 0


def test_people_are_answered_whatever_is_switched(faulty, switches):
    switches.set(lose_answer=ALWAYS, fail_5xx=ALWAYS, hang=ALWAYS)
    assert ask(faulty, "get", "/page").text == "done"
