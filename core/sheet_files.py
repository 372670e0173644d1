"""An uploaded text file as records of cells, and a table as a file: what CSV is in the world.

UTF-8 with or without its mark, UTF-16 or Windows-1252; any of four delimiters; quotes that break.
"""

import csv
import io
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from flask_babel import lazy_gettext as _l

from core.errors import DomainError

BYTES_MAX = 2 * 1024 * 1024
DELIMITERS = ";,\t|"


class NotASheet(DomainError):
    """The file as a whole cannot be read; the sentence says what to do."""

    sentence = _l("Berkas ini tidak bisa dibaca. Unduh lagi sebagai CSV.")


@dataclass(frozen=True, slots=True)
class Record:
    """One record of the file with its first line; `broken_until` is set where its quotes break."""

    line: int
    cells: list[str]
    broken_until: int = 0


def decoded(content: bytes) -> str:
    """The text of a file in UTF-8, UTF-16 or Windows-1252; raises NotASheet."""
    if len(content) > BYTES_MAX:
        raise NotASheet(_l("Berkas ini terlalu besar. Pilih rentang waktu yang lebih pendek."))
    if content.startswith((b"\xd0\xcf\x11\xe0", b"%PDF-")):
        raise NotASheet(_l("Ini PDF atau Excel lama. Simpan dulu sebagai CSV atau Excel (.xlsx)."))
    text = _by_encoding(content)
    if not text.strip():
        raise NotASheet(_l("Berkas ini kosong."))
    if "\x00" in text:
        raise NotASheet
    return text


def _by_encoding(content: bytes) -> str:
    half = content[:1000]
    names = ["utf-8-sig", "cp1252"]
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        names = ["utf-16"]
    elif half[1::2].count(0) > len(half) // 3:
        names = ["utf-16-le"]
    elif half[::2].count(0) > len(half) // 3:
        names = ["utf-16-be"]
    for name in names:
        try:
            return content.decode(name)
        except UnicodeDecodeError:
            continue
    raise NotASheet


def delimiters(text: str) -> list[str]:
    """What may stand between the cells, the likeliest first."""
    return sorted(DELIMITERS, key=text[:4096].count, reverse=True)


def records_of(text: str, delimiter: str) -> Iterator[Record]:
    """The records with their first line; after a broken one the next line is read again."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    while True:
        line = reader.line_num + 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error:
            yield Record(line, [], broken_until=reader.line_num)
            continue
        yield Record(line, [tidy(cell) for cell in cells])


_WRAPPED = re.compile(r'="(.*)"|\'(.*)', re.DOTALL)


def tidy(cell: str) -> str:
    """A cell without what spreadsheets wrap around text, control characters and double spaces."""
    if wrapped := _WRAPPED.fullmatch(cell.strip()):
        cell = wrapped[1] or wrapped[2] or ""
    return " ".join("".join(c if c.isprintable() else " " for c in cell).split())


_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def written(header: Sequence[str], rows: Iterable[Sequence[object]]) -> bytes:
    """A table as a CSV file for spreadsheets; a text that would run as a formula stays a text."""
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow(header)
    for row in rows:
        writer.writerow([_harmless(cell) for cell in row])
    return out.getvalue().encode("utf-8-sig")


def _harmless(cell: object) -> object:
    """A leading apostrophe tells spreadsheets that a text is a text."""
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(_FORMULA) else cell
