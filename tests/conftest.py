"""One real PostgreSQL for the run, a database per worker, a rolled-back transaction per test."""

import contextlib
import contextvars
import os
import uuid

import psycopg
import pytest
from flask import Flask, has_app_context
from flask.testing import FlaskClient
from flask_babel import Babel
from flask_migrate import upgrade
from hypothesis import settings
from psycopg import sql
from sqlalchemy import create_engine

from app import create_app
from core.db import db
from core.postgres import throwaway
from core.storage import LocalStorage

settings.register_profile("house", deadline=None)  # A busy machine is no bug.
settings.load_profile("house")

SECRET = "test-" * 10


def environ(url, **more):
    return {
        "DATABASE_URL": url,
        "SECRET_KEY": SECRET,
        "LUMBUNG_DEMO": "no",
        "LUMBUNG_BACKUPS": "no",
        "LUMBUNG_CASH_OPEN_MAX": "100",  # All buyers of the tests have one phone.
        "LUMBUNG_TRANSFER_CODE_RUPIAH_MAX": "0",  # Plain sums; tests of the digits want them.
        "LUMBUNG_GUEST_SECONDS": "0",  # A test looks at once for what it has changed.
        **more,
    }


def pytest_configure(config):
    """Start the server once, in the process that hands out the tests; workers inherit the URL."""
    if not hasattr(config, "workerinput"):
        server = throwaway()
        os.environ["LUMBUNG_TEST_SERVER"] = server.__enter__().url
        config.add_cleanup(lambda: server.__exit__(None, None, None))


def server_url(name):
    return os.environ["LUMBUNG_TEST_SERVER"].replace("/lumbung?", f"/{name}?")


def make_database(name, template=None):
    with psycopg.connect(server_url("postgres").replace("+psycopg", ""), autocommit=True) as admin:
        made = sql.SQL("create database {}").format(sql.Identifier(name))
        if template:
            made += sql.SQL(" template {}").format(sql.Identifier(template))
        admin.execute(made)


@pytest.fixture(scope="session")
def template_database(worker_id):
    """A migrated, empty database; copies of it cost milliseconds."""
    name = f"template_{worker_id}"
    make_database(name)
    app = create_app(environ(server_url(name)))
    with app.app_context():
        upgrade()
        db.engine.dispose()
    return name


@pytest.fixture(scope="session")
def worker_id(request):
    return getattr(request.config, "workerinput", {}).get("workerid", "alone")


@pytest.fixture(scope="session")
def house(template_database):
    """The app of this worker, on its own migrated database."""
    name = f"{template_database}_main"
    make_database(name, template_database)
    app = create_app(environ(server_url(name)))
    app.test_client_class = HouseClient
    yield app
    with app.app_context():
        db.engine.dispose()


@contextlib.contextmanager
def undone(house):
    """An app, its session bound to a transaction that is rolled back at the end."""
    with house.app_context():
        connection = db.engine.connect()
        outer = connection.begin()
        db.session.remove()
        db.session.configure(bind=connection, join_transaction_mode="create_savepoint")
        rules = dict(house.extensions["settings"])
        yield house
        house.extensions["settings"].update(rules)  # A test may have changed them.
        db.session.remove()
        db.session.configure(bind=None, join_transaction_mode="conditional_savepoint")
        outer.rollback()
        connection.close()


@pytest.fixture
def app(house):
    """The app of this worker; whatever a test writes is rolled back after it."""
    with undone(house):
        yield house


@pytest.fixture
def session(app):
    return db.session()


class HouseClient(FlaskClient):
    """A browser whose every request starts from nothing, as it does on a server."""

    def open(self, *args, **kwargs):
        # Without a fresh context the request would share `g` with the test around it.
        answer = contextvars.Context().run(super().open, *args, **kwargs)
        if has_app_context():
            db.session.expire_all()
        return answer


@pytest.fixture
def speaking():
    """Sentences can be read, and nothing else is there."""
    app = Flask(__name__)
    Babel(app, default_locale="id")
    with app.app_context():
        yield


@pytest.fixture
def client(app):
    return app.test_client()


@pytest.fixture
def own_database(template_database):
    """A database for one test that really commits: races, crashes, workers. Yields its URL."""
    name = f"own_{uuid.uuid4().hex[:12]}"
    make_database(name, template_database)
    yield server_url(name)
    with psycopg.connect(server_url("postgres").replace("+psycopg", ""), autocommit=True) as admin:
        admin.execute(sql.SQL("drop database {} with (force)").format(sql.Identifier(name)))


@pytest.fixture
def committed(own_database):
    """An app on a database of its own, where commits are real."""
    app = create_app(environ(own_database))
    app.test_client_class = HouseClient
    with app.app_context():
        yield app
        db.session.remove()
        db.engine.dispose()


@pytest.fixture
def own_engine(own_database):
    engine = create_engine(own_database)
    yield engine
    engine.dispose()


@pytest.fixture
def own_storage(request, monkeypatch, tmp_path):
    """Photos of this test go into a folder of its own."""
    name = "committed" if "committed" in request.fixturenames else "app"
    house = request.getfixturevalue(name)
    monkeypatch.setitem(house.extensions, "storage", LocalStorage(tmp_path, "/media"))
