"""A table brought in from a file: every row is shown first, and only what was shown is written.

Nothing is written by looking. What is confirmed is exactly what was shown: if anything has changed
in between, it is shown again. A file is brought in once.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Generic, Protocol, TypeVar

from flask_babel import lazy_gettext as _

from core.errors import DomainError
from core.sheet_files import NotASheet
from core.sheets import Sheet


class Refused(DomainError):
    """The file was read well and is not written; each kind says why."""


class AlreadyBrought(Refused):
    """The same file was brought in before; corrections since then must not be undone."""

    sentence = _("Berkas ini sudah pernah dimasukkan. Tidak ada yang ditulis lagi.")


class Changed(Refused):
    """Something is different from what was shown; it is shown again."""

    sentence = _("Datanya berubah sejak dilihat tadi. Periksa sekali lagi, lalu simpan.")


class NothingNew(Refused):
    """No row says anything new."""

    sentence = _("Tidak ada yang baru di berkas ini.")


class Line(Protocol):
    """What becomes of one row: its state is new, same or wrong."""

    @property
    def line(self) -> int:
        """Where it stands in the file."""

    @property
    def state(self) -> str:
        """Whether it is written."""

    @property
    def says(self) -> object:
        """What would be written, in a form that is printed the same each time."""


A_LINE = TypeVar("A_LINE", bound=Line)


@dataclass(frozen=True, slots=True)
class Earlier:
    """When and by whom the same file was brought in before."""

    at: datetime
    by: str | None
    added: int


@dataclass(frozen=True, slots=True)
class Preview(Generic[A_LINE]):
    """What would be written, and the print by which it is confirmed."""

    sha256: str
    lines: Sequence[A_LINE]
    earlier: Earlier | None

    @property
    def written(self) -> Sequence[A_LINE]:
        """The rows that add something."""
        return [line for line in self.lines if line.state == "new"]

    @property
    def left_out(self) -> Sequence[A_LINE]:
        """The rows that cannot be written, each with its reason."""
        return [line for line in self.lines if line.state == "wrong"]

    @property
    def seal(self) -> str:
        """Changes with every row that would be written otherwise."""
        said = [(line.line, line.state, line.says) for line in self.lines]
        return hashlib.sha256(repr((self.sha256, said)).encode()).hexdigest()

    def require(self, seal: str) -> None:
        """Raise AlreadyBrought, Changed or NothingNew unless this is what was shown."""
        if self.earlier is not None:
            raise AlreadyBrought
        if self.seal != seal:
            raise Changed
        if not self.written:
            raise NothingNew


def digest(content: bytes) -> str:
    """By which the same file is known again."""
    return hashlib.sha256(content).hexdigest()


def require_rows(table: Sheet) -> None:
    """Raise NotASheet for a table that has a header only."""
    if not table.rows and not table.flaws:
        raise NotASheet(_("Tidak ada baris di bawah judul kolom."))
