"""Migrations walk up, down and up again, and the models say what the schema says."""

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from flask_migrate import downgrade, upgrade
from sqlalchemy import create_engine, text

from app import create_app
from core.db import Base, db
from tests.conftest import environ

pytestmark = pytest.mark.service


def is_ours(obj, name, kind, reflected, compare_to):
    return not (name or "").startswith("procrastinate_")


def test_models_and_schema_agree(committed):
    with db.engine.connect() as connection:
        context = MigrationContext.configure(
            connection, opts={"include_object": is_ours, "compare_type": True}
        )
        assert compare_metadata(context, Base.metadata) == []


def test_the_way_down_leads_to_nothing_and_up_again(own_database):
    app = create_app(environ(own_database))
    with app.app_context():
        downgrade(revision="base")
        engine = create_engine(own_database)
        with engine.connect() as connection:
            left = connection.execute(
                text("select tablename from pg_tables where schemaname = 'public'")
            ).scalars()
            assert set(left) <= {"alembic_version"}
        engine.dispose()
        upgrade()
        db.engine.dispose()
