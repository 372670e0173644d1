"""Sums over all years: what was carried forward, and the entries that have come since.

The books stay the only truth. What is carried is what the entries up to one of them add up to, the
doctor compares it with them (M22), and without any of it every sum is the same, only slower.
"""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import BigInteger, ColumnElement, Select, case, cast, func, select, union_all

from cooperatives.models.books import FOR_ORDERS, Account, Entry, Journal
from cooperatives.models.carrying import BookMark, Carried, CarriedPage
from cooperatives.months import begins, month_of
from core.db import Reader

SLOWEST = timedelta(hours=1)
"""No transaction lasts longer than this, nor are the clocks of two servers further apart."""


def carried_to(db: Reader) -> int:
    """The entry up to which the sums were carried."""
    newest = select(BookMark.carried_to).order_by(BookMark.id.desc()).limit(1)
    return db.scalar(newest) or 0


def whole(total: Any) -> ColumnElement[int]:
    """A sum as a whole number, zero where there is nothing to add."""
    return cast(func.coalesce(total, 0), BigInteger)


def balance_of(last: int) -> ColumnElement[int]:
    """What stands on the `Account` of the query around it, `last` being `carried_to`."""
    before = select(CarriedPage.balance).where(CarriedPage.account_id == Account.id)
    since = select(whole(func.sum(Entry.amount))).where(
        Entry.account_id == Account.id, Entry.id > _carried_up_to(last)
    )
    return func.coalesce(before.scalar_subquery(), 0) + since.scalar_subquery()


def _carried_up_to(last: int) -> ColumnElement[int]:
    return case((Account.kind.in_(FOR_ORDERS), 0), else_=last)


def balances(db: Reader, account_ids: Sequence[int]) -> dict[int, int]:
    """What stands on some accounts; one without entries is left out."""
    before = select(CarriedPage.account_id, CarriedPage.balance.label("amount"))
    before = before.where(CarriedPage.account_id.in_(account_ids))
    since = (
        select(Entry.account_id, Entry.amount)
        .join(Account, Account.id == Entry.account_id)
        .where(Entry.account_id.in_(account_ids), Entry.id > _carried_up_to(carried_to(db)))
    )
    both = union_all(before, since).subquery()
    query = select(both.c.account_id, whole(func.sum(both.c.amount))).group_by(both.c.account_id)
    return {row[0]: row[1] for row in db.execute(query)}


def by_kind(db: Reader, organisation_ids: frozenset[int]) -> dict[tuple[int, str], int]:
    """What stands in the books of some organisations, by kind of page."""
    before = select(Carried.organisation_id, Carried.page_kind, Carried.amount)
    since = select(Account.organisation_id, Account.kind, Entry.amount).join(
        Account, Account.id == Entry.account_id
    )
    both = union_all(
        before.where(Carried.organisation_id.in_(organisation_ids), Carried.account_id.is_(None)),
        since.where(Account.organisation_id.in_(organisation_ids), Entry.id > carried_to(db)),
    ).subquery()
    keys = both.c.organisation_id, both.c.page_kind
    query = select(*keys, whole(func.sum(both.c.amount))).group_by(*keys)
    return {(organisation_id, kind): total for organisation_id, kind, total in db.execute(query)}


def stood_at(db: Reader, accounts: Select[int], until: datetime) -> int:
    """What stood on some pages before a moment, by when it was posted: the months before, of its
    own month what lies before it, and what was posted in them and is not carried yet.
    """
    month, last = month_of(until), carried_to(db)
    before = select(Carried.amount).where(
        Carried.account_id.in_(accounts), Carried.posted_month < month
    )
    entries = (
        select(Entry.amount)
        .join(Journal, Journal.id == Entry.journal_id)
        .where(Entry.account_id.in_(accounts))
    )
    within = entries.where(
        *within_ids(db, begins(month), until),
        Journal.posted_at >= begins(month),
        Journal.posted_at < until,
    )
    late = entries.where(Entry.id > last, Journal.posted_at < begins(month))
    both = union_all(before, within, late).subquery()
    return db.scalar(select(whole(func.sum(both.c.amount)))) or 0


def within_ids(db: Reader, since: datetime, until: datetime) -> list[ColumnElement[bool]]:
    """Between which entries all of a stretch of time lie; more may lie there too."""
    last = select(func.min(BookMark.entry_id)).where(BookMark.at >= until + SLOWEST)
    low, high = first_before(db, since), db.scalar(last)
    return [
        *([Entry.id > low] if low else []),
        *([Entry.id <= high] if high is not None else []),
    ]


def first_before(db: Reader, since: datetime) -> int:
    """An entry after which all lie that were posted since a moment; others may lie there too."""
    first = select(func.max(BookMark.entry_id)).where(BookMark.at <= since - SLOWEST)
    return db.scalar(first) or 0


def year_months(year: int) -> tuple[date, date]:
    """The first month of a year, and the first after it."""
    return date(year, 1, 1), date(year + 1, 1, 1)


def open_from(db: Reader, account_ids: Sequence[int]) -> int:
    """The entry from which on something on these pages may wait for a settlement."""
    query = select(func.count(), func.min(CarriedPage.open_from))
    known, least = db.execute(query.where(CarriedPage.account_id.in_(account_ids))).one()
    return int(least) if known == len(set(account_ids)) and known else 0
