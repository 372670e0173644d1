"""A person's turnover: what buyers paid for her goods in all her shops, over all channels.

It is read from the books: her part and everybody's cuts of what was earned, less what went back to
buyers afterwards. What went back before was never earned. A year is the calendar's in Wonosobo;
months that were carried forward are not added up again.
"""

from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import select, text

from cooperatives.carrying.sums import carried_to, first_before
from cooperatives.models.books import Account, Kind, Payee
from cooperatives.months import begins
from core.db import Reader

GROSS = """
    select e.id entry_id, a.id account_id, a.payee_id, j.posted_at,
        (case j.kind when 'earned'
            then -e.amount + coalesce(c.cooperative + c.kiosk + c.operator + c.affiliate, 0)
            else -round(e.amount::numeric * s.given / s.makers) end)::bigint gross
    from entry e
    join account a on a.id = e.account_id and a.kind = 'maker' and a.currency = 'IDR'
    join journal j on j.id = e.journal_id and j.kind in ('earned', 'refunded')
    left join cut c on c.journal_id = j.id and c.account_id = a.id
    left join lateral (
        select sum(o.amount) given, sum(o.amount) filter (where p.kind = 'maker') makers
        from entry o join account p on p.id = o.account_id
        where o.journal_id = j.id
        and p.kind in ('maker', 'cooperative', 'kiosk', 'operator', 'affiliate')
    ) s on j.kind = 'refunded'
"""
"""For each entry of a maker: what buyers paid for those goods; negative where it went back."""

_OF_A_YEAR = f"""
    select c.account_id, a.payee_id, c.gross from carried c join account a on a.id = c.account_id
    where c.page_kind = 'maker' and c.account_id is not null and a.currency = 'IDR'
    and c.posted_month >= make_date(:year, 1, 1)
    and c.posted_month < make_date(:year + 1, 1, 1)
    union all select g.account_id, g.payee_id, g.gross from ({GROSS}
        where e.id > :last
        and j.posted_at >= make_timestamptz(:year, 1, 1, 0, 0, 0, 'Asia/Jakarta')
        and j.posted_at < make_timestamptz(:year + 1, 1, 1, 0, 0, 0, 'Asia/Jakarta')) g
"""  # noqa: S608  (our own words)
"""The same for a year, by page: what was carried forward, and what has come since."""


def of_entries(db: Reader, entry_ids: Sequence[int]) -> int:
    """What buyers paid for the goods behind these entries of one page; never less than nothing."""
    query = text(f"select sum(gross) from ({GROSS} where e.id = any(:entries)) g")  # noqa: S608
    return max(0, int(db.scalar(query, {"entries": list(entry_ids)}) or 0))


def of_year(db: Reader, person_id: int, year: int) -> int:
    """A person's turnover of a calendar year so far."""
    pages = select(Account.id).join(Payee, Payee.id == Account.payee_id)
    pages = pages.where(Payee.person_id == person_id, Account.kind == Kind.MAKER)
    query = text(
        f"select sum(gross) from ({_OF_A_YEAR}) g where account_id = any(:pages)"  # noqa: S608
    )
    found = {"year": year, "pages": list(db.scalars(pages)), "last": carried_to(db)}
    return int(db.scalar(query, found) or 0)


def at_least(db: Reader, amount: int, year: int) -> dict[int, int]:
    """Everybody whose turnover of a year reaches an amount, by person."""
    query = text(
        f"select y.person_id, sum(gross)::bigint total from ({_OF_A_YEAR}) g"  # noqa: S608
        " join payee y on y.id = g.payee_id where y.person_id is not null"
        " group by y.person_id having sum(gross) >= :amount order by y.person_id"
    )
    rows = db.execute(query, {"year": year, "amount": amount, "last": carried_to(db)})
    return {row.person_id: row.total for row in rows}


_SINCE = f"""
    select a.id account_id, a.payee_id, c.gross from account a cross join lateral (
        select gross from carried where account_id = a.id and posted_month >= :month offset 0) c
    where a.organisation_id = :organisation and a.kind = 'maker' and a.currency = 'IDR'
    union all select g.account_id, g.payee_id, g.gross from ({GROSS}
        where e.id > :last and a.organisation_id = :organisation and j.posted_at >= :since) g
"""  # noqa: S608  (our own words)
"""The same from a month on, through one organisation."""

_BY_DAY = f"""
    select (g.posted_at at time zone 'Asia/Jakarta')::date as day,
    coalesce(sum(gross) filter (where gross > 0), 0)::bigint sold,
    coalesce(-sum(gross) filter (where gross < 0), 0)::bigint back, sum(gross)::bigint total
    from ({GROSS} where e.account_id = any(:pages) and e.id > :first and j.posted_at >= :since) g
    group by 1 order by 1
"""  # noqa: S608  (our own words)


def since(db: Reader, organisation_id: int, month: date) -> dict[int, int]:
    """What buyers paid from a month on for everybody's goods through one organisation."""
    query = text(
        f"select y.person_id, sum(gross)::bigint total from ({_SINCE}) g"  # noqa: S608
        " join payee y on y.id = g.payee_id where y.person_id is not null group by 1"
    )
    found = {"organisation": organisation_id, "month": month, "since": begins(month)}
    rows = db.execute(query, found | {"last": carried_to(db)})
    return {row.person_id: row.total for row in rows}


def by_day(db: Reader, organisation_id: int, person_id: int, month: date) -> list[Any]:
    """One person's figure of `since` by days: day, sold, back, total."""
    pages = select(Account.id).join(Payee, Payee.id == Account.payee_id)
    pages = pages.where(Payee.person_id == person_id, Account.kind == Kind.MAKER)
    pages = pages.where(Account.organisation_id == organisation_id)
    moment = begins(month)
    values = {
        "pages": list(db.execute(pages).scalars()),
        "since": moment,
        "first": first_before(db, moment),
    }
    return list(db.execute(text(_BY_DAY), values))
