"""The count sheet as an Excel file: out with what to count, in with what was counted, looked at
before anything is written. An empty box says nothing; the same file twice changes nothing.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid5

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from cooperatives.counts import counting
from cooperatives.counts.reading import Row
from cooperatives.lot_codes import lot_of
from cooperatives.receiving.asked import WrongBoxes
from core import sheets, workbooks
from core.sheets import Column, Layout

LAYOUT = Layout(
    "stock_count",
    _l("Lembar hitung"),
    (
        Column("code", ("Kode", "Code")),
        Column("there", ("Ada", "There"), is_needed=False),
    ),
)


@dataclass(frozen=True, slots=True)
class Preview:
    """What a file says: numbers of known lots, and lines that say something else."""

    act_id: UUID
    numbers: Sequence[tuple[Row, int]]
    flaws: Sequence[tuple[int, Any]]


def written(rows: Sequence[Row], *, is_blind: bool) -> bytes:
    """The file; the record stays out of a blind one."""
    header = [_("Kode"), _("Barang"), _("Pemilik"), _("Baik sampai"), _("Catatan"), _("Ada")]
    table = [
        (
            row.code,
            row.name,
            row.owner,
            row.best_before.isoformat() if row.best_before else "",
            "" if is_blind else row.line.on_record,
            "",
        )
        for row in rows
    ]
    return workbooks.written(header, table)


def read(content: bytes, count_id: UUID, rows: Sequence[Row]) -> Preview:
    """A file with numbers, line by line. Raises NotASheet."""
    known = {row.lot_id: row for row in rows}
    found = sheets.read(content, (LAYOUT,))
    flaws = [(flaw.line, flaw.sentence) for flaw in found.flaws]
    numbers: dict[int, int] = {}
    for row in found.rows:
        text, lot_id = row.values.get("there"), lot_of(row.values["code"])
        if not text:
            continue
        if lot_id not in known or lot_id in numbers:
            flaws.append(
                (row.line, _("Kode ini tidak ada di hitungan ini, atau tertulis dua kali."))
            )
            continue
        try:
            numbers |= counting.numbers({f"angka-{lot_id}": text})
        except WrongBoxes as wrong:
            flaws.append((row.line, wrong.sentence))
    act_id = uuid5(count_id, hashlib.sha256(content).hexdigest())
    return Preview(act_id, [(known[lot_id], n) for lot_id, n in numbers.items()], sorted(flaws))
