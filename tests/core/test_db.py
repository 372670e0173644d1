"""Commands: whole or not at all, retried when PostgreSQL asks, never nested."""

import threading

import pytest
from sqlalchemy import bindparam, select, text
from sqlalchemy.exc import DataError, OperationalError

from core.db import Ready, db, in_transaction, reading
from core.errors import Busy, DomainError
from core.limits import TryCount

pytestmark = pytest.mark.service


@in_transaction()
def write(db, *, key, then=None):
    db.execute(text("insert into try_count values (:key, now(), 1)"), {"key": key})
    if then:
        then()


@in_transaction(retries=1)
def raise_one(db, *, key, pause=None):
    db.execute(text("select 1 from try_count where key = :key for update"), {"key": key})
    if pause:
        pause()
    db.execute(text("update try_count set tries = tries + 1 where key = :key"), {"key": key})


def keys():
    with reading() as connection:
        return sorted(connection.execute(text("select key from try_count")).scalars())


def test_a_command_that_raises_leaves_no_trace(committed):
    def refuse():
        raise DomainError("no")

    with pytest.raises(DomainError):
        write(key="a", then=refuse)
    assert keys() == []


def test_commands_do_not_nest(committed):
    with pytest.raises(AssertionError, match="no way out of an open transaction"):
        write(key="a", then=lambda: write(key="b"))
    assert keys() == []


def test_within_joins_the_open_transaction(committed):
    @in_transaction()
    def both(db):
        write.within(db, key="a")
        write.within(db, key="b")
        raise DomainError("no")

    with pytest.raises(DomainError):
        both()
    assert keys() == []


def test_within_needs_an_open_transaction(committed):
    with pytest.raises(AssertionError, match="needs an open transaction"):
        write.within(db.session(), key="a")


def test_what_was_changed_outside_a_command_is_refused(committed):
    db.session.add(TryCount(key="stray", tries=1))
    with pytest.raises(AssertionError, match="outside"):
        write(key="a")
    db.session.rollback()


def test_a_deadlock_is_retried_and_both_win(committed):
    write(key="a")
    write(key="b")
    meet = threading.Barrier(2, timeout=5)
    met = threading.Event()

    @in_transaction(retries=3)
    def cross(db, *, first, second):
        db.execute(text("update try_count set tries = tries + 1 where key = :k"), {"k": first})
        if not met.is_set():
            meet.wait()
            met.set()
        db.execute(text("update try_count set tries = tries + 1 where key = :k"), {"k": second})

    wrong = []

    def run(first, second):
        with committed.app_context():
            try:
                cross(first=first, second=second)
            except Exception as error:
                wrong.append(error)
            finally:
                db.session.remove()

    both = [threading.Thread(target=run, args=pair) for pair in (("a", "b"), ("b", "a"))]
    for thread in both:
        thread.start()
    for thread in both:
        thread.join()
    assert wrong == []
    with reading() as connection:
        assert list(connection.execute(text("select tries from try_count")).scalars()) == [3, 3]


def test_a_lock_that_never_opens_ends_in_busy(committed, own_engine):
    write(key="a")
    with own_engine.begin() as rival:
        rival.execute(text("select 1 from try_count where key = 'a' for update"))
        with pytest.raises(Busy):
            raise_one(key="a")


@in_transaction()
def sleep_too_long(db):
    db.execute(text("set local statement_timeout = '20ms'"))
    db.execute(text("select pg_sleep(1)"))


def test_locks_that_open_too_slowly_one_after_another_end_in_busy(session):
    with pytest.raises(Busy):
        sleep_too_long()


def test_reading_sees_what_the_test_has_written(session):
    write(key="seen")
    assert keys() == ["seen"]


TRIES = Ready(select(TryCount.tries).where(TryCount.key == bindparam("key")))
LOCKED = Ready(select(TryCount).where(TryCount.key == bindparam("key")).with_for_update())
HALVED = Ready(select((TryCount.tries / bindparam("by")).label("half")))


def test_a_ready_query_answers_named_rows_to_a_session_and_to_a_connection(session):
    write(key="a")
    assert [row.tries for row in TRIES.rows(session, {"key": "a"})] == [1]
    with reading() as connection:
        assert [row.tries for row in TRIES.rows(connection, {"key": "a"})] == [1]


def test_a_ready_query_fails_as_every_query_does(session):
    write(key="a")
    with pytest.raises(DataError), session.begin_nested():
        HALVED.rows(session, {"by": 0})
    assert [row.tries for row in TRIES.rows(session, {"key": "a"})] == [1]


@in_transaction(retries=1)
def wait_for(db, *, key):
    LOCKED.rows(db, {"key": key})


def test_a_ready_query_that_waits_too_long_ends_in_busy(committed, own_engine):
    write(key="a")
    with own_engine.begin() as rival:
        rival.execute(text("select 1 from try_count where key = 'a' for update"))
        with pytest.raises(Busy):
            wait_for(key="a")


def test_a_lost_connection_fails_once_and_is_replaced(committed, own_engine):
    write(key="a")
    with reading() as connection:
        pid = connection.execute(text("select pg_backend_pid()")).scalar()
    with own_engine.begin() as rival:
        rival.execute(text("select pg_terminate_backend(:pid)"), {"pid": pid})
    with pytest.raises(OperationalError) as lost, reading() as connection:
        TRIES.rows(connection, {"key": "a"})
    assert lost.value.connection_invalidated
    with reading() as connection:
        assert [row.tries for row in TRIES.rows(connection, {"key": "a"})] == [1]
