"""Rows written by ready statements: whole, with defaults, and told from what is there already."""

from datetime import UTC, datetime

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from core.inserts import Insert
from core.limits import TryCount
from core.tasks import Task

pytestmark = pytest.mark.service

WHEN = datetime(2026, 11, 26, 3, tzinfo=UTC)
TASK = {"kind": "k", "doc_type": "d", "doc_id": "1", "link": "/x"}


def tries(*keys):
    return [{"key": key, "window_start": WHEN, "tries": 1} for key in keys]


def test_all_rows_of_a_call_are_written_and_answered(session):
    told = Insert(TryCount, lambda rows: rows.returning(TryCount.key, TryCount.tries))
    answered = told.rows(session, tries("a", "b", "c"))
    assert sorted(tuple(row) for row in answered) == [("a", 1), ("b", 1), ("c", 1)]
    assert told.rows(session, tries("d"))[0].key == "d"


def test_what_is_there_already_is_not_answered(session):
    unless = Insert(TryCount, lambda rows: rows.on_conflict_do_nothing().returning(TryCount.key))
    unless.rows(session, tries("a"))
    assert [row.key for row in unless.rows(session, tries("a", "b"))] == ["b"]


def test_without_a_clause_a_twin_is_an_error_as_everywhere(session):
    bare = Insert(TryCount)
    assert list(bare.rows(session, tries("a"))) == []
    with pytest.raises(IntegrityError):
        bare.rows(session, tries("a"))


def test_columns_that_are_left_out_get_their_defaults_and_json_is_json(session):
    facts = {"number": "LMB-1", "deep": [1, None]}
    Insert(Task).rows(session, [TASK | {"facts": facts}, TASK | {"doc_id": "2", "facts": {}}])
    first, second = session.scalars(select(Task).order_by(Task.doc_id))
    assert (first.facts, second.facts) == (facts, {})
    assert first.created_at.tzinfo is not None
    assert (first.reason, first.person_id, first.closed_at) == ("", None, None)
