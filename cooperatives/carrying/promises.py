"""What must always be true of sums that were carried forward; `flask doctor` reads these."""

from sqlalchemy import text
from sqlalchemy.orm import Session

from cooperatives.carrying.nightly import ADDED_UP
from cooperatives.carrying.sums import carried_to
from core.doctor import SHOWN_MAX, Invariant, nothing_new, sql

_KEYS = "organisation_id, page_kind, account_id, journal_kind, posted_month, happened_month"
_DIFFERENT = f"""
    select {_KEYS}, sum(amount), sum(cuts), sum(gross) from (
        select {_KEYS}, amount, cuts, gross from ({ADDED_UP}) entries
        union all select {_KEYS}, -amount, -cuts, -gross from carried) both_of_them
    group by {_KEYS} having (sum(amount), sum(cuts), sum(gross)) <> (0, 0, 0)
"""  # noqa: S608  (our own words)


def _different(db: Session) -> list[object]:
    """Every entry up to the newest mark, added up again."""
    found = db.execute(text(_DIFFERENT), {"since": 0, "until": carried_to(db)})
    return [tuple(row) for row in found.fetchmany(SHOWN_MAX)]


IS_WHAT_IT_WAS = Invariant(
    "M22",
    "What was carried forward is what the entries up to there add up to, and nothing else.",
    _different,
    nothing_new,
)
NOTHING_OPEN_BELOW = Invariant(
    "M23",
    "Below the entry from which a page is open, everything on it stands in a settlement.",
    sql(
        "select p.account_id, e.id from carried_page p join entry e on e.account_id = p.account_id"
        " and e.id < p.open_from join account a on a.id = e.account_id"
        " and a.kind in ('maker','cooperative','kiosk','affiliate','courier')"
        " where not exists (select from settlement_entry t where t.entry_id = e.id)"
    ),
    nothing_new,
)
MARKS_DIVIDE_TIME = Invariant(
    "M24",
    "What stands below a mark of the books was posted before it, and what stands above not long"
    " before it.",
    sql(
        "select m.id, e.id from (select id, entry_id, at, lag(entry_id, 1, 0) over w before,"
        "  lag(at) over w since from book_mark window w as (order by id)) m"
        " join entry e on e.id > m.before and e.id <= m.entry_id"
        " join journal j on j.id = e.journal_id"
        " where j.posted_at > m.at + interval '1 minute'"
        " or j.posted_at < m.since - interval '1 hour'"
        " or m.entry_id < m.before or m.at < m.since"
    ),
    nothing_new,
)
PAGES_ADD_UP = Invariant(
    "M25",
    "What was carried of a page is what was carried of it month by month.",
    sql(
        "select p.account_id, p.balance, c.total from carried_page p full join (select account_id,"
        "  sum(amount) total from carried where account_id is not null group by 1) c"
        " using (account_id) where coalesce(p.balance, 0) <> coalesce(c.total, 0)"
    ),
)
ALL = (IS_WHAT_IT_WAS, PAGES_ADD_UP, NOTHING_OPEN_BELOW, MARKS_DIVIDE_TIME)
