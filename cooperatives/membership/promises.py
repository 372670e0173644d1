"""What must always be true of what members share; `flask doctor` reads these."""

from core.doctor import Invariant, sql

CLOSED_MONTHS = Invariant(
    "V1",
    "Nothing that was posted after a month was closed counts in it.",
    sql(
        "select distinct j.id, l.month from month_lock l"
        " join account a on a.organisation_id = l.organisation_id"
        " join entry e on e.account_id = a.id join journal j on j.id = e.journal_id"
        " where j.posted_at > l.locked_at and j.happened_at >= l.month at time zone 'Asia/Jakarta'"
        " and j.happened_at < (l.month + interval '1 month') at time zone 'Asia/Jakarta'"
    ),
)
VOUCHERS = Invariant(
    "V2",
    "A voucher is in the books exactly when it says so, with its amount.",
    sql(
        "select v.id, v.state from voucher v left join journal j on j.doc_type = 'voucher'"
        " and j.doc_id = v.id::text and j.kind = v.kind"
        " where (v.state in ('booked','undone')) <> (j.id is not null)"
        " or (j.id is not null and not exists (select from entry e where e.journal_id = j.id"
        "  and e.amount = v.amount))"
        " or (v.state = 'undone') <> exists (select from journal r where r.kind = 'reversal'"
        "  and r.doc_type = 'journal' and r.doc_id = j.id::text)"
    ),
)
HERS = Invariant(
    "V3",
    "No member has taken out more than she saved, or paid back more than was lent.",
    sql(
        "select a.id, sum(e.amount) from account a join entry e on e.account_id = a.id"
        " where a.kind in ('savings','advance') group by a.id"
        " having (case a.kind when 'savings' then sum(e.amount) else -sum(e.amount) end) > 0"
    ),
)
SURPLUS = Invariant(
    "V4",
    "A booked surplus gave each member exactly her line, and is shared to the last rupiah.",
    sql(
        "select s.id, h.person_id from surplus s join surplus_share h on h.surplus_id = s.id"
        " left join journal j on j.kind = 'surplus' and j.doc_id = s.id::text"
        " left join payee p on p.person_id = h.person_id"
        " left join account a on a.payee_id = p.id and a.kind = 'maker'"
        "  and a.organisation_id = s.organisation_id"
        " left join entry e on e.journal_id = j.id and e.account_id = a.id"
        " where s.state = 'booked' and coalesce(-e.amount, 0) <> h.business + h.capital"
    ),
)
TAX = Invariant(
    "V5",
    "No more tax was handed over to the state than was withheld.",
    sql(
        "select a.id, sum(e.amount) from account a join entry e on e.account_id = a.id"
        " where a.kind = 'tax' group by a.id having sum(e.amount) > 0"
    ),
)
ALL = (CLOSED_MONTHS, VOUCHERS, HERS, SURPLUS, TAX)
