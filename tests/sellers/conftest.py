"""Words for rules that are tested without the house, and a folder of one's own for photos."""

import pytest
from flask import Flask
from flask_babel import Babel

from core.storage import LocalStorage


@pytest.fixture
def speaking():
    """Sentences can be read, and nothing else is there."""
    app = Flask(__name__)
    Babel(app, default_locale="id")
    with app.app_context():
        yield


@pytest.fixture
def own_storage(request, monkeypatch, tmp_path):
    """Photos of this test go into a folder of its own."""
    name = "committed" if "committed" in request.fixturenames else "app"
    house = request.getfixturevalue(name)
    monkeypatch.setitem(house.extensions, "storage", LocalStorage(tmp_path, "/media"))
