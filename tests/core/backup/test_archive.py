"""The log is kept whole or not at all, never overwritten, and comes back byte by byte."""

import gzip
import os
import subprocess
from datetime import timedelta

import pytest

from core import clock
from core.backup import archive, base, shelf
from tests.core.backup.conftest import eventually

SCRIPT = os.path.dirname(archive.__file__) + "/wal.sh"
NAME = "000000010000000000000007"


@pytest.fixture
def piece(tmp_path):
    path = tmp_path / "pg_wal"
    path.write_bytes(b"what was written " * 1000)
    (tmp_path / "kept").mkdir()
    return path


def keep(piece, **env):
    return subprocess.run(
        ["/bin/sh", SCRIPT, "keep", piece.parent / "kept", piece, NAME],
        env={"PATH": os.defpath} | env,
        capture_output=True,
        text=True,
    )


def fetch(piece, *folders, name=NAME):
    target = piece.parent / "target"
    answer = subprocess.run(
        ["/bin/sh", SCRIPT, "fetch", name, target, *(folders or [piece.parent / "kept"])],
        capture_output=True,
    )
    return answer.returncode, target.read_bytes() if target.exists() else b""


def test_a_piece_comes_back_as_it_was(piece):
    assert keep(piece).returncode == 0
    assert fetch(piece) == (0, piece.read_bytes())
    assert [path.name for path in (piece.parent / "kept").iterdir()] == [f"{NAME}.gz"]


def test_the_same_piece_again_is_fine(piece):
    assert [keep(piece).returncode for _ in range(2)] == [0, 0]


def test_another_piece_under_its_name_is_refused(piece):
    before = piece.read_bytes()
    keep(piece)
    piece.write_bytes(before[:-1] + b"!")
    answer = keep(piece)
    assert answer.returncode == 1
    assert "is kept in" in answer.stderr
    assert fetch(piece)[1] == before


def test_it_is_brought_to_the_disk_before_it_gets_its_name(piece, tmp_path):
    """A shell that only says what it would call: sync of the piece, then the name, then sync."""
    tools = tmp_path / "tools"
    tools.mkdir()
    for tool in ("sync", "ln", "rm"):
        (tools / tool).write_text(f'#!/bin/sh\necho {tool} "${{1##*/}}" >> {tmp_path}/calls\n')
        (tools / tool).chmod(0o755)
    keep(piece, PATH=f"{tools}:{os.defpath}")
    fresh = f".{NAME}.fresh"
    assert (tmp_path / "calls").read_text().splitlines() == [
        f"sync {fresh}", f"ln {fresh}", f"rm {fresh}", "sync kept",
    ]  # fmt: skip


def test_a_crash_in_the_middle_leaves_no_piece_and_the_next_try_succeeds(piece):
    kept = piece.parent / "kept"
    (kept / f".{NAME}.fresh").write_bytes(b"half")
    assert fetch(piece)[0] == 1
    assert keep(piece).returncode == 0
    assert fetch(piece) == (0, piece.read_bytes())


def test_a_full_disk_keeps_nothing_and_says_so(piece):
    os.symlink("/dev/full", piece.parent / "kept" / f".{NAME}.fresh")
    assert keep(piece).returncode != 0
    assert fetch(piece)[0] == 1


def test_a_broken_piece_stops_a_recovery_and_a_missing_one_ends_it(piece):
    keep(piece)
    kept = piece.parent / "kept" / f"{NAME}.gz"
    kept.write_bytes(kept.read_bytes()[:-9])
    assert fetch(piece)[0] == 254  # Above 125 PostgreSQL gives up instead of going on without.
    assert fetch(piece, name=NAME.replace("7", "8"))[0] == 1


def test_a_piece_nobody_has_kept_yet_is_taken_as_written(piece, tmp_path):
    (tmp_path / "old").mkdir()
    (tmp_path / "old" / NAME).write_bytes(b"as written")
    assert fetch(piece, piece.parent / "kept", tmp_path / "old") == (0, b"as written")


@pytest.mark.parametrize(
    ("position", "name"),
    [
        ("0/2000028", "000000030000000000000002"),
        ("1/FF000000", "0000000300000001000000FF"),
        ("2/0", "000000030000000200000000"),
    ],
)
def test_a_position_names_its_piece(position, name):
    assert archive.segment_at(3, position) == name


def test_pieces_are_counted_over_the_edge_of_a_log():
    first, second = "0000000100000001000000FF", "000000010000000200000000"
    assert archive.number(second) - archive.number(first) == 1


@pytest.mark.service
def test_a_server_keeps_its_log(barn):
    barn.ask("insert into jar (name) values ('tiwul')")
    piece = barn.log_is_kept()
    assert len(gzip.decompress(piece.read_bytes())) == archive.SEGMENT_BYTES
    assert archive.last_kept_at(barn.shelf, barn.system) > clock.now() - timedelta(minutes=1)


@pytest.mark.service
def test_a_quiet_minute_costs_little(barn):
    barn.log_is_kept()
    barn.ask("insert into jar (name) values ('gaplek')")
    assert barn.log_is_kept().stat().st_size < 200_000


@pytest.mark.service
def test_the_number_of_a_data_folder_is_the_servers_own(barn):
    asked = barn.ask("select system_identifier::text from pg_control_system()")
    assert barn.system == asked


@pytest.mark.service
def test_holes_are_found_and_old_pieces_go(barn):
    kept = base.take(barn.shelf, barn.url)
    for _ in range(4):
        barn.ask("insert into jar (name) values ('keripik')")
        barn.log_is_kept()
    assert archive.holes(barn.shelf, kept) == []
    pieces = archive.segments(barn.shelf, barn.system)
    gone = sorted(pieces)[-2]
    pieces[gone].rename(pieces[gone].with_name("aside"))
    assert archive.holes(barn.shelf, kept) == [archive.number(gone)]
    pieces[gone].with_name("aside").rename(pieces[gone])

    archive.thin_out(barn.shelf, days=7)
    left = archive.segments(barn.shelf, barn.system)
    assert min(map(archive.number, left)) == archive.number(kept.facts["wal_from"])
    assert archive.holes(barn.shelf, kept) == []


@pytest.mark.service
def test_what_any_second_of_the_last_days_needs_stays(barn):
    first = barn.shelf.newest("base") or base.take(barn.shelf, barn.url)
    barn.log_is_kept()
    eventually(lambda: f"{clock.now():{shelf.STAMP}}" != first.folder.name)
    base.take(barn.shelf, barn.url)
    archive.thin_out(barn.shelf, days=7)
    assert archive.holes(barn.shelf, first) == []
    archive.thin_out(barn.shelf, days=-1)  # As if both were older than the days asked for.
    left = archive.segments(barn.shelf, barn.system)
    newest = barn.shelf.newest("base")
    assert all(archive.number(one) >= archive.number(newest.facts["wal_from"]) for one in left)
