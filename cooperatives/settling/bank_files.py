"""A list of transfers as the file that a bank takes for many at once: each layout is data.

What the banks publish of it is little, so these are our reading of it (docs/money.md). Nothing a
payee typed can run as a formula: of her name only letters, digits and single spaces stay.
"""

import csv
import io
import re
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask_babel import lazy_gettext as _

from cooperatives import banks

NAME_MAX = 35


@dataclass(frozen=True, slots=True)
class Transfer:
    """One line: where to, how much in whole rupiah, and our own number of it."""

    bank: str
    number: str
    name: str
    amount: int
    reference: str


Cells = list[str]


@dataclass(frozen=True, slots=True)
class Layout:
    """How one bank writes the file: lines before, the cells of each transfer, and lines after.

    `ours` is the bank's own code, so that transfers inside it are told from others.
    """

    label: Any
    ours: str
    line: Callable[[int, Transfer, "Layout"], Cells]
    before: Callable[[Sequence[Transfer], date], list[Cells]]
    after: Callable[[Sequence[Transfer]], list[Cells]] = lambda transfers: []  # noqa: ARG005
    delimiter: str = ","


def plain_name(name: str) -> str:
    """A name as banks take it: capital letters, digits and single spaces."""
    ascii_only = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    return " ".join(re.sub("[^A-Za-z0-9 ]", " ", ascii_only).split()).upper()[:NAME_MAX].strip()


def total(transfers: Sequence[Transfer]) -> int:
    """The control sum: what all lines are together."""
    return sum(one.amount for one in transfers)


def written(transfers: Sequence[Transfer], layout: Layout, day: date) -> bytes:
    """The file's bytes. Every amount is whole rupiah and more than nothing."""
    assert all(one.amount > 0 and one.number.isdigit() for one in transfers), "no such transfer"
    out = io.StringIO(newline="")
    writer = csv.writer(out, delimiter=layout.delimiter, lineterminator="\r\n")
    writer.writerows(layout.before(transfers, day))
    writer.writerows(layout.line(n, one, layout) for n, one in enumerate(transfers, 1))
    writer.writerows(layout.after(transfers))
    return out.getvalue().encode("ascii")


def _headed(*names: str) -> Callable[[Sequence[Transfer], date], list[Cells]]:
    return lambda _transfers, _day: [list(names)]


def _bri(n: int, one: Transfer, _layout: Layout) -> Cells:
    return [str(n), plain_name(one.name), one.number, str(one.amount), "", banks.CODES[one.bank],
            one.reference]  # fmt: skip


def _bri_end(transfers: Sequence[Transfer]) -> list[Cells]:
    return [
        ["COUNT", "", "", str(len(transfers))],
        ["TOTAL", "", "", str(total(transfers))],
    ]


def _bca(_n: int, one: Transfer, layout: Layout) -> Cells:
    way = "BCA" if one.bank == layout.ours else "BIF"
    return [way, one.number, plain_name(one.name), str(one.amount), banks.CODES[one.bank],
            one.reference]  # fmt: skip


def _mandiri_head(transfers: Sequence[Transfer], day: date) -> list[Cells]:
    return [["P", f"{day:%Y%m%d}", "", str(len(transfers)), str(total(transfers))]]


def _mandiri(_n: int, one: Transfer, layout: Layout) -> Cells:
    service = "IBU" if one.bank == layout.ours else "BAU"
    return [one.number, plain_name(one.name), "", "", "", "IDR", str(one.amount), one.reference,
            one.reference, service, banks.CODES[one.bank], banks.NAMES[one.bank]]  # fmt: skip


def _bsi(n: int, one: Transfer, layout: Layout) -> Cells:
    way = "OVERBOOKING" if one.bank == layout.ours else "BIFAST"
    return [str(n), one.number, plain_name(one.name), banks.CODES[one.bank], str(one.amount),
            one.reference, way]  # fmt: skip


LAYOUTS: dict[str, Layout] = {
    "bri": Layout(
        _("BRI (CMS, Qlola)"),
        "bri",
        _bri,
        _headed("NO", "NAMA", "ACCOUNT", "AMOUNT", "EMAIL", "BANK_CODE", "REMARK"),
        _bri_end,
    ),
    "bca": Layout(
        _("BCA (KlikBCA Bisnis)"),
        "bca",
        _bca,
        _headed("TRANSFER TYPE", "ACCOUNT NO", "NAME", "AMOUNT", "BANK CODE", "REMARK"),
    ),
    "mandiri": Layout(_("Mandiri (MCM, Kopra)"), "mandiri", _mandiri, _mandiri_head),
    "bsi": Layout(
        _("BSI (Cash Management)"),
        "bsi",
        _bsi,
        _headed("NO", "NOREK", "NAMA", "KODE BANK", "NOMINAL", "BERITA", "JENIS"),
    ),
}
