"""The weekly proof is green on a sound house, and red when something was planted."""

import os
import shutil
from datetime import timedelta

import psycopg
import pytest
from flask_migrate import upgrade
from sqlalchemy import text

from app import create_app
from core import audit, clock, pause
from core.actors import SYSTEM, Actor
from core.backup import drill, runs, watch
from core.db import db, in_transaction
from core.orgs import operator_id
from core.rights import OPERATE
from core.tasks import Task
from tests.conftest import environ
from tests.core.backup.conftest import Barn, eventually
from tests.factories import a_person, give, sign_in

pytestmark = pytest.mark.service


@pytest.fixture(scope="module")
def lived_in(room):
    """A migrated house on a server that keeps its log, with one backup of each kind."""
    barn = Barn(room / "drilled")
    barn.folder.mkdir()
    barn.folder.chmod(0o711)
    (room / "storage/public").mkdir(parents=True)
    (room / "storage/public/a.webp").write_bytes(b"tiwul")
    with barn.server:
        app = create_app(
            environ(
                barn.url,
                LUMBUNG_BACKUPS="yes",
                LUMBUNG_BACKUP_FOLDER=str(barn.shelf.root),
                LUMBUNG_STORAGE_FOLDER=str(room / "storage"),
            )
        )
        with app.app_context():
            upgrade()
            for kind in runs.kinds_here():
                runs.back_up(kind, actor=SYSTEM)
            barn.app = app
            yield barn
            db.session.remove()
            db.engine.dispose()


@pytest.fixture
def here(lived_in):
    with lived_in.app.app_context():
        yield lived_in
        db.session.remove()


@in_transaction()
def a_deed(db, *, ago):
    db.add(
        audit.Audit(
            at=clock.now() - ago, action="test", object_kind="test", object_id="1", is_system=True
        )
    )


def newest_run():
    return runs.list_newest(db.session())[0]


def test_a_sound_house_comes_back(here):
    a_deed(ago=timedelta(minutes=5))
    piece = here.log_is_kept()
    later = clock.now().timestamp() + 3600
    os.utime(piece, (later, later))  # So that there is an hour to draw a second from.
    assert drill.run(actor=SYSTEM) == []
    told = newest_run()
    assert told.facts["to"] > told.facts["base"][:4]
    assert (told.kind, told.is_good) == ("drill", True)
    assert set(told.facts["rows"]) >= {"audit", "journal", "movement", "order_placed"}
    assert told.facts["rows"]["audit"] >= 1
    assert told.facts["dump"]
    assert told.facts["photos_files"] == 1
    assert not (here.shelf.root / ".drill").exists()
    assert not pause.is_on()  # The copy was paused, not the house.


def test_rows_that_vanished_from_the_copy_make_it_red(here):
    """The house has a row that the log never heard of: as if the copy had lost one."""
    a_deed(ago=timedelta(days=2))  # Written after the newest second a copy can reach.
    wrong = drill.run(actor=SYSTEM)
    here.log_is_kept()
    assert [line.split(":")[0] for line in wrong] == ["audit"]
    assert newest_run().is_good is False


def test_a_broken_promise_in_the_copy_makes_it_red(here):
    """The trail is edited behind everybody's back: the doctor must see it in the copy."""
    audit.seal()
    with psycopg.connect(here.url.replace("+psycopg", "")) as connection:
        connection.execute("set session_replication_role = replica")  # Past the triggers.
        connection.execute(
            "update audit set action = 'forged' where id = (select min(id) from audit)"
        )
    here.log_is_kept()
    eventually(lambda: here.shelf.newest("base").folder.name != f"{clock.now():%Y%m%dT%H%M%SZ}")
    runs.back_up("base", actor=SYSTEM)
    wrong = drill.run(actor=SYSTEM)
    assert any("X4 BROKEN" in line for line in wrong), wrong


def test_each_damaged_copy_makes_it_red(here):
    whole = {}
    for kind in ("photos", "dump"):
        newest = here.shelf.newest(kind)
        file = newest.folder / next(iter(newest.facts["files"]))
        whole[file] = file.read_bytes()
        file.write_bytes(whole[file][:-1] + b"!")
    try:
        wrong = drill.run(actor=SYSTEM)
    finally:
        for file, content in whole.items():
            file.write_bytes(content)
    damaged = [line.split()[0] for line in wrong if line.endswith("is damaged")]
    assert sorted(damaged) == ["dump", "photos"], wrong


def test_without_any_backup_it_is_red(here, room):
    aside = here.shelf.root.rename(room / "aside")
    try:
        assert "no backup of this database" in drill.run(actor=SYSTEM)[0]
    finally:
        shutil.rmtree(here.shelf.root)
        aside.rename(here.shelf.root)


def test_the_nightly_jobs_leave_alone_what_is_fresh(here):
    before = [len(here.shelf.all(kind)) for kind in ("base", "dump", "photos")]
    for work in (watch.base_backup, watch.dump, watch.copy_photos):
        work.run()
    assert [len(here.shelf.all(kind)) for kind in ("base", "dump", "photos")] == before


def open_tasks():
    rows = db.session.query(Task.kind).filter(Task.closed_at.is_(None), Task.doc_type == "backup")
    return {kind for (kind,) in rows}


def waiting():
    query = "select task_name from procrastinate_jobs where status = 'todo'"
    return {row[0] for row in db.session.execute(text(query))}


def test_what_is_late_becomes_a_task_and_is_caught_up_with(here):
    person = a_person("Lama", phone="+6281299990001")
    with db.engine.begin() as connection:
        connection.execute(text("update person set created_at = now() - interval '30 days'"))
        connection.execute(text("delete from backup_run"))
    for _ in range(2):
        watch.mind_backups.run()
    assert open_tasks() == {"backup.base", "backup.dump", "backup.photos"} | {"backup.drill"}
    assert waiting() >= {"core.base_backup", "core.dump", "core.copy_photos"}
    eventually(lambda: here.shelf.newest("dump").folder.name != f"{clock.now():%Y%m%dT%H%M%SZ}")
    watch.dump.run()
    watch.mind_backups.run()
    db.session.expire_all()
    assert "backup.dump" not in open_tasks()
    assert person.id


def test_a_failed_backup_is_told_and_raised(here, monkeypatch):
    monkeypatch.setenv("PGBIN", "/nowhere")
    with pytest.raises(runs.PostgresError):
        runs.back_up("dump", actor=SYSTEM)
    assert (newest_run().kind, newest_run().is_good) == ("dump", False)


def test_a_log_that_cannot_be_kept_is_trouble(here):
    def fails():
        db.session.rollback()  # Within one transaction the figures stand still.
        return watch.log_state(db.session()).is_failing

    room = here.shelf.root / "wal" / here.system
    room.rename(room.with_suffix(".away"))
    try:
        here.ask("select pg_logical_emit_message(true, 'a', 'b')")
        here.ask("select pg_switch_wal()")
        eventually(fails, seconds=30)
        assert "log" in watch.troubles(db.session(), [])
    finally:
        room.with_suffix(".away").rename(room)


class TestPages:
    def test_operators_see_it_and_figures_count_it(self, app, client, session):
        person = a_person()
        give(Actor(person.id), OPERATE, operator_id(session))
        sign_in(client)
        assert "Belum ada cadangan" in client.get("/kelola/cadangan").text
        began = clock.now() - timedelta(hours=3)
        runs.note(
            actor=SYSTEM, kind="base", started_at=began, is_good=True,
            facts={"bytes": 7_400_000, "files": 3, "seconds": 1.5},
        )  # fmt: skip
        runs.note(
            actor=SYSTEM, kind="drill", started_at=began, is_good=False,
            facts={"wrong": ["audit: the house and the copy differ"], "seconds": 9.0},
        )  # fmt: skip
        page = client.get("/kelola/cadangan").text
        assert "7.4 MB, 3 berkas" in page
        assert "perlu dilihat" in page
        assert "the house and the copy differ" in page
        figures = client.get("/metrics").text
        assert 'lumbung_backup_age_seconds{kind="base"} 108' in figures

    def test_a_paused_house_says_so(self, app, client, session):
        give(Actor(a_person().id), OPERATE, operator_id(session))
        sign_in(client)
        pause.begin(actor=SYSTEM, why="x", facts={})
        assert "rumah belum dibuka" in client.get("/kelola/cadangan").text
