"""What her notebook adds up to: a month, a week, or all that we still owe her.

A sum is what stood there before, every kind of money that came and went, and what stands after.
"""

from dataclasses import dataclass, fields
from datetime import date, datetime
from typing import Any

from sqlalchemy import CTE, ColumnElement, Date, cast, func, select, union_all

from cooperatives.carrying.sums import open_from, whole
from cooperatives.models.books import Entry, Settlement, SettlementEntry
from cooperatives.notebook import PARTS, between, journals, pages_of, stands
from core.clock import WIB
from core.db import Reader


@dataclass(frozen=True, slots=True)
class Sums:
    """A stretch of time in her notebook; `before` and `after` are what we owed her."""

    before: int = 0
    goods: int = 0
    cooperative: int = 0
    kiosk: int = 0
    operator: int = 0
    affiliate: int = 0
    delivery: int = 0
    invited: int = 0
    returned: int = 0
    fees: int = 0
    tax: int = 0
    advance: int = 0
    surplus: int = 0
    bazaar: int = 0
    missing: int = 0
    other: int = 0
    paid: int = 0

    @property
    def taken(self) -> int:
        """All cuts together."""
        return self.cooperative + self.kiosk + self.operator + self.affiliate

    @property
    def kept(self) -> int:
        """What was hers in that time, whether it is paid already or not."""
        return (
            self.goods - self.taken + self.delivery + self.invited + self.returned
            + self.fees + self.tax + self.advance + self.surplus + self.bazaar + self.missing
            + self.other
        )  # fmt: skip

    @property
    def after(self) -> int:
        """What we owed her at its end."""
        return self.before + self.kept - self.paid

    def __add__(self, other: "Sums") -> "Sums":
        return Sums(*(getattr(self, f.name) + getattr(other, f.name) for f in fields(self)))


def sums(db: Reader, person_id: int, since: datetime, until: datetime) -> Sums:
    """What a stretch of time adds up to."""
    months = by_month(db, person_id, since, until)
    return sum(months.values(), Sums(before=stands(db, person_id, until=since)))


def unpaid(db: Reader, person_id: int) -> Sums:
    """What the money is made of that we owe her now: everything no paid settlement holds."""
    pages = list(db.scalars(pages_of(person_id)))
    taken = select(SettlementEntry.entry_id).where(SettlementEntry.entry_id == Entry.id)
    open_ones = select(Entry.id).where(
        Entry.account_id.in_(pages), Entry.id >= open_from(db, pages), ~taken.exists()
    )
    closed = (
        select(SettlementEntry.entry_id)
        .join(Settlement, Settlement.id == SettlementEntry.settlement_id)
        .where(Settlement.account_id.in_(pages), Settlement.state == "closed")
    )
    hers = journals(person_id, Entry.id.in_(union_all(open_ones, closed)))
    return sum(_added(db, hers).values(), Sums())


def by_month(db: Reader, person_id: int, since: datetime, until: datetime) -> dict[date, Sums]:
    """The same for each month (its first day) in which something happened; nothing is `before`."""
    return _added(db, journals(person_id, *between(db, since, until)))


def _month_of(hers: CTE) -> ColumnElement[date]:
    on_her_calendar = func.timezone(WIB.key, hers.c.posted_at)
    return cast(func.date_trunc("month", on_her_calendar), Date)


WHERE_IT_STANDS = {
    "refunded": "returned",
    "claim_cost": "returned",
    "gateway_fee": "fees",
    "refused_fee": "fees",
    "tax_withheld": "tax",
    "advance_share": "advance",
    "surplus": "surplus",
    "bazaar_cost": "bazaar",
    "bazaar_lost": "missing",
    "missing_borne": "missing",
    "missing_back": "missing",
    "payout": "paid",
    "payout_return": "paid",
}
"""Journals that are a heading of their own in a sum; what is neither here nor earned is `other`."""


def _added(db: Reader, hers: CTE) -> dict[date, Sums]:
    bucket = _month_of(hers)
    amounts = ("amount", "delivery", "invited", "cooperative", "kiosk", "operator", "affiliate")
    query = (
        select(
            bucket.label("month"),
            hers.c.kind,
            *(whole(func.sum(hers.c[name])).label(name) for name in amounts),
        )
        .group_by(bucket, hers.c.kind)
        .order_by(bucket)
    )
    found: dict[date, Sums] = {}
    for row in db.execute(query):
        found[row.month] = found.get(row.month, Sums()) + _sums_of(row)
    return found


def _sums_of(row: Any) -> Sums:
    """One kind of journal as the sums show it."""
    if row.kind == "earned":
        cuts = {part: getattr(row, part) for part in PARTS}
        taken = sum(cuts.values())
        goods = row.amount - row.delivery - row.invited + taken
        return Sums(goods=goods, delivery=row.delivery, invited=row.invited, **cuts)
    heading = WHERE_IT_STANDS.get(row.kind, "other")
    return Sums(**{heading: -row.amount if heading == "paid" else row.amount})
