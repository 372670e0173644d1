"""The audit trail cannot be changed, and a changed one is seen."""

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from core import audit
from core.actors import SYSTEM
from core.db import in_transaction

pytestmark = pytest.mark.service


@in_transaction()
def deeds(db, *, count):
    for number in range(count):
        audit.record(db, SYSTEM, "test.deed", "thing", number, amount=number)


def sealed(session, count=3):
    deeds(count=count)
    audit.seal()
    assert audit.broken_links(session) == []


def tamper(session, statement):
    session.execute(text("alter table audit disable trigger all"))
    session.execute(text(statement))
    session.expire_all()
    return audit.broken_links(session)


def test_sealing_twice_adds_nothing(session):
    sealed(session)
    assert audit.seal() == 0


def test_the_database_refuses_to_change_a_deed(session):
    deeds(count=1)
    for statement in (
        "update audit set action = 'x'",
        "delete from audit",
        "truncate audit cascade",
    ):
        with pytest.raises(DBAPIError, match="append-only"), session.begin_nested():
            session.execute(text(statement))


def test_an_edited_deed_is_seen(session):
    sealed(session)
    assert tamper(session, "update audit set facts = '{}' where object_id = '1'") == [2]


def test_a_missing_link_is_seen(session):
    sealed(session)
    session.execute(text("alter table audit_seal disable trigger all"))
    assert tamper(session, "delete from audit_seal where position = 2") == [3]
