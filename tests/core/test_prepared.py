"""When a start may skip the preparation of the database."""

import os
import stat

import psycopg
import pytest

from core.postgres import throwaway
from core.prepared import fingerprint, recall, remember

pytestmark = pytest.mark.service
ARGV = ("flask", "prepare")


@pytest.fixture(scope="module")
def url():
    with throwaway() as server:
        yield server.url


@pytest.fixture
def checkout(tmp_path):
    (tmp_path / "core").mkdir()
    (tmp_path / "app.py").write_text("app")
    (tmp_path / "core" / "money.py").write_text("rupiah")
    return tmp_path


def run(url, sql):
    with psycopg.connect(url.replace("+psycopg", ""), autocommit=True) as connection:
        connection.execute(sql)


def test_without_news_the_mark_stays_the_same(checkout, url):
    env = {"DATABASE_URL": url, "LUMBUNG_DEMO": "yes", "TERM": "dumb"}
    mark = fingerprint(checkout, env, ARGV)
    (checkout / "core" / "money.pyc").write_text("compiled")
    (checkout / "notes.txt").write_text("not ours to run")
    assert fingerprint(checkout, env | {"TERM": "vt100"}, ARGV) == mark


def test_a_changed_or_new_file_changes_the_mark(checkout, url):
    env = {"DATABASE_URL": url}
    marks = {fingerprint(checkout, env, ARGV)}
    for name in ("app.py", "core/money.py", "core/new.py"):
        (checkout / name).write_text("another length")
        marks.add(fingerprint(checkout, env, ARGV))
    os.utime(checkout / "app.py", (1, 1))  # Saved again at another time, with the same length.
    marks.add(fingerprint(checkout, env, ARGV))
    assert len(marks) == 5


def test_a_changed_setting_command_or_schema_changes_the_mark(checkout, url):
    env = {"DATABASE_URL": url}
    marks = {
        fingerprint(checkout, env, ARGV),
        fingerprint(checkout, env | {"LUMBUNG_DEMO": "no"}, ARGV),
        fingerprint(checkout, env, ("flask", "upgrade")),
    }
    run(url, "create table alembic_version (version_num text)")
    run(url, "insert into alembic_version values ('2026_11_22')")
    marks.add(fingerprint(checkout, env, ARGV))
    run(url, "update alembic_version set version_num = '2026_11_23'")
    marks.add(fingerprint(checkout, env, ARGV))
    assert len(marks) == 5


def test_a_database_that_gives_no_answer_is_no_obstacle(checkout):
    env = {"DATABASE_URL": "postgresql+psycopg://nobody@/nothing?host=/nowhere"}
    assert fingerprint(checkout, env, ARGV)


def test_only_the_same_mark_recalls_what_was_written(tmp_path):
    note = tmp_path / "prepared"
    assert recall(note, "mark") is None
    remember(note, "mark", "Bu Sari\nBu Umi\n")
    assert recall(note, "mark") == "Bu Sari\nBu Umi\n"
    assert recall(note, "another") is None
    remember(note, "mark", "")
    assert recall(note, "mark") == ""
    assert stat.S_IMODE(note.stat().st_mode) == 0o600
