"""Her notebook: what came in for her goods, every cut with its reason, what she received.

Every figure is read from the books: her own pages, and what was taken off her goods. What is still
on its way, and which goods a parcel held, only the floor above knows; it says so when asked.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from sqlalchemy import CTE, BigInteger, ColumnElement, Select, cast, func, select
from sqlalchemy.orm import Session

from cooperatives.carrying import sums
from cooperatives.carrying.sums import whole
from cooperatives.models.books import (
    Account,
    Cut,
    Entry,
    Journal,
    Kind,
    Payee,
    Payout,
    Settlement,
)
from core.clock import WIB
from core.db import Reader
from core.errors import NotFound

HERS = (Kind.MAKER, Kind.COURIER, Kind.AFFILIATE)
"""Pages on which stands what we owe a person; savings and advances have pages of their own."""
PARTS = ("cooperative", "kiosk", "operator", "affiliate")
LINES_MAX = 60


@dataclass(frozen=True, slots=True)
class Line:
    """One journal on her pages; positive is more for her. `stands` is what we owed her after it.

    Of a parcel that was earned: the price of her goods, who got which part of it, and the delivery
    fee that she had paid to the courier.
    """

    journal_id: int
    kind: str
    doc_type: str
    doc_id: str
    memo: str
    posted_at: datetime
    amount: int
    stands: int
    delivery: int
    invited: int
    cooperative: int
    kiosk: int
    operator: int
    affiliate: int

    @property
    def goods(self) -> int:
        """What the buyer paid for her goods, before anybody got a part."""
        return self.amount - self.delivery - self.invited + self.taken

    @property
    def taken(self) -> int:
        """All cuts together."""
        return self.cooperative + self.kiosk + self.operator + self.affiliate


@dataclass(frozen=True, slots=True)
class Coming:
    """Money that is kept for an order of hers and becomes hers later; `why` says what it awaits."""

    order: str
    amount: int
    until: datetime | None
    why: Any


@dataclass(frozen=True, slots=True)
class Goods:
    """What a parcel held of hers, as name, pieces and price of one; `url` is the parcel's page."""

    items: list[tuple[str, int, int]]
    url: str = ""


_forecasters: list[Callable[[Session, int], list[Coming]]] = []
_tellers: list[Callable[[Session, int, int], Goods]] = []


def expect_by(forecaster: Callable[[Session, int], list[Coming]]) -> None:
    """The floor above says what is on its way to a person; once, when it is imported."""
    assert not _forecasters, "money has one way to come"
    _forecasters.append(forecaster)


def tell_goods_by(teller: Callable[[Session, int, int], Goods]) -> None:
    """The floor above says which of a person's goods a parcel held; once, when it is imported."""
    assert not _tellers, "a parcel has one content"
    _tellers.append(teller)


def coming(db: Session, person_id: int) -> list[Coming]:
    """What is kept for her and not hers yet, the soonest first."""
    return _forecasters[0](db, person_id) if _forecasters else []


def goods_of(db: Session, person_id: int, line: Line) -> Goods:
    """What was in the parcel behind a line."""
    if line.doc_type != "parcel" or not line.doc_id.isdigit() or not _tellers:
        return Goods([])
    return _tellers[0](db, person_id, int(line.doc_id))


def first_of(day: date) -> datetime:
    """The moment at which this day begins in Wonosobo."""
    return datetime.combine(day, time(), WIB)


def stands(db: Reader, person_id: int, *, until: datetime | None = None) -> int:
    """What we owe her, now or at a moment; negative where she owes us."""
    hers = pages_of(person_id)
    if until is not None:
        return -sums.stood_at(db, hers, until)
    return -sum(sums.balances(db, list(db.scalars(hers))).values())


def pages_of(person_id: int) -> Select[int]:
    """Her pages, by id."""
    return select(Account.id).where(_is_hers(person_id))


def _is_hers(person_id: int) -> ColumnElement[bool]:
    payee = select(Payee.id).where(Payee.person_id == person_id).scalar_subquery()
    return (Account.payee_id == payee) & Account.kind.in_(HERS) & (Account.currency == "IDR")


def _of_kind(kind: Kind) -> Any:
    return whole(func.sum(-Entry.amount).filter(Account.kind == kind))


def journals(person_id: int, *also: ColumnElement[bool]) -> CTE:
    """One row for each journal on her pages; `also` says which entries of hers."""
    own_cut = (Cut.journal_id == Entry.journal_id) & (Cut.account_id == Entry.account_id)
    return (
        select(
            Journal.id.label("journal_id"),
            Journal.kind,
            Journal.doc_type,
            Journal.doc_id,
            Journal.memo,
            Journal.posted_at,
            whole(func.sum(-Entry.amount)).label("amount"),
            _of_kind(Kind.COURIER).label("delivery"),
            _of_kind(Kind.AFFILIATE).label("invited"),
            *(whole(func.sum(getattr(Cut, part))).label(part) for part in PARTS),
        )
        .join(Entry, Entry.journal_id == Journal.id)
        .join(Account, Account.id == Entry.account_id)
        .outerjoin(Cut, own_cut)
        .where(_is_hers(person_id), *also)
        .group_by(Journal.id)
        .cte("hers")
    )


def between(db: Reader, since: datetime, until: datetime) -> list[ColumnElement[bool]]:
    """The condition that an entry was posted between two moments; it leads to those alone."""
    within = sums.within_ids(db, since, until)
    return [*within, Journal.posted_at >= since, Journal.posted_at < until]


def list_lines(
    db: Reader, person_id: int, since: datetime, until: datetime, *, page: int = 1
) -> tuple[list[Line], bool]:
    """One page of her notebook between two moments, oldest first, and whether more follow."""
    hers = journals(person_id, *between(db, since, until))
    order = (hers.c.posted_at, hers.c.journal_id)
    so_far = cast(func.sum(hers.c.amount).over(order_by=order), BigInteger)
    query = select(hers, so_far.label("stands")).order_by(*order)
    query = query.limit(LINES_MAX + 1).offset((page - 1) * LINES_MAX)
    before = stands(db, person_id, until=since)
    rows = [row._asdict() for row in db.execute(query)]
    lines = [Line(**{**row, "stands": before + row["stands"]}) for row in rows[:LINES_MAX]]
    return lines, len(rows) > LINES_MAX


def get_line(db: Reader, person_id: int, journal_id: int) -> Line:
    """One line of her notebook; raises NotFound for what is on no page of hers."""
    hers = journals(person_id)
    query: Select[Any] = select(hers).where(hers.c.journal_id == journal_id)
    row = db.execute(query).first()
    if row is None:
        raise NotFound
    return Line(**row._asdict(), stands=0)


def list_payouts(db: Reader, person_id: int, *, most: int = 6) -> list[Any]:
    """Her newest payouts: id, total, state, created_at."""
    query = (
        select(Payout.id, Settlement.total, Payout.state, Payout.created_at)
        .join(Settlement, Settlement.id == Payout.settlement_id)
        .join(Account, Account.id == Settlement.account_id)
        .where(_is_hers(person_id))
        .order_by(Payout.id.desc())
        .limit(most)
    )
    return list(db.execute(query))
