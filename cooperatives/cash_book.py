"""Her cash book: what came in and went out, of the home and of the business; hers alone.

A line is an act of her phone and may come late and twice. Nobody else reads it, no trail tells of
it, and no money of ours moves by it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from flask_babel import lazy_gettext as _
from sqlalchemy import BigInteger, cast, func, select
from sqlalchemy.orm import Session

from cooperatives.models.her_money import CashNote
from core import acts, clock
from core.actors import Actor
from core.clock import WIB
from core.db import Reader, in_transaction
from core.errors import DomainError, Forbidden, NotFound
from core.money import RUPIAH_MAX, parse_rupiah

ACT = "cashbook.note"
NOTE_MAX = 80
LINES_MAX = 60
PRESSES: dict[str, tuple[str, int, Any]] = {
    "business_in": ("business", 1, _("Usaha masuk")),
    "business_out": ("business", -1, _("Usaha keluar")),
    "home_in": ("home", 1, _("Rumah masuk")),
    "home_out": ("home", -1, _("Rumah keluar")),
}
"""The four buttons: which money, which way, and the word on it."""


class BadNote(DomainError):
    """What was written is no line of a cash book."""

    sentence = _("Tulis jumlahnya dulu, contoh 15000, lalu tekan salah satu tombol.")


@dataclass(frozen=True, slots=True)
class Moved:
    """What came in and went out of one kind of money."""

    came: int = 0
    went: int = 0

    @property
    def left(self) -> int:
        """What is left of it."""
        return self.came - self.went


@acts.handles(ACT, version=1, label=_("Catatan kas"))
def _note(
    db: Session, *, actor: Actor, act_id: UUID, at: datetime, content: Mapping[str, Any]
) -> dict[str, Any]:
    """Write one line; the answer keeps nothing of it."""
    person_id = _herself(actor)
    place, sign, _words = PRESSES.get(str(content.get("press", "")), ("", 0, ""))
    amount = _amount(content.get("amount", ""))
    if not place or not amount:
        raise BadNote
    note = " ".join(str(content.get("note", "")).replace("\x00", "").split())[:NOTE_MAX]
    db.add(
        CashNote(
            id=act_id,
            person_id=person_id,
            place=place,
            amount=sign * amount,
            note=note,
            day=at.astimezone(WIB).date(),
        )
    )
    db.flush()
    return {}


def _herself(actor: Actor) -> int:
    if actor.person_id is None or actor.on_behalf_of is not None:
        raise Forbidden
    return actor.person_id


def _amount(typed: object) -> int:
    """Rupiah as people write them."""
    amount = parse_rupiah(str(typed))
    return amount if 0 < amount <= RUPIAH_MAX else 0


@in_transaction(retries=3)
def strike(db: Session, *, actor: Actor, note_id: UUID) -> None:
    """A slip: the line stays, struck out, and counts no more. A second time brings it back."""
    note = db.get(CashNote, note_id, with_for_update=True, populate_existing=True)
    if note is None or note.person_id != _herself(actor):
        raise NotFound
    note.struck_at = clock.now() if note.struck_at is None else None


def list_notes(
    db: Session, person_id: int, since: date, until: date, *, page: int = 1
) -> tuple[Sequence[CashNote], bool]:
    """One page of her lines between two days, newest first, and whether more follow."""
    query = (
        select(CashNote)
        .where(CashNote.person_id == person_id, CashNote.day >= since, CashNote.day < until)
        .order_by(CashNote.day.desc(), CashNote.written_at.desc(), CashNote.id)
        .limit(LINES_MAX + 1)
        .offset((page - 1) * LINES_MAX)
    )
    found = db.scalars(query).all()
    return found[:LINES_MAX], len(found) > LINES_MAX


def moved(db: Reader, person_id: int, since: date, until: date) -> dict[str, Moved]:
    """What came in and went out between two days, by `business` and `home`."""
    came = func.sum(CashNote.amount).filter(CashNote.amount > 0)
    went = func.sum(-CashNote.amount).filter(CashNote.amount < 0)
    query = (
        select(
            CashNote.place,
            cast(func.coalesce(came, 0), BigInteger).label("came"),
            cast(func.coalesce(went, 0), BigInteger).label("went"),
        )
        .where(CashNote.person_id == person_id, CashNote.day >= since, CashNote.day < until)
        .where(CashNote.struck_at.is_(None))
        .group_by(CashNote.place)
    )
    found = {row.place: Moved(row.came, row.went) for row in db.execute(query)}
    return {place: found.get(place, Moved()) for place in ("business", "home")}
