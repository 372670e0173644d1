"""What a form of goods says, from the page or from a phone: each box is named for its size.

`jumlah-12` is how many of size 12, `sampai-12` its best-before day, `batch-12` its batch,
`tolak-12` how many were refused and `alasan-12` why. An empty box says nothing.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from cooperatives.goods import BATCH_MAX
from cooperatives.settings import CooperativeSettings
from core.config import settings
from core.errors import DomainError

REASONS = {
    "broken": _l("Kemasan rusak"),
    "short": _l("Tanggalnya terlalu dekat"),
    "label": _l("Labelnya belum lengkap"),
    "permit": _l("Izinnya belum ada"),
    "full": _l("Rak sedang penuh"),
    "other": _l("Alasan lain"),
}
PHOTOS_MAX = 4
_BOX = re.compile("(jumlah|sampai|batch|tolak|alasan)-([0-9]{1,15})")
_YEARS = range(2000, 2100)


class WrongBoxes(DomainError):
    """Some boxes cannot be read; `wrong` has a sentence for each."""

    def __init__(self, wrong: Mapping[str, str]) -> None:
        self.wrong = dict(wrong)
        super().__init__(" ".join(dict.fromkeys(self.wrong.values())))


@dataclass(frozen=True, slots=True)
class Line:
    """One size: taken, and refused."""

    variant_id: int
    quantity: int
    best_before: date | None = None
    batch: str = ""
    refused: int = 0
    reason: str = ""


def lines(content: Mapping[str, Any]) -> list[Line]:
    """The sizes of which something is said, those of which some came first. Raises WrongBoxes."""
    boxes: dict[int, dict[str, str]] = {}
    for name, value in content.items():
        if (found := _BOX.fullmatch(name)) and isinstance(value, str) and value.strip():
            boxes.setdefault(int(found[2]), {})[found[1]] = value.strip()
    wrong: dict[str, str] = {}
    read = [_line(variant_id, typed, wrong) for variant_id, typed in sorted(boxes.items())]
    said = [line for line in read if line.quantity or line.refused]
    if not said and not wrong:
        wrong["jumlah"] = _("Tulis dulu berapa yang datang.")
    if len(said) > settings(CooperativeSettings).goods_lines_max:
        wrong["jumlah"] = _("Terlalu banyak barang. Buat dua nota.")
    if wrong:
        raise WrongBoxes(wrong)
    return sorted(said, key=lambda line: (not line.quantity, line.variant_id))


def _line(variant_id: int, typed: Mapping[str, str], wrong: dict[str, str]) -> Line:
    def number(box: str) -> int:
        text, most = typed.get(box, "0"), settings(CooperativeSettings).units_max
        if re.fullmatch("[0-9]{1,9}", text) and int(text) <= most:
            return int(text)
        wrong[f"{box}-{variant_id}"] = _("Tulis angka bulat dari 0 sampai %(most)s.", most=most)
        return 0

    refused, reason = number("tolak"), typed.get("alasan", "")
    if refused and reason not in REASONS:
        wrong[f"alasan-{variant_id}"] = _("Pilih alasan menolaknya.")
    batch = "".join(sign for sign in typed.get("batch", "") if sign.isprintable()).strip()
    if len(batch) > BATCH_MAX:
        wrong[f"batch-{variant_id}"] = _("Kode batch paling panjang %(n)s huruf.", n=BATCH_MAX)
    until = _day(typed.get("sampai", ""), f"sampai-{variant_id}", wrong)
    kept = reason if refused else ""
    return Line(variant_id, number("jumlah"), until, batch, refused, kept)


def _day(text: str, box: str, wrong: dict[str, str]) -> date | None:
    if not text:
        return None
    try:
        found = date.fromisoformat(text)
    except ValueError:
        found = date.min
    if found.year not in _YEARS:
        wrong[box] = _("Tulis tanggal seperti 2026-11-22.")
        return None
    return found


def day(content: Mapping[str, Any], box: str) -> date:
    """The day a box says. Raises WrongBoxes."""
    wrong: dict[str, str] = {}
    found = _day(str(content.get(box) or "").strip(), box, wrong)
    if found is None:
        raise WrongBoxes(wrong or {box: _("Tanggal belum diisi.")})
    return found


def number(content: Mapping[str, Any], box: str) -> int:
    """The id a box says, or nothing that there is."""
    text = str(content.get(box))
    return int(text) if re.fullmatch("[0-9]{1,15}", text) else 0


def uuid(said: object) -> UUID | None:
    """An id made by a phone, if it is one."""
    try:
        return UUID(str(said))
    except ValueError:
        return None


def photos(content: Mapping[str, Any]) -> list[UUID]:
    """The photos a phone names, once each."""
    said = content.get("photos") or []
    named = [said] if isinstance(said, str) else list(said)
    found = (uuid(one) for one in named[:PHOTOS_MAX])
    return list(dict.fromkeys(one for one in found if one))
