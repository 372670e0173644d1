"""Past attendance of a class from a CSV table (core.bringing)."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flask_babel import lazy_gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session

from core import audit, clock, phones, sheets
from core.actors import Actor
from core.bringing import Earlier, Preview, digest, require_rows
from core.config import settings
from core.db import Reader, in_transaction
from core.errors import DomainError
from core.people import Person
from core.settings import CoreSettings
from core.sheet_files import NotASheet
from core.sheets import Column, Layout, Row
from sellers.training import attendance, roster, sessions
from sellers.training.cohorts import get_sheet, lock_own_cohort
from sellers.training.past_models import BroughtSheet
from sellers.training.rights import TEACH
from sellers.training.sessions import Numbered

BYTES_MAX = 64 * 1024
LAYOUT = Layout(
    "attendance",
    _("Daftar hadir"),
    (
        Column("phone", ("HP", "Nomor HP", "No HP", "Telepon", "Phone")),
        Column("name", ("Nama", "Name"), is_needed=False),
        Column("session", ("Pertemuan", "Sesi", "Session")),
        Column("there", ("Hadir", "Kehadiran", "Present")),
    ),
)
YES = frozenset({"ya", "y", "1", "hadir", "h", "v", "x", "true", "yes"})
NO = frozenset({"tidak", "t", "0", "tidak hadir", "alpa", "a", "false", "no", "-"})


class FileTooBig(NotASheet):
    """Past attendance of one class fits in little."""

    sentence = _("Berkas ini terlalu besar. Bagi menjadi beberapa berkas, paling besar 64 KB.")


@dataclass(frozen=True, slots=True)
class Line:
    """What becomes of one row: written, known already, or left out with the reason."""

    line: int
    name: str
    session: int | None
    was_there: bool | None
    state: str
    reason: Any = ""
    mark: tuple[int, int] | None = None  # Session and enrolment, where it is written.

    @property
    def says(self) -> object:
        """What would be noted where, for the seal of what was shown."""
        return (self.mark, self.was_there)


def look(db: Reader, actor: Actor, cohort_id: int, content: bytes) -> Preview[Line]:
    """What a file would write into one's own cohort. Raises NotFound, NotASheet and FileTooBig."""
    get_sheet(db, actor, cohort_id, TEACH)
    if len(content) > BYTES_MAX:
        raise FileTooBig
    table = sheets.read(content, [LAYOUT])
    require_rows(table)
    reader = _Reader(
        people=roster.list_rows(db, cohort_id),
        sessions={one.number: one for one in sessions.list_sessions(db, cohort_id)},
        seen={},
    )
    lines = [reader.read(row) for row in table.rows]
    lines += [Line(flaw.line, "", None, None, "wrong", flaw.sentence) for flaw in table.flaws]
    sha256 = digest(content)
    return Preview(sha256, sorted(lines, key=lambda one: one.line), _earlier(db, cohort_id, sha256))


def _earlier(db: Reader, cohort_id: int, sha256: str) -> Earlier | None:
    row = db.execute(
        select(BroughtSheet.brought_at, Person.call_me, BroughtSheet.added)
        .outerjoin(Person, Person.id == BroughtSheet.brought_by)
        .where(BroughtSheet.cohort_id == cohort_id, BroughtSheet.sha256 == sha256)
    ).first()
    return Earlier(*row) if row else None


@dataclass(slots=True)
class _Reader:
    """Reads rows one after the other; `seen` are the marks of the rows before, with their line."""

    people: Sequence[roster.Row]
    sessions: dict[int, Numbered]
    seen: dict[tuple[int, int], tuple[int, bool]]

    def read(self, row: Row) -> Line:
        """One row as what becomes of it."""
        number = self._number(row)
        there = self._there(row)
        try:
            who = self._who(row)
            if number is None or number not in self.sessions:
                raise _Wrong(_("Pertemuan ini tidak ada di kelas ini."))
            if there is None:
                raise _Wrong(_("Tulis ya atau tidak di kolom hadir."))
            meeting = self.sessions[number]
            if not meeting.may_be_noted:
                raise _Wrong(attendance.TooEarly.sentence)
            mark = (meeting.id, who.enrolment_id)
            if mark in self.seen:
                return self._again(row, who, number, there, mark)
        except _Wrong as wrong:
            name = str(row.values.get("name") or "")
            return Line(row.line, name, number, there, "wrong", wrong.reason)
        self.seen[mark] = (row.line, there)
        if who.marks.get(meeting.id) is there:
            return Line(row.line, who.name, number, there, "same", _("Sudah tercatat."))
        return Line(row.line, who.name, number, there, "new", mark=mark)

    def _again(
        self, row: Row, who: roster.Row, number: int, there: bool, mark: tuple[int, int]
    ) -> Line:
        line, before = self.seen[mark]
        if before is not there:
            raise _Wrong(_("Berlawanan dengan baris %(line)s.", line=line))
        reason = _("Sama dengan baris %(line)s.", line=line)
        return Line(row.line, who.name, number, there, "same", reason)

    def _who(self, row: Row) -> roster.Row:
        try:
            allow_demo = settings(CoreSettings).demo
            phone = phones.parse_mobile(str(row.values.get("phone") or ""), allow_demo=allow_demo)
        except DomainError as unread:
            raise _Wrong(unread.sentence) from unread
        found = [one for one in self.people if one.phone == phone and one.state != "waiting"]
        if len(found) > 1:  # A family shares the number: the name says who.
            name = " ".join(str(row.values.get("name") or "").casefold().split())
            found = [one for one in found if name in (one.name.casefold(), one.call_me.casefold())]
            if len(found) != 1:
                raise _Wrong(_("Nomor ini dipakai beberapa peserta. Tulis nama lengkapnya."))
        if not found:
            raise _Wrong(_("Nomor ini bukan peserta kelas ini. Tambahkan pesertanya dulu."))
        return found[0]

    def _number(self, row: Row) -> int | None:
        text = str(row.values.get("session") or "").strip()
        return int(text) if text.isascii() and text.isdigit() and len(text) <= 4 else None

    def _there(self, row: Row) -> bool | None:
        word = " ".join(str(row.values.get("there") or "").casefold().split())
        return True if word in YES else False if word in NO else None


class _Wrong(Exception):
    """One row cannot be written; never leaves this module."""

    def __init__(self, reason: Any) -> None:
        super().__init__(reason)
        self.reason = reason


@in_transaction()
def bring_in(db: Session, *, actor: Actor, cohort_id: int, content: bytes, seal: str) -> int:
    """Write what was shown, and return how many notes that were.

    Raises AlreadyBrought, Changed, NothingNew, and what `look` raises.
    """
    lock_own_cohort(db, actor, cohort_id)
    preview = look(db, actor, cohort_id, content)
    preview.require(seal)
    marks: dict[int, dict[int, bool]] = {}
    for line in preview.written:
        assert line.mark is not None
        assert line.was_there is not None
        marks.setdefault(line.mark[0], {})[line.mark[1]] = line.was_there
    for session_id, each in sorted(marks.items()):
        attendance.add_notes(db, actor, session_id, each, clock.now())
    row = BroughtSheet(
        cohort_id=cohort_id,
        sha256=preview.sha256,
        added=len(preview.written),
        left_out=len(preview.left_out),
        brought_by=actor.person_id,
    )
    db.add(row)
    audit.record(db, actor, "attendance.bring", "cohort", cohort_id, added=row.added)
    return row.added
