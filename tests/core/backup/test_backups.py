"""What is backed up is whole, is proved so, and comes back; what is damaged is found."""

import shutil
import threading
from datetime import timedelta

import psycopg
import pytest

from core import clock
from core.backup import base, dump, photos, recovery, shelf
from core.backup.programs import BackupError
from core.postgres import Postgres, throwaway
from tests.core.backup.conftest import eventually

pytestmark = pytest.mark.service


def a_new_second(barn, kind):
    newest = barn.shelf.newest(kind)
    eventually(lambda: newest is None or f"{clock.now():{shelf.STAMP}}" != newest.folder.name)


@pytest.fixture(scope="module")
def kept(barn):
    return base.take(barn.shelf, barn.url)


@pytest.fixture
def dumped(barn):
    barn.ask("insert into jar (name) values ('wajik')")
    a_new_second(barn, "dump")
    return dump.take(barn.shelf, barn.url)


def look(server, query):
    with psycopg.connect(server.url.replace("+psycopg", "")) as connection:
        return connection.execute(query).fetchone()[0]


def restored(barn, room, kept, to, query):
    folder = room / "looked-at"
    try:
        with recovery.recovered(
            barn.shelf, folder, kept, to, settings=recovery.JUST_TO_LOOK
        ) as there:
            return look(there.server, query), there
    finally:
        shutil.rmtree(folder)


def test_a_manifest_tells_what_there_is(kept, barn):
    assert set(kept.facts["files"]) == {"base.tar.gz", "pg_wal.tar.gz", "backup_manifest"}
    assert kept.facts["system"] == barn.system
    assert kept.bytes > 1_000_000
    assert shelf.damage(kept) == []
    assert [path.name for path in kept.folder.parent.iterdir() if path.name[0] == "."] == []


def test_a_table_dropped_by_mistake_is_back_at_the_second_before(kept, barn, room):
    barn.ask("create table sale as select n from generate_series(1, 1500) n")
    before = barn.a_second_passes()
    barn.ask("drop table sale")
    barn.log_is_kept()
    count, there = restored(barn, room, kept, before, "select count(*) from sale")
    assert count == 1500
    assert there.last_change <= before
    assert barn.ask("select to_regclass('sale')") is None  # The house itself is as it was.


def test_without_a_second_everything_kept_comes_back(kept, barn, room):
    barn.ask("insert into jar (name) values ('the last one')")
    barn.log_is_kept()
    query = "select count(*) from jar where name = 'the last one'"
    assert restored(barn, room, kept, None, query)[0] == 1


def test_a_second_after_the_last_change_is_the_end_of_the_log(kept, barn, room):
    barn.ask("insert into jar (name) values ('the very last')")
    barn.log_is_kept()
    later = clock.now() + timedelta(hours=1)
    query = "select count(*) from jar where name = 'the very last'"
    found, there = restored(barn, room, kept, later, query)
    assert (found, there.is_all) == (1, True)


def test_before_the_first_backup_nothing_is_promised(barn, kept):
    with pytest.raises(BackupError, match="no base backup from before"):
        recovery.choose(barn.shelf, kept.finished_at - timedelta(days=400))


def test_a_lost_piece_of_the_log_is_said_before_anything_starts(kept, barn):
    for _ in range(3):
        barn.log_is_kept()
    lost = sorted((barn.shelf.root / "wal" / barn.system).glob("0*.gz"))[-2]
    lost.rename(lost.with_suffix(".aside"))
    try:
        with pytest.raises(BackupError, match="1 pieces of the log are missing"):
            recovery.choose(barn.shelf, None)
    finally:
        lost.with_suffix(".aside").rename(lost)


def test_a_broken_piece_of_the_log_is_never_skipped(kept, barn, room):
    barn.ask("insert into jar (name) values ('in the broken piece')")
    piece = barn.log_is_kept()
    whole = piece.read_bytes()
    piece.write_bytes(whole[: len(whole) // 2])
    try:
        with pytest.raises(recovery.PostgresError, match="is broken"):
            restored(barn, room, kept, None, "select 1")
    finally:
        piece.write_bytes(whole)


def test_a_backup_while_people_buy_holds_whole_transactions_only(barn, room):
    barn.ask("create table if not exists pair (a int, b int)")
    done = threading.Event()

    def buy():
        with psycopg.connect(barn.url.replace("+psycopg", ""), autocommit=True) as connection:
            while not done.is_set():
                with connection.transaction():
                    connection.execute("insert into pair values (1, 0)")
                    connection.execute("insert into pair values (0, 1)")

    buyer = threading.Thread(target=buy)
    buyer.start()
    try:
        a_new_second(barn, "base")
        kept = base.take(barn.shelf, barn.url)
        dumped = dump.take(barn.shelf, barn.url)
    finally:
        done.set()
        buyer.join()
    barn.log_is_kept()
    query = "select sum(a) = sum(b) and count(*) > 0 from pair"
    assert restored(barn, room, kept, None, query)[0] is True
    assert dumped.facts["rows"]["pair"] % 2 == 0


@pytest.mark.parametrize("name", ["base.tar.gz", "pg_wal.tar.gz", "backup_manifest"])
def test_a_damaged_base_backup_is_found(kept, barn, room, name):
    file = kept.folder / name
    whole = file.read_bytes()
    middle = len(whole) // 2
    file.write_bytes(whole[:middle] + bytes([whole[middle] ^ 255]) + whole[middle + 1 :])
    try:
        assert shelf.damage(kept) == [name]
        with pytest.raises(BackupError):
            restored(barn, room, kept, None, "select 1")
    finally:
        file.write_bytes(whole)


def test_what_fails_leaves_nothing_behind(barn):
    count = len(barn.shelf.all("base"))
    gone = barn.url.replace("/lumbung?", "/nowhere?")
    with pytest.raises(psycopg.OperationalError):
        base.take(barn.shelf, gone)
    with pytest.raises(BackupError), barn.shelf.adding("base"):
        raise BackupError("in the middle")
    assert len(barn.shelf.all("base")) == count
    assert [path.name for path in barn.shelf.room("base").iterdir() if path.name[0] == "."] == []


def test_a_role_that_may_not_copy_is_told_so(barn):
    barn.ask("drop role if exists modest")
    barn.ask("create role modest login")
    with pytest.raises(BackupError, match="REPLICATION"):
        base.take(barn.shelf, barn.url.replace("//lumbung@", "//modest@"))


def test_only_one_backup_is_at_work(barn):
    with (
        barn.shelf.alone(),
        pytest.raises(BackupError, match="Another backup"),
        barn.shelf.alone(),
    ):
        pass


def test_the_oldest_go_and_the_newest_stay(barn, kept):
    a_new_second(barn, "base")
    newest = base.take(barn.shelf, barn.url)
    shelf.thin_out(barn.shelf, "base", keep=1)
    assert [one.folder for one in barn.shelf.all("base")] == [newest.folder]
    shelf.thin_out(barn.shelf, "base", keep=0)
    assert len(barn.shelf.all("base")) == 1


def test_a_dump_comes_back_row_by_row(barn, dumped):
    with throwaway() as empty:
        dump.load(dumped.folder, empty.url, rows=dumped.facts["rows"])
        counted = look(empty, "select count(*) from jar")
        assert counted == dumped.facts["rows"]["jar"] > 0
        with pytest.raises(BackupError, match="not empty"):
            dump.load(dumped.folder, empty.url, rows={})


def test_a_dump_that_lacks_rows_is_found(barn, dumped):
    with throwaway() as empty, pytest.raises(BackupError, match="jar"):
        dump.load(dumped.folder, empty.url, rows=dumped.facts["rows"] | {"jar": 10**6})


def test_a_password_is_never_in_the_arguments():
    from core.backup.programs import connection_words

    words, env = connection_words("postgresql+psycopg://ibu:rahasia@db.example:5433/lumbung")
    assert "rahasia" not in " ".join(words)
    assert env == {"PGPASSWORD": "rahasia"}


class TestPhotos:
    @pytest.fixture
    def storage(self, tmp_path):
        for name in ("public/pictures/a.webp", "private/voices/b.ogg"):
            (tmp_path / name).parent.mkdir(parents=True)
            (tmp_path / name).write_bytes(name.encode())
        return tmp_path

    @pytest.fixture
    def taken(self, barn, storage):
        a_new_second(barn, "photos")
        return photos.take(barn.shelf, storage)

    def test_what_has_not_changed_is_linked(self, barn, storage, taken):
        (storage / "public/pictures/c.webp").write_bytes(b"new")
        a_new_second(barn, "photos")
        second = photos.take(barn.shelf, storage)
        assert len(second.facts["files"]) == 3
        name = "files/public/pictures/a.webp"
        assert (second.folder / name).samefile(taken.folder / name)
        assert not (second.folder / name).samefile(storage / "public/pictures/a.webp")
        assert shelf.damage(second) == []

    def test_a_rotten_photo_is_found_and_copied_anew(self, barn, storage, taken):
        (taken.folder / "files/private/voices/b.ogg").write_bytes(b"noise/voices/b.ogg")
        assert shelf.damage(taken) == ["files/private/voices/b.ogg"]
        a_new_second(barn, "photos")
        assert shelf.damage(photos.take(barn.shelf, storage)) == []

    def test_what_is_missing_comes_back_and_nothing_else_is_touched(self, barn, storage, taken):
        picture, voice = storage / "public/pictures/a.webp", storage / "private/voices/b.ogg"
        shutil.rmtree(voice.parent.parent)
        picture.write_bytes(b"as it is now")
        assert photos.bring_back(barn.shelf, storage, clock.now()) == 1
        assert voice.read_bytes() == b"private/voices/b.ogg"
        assert picture.read_bytes() == b"as it is now"
        assert (voice.stat().st_mode & 0o777, voice.parent.stat().st_mode & 0o777) == (0o600, 0o700)

    def test_what_was_gone_long_before_the_second_stays_gone(self, barn, storage, taken):
        (storage / "public/pictures/a.webp").unlink()
        a_new_second(barn, "photos")
        photos.take(barn.shelf, storage)
        assert photos.bring_back(barn.shelf, storage, clock.now()) == 0
        assert photos.bring_back(barn.shelf, storage, taken.taken_at) == 1


def test_data_put_aside_are_never_followed_by_an_empty_house(room):
    folder = room / "cut-off"
    (folder / "data.before-20261126T000000Z").mkdir(parents=True)
    with pytest.raises(recovery.PostgresError, match="Restore again"):
        Postgres(folder).start()
