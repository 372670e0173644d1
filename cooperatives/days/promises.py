"""What must always be true of trading days; `flask doctor` reads these, each returns no row."""

from core.doctor import Invariant, sql

DAY_IS_BOOKS = Invariant(
    "K1",
    "What was left in a drawer at a close is what was there before and moved that day, to the"
    " rupiah.",
    sql(
        "select d.id, d.opening, sum(e.amount), d.closing from trading_day d"
        " join place p on p.id = d.place_id"
        " join account a on a.kind = 'cash' and a.organisation_id = p.organisation_id"
        "  and a.label = left(p.slug, 60) and a.currency = 'IDR'"  # As days.drawers names it.
        " left join entry e on e.account_id = a.id and e.id > d.entries_from"
        " and e.id <= d.entries_until where d.closed_at is not null group by d.id"
        " having d.closing <> d.opening + coalesce(sum(e.amount), 0)"
    ),
)
DAYS_FOLLOW = Invariant(
    "K2",
    "Each day of a place begins where the one before was left, and only the newest is open.",
    sql(
        "select d.id from (select t.*, lag(id) over w before, lag(closing) over w was,"
        "  lag(entries_until) over w until, lag(closed_at) over w shut from trading_day t"
        "  window w as (partition by place_id order by number)) d"
        " where case when before is null then (opening, entries_from, number) <> (0, 0, 1)"
        "  or since is not null else shut is null or opening <> was or entries_from <> until"
        "  or since <> shut end"
    ),
)
COUNTS_BOOKED = Invariant(
    "K3",
    "What a count found too much or too little stands in the books as over or short, and no more.",
    sql(
        "select c.id, c.counted - c.expected, sum(e.amount) from drawer_count c"
        " left join journal j on j.kind = 'over_short' and j.doc_type = 'cash_count'"
        "  and j.doc_id = c.id::text"
        " left join (entry e join account a on a.id = e.account_id"
        "  and a.kind in ('cash','clearing')) on e.journal_id = j.id"
        " group by c.id having c.counted - c.expected <> coalesce(sum(e.amount), 0)"
    ),
)
CLOSED_COUNTED = Invariant(
    "K4",
    "A closed day was counted in both ways of paying, by who closed it; an open one was not.",
    sql(
        "select d.id from trading_day d left join drawer_count c on c.day_id = d.id"
        " and c.why = 'close' group by d.id"
        " having count(distinct c.way) <> case when d.closed_at is null then 0 else 2 end"
        " or count(c.id) filter (where c.counted_by is distinct from d.closed_by) > 0"
    ),
)
BAGS_OWED = Invariant(
    "K5",
    "Who carries a bag owes all of it until another has seen it arrive, and nothing afterwards.",
    sql(
        "select b.id, b.amount, sum(e.amount) from bag b"
        " left join journal j on j.doc_type = 'bag' and j.doc_id = b.id::text"
        "  and j.kind in ('moved','bag_seen')"
        " left join (entry e join account a on a.id = e.account_id and a.kind = 'receivable')"
        "  on e.journal_id = j.id group by b.id having coalesce(sum(e.amount), 0)"
        " <> case when b.confirmed_at is null then b.amount else 0 end"
    ),
)
ALL = (DAY_IS_BOOKS, DAYS_FOLLOW, COUNTS_BOOKED, CLOSED_COUNTED, BAGS_OWED)
