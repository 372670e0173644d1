"""What a day's money was, read from the books: nothing of it is counted anywhere else."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, ColumnElement, and_, cast, func, select, true

from cooperatives.days.drawers import Desk
from cooperatives.models.books import Entry, Journal
from cooperatives.models.days import TradingDay
from core.db import Reader

LATE_MAX = 100
SALES, BACK, PAID_OUT = ("captured",), ("refund_sent", "taken_back"), ("payout", "payout_return")
ODD = ("over_short",)


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
    rows = list(db.execute(query))
    known = (*SALES, *BACK, *PAID_OUT, *ODD)
    moved = [row for row in rows if row.kind not in known and not is_qris]
    return Way(
        opening=opening,
        sales=_sum(rows, SALES),
        back=_sum(rows, BACK),
        paid_out=_sum(rows, PAID_OUT),
        odd=_sum(rows, ODD),
        bags=sum(row.total for row in moved if row.doc_type == "bag"),
        other=sum(row.total for row in moved if row.doc_type != "bag"),
        payments=sum(row.lines for row in rows if row.kind in SALES),
    )


def _sum(rows: list[Any], kinds: tuple[str, ...]) -> int:
    return sum(row.total for row in rows if row.kind in kinds)


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
    found: list[Late] = []
    for folio in (desk.cash, desk.qris):
        query = (
            select(Journal.memo, Journal.happened_at, Entry.amount)
            .join(Journal, Journal.id == Entry.journal_id)
            .where(
                _within(day, folio.account_id),
                Journal.kind.in_(SALES),
                Journal.happened_at < day.since,
            )
            .order_by(Journal.happened_at)
            .limit(LATE_MAX)
        )
        is_cash = folio is desk.cash
        found += [Late(row[0], row[1], row[2], is_cash) for row in db.execute(query)]
    return sorted(found, key=lambda late: late.happened_at)
