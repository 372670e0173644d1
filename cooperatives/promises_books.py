"""What must always be true of the books; `flask doctor` reads these, each returns no row.

Most cannot break while the database's own guards stand (docs/money.md lists them); the doctor
looks all the same, for a restore or a hand in the database goes past the guards.
"""

from cooperatives.lately import JOURNALS, PAGES, SETTLEMENTS, STILL_OPEN
from core.doctor import Invariant, since, sql

BALANCED = Invariant(
    "M1",
    "Every journal sums to zero in each currency.",
    *since(
        "select j.id, a.currency, sum(e.amount) from journal j join entry e on e.journal_id = j.id"
        " join account a on a.id = e.account_id group by 1, 2 having sum(e.amount) <> 0",
        JOURNALS,
    ),
)
TWO_LINES = Invariant(
    "M2",
    "Every journal has at least two entries.",
    *since(
        "select j.id from journal j left join entry e on e.journal_id = j.id"
        " group by 1 having count(e.id) < 2",
        JOURNALS,
    ),
)
NOTHING_LOST = Invariant(
    "M3",
    "The whole ledger sums to zero in each currency.",
    sql(
        "select a.currency, sum(e.amount) from entry e join account a on a.id = e.account_id"
        " group by 1 having sum(e.amount) <> 0"
    ),
)
CAPTURED_WHOLE = Invariant(
    "M7-books",
    "A capture moves one sum from one place of money, with what came before in parts, to what is"
    " kept for one order, and no other.",
    *since(
        "select j.id from journal j join entry e on e.journal_id = j.id"
        " join account a on a.id = e.account_id where j.kind = 'captured' group by 1"
        " having count(*) filter (where e.amount > 0"
        "  and a.kind in ('clearing','cash','bank','receivable')) <> 1"
        " or count(*) filter (where a.kind in ('held','surplus_due') and e.amount < 0) <> 1"
        " or count(*) <> 2 + count(*) filter (where a.kind = 'surplus_due' and e.amount > 0)",
        JOURNALS,
    ),
)
NEVER_OVERDRAWN = Invariant(
    "M9",
    "No more leaves an order's pages (held, refund due, surplus due) than came in.",
    *since(
        "select a.id, a.kind, a.label, sum(e.amount) from account a"
        " join entry e on e.account_id = a.id"
        " where a.kind in ('held','refund_due','surplus_due')"
        " group by 1, 2, 3 having sum(e.amount) > 0",
        PAGES,
    ),
)
WHOLE_ON_ITS_PAGE = Invariant(
    "M10",
    "A journal stands on a page once, so a line of a clearing page is the whole amount.",
    *since(
        "select journal_id, account_id, count(*) from entry group by 1, 2 having count(*) > 1",
        JOURNALS,
    ),
)
MIRRORED = Invariant(
    "M11",
    "A reversal is the mirror image of its journal.",
    *since(
        "with mirrored as (select r.id reversal_id, o.id from journal r"
        "  left join journal o on r.doc_type = 'journal' and r.doc_id = o.id::text"
        "  where r.kind = 'reversal'),"
        " sides as (select m.reversal_id, e.account_id, e.amount from mirrored m"
        "  join entry e on e.journal_id in (m.reversal_id, m.id))"
        " select reversal_id from mirrored where id is null union"
        " select reversal_id from sides group by reversal_id, account_id having sum(amount) <> 0",
        JOURNALS,
    ),
)
CUTS_ADD_UP = Invariant(
    "M20",
    "What was taken off makers' goods is what the others got of that parcel.",
    *since(
        "with parties(kind) as (values ('cooperative'), ('kiosk'), ('operator'), ('affiliate')),"
        " told as (select c.journal_id, p.kind, sum(case p.kind when 'cooperative' then"
        "   c.cooperative when 'kiosk' then c.kiosk when 'operator' then c.operator"
        "   else c.affiliate end) amount from cut c cross join parties p group by 1, 2),"
        " booked as (select e.journal_id, a.kind, -sum(e.amount) amount from entry e"
        "   join account a on a.id = e.account_id where e.journal_id in"
        "   (select journal_id from cut) group by 1, 2)"
        " select t.journal_id, t.kind, t.amount, b.amount from told t"
        " left join booked b using (journal_id, kind) where t.amount <> coalesce(b.amount, 0)",
        JOURNALS,
    ),
)
SETTLED_SUM = Invariant(
    "T1",
    "A settlement's total is what the entries it took add up to.",
    *since(
        "select s.id, s.total, sum(e.amount) from settlement s"
        " left join settlement_entry t on t.settlement_id = s.id"
        " left join (entry e join journal j on j.id = e.journal_id"
        "  and j.kind not in ('payout','payout_return')) on e.id = t.entry_id"
        " group by s.id, s.total having s.total is distinct from -sum(e.amount)",
        SETTLEMENTS,
    ),
)
SETTLED_RIGHT = Invariant(
    "T2",
    "A settlement takes entries of its own account only, and of one that can be paid out.",
    *since(
        "select t.entry_id, s.id from settlement_entry t"
        " join settlement s on s.id = t.settlement_id"
        " join entry e on e.id = t.entry_id join account a on a.id = s.account_id"
        " where e.account_id <> s.account_id"
        " or a.kind not in ('maker','cooperative','kiosk','affiliate','courier')",
        SETTLEMENTS,
    ),
)
PAID_ONCE = Invariant(
    "T3",
    "A settlement is paid exactly when one approved payout is, and the books moved its total.",
    *since(
        "with booked as (select p.id, p.settlement_id, p.state, p.made_by, p.approved_by,"
        "  coalesce(sum(e.amount), 0) moved from payout p"
        "  join settlement s on s.id = p.settlement_id"
        "  left join (entry e join journal j on j.id = e.journal_id"
        "   and j.kind in ('payout','payout_return') and j.doc_type = 'payout')"
        "   on j.doc_id = p.id::text and e.account_id = s.account_id group by p.id)"
        " select s.id, s.state from settlement s left join booked b on b.settlement_id = s.id"
        " group by s.id, s.state, s.total"
        " having (s.state = 'paid')::int <> count(*) filter (where b.state = 'paid')"
        " or bool_or(b.moved <> case b.state when 'paid' then s.total else 0 end)"
        " or bool_or(b.state = 'paid' and b.approved_by is not distinct from b.made_by)",
        SETTLEMENTS,
    ),
)
NONE_SKIPPED = Invariant(
    "T4",
    "Everything posted to an account before the cut of its newest settlement is settled.",
    *since(
        "select e.id, n.id from (select distinct on (account_id) id, account_id, cut"
        "  from settlement order by account_id, id desc) n"
        " join entry e on e.account_id = n.account_id join journal j on j.id = e.journal_id"
        " where j.xid < n.cut::text::xid8"
        " and n.cut::text::xid8 <= pg_snapshot_xmin(pg_current_snapshot())"
        " and not exists (select from settlement_entry t where t.entry_id = e.id)",
        STILL_OPEN,
    ),
)
OWN_BOOKS = Invariant(
    "X1-books",
    "An account stands in the right books: what is an organisation's own, or the operator's, is so,"
    " and a payout leaves money of the payee's organisation or of the operator.",
    sql(
        "select 'account', a.id from account a join payee p on p.id = a.payee_id"
        " join organisation o on o.id = a.organisation_id"
        " where (a.kind not in ('maker','affiliate','courier','savings','advance','receivable')"
        "   and p.organisation_id is distinct from a.organisation_id)"
        " or (a.kind in ('clearing','held','refund_due','surplus_due','operator','affiliate',"
        "   'courier','tax') and o.kind <> 'operator')"
        " union all select 'payout', p.id from payout p join account a on a.id = p.source_id"
        " join organisation o on o.id = a.organisation_id"
        " join settlement s on s.id = p.settlement_id join account owed on owed.id = s.account_id"
        " where a.kind not in ('bank','cash') or a.currency <> owed.currency"
        " or (a.organisation_id <> owed.organisation_id and o.kind <> 'operator')"
    ),
)
ALL = (
    BALANCED,
    TWO_LINES,
    NOTHING_LOST,
    CAPTURED_WHOLE,
    NEVER_OVERDRAWN,
    WHOLE_ON_ITS_PAGE,
    CUTS_ADD_UP,
    MIRRORED,
    SETTLED_SUM,
    SETTLED_RIGHT,
    PAID_ONCE,
    NONE_SKIPPED,
    OWN_BOOKS,
)
