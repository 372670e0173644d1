"""The database: one engine, one session, and the one place that commits.

A function whose first parameter is `db` joins the running transaction. A *command* is such a
function wrapped by `in_transaction`: calling it opens the transaction, retries it when PostgreSQL
asks for that, and commits. `command.within(db, …)` joins instead, so transactions never nest.
"""

import random
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import update_wrapper
from typing import Any, Concatenate, Generic, ParamSpec, TypeVar

import structlog
from flask import Flask
from flask_sqlalchemy import SQLAlchemy
from flask_sqlalchemy.session import Session as FlaskSession
from psycopg import Error as PsycopgError
from psycopg.rows import namedtuple_row
from sqlalchemy import (
    BigInteger,
    ClauseElement,
    Connection,
    DateTime,
    ForeignKey,
    MetaData,
    Select,
    Uuid,
    text,
)
from sqlalchemy.dialects.postgresql import psycopg
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import DeclarativeBase, Session, mapped_column

from core.errors import Busy

log = structlog.get_logger()

P = ParamSpec("P")
R = TypeVar("R")
Reader = Session | Connection  # What a query function needs; pages hand in a bare connection.

RETRY_STATES = frozenset({"40001", "40P01", "55P03"})  # serialization, deadlock, lock_timeout
OUT_OF_TIME = "57014"  # Each row's lock came in time, and all of them together did not.
LOCK_TIMEOUT_MS = 2_000
STATEMENT_TIMEOUT_MS = 5_000
PAGE_SIZE_MAX = 200

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}


class Base(DeclarativeBase):
    """Every table of the house. Integers are bigint, times are timestamptz."""

    metadata = MetaData(naming_convention=NAMING)
    type_annotation_map = {int: BigInteger}  # noqa: RUF012  (SQLAlchemy reads it as a class value)


class HouseSession(FlaskSession):
    """Flask-SQLAlchemy's session, but a connection bound by hand wins (tests roll it back)."""

    def get_bind(self, mapper: Any = None, clause: Any = None, bind: Any = None, **kw: Any) -> Any:
        """Prefer a bound connection; Flask-SQLAlchemy would ignore it and really commit."""
        return bind or self.bind or super().get_bind(mapper, clause, bind, **kw)


db: SQLAlchemy = SQLAlchemy(
    metadata=Base.metadata,
    session_options={"class_": HouseSession, "expire_on_commit": False},
)


def moment(**kw: Any) -> Any:
    """A timestamptz column."""
    return mapped_column(DateTime(timezone=True), **kw)


def reference(target: str, **kw: Any) -> Any:
    """A bigint column with a foreign key to `table.column`; upper floors point down, never up."""
    return mapped_column(BigInteger, ForeignKey(target), **kw)


def link(target: str, **kw: Any) -> Any:
    """A UUID column with a foreign key, for things whose id the client made."""
    return mapped_column(Uuid, ForeignKey(target), **kw)


def init_app(app: Flask, url: str, *, pool_size: int, application_name: str) -> None:
    """Wire the engine. The pool holds as many connections as there are threads, and no more."""
    waits = f"-c lock_timeout={LOCK_TIMEOUT_MS} -c statement_timeout={STATEMENT_TIMEOUT_MS}"
    app.config["SQLALCHEMY_DATABASE_URI"] = url
    app.config["SQLALCHEMY_ENGINE_OPTIONS"] = {
        "pool_size": pool_size,
        "max_overflow": 0,
        "pool_timeout": 5,
        "pool_pre_ping": False,
        "pool_recycle": 1800,
        "connect_args": {
            "options": f"{waits} -c timezone=UTC -c jit=off",
            "application_name": application_name,
            "connect_timeout": 5,
        },
    }
    db.init_app(app)


def be_patient(db: Session | Connection) -> None:
    """Let the statements of this transaction take as long as they need: whoever reads everything,
    with nobody waiting for the page.
    """
    db.execute(text("set local statement_timeout = 0"))
    db.execute(text("set local work_mem = '64MB'"))


@contextmanager
def reading() -> Iterator[Connection]:
    """A connection for pages that only read: plain columns, no session, no BEGIN and COMMIT.

    In a test the session's own connection is handed out, so that fixture rows are seen.
    """
    bound = db.session.session_factory.kw.get("bind")  # Asking a session would make one.
    if isinstance(bound, Connection):
        yield bound
        return
    with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        yield connection


_DIALECT: Any = psycopg.dialect()  # type: ignore[no-untyped-call]


class Ready:
    """A statement compiled once and for all, for the pages that are read most.

    SQLAlchemy would find its compiled text again by comparing every part of the statement, which
    for a long one costs more than to answer it; and to describe the rows costs as much again, so
    they come straight from psycopg, as named tuples. It may hold no `in_` of a list of values.
    """

    def __init__(self, statement: ClauseElement) -> None:
        compiled: Any = statement.compile(dialect=_DIALECT)
        self.text, self.own = compiled.string, compiled.params
        self._written = compiled._bind_processors  # How psycopg wants JSON.

    def rows(self, reader: Reader, values: Mapping[str, Any]) -> Sequence[Any]:
        """All its rows, with these values bound; none where the statement returns nothing."""
        bound = {**self.own, **values}
        for name, processor in self._written.items():
            bound[name] = processor(bound[name])
        connection = reader if isinstance(reader, Connection) else reader.connection()
        try:
            cursor = connection.connection.cursor(row_factory=namedtuple_row)
            found = cursor.execute(self.text, bound)
            answer: Sequence[Any] = found.fetchall() if found.description else ()
        except PsycopgError as error:
            # Wrapped as SQLAlchemy wraps its own; a lost connection is thrown away there.
            connection._handle_dbapi_exception(error, self.text, bound, None, None)
        return answer


def rows(query: Select[Any] | Any, values: Mapping[str, Any] | None = None) -> list[Any]:
    """All rows of a read-only query, as named tuples."""
    with reading() as connection:
        return list(connection.execute(query, values or {}))


def _sqlstate(error: DBAPIError) -> str:
    return str(getattr(error.orig, "sqlstate", "") or "")


class Command(Generic[P, R]):
    """A function that changes the database, whole or not at all."""

    def __init__(self, step: Callable[Concatenate[Session, P], R], retries: int) -> None:
        self.step = step
        self.retries = retries
        update_wrapper(self, step)

    def within(self, session: Session, *args: P.args, **kwargs: P.kwargs) -> R:
        """Join a transaction that is already open."""
        assert session.info.get("command"), f"{self.__name__} needs an open transaction"  # type: ignore[attr-defined]
        return self.step(session, *args, **kwargs)

    def __call__(self, *args: P.args, **kwargs: P.kwargs) -> R:
        """Open a transaction, run the step, commit; retry what PostgreSQL says may be retried.

        Raises Busy when rows stayed locked through every retry, or for too long.
        """
        session = leave(self.step.__name__)
        for attempt in range(self.retries + 1):
            session.info["command"] = self.step.__name__
            try:
                answer = self.step(session, *args, **kwargs)
                session.commit()
                return answer
            except DBAPIError as error:
                session.rollback()
                state = _sqlstate(error)
                if state not in RETRY_STATES | {OUT_OF_TIME}:
                    raise
                if state == OUT_OF_TIME:
                    log.warning("out_of_time", command=self.step.__name__)
                if state == OUT_OF_TIME or attempt == self.retries:
                    raise Busy from error
                time.sleep(random.uniform(0.01, 0.05) * (attempt + 1))  # noqa: S311  (jitter, not a secret)
            except BaseException:
                session.rollback()
                raise
            finally:
                session.info.pop("command", None)
        raise AssertionError("a command ends by answering or raising")


def leave(whither: str) -> Session:
    """End what has been read so far: a command or a call to somebody else's server comes next."""
    session: Session = db.session()
    assert "command" not in session.info, f"{whither}: no way out of an open transaction"
    is_clean = not (session.new or session.dirty or session.deleted)
    assert is_clean, "changed outside a command"
    if session.in_transaction():
        session.commit()  # A rollback would undo a test's rows.
    return session


def in_transaction(
    *, retries: int = 3
) -> Callable[[Callable[Concatenate[Session, P], R]], Command[P, R]]:
    """Make a command of a function whose first parameter is `db`."""

    def wrap(step: Callable[Concatenate[Session, P], R]) -> Command[P, R]:
        return Command(step, retries)

    return wrap


def is_alive() -> bool:
    """Whether the database answers; used by /readyz."""
    with reading() as connection:
        return bool(connection.execute(text("select 1")).scalar() == 1)
