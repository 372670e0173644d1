"""Calls to other people's servers: few at once, none while they are down, none in a transaction."""

import threading

import pytest

from core.config import remembered
from core.db import db, in_transaction
from core.errors import RemoteError
from core.remote import FAILURES, SLOTS, Down, TooBusy, remote

pytestmark = pytest.mark.service


@pytest.fixture(autouse=True)
def fresh(app):
    remembered("remotes").clear()
    yield
    remembered("remotes").clear()


def fails():
    raise RemoteError("silence")


class ClearNo(RemoteError):
    """It answered, and the answer was no."""


def says_no():
    raise ClearNo


def test_an_answer_comes_through(app):
    assert remote("bank").call(lambda: 7) == 7


def test_so_many_may_wait_and_the_next_is_told_at_once(app):
    inside, done = threading.Semaphore(0), threading.Event()
    bank = remote("bank")

    def wait():
        inside.release()
        done.wait(10)

    def ask():
        with app.app_context():
            bank.call(wait)
            db.session.remove()

    waiting = [threading.Thread(target=ask) for _ in range(SLOTS)]
    for thread in waiting:
        thread.start()
    for _ in waiting:
        assert inside.acquire(timeout=10)
    with pytest.raises(TooBusy):
        bank.call(lambda: 7)
    assert remote("other").call(lambda: 7) == 7  # Each server for itself.
    done.set()
    for thread in waiting:
        thread.join()
    assert bank.call(lambda: 7) == 7


def test_after_some_failures_it_is_left_in_peace_for_a_while(app):
    for _ in range(FAILURES):
        with pytest.raises(RemoteError):
            remote("bank").call(fails)
    asked = []
    with pytest.raises(Down):
        remote("bank").call(lambda: asked.append(1))
    assert asked == []


def test_one_answer_after_the_rest_opens_it_again(app, monkeypatch):
    import circuitbreaker

    now = [1000.0]
    monkeypatch.setattr(circuitbreaker, "monotonic", lambda: now[0])
    for _ in range(FAILURES):
        with pytest.raises(RemoteError):
            remote("bank").call(fails)
    now[0] += 21
    assert remote("bank").call(lambda: 7) == 7
    assert remote("bank").call(lambda: 8) == 8


def test_a_clear_no_is_no_failure_of_the_server(app):
    for _ in range(FAILURES + 2):
        with pytest.raises(ClearNo):
            remote("bank").call(says_no)
    assert remote("bank").call(lambda: 7) == 7


def test_nobody_is_asked_while_a_transaction_is_open(app):
    @in_transaction()
    def careless(session):
        remote("bank").call(lambda: 7)

    with pytest.raises(AssertionError, match="open transaction"):
        careless()
