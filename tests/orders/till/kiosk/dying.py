"""How the server dies in the middle of a deed, and what must then be seen: nothing at all."""

from contextlib import contextmanager
from types import SimpleNamespace

import psycopg
from sqlalchemy import event, text
from sqlalchemy.exc import DBAPIError

from core.db import db
from tests.conftest import server_url

TABLES = (
    "act", "audit", "bazaar_line", "claim", "counter_sale", "entry", "hold", "journal",
    "movement", "order_placed", "payout", "settlement", "settlement_entry", "shipment",
    "stock_count_number", "task",
)  # fmt: skip


class Died(Exception):
    """The server, while it wrote."""


@contextmanager
def dying(at, *, really):
    """The server dies at its `at`-th question of a command, or with the commit if that is sooner.

    `really` ends the connection on the server; otherwise our own side breaks off.
    """
    death, asked = SimpleNamespace(came=False), iter(range(at))

    def die():
        death.came = True
        if not really:
            raise Died
        backend = db.session.connection().connection.driver_connection.info.backend_pid
        with psycopg.connect(server_url("postgres").replace("+psycopg", "")) as other:
            other.execute("select pg_terminate_backend(%s, 5000)", [backend])

    def on_question(_connection, _cursor, question, *_more):
        if "command" not in db.session.info or question.startswith("ROLLBACK"):
            return
        if not death.came and next(asked, None) is None:
            die()

    def on_commit(session):
        if "command" in session.info and not death.came:
            die()

    db.session.commit()
    event.listen(db.engine, "before_cursor_execute", on_question)
    event.listen(db.session, "before_commit", on_commit)
    try:
        yield death
    finally:
        event.remove(db.engine, "before_cursor_execute", on_question)
        event.remove(db.session, "before_commit", on_commit)
        db.session.rollback()
        db.session.expire_all()


def survived(deed, at, /, *, really=False, is_whole=True, **said):
    """Do it. Where the server is to die in its middle nothing has happened, and it is done again.

    A job of several transactions is not whole: what it had done before stays.
    """
    if at is None:
        return deed(**said)
    before = _trace()
    with dying(at, really=really) as death:
        try:
            answer = deed(**said)
        except (Died, DBAPIError):
            if not death.came:
                raise
    if not death.came:
        return answer
    after = _trace()
    assert not is_whole or after == before, f"half of it was kept: {before}, {after}"
    return deed(**said)


def _trace():
    counts = ", ".join(f"(select count(*) from {table})" for table in TABLES)
    stands = "(select sum(on_hand) from level), (select sum(reserved) from level)"
    found = tuple(db.session.execute(text(f"select {counts}, {stands}")).one())
    db.session.commit()
    return found
