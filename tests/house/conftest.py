"""A house full of people and things, built once for each worker and undone after each test."""

from types import SimpleNamespace

import pytest

from app import create_app
from core.db import db
from tests.conftest import HouseClient, environ, make_database, server_url
from tests.house import three


@pytest.fixture(scope="session")
def full_house(template_database):
    """An app on a database where everybody of `three` lives, and who they are (`there`)."""
    name = f"{template_database}_full"
    make_database(name, template_database)
    app = create_app(environ(server_url(name)))
    app.test_client_class = HouseClient
    with app.app_context():
        there = three.build()
        db.session.commit()
        db.session.remove()
    yield SimpleNamespace(app=app, there=there)
    with app.app_context():
        db.engine.dispose()
