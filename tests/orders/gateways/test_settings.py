"""Simulated and real money are never taken for one another: the house does not even start."""

import pytest

from app import create_app
from core.config import ConfigError
from orders.simulators.beside import companion, settings_at
from tests.conftest import environ

SIMULATED = settings_at("http://127.0.0.1:9000")
NOWHERE = "postgresql+psycopg://lumbung@/lumbung?host=/nowhere"


def build(**changes):
    return create_app(environ(NOWHERE, **{**SIMULATED, **changes}))


def test_a_house_beside_simulators_starts():
    assert build()


@pytest.mark.parametrize(
    ("changes", "named"),
    [
        ({"MIDTRANS_PRODUCTION": "yes"}, "MIDTRANS_PRODUCTION"),
        ({"MIDTRANS_SERVER_KEY": "Mid-server-real"}, "MIDTRANS_SERVER_KEY"),
        ({"STRIPE_SECRET_KEY": "sk_live_real"}, "STRIPE_SECRET_KEY"),
        ({"STRIPE_API_URL": ""}, "STRIPE_API_URL"),  # It would be asked for real.
        ({"MIDTRANS_SNAP_URL": ""}, "MIDTRANS_SNAP_URL"),
        ({"MIDTRANS_SNAP_URL": "https://app.midtrans.com"}, "MIDTRANS_SNAP_URL"),
        ({"MIDTRANS_API_URL": "http://127.0.0.1.evil.example/"}, "MIDTRANS_API_URL"),
        ({"MIDTRANS_API_URL": "http://127.0.0.1@evil.example/"}, "MIDTRANS_API_URL"),
        ({"STRIPE_API_URL": "https://api.stripe.com"}, "STRIPE_API_URL"),
        ({"LUMBUNG_SECURE_COOKIES": "yes"}, "LUMBUNG_SECURE_COOKIES"),
    ],
)
def test_simulators_stand_beside_nothing_real(changes, named):
    with pytest.raises(ConfigError, match=named):
        build(**changes)


def test_everything_wrong_is_named_at_once_and_no_key_is():
    with pytest.raises(ConfigError) as caught:
        build(MIDTRANS_PRODUCTION="yes", MIDTRANS_SERVER_KEY="Mid-server-real")
    assert "MIDTRANS_PRODUCTION" in str(caught.value)
    assert "MIDTRANS_SERVER_KEY" in str(caught.value)
    assert "Mid-server-real" not in str(caught.value)


@pytest.mark.parametrize(
    "real",
    [
        {"MIDTRANS_SERVER_KEY": "SB-Mid-server-x", "MIDTRANS_PRODUCTION": "yes"},
        {"MIDTRANS_SERVER_KEY": "Mid-server-x"},
    ],
)
def test_a_key_of_the_other_world_is_refused(real):
    with pytest.raises(ConfigError):
        create_app(environ(NOWHERE, **real))


def test_without_keys_the_demo_house_has_simulators_beside_it():
    found = companion({}, 8000)
    assert found.env == settings_at(f"http://127.0.0.1:{found.port}")
    assert found.child.argv[-1] == str(found.port)


def test_a_taken_port_is_not_insisted_on():
    first = companion({}, 70_000)
    assert 0 < first.port < 65_536


@pytest.mark.parametrize(
    "env",
    [
        {"MIDTRANS_SERVER_KEY": "SB-Mid-server-x"},
        {"STRIPE_SECRET_KEY": "sk_test_x"},
        {"LUMBUNG_SIMULATORS": "no"},
        {"LUMBUNG_DEMO": "no"},
        {"LUMBUNG_SECURE_COOKIES": "yes"},
        {"LUMBUNG_SIMULATORS": "yes", "STRIPE_SECRET_KEY": "sk_live_x"},
    ],
)
def test_beside_anything_real_no_simulator_starts(env):
    assert companion(env, 8000) is None


def test_without_the_demo_world_they_start_when_asked_for():
    assert companion({"LUMBUNG_DEMO": "no", "LUMBUNG_SIMULATORS": "yes"}, 8000)
