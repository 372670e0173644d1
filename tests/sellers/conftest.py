"""Words for rules without the house, and a seller signed in."""

import pytest
from flask import Flask
from flask_babel import Babel

from tests.factories import sign_in
from tests.sellers.factories import a_shop


@pytest.fixture
def speaking():
    """Sentences can be read, and nothing else is there."""
    app = Flask(__name__)
    Babel(app, default_locale="id")
    with app.app_context():
        yield


@pytest.fixture
def hers(client):
    """Her shop and she herself, signed in."""
    shop, actor = a_shop()
    sign_in(client)
    return shop, actor
