"""What stands beside the house is named from outside, and finds a port of its own."""

import socket
import sys

import pytest

from core.companions import Companion, free_port, named
from core.supervisor import Child


def module(monkeypatch, name, answer):
    monkeypatch.setitem(sys.modules, name, type("Module", (), {"companion": answer}))


def test_modules_are_asked_with_the_environment_and_the_port(monkeypatch):
    module(monkeypatch, "one", lambda env, port: (env["A"], port))
    module(monkeypatch, "two", lambda env, port: None)
    assert named(["one", "two"], {"A": "b"}, 8000) == [("b", 8000)]


def test_a_module_that_is_not_there_is_our_bug():
    with pytest.raises(ModuleNotFoundError):
        named(["core.nobody"], {}, 8000)


def test_a_free_port_is_as_wished():
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        port = other.getsockname()[1]
    assert free_port(port) == port


@pytest.mark.parametrize("wished", [70_000, None])
def test_a_port_that_cannot_be_had_is_replaced(wished):
    with socket.create_server(("127.0.0.1", 0)) as other:
        taken = other.getsockname()[1]
        assert free_port(wished or taken) not in (wished, taken)


def test_it_is_ready_when_it_listens():
    with socket.create_server(("127.0.0.1", 0)) as other:
        companion = Companion(Child("it", ()), other.getsockname()[1])
        assert companion.is_ready()
    assert not companion.is_ready()
