"""What stood on pages when some days began, and what moved in them, by when it was posted.

The opening is told from what was carried forward (`cooperatives.carrying`): of days not long ago
back from where the books stand now, of older days forward from the first of their month.
"""

from collections.abc import Collection, Sequence
from datetime import timedelta
from typing import Any

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Select,
    Subquery,
    and_,
    cast,
    func,
    literal,
    or_,
    select,
    union_all,
)

from cooperatives.carrying import sums
from cooperatives.models.books import Account, Entry, Journal
from cooperatives.models.carrying import Carried, CarriedPage
from cooperatives.months import begins, month_of
from cooperatives.reconciling.asked import Days
from core import clock
from core.db import Reader

ADJUSTING = ("reversal", "over_short", "exchange")
"""Journals that put a record right; all others are money that came or left."""
FIGURES = ("opening", "came", "went", "adjusted")
NEAR = timedelta(days=8)
"""Days that began so recently are told back from now."""


def of_pages(
    db: Reader, days: Days, account_ids: Select[int], *, is_carried: bool = True
) -> Subquery:
    """The four figures of these pages, by `account_id`; one that never held anything is left out.

    Pages of single orders are not carried one by one: each is a few entries.
    """
    keys = {"account_id": Entry.account_id}
    hers = Entry.account_id.in_(account_ids)
    if not is_carried:
        before = _entries(keys, hers, Entry.amount, Journal.posted_at < days.since)
        return _added(keys, [before, _flows(keys, hers, days)])
    last, month = sums.carried_to(db), month_of(days.since)
    if _is_near(days):
        stood = select(CarriedPage.account_id, *_opening(CarriedPage.balance)).where(
            CarriedPage.account_id.in_(account_ids)
        )
    else:
        stood = select(Carried.account_id, *_opening(Carried.amount)).where(
            Carried.account_id.in_(account_ids), Carried.posted_month < month
        )
    return _added(keys, [stood, *_told(db, keys, hers, days, last)])


def of_kinds(db: Reader, days: Days, book_ids: Collection[int], kind: str = "") -> Subquery:
    """The same of all pages of a kind in a book, by `organisation_id` and `kind`."""
    keys = {"organisation_id": Account.organisation_id, "kind": Account.kind}
    hers: ColumnElement[bool] = Account.organisation_id.in_(book_ids)
    stood = select(
        Carried.organisation_id, Carried.page_kind.label("kind"), *_opening(Carried.amount)
    ).where(Carried.account_id.is_(None), Carried.organisation_id.in_(book_ids))
    if kind:
        hers, stood = hers & (Account.kind == kind), stood.where(Carried.page_kind == kind)
    if not _is_near(days):
        stood = stood.where(Carried.posted_month < month_of(days.since))
    return _added(keys, [stood, *_told(db, keys, hers, days, sums.carried_to(db))])


def _is_near(days: Days) -> bool:
    return clock.now() - days.since < NEAR


def _told(
    db: Reader, keys: dict[str, Any], hers: ColumnElement[bool], days: Days, last: int
) -> list[Select[*tuple[Any, ...]]]:
    """What the carried sums lack of the opening, or have too much, and what moved in the days."""
    late = _entries(keys, hers, Entry.amount, Entry.id > last, Journal.posted_at < days.since)
    begun = days.since if _is_near(days) else begins(month_of(days.since))
    is_after = [Journal.posted_at >= begun, Entry.id <= last]
    if _is_near(days):
        within = sums.within_ids(db, begun, clock.now() + sums.SLOWEST)
        rest = _entries(keys, hers, -Entry.amount, *is_after, *within)
    else:
        within = sums.within_ids(db, begun, days.since)
        in_time = Journal.posted_at < days.since
        rest = _entries(keys, hers, Entry.amount, in_time, *is_after, *within)
    flows = _flows(keys, hers, days).where(*sums.within_ids(db, days.since, days.until))
    return [late, rest, flows]


def _opening(amount: Any) -> list[ColumnElement[Any]]:
    """An amount that belongs to the opening and to no other figure."""
    return [amount.label("opening"), *(literal(0).label(name) for name in FIGURES[1:])]


def _entries(
    keys: dict[str, Any], hers: ColumnElement[bool], amount: Any, *where: ColumnElement[bool]
) -> Select[*tuple[Any, ...]]:
    query = select(*(key.label(name) for name, key in keys.items()), *_opening(amount))
    return _joined(query).where(hers, *where)


def _joined(query: Select[*tuple[Any, ...]]) -> Select[*tuple[Any, ...]]:
    query = query.select_from(Entry).join(Journal, Journal.id == Entry.journal_id)
    return query.join(Account, Account.id == Entry.account_id)


def _flows(keys: dict[str, Any], hers: ColumnElement[bool], days: Days) -> Select[*tuple[Any, ...]]:
    is_adjusting = Journal.kind.in_(ADJUSTING)

    def only(amount: Any, *when: ColumnElement[bool]) -> ColumnElement[Any]:
        return func.sum(amount).filter(and_(*when))

    query = select(
        *(key.label(name) for name, key in keys.items()),
        literal(0).label("opening"),
        only(Entry.amount, ~is_adjusting, Entry.amount > 0).label("came"),
        only(-Entry.amount, ~is_adjusting, Entry.amount < 0).label("went"),
        only(Entry.amount, is_adjusting).label("adjusted"),
    )
    in_them = and_(Journal.posted_at >= days.since, Journal.posted_at < days.until)
    return _joined(query).where(hers, in_them).group_by(*keys.values())


def _added(keys: Sequence[str] | dict[str, Any], parts: list[Any]) -> Subquery:
    """All parts together, by key."""
    every = union_all(*parts).subquery("every")
    figures = [
        cast(func.coalesce(func.sum(every.c[name]), 0), BigInteger).label(name) for name in FIGURES
    ]
    happened = or_(*(func.sum(every.c[name]) != 0 for name in FIGURES))
    columns = [every.c[key] for key in keys]
    return select(*columns, *figures).group_by(*columns).having(happened).subquery("moved")
