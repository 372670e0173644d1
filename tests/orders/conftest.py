import pytest

from core.config import remembered
from orders.gateways import GATEWAYS
from tests.orders.factories import a_market, findings
from tests.orders.playing import PlayingGateway


@pytest.fixture
def gateway(app, monkeypatch):
    """Both gateways of this house are one that plays along."""
    playing = PlayingGateway()
    for name in ("midtrans", "stripe"):
        monkeypatch.setitem(GATEWAYS, name, playing)
    remembered("remotes").clear()  # Breakers remember failures of tests before.
    yield playing
    remembered("remotes").clear()


@pytest.fixture
def sound(app):
    """The doctor finds nothing after the test."""
    yield
    assert findings() == []


@pytest.fixture
def shop(app, gateway, sound):
    """A market whose gateways play along."""
    return a_market()
