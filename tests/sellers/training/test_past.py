"""Past attendance from a file: what is shown is what is written, and nothing else is."""

import random

import pytest
from sqlalchemy import func, select

from core import bringing
from core.errors import NotFound
from core.phones import show
from core.sheet_files import NotASheet
from sellers.training import attendance, past, roster
from sellers.training.models import AttendanceNote
from sellers.training.past_models import BroughtSheet
from tests.factories import sign_in, token_in
from tests.sellers.training.factories import (
    a_cohort,
    a_facilitator,
    a_phone,
    a_provider,
    a_session,
    a_woman,
    enrolled,
    present,
)

pytestmark = pytest.mark.service
HEAD = "HP,Nama,Pertemuan,Hadir\n"


class Class:
    """Three women, two sessions that were and one to come."""

    def __init__(self):
        self.provider = a_provider()
        self.rina = a_facilitator(self.provider)
        self.cohort = a_cohort(self.provider)
        self.phones = [a_phone() for _turn in range(3)]
        women = [a_woman(name, phone=phone) for name, phone in
                 zip(("Parti", "Nur", "Tri"), self.phones, strict=True)]  # fmt: skip
        self.hers = [enrolled(self.cohort, woman) for woman in women]
        self.meetings = [a_session(self.cohort, days=days) for days in (-9, -2, 5)]

    def row(self, who, number, there, name=""):
        return f"{show(self.phones[who])},{name},{number},{there}\n"

    def look(self, session, text):
        return past.look(session, self.rina, self.cohort, text.encode())

    def bring(self, text, seal):
        return past.bring_in(
            actor=self.rina, cohort_id=self.cohort, content=text.encode(), seal=seal
        )


@pytest.fixture
def room(session):
    return Class()


def notes(session):
    return session.scalar(select(func.count()).select_from(AttendanceNote))


def marks(session, room):
    return {row.enrolment_id: dict(row.marks) for row in roster.list_rows(session, room.cohort)}


def test_every_row_is_told_and_nothing_is_written_by_looking(session, room):
    present(room.meetings[0], room.hers[0])
    before = notes(session)
    text = HEAD + "".join([
        room.row(0, 1, "ya"),
        room.row(1, 1, "Tidak Hadir"),
        room.row(2, 2, "v"),
        room.row(2, 2, "ya"),
        room.row(2, 2, "tidak"),
        room.row(0, 3, "ya"),
        room.row(0, 9, "ya"),
        room.row(0, "dua", "ya"),
        room.row(1, 2, "mungkin"),
        "0812-9999-9999,Siapa,1,ya\n",
        "bukan nomor,Siapa,1,ya\n",
    ])  # fmt: skip
    preview = room.look(session, text)
    assert [line.state for line in preview.lines] == [
        "same", "new", "new", "same", "wrong", "wrong", "wrong", "wrong", "wrong", "wrong", "wrong",
    ]  # fmt: skip
    assert [line.line for line in preview.lines] == list(range(2, 13))
    assert all(str(line.reason) for line in preview.left_out)
    assert "baris 4" in str(preview.lines[4].reason)
    assert "bukan peserta" in str(preview.lines[9].reason)
    assert notes(session) == before


@pytest.mark.parametrize("seed", range(20))
def test_what_is_shown_is_what_is_written(session, room, seed):
    chance = random.Random(seed)
    for meeting in room.meetings[:2]:
        for her in room.hers:
            if chance.random() < 0.4:
                present(meeting, her, was_there=chance.random() < 0.5)
    words = ("ya", "tidak", "1", "0", "hadir", "alpa", "?", "")
    rows = [
        room.row(chance.randrange(3), chance.choice((1, 1, 2, 2, 3, 7, "")), chance.choice(words))
        for _turn in range(chance.randrange(1, 15))
    ]
    text = HEAD + "".join(rows)
    before, count = marks(session, room), notes(session)
    preview = room.look(session, text)
    expected = before
    for line in preview.written:
        meeting, her = line.mark
        expected[her][meeting] = line.was_there
    if preview.written:
        assert room.bring(text, preview.seal) == len(preview.written)
    else:
        with pytest.raises(bringing.NothingNew):
            room.bring(text, preview.seal)
    assert marks(session, room) == expected
    assert notes(session) == count + len(preview.written)
    again = room.look(session, text)
    assert again.written == []
    assert bool(again.earlier) is bool(preview.written)


def test_the_same_file_twice_is_told_and_undoes_nothing(session, room):
    text = HEAD + room.row(0, 1, "ya")
    room.bring(text, room.look(session, text).seal)
    present(room.meetings[0], room.hers[0], was_there=False)
    preview = room.look(session, text)
    assert (preview.earlier.by, preview.earlier.added) == ("Bu Rina", 1)
    with pytest.raises(bringing.AlreadyBrought):
        room.bring(text, preview.seal)
    assert marks(session, room)[room.hers[0]][room.meetings[0]] is False
    assert session.scalar(select(func.count()).select_from(BroughtSheet)) == 1


def test_what_has_changed_since_is_shown_again(session, room):
    text = HEAD + room.row(0, 1, "ya") + room.row(1, 1, "ya")
    seal = room.look(session, text).seal
    present(room.meetings[0], room.hers[0])
    with pytest.raises(bringing.Changed):
        room.bring(text, seal)
    assert attendance.standing_of(session, room.hers[1]).attended == 0
    assert room.bring(text, room.look(session, text).seal) == 1


def test_a_family_is_told_apart_by_name(session, room):
    sister = a_woman("Wati", phone=room.phones[0])
    hers = enrolled(room.cohort, sister)
    text = HEAD + room.row(0, 1, "ya", "wati") + room.row(0, 1, "ya")
    preview = room.look(session, text)
    assert [line.state for line in preview.lines] == ["new", "wrong"]
    assert preview.lines[0].mark[1] == hers


@pytest.mark.parametrize("content", [b"", b"a,b\n1,2\n", b"\x00\x01", HEAD.encode(), b"PK\x03\x04"])
def test_what_is_no_table_of_ours_is_refused(session, room, content):
    with pytest.raises(NotASheet):
        past.look(session, room.rina, room.cohort, content)


def test_a_large_file_and_another_provider_are_refused(session, room):
    with pytest.raises(past.FileTooBig):
        past.look(session, room.rina, room.cohort, b"x" * (past.BYTES_MAX + 1))
    stranger = a_facilitator(a_provider("lain"), "Mira")
    with pytest.raises(NotFound):
        past.look(session, stranger, room.cohort, HEAD.encode())
    with pytest.raises(NotFound):
        past.bring_in(actor=stranger, cohort_id=room.cohort, content=HEAD.encode(), seal="x")


def test_the_page_shows_first_and_writes_only_on_the_second_press(client, session, room):
    import io
    import re

    phone = a_phone()
    a_facilitator(room.provider, "Ratna", phone=phone)
    sign_in(client, show(phone))
    path = f"/fasilitator/{room.cohort}/hadir/berkas"

    def send(**values):
        return client.post(path, data={"csrf_token": token_in(client.get(path)), **values})

    assert "Berkas belum dipilih" in send().text
    assert "bukan" not in send(content="!!!").text
    broken = send(file=(io.BytesIO(b"a,b\n1,2\n"), "x.csv"))
    assert "Judul kolomnya tidak dikenal" in broken.text
    text = HEAD + room.row(0, 1, "ya") + room.row(0, 7, "ya")
    page = send(file=(io.BytesIO(text.encode()), "hadir.csv")).text
    assert "Belum ada yang ditulis" in page
    assert "Pertemuan ini tidak ada" in page
    assert notes(session) == 0
    hidden = {
        name: re.search(rf'name="{name}"[^>]*value="([^"]+)"', page)[1]
        for name in ("content", "seal")
    }
    wrong = send(content=hidden["content"], seal="x" * 64)
    assert "Datanya berubah" in wrong.text
    assert send(**hidden).status_code == 303
    assert notes(session) == 1
    assert "sudah dimasukkan" in send(file=(io.BytesIO(text.encode()), "hadir.csv")).text
