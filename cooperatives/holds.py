"""Promises to buyers: a hold lives as long as its payment method allows, then ends for a reason.

held → allocated (paid: it never lapses) → used (handed over); or released at any time before that.
`allocation` makes holds, `handover` uses them; here they are kept, ended and found when overdue.
"""

from datetime import datetime
from typing import NamedTuple

from sqlalchemy import ColumnElement, func, select, tuple_, update
from sqlalchemy.orm import Session

from cooperatives import levels
from cooperatives.levels import Standing
from cooperatives.models.stock import Hold, Level

OPEN = ("held", "allocated")
LAPSED_BATCH_MAX = 50
REASON_MAX = 60


class Doc(NamedTuple):
    """The paper a promise or a movement belongs to: an upward reference, such as an order."""

    kind: str
    id: str


class Open(NamedTuple):
    """The open holds of a document with their levels, all locked."""

    holds: list[Hold]
    standings: dict[tuple[int, int], Standing]

    def under(self, hold: Hold) -> Standing:
        """The level a hold stands on."""
        return self.standings[hold.lot_id, hold.place_id]


def lock_open(db: Session, *conditions: ColumnElement[bool]) -> Open:
    """Lock open holds that fit: levels first, then the holds, which are read again."""
    fits = (Hold.state.in_(OPEN), *conditions)
    promised = select(Hold.lot_id, Hold.place_id).where(*fits)
    standings = levels.lock(db, tuple_(Level.lot_id, Level.place_id).in_(promised))
    query = select(Hold).where(*fits).order_by(Hold.id).with_for_update()
    by_pair = {(standing.lot_id, standing.place_id): standing for standing in standings}
    found = db.scalars(query.execution_options(populate_existing=True))
    return Open([hold for hold in found if (hold.lot_id, hold.place_id) in by_pair], by_pair)


def of_doc(doc: Doc) -> ColumnElement[bool]:
    """The holds of one document."""
    return (Hold.doc_type == doc.kind) & (Hold.doc_id == doc.id)


def end(db: Session, hold: Hold, reason: str, quantity: int | None = None) -> Hold:
    """End a locked hold, or `quantity` units of it; returns the released row.

    The level's `reserved` is the caller's to lower: it has the level locked.
    """
    if quantity is None or quantity == hold.quantity:
        hold.state, hold.until, hold.reason = "released", None, reason[:REASON_MAX]
        return hold
    assert 0 < quantity < hold.quantity, f"hold {hold.id} has {hold.quantity}, not {quantity}"
    hold.quantity -= quantity
    part = _twin(hold, "released", quantity)
    part.reason = reason[:REASON_MAX]
    db.add(part)
    db.flush()
    return part


def again(hold: Hold) -> Hold:
    """The same promise anew, for goods that came back; paid, so it does not lapse."""
    return _twin(hold, "allocated", hold.quantity)


def _twin(hold: Hold, state: str, quantity: int) -> Hold:
    return Hold(
        lot_id=hold.lot_id,
        place_id=hold.place_id,
        quantity=quantity,
        state=state,
        doc_type=hold.doc_type,
        doc_id=hold.doc_id,
        buyer_key=hold.buyer_key,
        created_at=hold.created_at,
    )


def confirm(db: Session, doc: Doc) -> int:
    """The order is paid: what is held is now allocated and never lapses.

    Returns the units promised for good. Less than was ordered means that the money came too late
    (or goods went missing, see `shortfalls`): allocate again.
    """
    paid = update(Hold).where(of_doc(doc), Hold.state == "held")
    db.execute(
        paid.values(state="allocated", until=None).execution_options(synchronize_session=False)
    )
    total = select(func.sum(Hold.quantity)).where(of_doc(doc), Hold.state == "allocated")
    return int(db.scalar(total) or 0)


def unconfirm(db: Session, doc: Doc, until: datetime) -> None:
    """The payment was undone by the bank: the promise lapses again if no other money comes."""
    paid = update(Hold).where(of_doc(doc), Hold.state == "allocated")
    db.execute(paid.values(state="held", until=until).execution_options(synchronize_session=False))


def release(
    db: Session,
    doc: Doc,
    reason: str,
    *,
    unpaid_only: bool = False,
    place_id: int | None = None,
) -> int:
    """Give promised goods back, all or those at one place; returns how many units.

    With `unpaid_only` a payment that came in meanwhile keeps its goods: so a lapse asks.
    """
    scope: list[ColumnElement[bool]] = [of_doc(doc)]
    if unpaid_only:
        scope.append(Hold.state == "held")
    if place_id is not None:
        scope.append(Hold.place_id == place_id)
    found = lock_open(db, *scope)
    for hold in found.holds:
        found.under(hold).reserved -= hold.quantity
        end(db, hold, reason)
    levels.write(db, found.standings.values())
    return sum(hold.quantity for hold in found.holds)


def prolong(db: Session, doc: Doc, until: datetime) -> None:
    """Hold what is not paid yet until another moment: the buyer chose another way to pay."""
    held = update(Hold).where(of_doc(doc), Hold.state == "held")
    db.execute(held.values(until=until).execution_options(synchronize_session=False))


def lapse_due(db: Session, now: datetime, *, limit: int = LAPSED_BATCH_MAX) -> list[Doc]:
    """Documents whose holds are overdue, oldest first; those another sweeper has are skipped.

    Nothing is released here: the caller cancels at the gateway first, outside this transaction,
    and then releases with `unpaid_only`.
    """
    overdue = (
        select(Hold.doc_type, Hold.doc_id)
        .where(Hold.state == "held", Hold.until <= now)
        .order_by(Hold.until, Hold.id)
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    return list(dict.fromkeys(Doc(*row) for row in db.execute(overdue)))
