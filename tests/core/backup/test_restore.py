"""The whole way back, as an operator goes it: `make restore`, a paused house, `make open`."""

import os
import re
import shutil
import subprocess
import sys
import time
from pathlib import Path

import psycopg
import pytest

from core.backup import archive, restore
from core.backup.programs import BackupError
from core.backup.shelf import Shelf
from core.postgres import ASIDE, Postgres
from tests.core.backup.conftest import eventually

pytestmark = pytest.mark.service
CHECKOUT = Path(__file__).resolve().parents[3]


class Home:
    """A whole house on a throw-away state folder."""

    def __init__(self, room):
        self.state = room / "state"
        self.storage = room / "storage"
        self.env = {
            **{k: v for k, v in os.environ.items() if not k.startswith("LUMBUNG_")},
            "LUMBUNG_STATE_FOLDER": str(self.state),
            "LUMBUNG_STORAGE_FOLDER": str(self.storage),
            "LUMBUNG_DEMO": "no",
        }
        self.env.pop("DATABASE_URL", None)
        self.shelf = Shelf(self.state / "backups")

    def make(self, *words):
        """Run what `make …` runs; returns the exit code and all that was said."""
        command = (sys.executable, "-m", "core.run", *words)
        done = subprocess.run(command, cwd=CHECKOUT, env=self.env, capture_output=True, text=True)
        return done.returncode, done.stdout + done.stderr

    @property
    def system(self):
        return archive.system_of(self.state / "data")

    def server(self):
        return Postgres(self.state, settings_of=lambda data: archive.keeping(self.shelf, data))


def ask(server, query):
    with psycopg.connect(server.url.replace("+psycopg", ""), autocommit=True) as connection:
        answer = connection.execute(query)
        return answer.fetchone()[0] if answer.description else None


NEW_PERSON = (
    "insert into person (name, call_me, languages, channel, created_at)"
    " values ('Wagiyem', 'Bu Wagi', '{id}', 'none', now()) returning id"
)


@pytest.fixture(scope="module")
def home(room):
    """A migrated house with one backup, one photo, and a day's work after it."""
    home = Home(room)
    (home.storage / "public/p").mkdir(parents=True)
    (home.storage / "public/p/a.webp").write_bytes(b"tiwul")
    assert home.make("flask", "prepare")[0] == 0
    code, said = home.make("backup")
    assert code == 0, said
    assert re.findall(r"^(\w+): /", said, re.M) == ["base", "dump", "photos"]
    return home


def test_what_makes_no_sense_is_refused_in_words(home):
    for words, sentence in (
        (("--to", "yesterday"), "is no moment"),
        (("--to", "2999-01-01 00:00:00"), "has not come yet"),
        (("--to", "2020-01-01 00:00:00"), "no base backup from before"),
        (("--dump", "nothing"), "There is no dump nothing"),
        (("--dump", "latest", "--to", "2026-11-26 13:45:10"), "Either a second or a dump"),
    ):
        code, said = home.make("restore", *words)
        assert (code, sentence in said, "Nothing was changed" in said) == (1, True, True), said
    assert list(home.state.glob(f"{ASIDE}*")) == []


def test_a_moment_is_read_in_western_indonesia_unless_it_says_otherwise():
    wib = restore.moment("2026-11-26 13:45:10")
    assert wib == restore.moment("2026-11-26T06:45:10+00:00")
    assert wib.utcoffset().total_seconds() == 7 * 3600
    with pytest.raises(BackupError):
        restore.moment("26 November")


def test_back_to_the_second_before_the_damage(home):
    with home.server() as server:
        kept_id = ask(server, NEW_PERSON)
        before = ask(server, "select clock_timestamp()")
        time.sleep(0.05)
        lost_id = ask(server, NEW_PERSON)
        ask(server, "drop table person cascade")
        code, said = home.make("restore", "--to", before.isoformat())
        assert (code, "already in use" in said) == (1, True)  # It never pulls away a floor.
    (home.storage / "public/p/a.webp").unlink()
    (home.state / "prepared").write_text("an old note")

    code, said = home.make("restore", "--to", before.isoformat())
    assert code == 0, said
    assert "The house is paused" in said
    assert (home.storage / "public/p/a.webp").read_bytes() == b"tiwul"
    assert not (home.state / "prepared").exists()
    assert not (home.state / "restoring").exists()
    (aside,) = home.state.glob(f"{ASIDE}*")
    assert (aside / "PG_VERSION").exists()  # What was there is still there.

    with home.server() as server:
        assert ask(server, f"select name from person where id = {kept_id}") == "Wagiyem"
        assert ask(server, "select facts->>'source' from pause") == "log"
        # The lost time has given its numbers to gateways and paper; they are given to nobody else.
        assert ask(server, NEW_PERSON) > lost_id + 1000
        # The new history is kept too, so a later second can be had again.
        name = ask(server, "select pg_walfile_name(pg_switch_wal())")
        eventually(lambda: archive.segments(home.shelf, home.system).get(name))

    code, said = home.make("open")
    assert (code, said.endswith("the house is open\n")) == (0, True), said
    shutil.rmtree(aside)


def test_a_second_after_an_earlier_restore(home):
    """The log follows the house into its new history, from the old base backup."""
    with home.server() as server:
        known = ask(server, NEW_PERSON)
        before = ask(server, "select clock_timestamp()")
        time.sleep(0.05)
        ask(server, "update person set name = '?'")
    code, said = home.make("restore", "--to", before.isoformat())
    assert code == 0, said
    with home.server() as server:
        assert ask(server, f"select name from person where id = {known}") == "Wagiyem"
    assert home.make("open")[0] == 0


def test_without_a_second_not_even_the_last_minute_is_lost(home):
    """A killed server has kept nothing of its last minute on the shelf, but has it in its data."""
    with home.server() as server:
        last = ask(server, NEW_PERSON)
        os.kill(server.pid, 9)
        eventually(lambda: server.ended() is not None)
    code, said = home.make("restore")
    assert code == 0, said
    with home.server() as server:
        assert ask(server, f"select name from person where id = {last}") == "Wagiyem"
    assert home.make("open")[0] == 0


def test_from_a_dump_with_all_data_lost(home):
    system = home.system
    shutil.rmtree(home.state / "data")
    for aside in home.state.glob(f"{ASIDE}*"):
        shutil.rmtree(aside)
    code, said = home.make("restore", "--dump", "latest")
    assert code == 0, said
    with home.server() as server:
        assert ask(server, "select facts->>'source' from pause") == "dump"
        assert home.system != system  # Its log goes into a room of its own.
    assert home.make("open")[0] == 0
    assert home.make("backup")[0] == 0


def test_a_damaged_dump_is_refused(home):
    (newest,) = home.shelf.all("dump")[-1:]
    file = newest.folder / "lumbung.dump"
    file.write_bytes(file.read_bytes()[:-1] + b"!")
    code, said = home.make("restore", "--dump", "latest")
    assert (code, "is damaged" in said) == (1, True)


def test_a_restore_that_fails_leaves_everything_as_it_was(home):
    (newest,) = home.shelf.all("base")[-1:]
    file = newest.folder / "base.tar.gz"
    whole = file.read_bytes()
    file.write_bytes(whole[: len(whole) // 2])
    code, said = home.make("restore")
    assert (code, "Nothing was changed" in said) == (1, True)
    file.write_bytes(whole)
    assert not (home.state / "restoring").exists()
    with home.server() as server:
        assert ask(server, "select count(*) from alembic_version") == 1


def test_another_server_gets_dumps_only(home):
    home.env["DATABASE_URL"] = "postgresql+psycopg://lumbung@/lumbung?host=/nowhere"
    try:
        code, said = home.make("restore", "--to", "2026-11-26 13:45:10")
        assert (code, "names a server that is not ours" in said) == (1, True)
    finally:
        del home.env["DATABASE_URL"]
