"""Moving in: members, savings and goods from a table, shown row by row before anything is written.

Nothing is written by looking. What is confirmed is exactly what was shown: if anything has changed
in between, it is shown again. A file is brought in once.
"""

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from flask_babel import lazy_gettext as _
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from cooperatives.membership import opening_goods, opening_people
from cooperatives.membership.opening_rows import MEMBERS, SAVINGS, STOCK, Line
from cooperatives.models import BroughtTable
from cooperatives.rights import COORDINATE, TREASURE
from core import access, audit, sheets
from core.access import Right
from core.actors import Actor
from core.db import in_transaction
from core.errors import DomainError
from core.people import Person
from core.sheet_files import NotASheet
from core.sheets import Layout, Row

BYTES_MAX = 512 * 1024


class FileTooBig(DomainError):
    """What a group moves in with fits in little."""

    sentence = _("Berkas ini terlalu besar. Bagi menjadi beberapa berkas, paling besar 500 KB.")


class AlreadyBrought(DomainError):
    """The same file was brought in before."""

    sentence = _("Berkas ini sudah pernah dimasukkan. Tidak ada yang ditulis lagi.")


class Changed(DomainError):
    """Something is different from what was shown; it is shown again."""

    sentence = _("Datanya berubah sejak dilihat tadi. Periksa sekali lagi, lalu simpan.")


class NothingNew(DomainError):
    """No row says anything new."""

    sentence = _("Tidak ada yang baru di berkas ini.")


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of table: who may bring it, how it reads, and how its rows are written."""

    name: str
    layout: Layout
    right: Right
    look: Callable[[Session, int, Sequence[Row]], list[Line]]
    write: Callable[[Session, Actor, int, str, Sequence[Line]], None]
    example: Sequence[Sequence[object]]


KINDS = {
    "anggota": Kind(
        "members", MEMBERS, COORDINATE, opening_people.look_members, opening_people.write_members,
        [("Siti Aminah", "Bu Siti", "0840 0000 0999", "2024-05-01", "keripik, menjahit"),
         ("Wagiyem", "Mbah Wagi", "", "2019-04-21", "opak")],
    ),
    "simpanan": Kind(
        "savings", SAVINGS, TREASURE, opening_people.look_savings, opening_people.write_savings,
        [("Siti Aminah", 1, 100_000, 240_000, 50_000), ("Wagiyem", 2, 100_000, 120_000, 0)],
    ),
    "stok": Kind(
        "stock", STOCK, COORDINATE, opening_goods.look, opening_goods.write,
        [("Bu Siti", "Keripik Pisang", 12, "2027-03-01", "A1", "")],
    ),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Preview:
    """What would be written, and the print by which it is confirmed."""

    sha256: str
    lines: Sequence[Line]
    earlier: Any

    @property
    def written(self) -> Sequence[Line]:
        """The rows that add something."""
        return [line for line in self.lines if line.state == "new"]

    @property
    def left_out(self) -> Sequence[Line]:
        """The rows that cannot be written, each with its reason."""
        return [line for line in self.lines if line.state == "wrong"]

    @property
    def seal(self) -> str:
        """Changes with every row that would be written otherwise."""
        said = [(line.line, line.state, sorted(line.facts.items())) for line in self.lines]
        return hashlib.sha256(repr((self.sha256, said)).encode()).hexdigest()


def look(db: Session, actor: Actor, group_id: int, kind: Kind, content: bytes) -> Preview:
    """What a file would write into one's own group. Raises NotFound, NotASheet and FileTooBig."""
    access.require(db, actor, kind.right, group_id)
    if len(content) > BYTES_MAX:
        raise FileTooBig
    table = sheets.read(content, [kind.layout])
    if not table.rows and not table.flaws:
        raise NotASheet(_("Tidak ada baris di bawah judul kolom."))
    lines = kind.look(db, group_id, table.rows)
    lines += [Line(flaw.line, "", "", "wrong", flaw.sentence) for flaw in table.flaws]
    digest = hashlib.sha256(content).hexdigest()
    earlier = _earlier(db, group_id, kind, digest)
    return Preview(digest, sorted(lines, key=lambda one: one.line), earlier)


def _earlier(db: Session, group_id: int, kind: Kind, digest: str) -> Any:
    """When and by whom the same file was brought in before: brought_at, call_me, added."""
    query = (
        select(BroughtTable.brought_at, Person.call_me, BroughtTable.added)
        .outerjoin(Person, Person.id == BroughtTable.brought_by)
        .where(BroughtTable.organisation_id == group_id, BroughtTable.kind == kind.name)
        .where(BroughtTable.sha256 == digest)
    )
    return db.execute(query).first()


@in_transaction(retries=3)
def bring_in(
    db: Session, *, actor: Actor, group_id: int, kind: Kind, content: bytes, seal: str
) -> int:
    """Write what was shown, all of it or nothing, and return how many rows that were.

    Raises AlreadyBrought, Changed, NothingNew, and what `look` raises.
    """
    key = func.hashtext(f"cooperatives.opening.{group_id}.{kind.name}")
    db.execute(select(func.pg_advisory_xact_lock(key)))
    preview = look(db, actor, group_id, kind, content)
    if preview.earlier is not None:
        raise AlreadyBrought
    if preview.seal != seal:
        raise Changed
    if not preview.written:
        raise NothingNew
    kind.write(db, actor, group_id, preview.sha256, preview.written)
    row = BroughtTable(
        organisation_id=group_id, kind=kind.name, sha256=preview.sha256,
        added=len(preview.written), left_out=len(preview.left_out), brought_by=actor.person_id,
    )  # fmt: skip
    db.add(row)
    audit.record(
        db, actor, "opening.bring", "organisation", group_id, kind=kind.name, added=row.added
    )
    return row.added
