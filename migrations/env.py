"""How migrations run: short lock waits, one transaction per step, our own metadata only."""

from alembic import context
from flask import current_app
from sqlalchemy import text

LOCK_TIMEOUT = "4s"
STATEMENT_TIMEOUT = "60s"

database = current_app.extensions["migrate"].db


def is_ours(obj: object, name: str | None, kind: str, reflected: bool, compare_to: object) -> bool:
    """The job queue keeps its own tables; they are not ours to compare."""
    return not (name or "").startswith("procrastinate_")


def migrate() -> None:
    """Walk the steps on one connection."""
    with database.engine.connect() as connection:
        connection.execute(text(f"set lock_timeout = '{LOCK_TIMEOUT}'"))
        connection.execute(text(f"set statement_timeout = '{STATEMENT_TIMEOUT}'"))
        connection.commit()
        context.configure(
            connection=connection,
            target_metadata=database.metadata,
            include_object=is_ours,
            compare_type=True,
            compare_server_default=False,
            transaction_per_migration=True,
        )
        with context.begin_transaction():
            context.run_migrations()


migrate()
