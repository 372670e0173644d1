"""Moving in: members, savings and goods from a table (core.bringing)."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

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
from core.bringing import Earlier, Preview, digest, require_rows
from core.db import in_transaction
from core.people import Person
from core.sheet_files import NotASheet
from core.sheets import Layout, Row

BYTES_MAX = 512 * 1024


class FileTooBig(NotASheet):
    """What a group moves in with fits in little."""

    sentence = _("Berkas ini terlalu besar. Bagi menjadi beberapa berkas, paling besar 500 KB.")


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
        [("Bu Siti", "Keripik Pisang", 12, "2027-03-01", "A1", ""),
         ("Bu Siti", "Keripik Pisang", 5, "", "", "rumah")],
    ),
}  # fmt: skip


def look(db: Session, actor: Actor, group_id: int, kind: Kind, content: bytes) -> Preview[Line]:
    """What a file would write into one's own group. Raises NotFound, NotASheet and FileTooBig."""
    access.require(db, actor, kind.right, group_id)
    if len(content) > BYTES_MAX:
        raise FileTooBig
    table = sheets.read(content, [kind.layout])
    require_rows(table)
    lines = kind.look(db, group_id, table.rows)
    lines += [Line(flaw.line, "", "", "wrong", flaw.sentence) for flaw in table.flaws]
    sha256 = digest(content)
    earlier = _earlier(db, group_id, kind, sha256)
    return Preview(sha256, sorted(lines, key=lambda one: one.line), earlier)


def _earlier(db: Session, group_id: int, kind: Kind, sha256: str) -> Earlier | None:
    query = (
        select(BroughtTable.brought_at, Person.call_me, BroughtTable.added)
        .outerjoin(Person, Person.id == BroughtTable.brought_by)
        .where(BroughtTable.organisation_id == group_id, BroughtTable.kind == kind.name)
        .where(BroughtTable.sha256 == sha256)
    )
    row = db.execute(query).first()
    return Earlier(*row) if row else None


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
    preview.require(seal)
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
