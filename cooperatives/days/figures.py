"""What a day's money was, read from the books: nothing of it is counted anywhere else."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import BigInteger, ColumnElement, and_, cast, func, or_, select, true, tuple_

from cooperatives.days.drawers import Desk
from cooperatives.models.books import Entry, Journal
from cooperatives.models.days import TradingDay
from core.db import Reader

LATE_MAX = 100
SPLIT, UNSPLIT = ("moved", "till"), ("moved", "till_undo")
"""What a till moves between drawer and QRIS where a buyer pays in two ways, and back again."""
PARTS: dict[str, str] = {
    "captured": "sales",
    "refund_sent": "back",
    "taken_back": "back",
    "payout": "paid_out",
    "payout_return": "paid_out",
    "over_short": "odd",
}
"""Which part of a day's figures a kind of journal belongs to."""


@dataclass(frozen=True, slots=True)
class Way:
    """One way of paying in one day: what was there, what came and went, and how often."""

    opening: int
    sales: int
    back: int
    paid_out: int
    bags: int
    odd: int
    other: int
    payments: int

    @property
    def stands(self) -> int:
        """What there is by the books."""
        moved = self.sales + self.back + self.paid_out + self.bags + self.odd + self.other
        return self.opening + moved


@dataclass(frozen=True, slots=True)
class Figures:
    """A day's money: cash in the drawer, and QRIS."""

    cash: Way
    qris: Way

    def of(self, way: str) -> Way:
        """One way of paying."""
        return self.cash if way == "cash" else self.qris


def nothing(opening: int) -> Way:
    """A drawer in which nothing has moved yet."""
    return Way(opening, 0, 0, 0, 0, 0, 0, 0)


def of_day(db: Reader, day: TradingDay, desk: Desk) -> Figures:
    """The figures of a day, closed or open.

    What the bank paid out of a QRIS is no matter of the day: there the day's own payments count.
    """
    return Figures(
        cash=_way(db, day, desk.cash.account_id, opening=day.opening),
        qris=_way(db, day, desk.qris.account_id, opening=0, is_qris=True),
    )


def _within(day: TradingDay, account_id: int) -> ColumnElement[bool]:
    until = Entry.id <= day.entries_until if day.entries_until is not None else true()
    return and_(Entry.account_id == account_id, Entry.id > day.entries_from, until)


def _way(
    db: Reader, day: TradingDay, account_id: int, *, opening: int, is_qris: bool = False
) -> Way:
    total = cast(func.sum(Entry.amount), BigInteger).label("total")
    query = (
        select(Journal.kind, Journal.doc_type, total, func.count().label("lines"))
        .join(Journal, Journal.id == Entry.journal_id)
        .where(_within(day, account_id))
        .group_by(Journal.kind, Journal.doc_type)
    )
    parts = dict.fromkeys(("sales", "back", "paid_out", "bags", "odd", "other"), 0)
    payments = 0
    for row in db.execute(query):
        if part := _part(row.kind, row.doc_type, is_qris=is_qris):
            parts[part] += row.total
            payments += row.lines if row.kind == "captured" else 0
    return Way(opening=opening, payments=payments, **parts)


def _part(kind: str, doc_type: str, *, is_qris: bool) -> str:
    """Which part of the figures a journal belongs to; none for what the bank paid out of a QRIS."""
    if (kind, doc_type) in (SPLIT, UNSPLIT):
        return "sales" if (kind, doc_type) == SPLIT else "back"
    if kind in PARTS:
        return PARTS[kind]
    if is_qris:
        return ""
    return "bags" if doc_type == "bag" else "other"


@dataclass(frozen=True, slots=True)
class Late:
    """A payment that happened before the close before, and came in on this day."""

    order_id: str
    happened_at: datetime
    amount: int
    is_cash: bool


def late_in(db: Reader, day: TradingDay, desk: Desk) -> list[Late]:
    """What came in late on a day (terlambat masuk), oldest first."""
    if day.since is None:
        return []
    found: dict[tuple[str, bool], Late] = {}
    for folio in (desk.cash, desk.qris):
        query = (
            select(Journal.kind, Journal.memo, Journal.doc_id, Journal.happened_at, Entry.amount)
            .join(Journal, Journal.id == Entry.journal_id)
            .where(
                _within(day, folio.account_id),
                or_(
                    Journal.kind == "captured",
                    tuple_(Journal.kind, Journal.doc_type).in_([SPLIT]),
                ),
                Journal.happened_at < day.since,
            )
            .order_by(Journal.happened_at)
            .limit(LATE_MAX)
        )
        for kind, memo, doc_id, happened_at, amount in db.execute(query):
            order_id = memo if kind == "captured" else doc_id
            key = order_id, folio is desk.cash
            before = found[key].amount if key in found else 0
            found[key] = Late(order_id, happened_at, before + amount, key[1])
    return sorted(found.values(), key=lambda late: late.happened_at)
