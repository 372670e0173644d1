"""What must always be true of how payees are paid; `flask doctor` reads these."""

from core.doctor import Invariant, sql

NOT_WHILE_CHANGING = Invariant(
    "T5",
    "No payout begins while its payee's way of being paid is being changed.",
    sql(
        "select p.id, w.id from payout p join settlement s on s.id = p.settlement_id"
        " join account a on a.id = s.account_id join pay_way w on w.payee_id = a.payee_id"
        " where p.begun_at > w.asked_at"
        " and p.begun_at < least(w.in_force_at, coalesce(w.stopped_at, w.in_force_at))"
    ),
)
OWN_WAY = Invariant(
    "T6",
    "A payout goes the way that its own payee had chosen and that was in force.",
    sql(
        "select p.id, p.pay_way_id from payout p join settlement s on s.id = p.settlement_id"
        " join account a on a.id = s.account_id "
        " where p.begun_at is not null and p.pay_way_id is distinct from (select o.id"
        "  from pay_way o where o.payee_id = a.payee_id and o.stopped_at is null"
        "  and o.in_force_at <= p.begun_at order by o.in_force_at desc, o.id desc limit 1)"
    ),
)
ONE_CHANGE = Invariant(
    "T7",
    "One change of a payee's way of being paid waits at a time.",
    sql(
        "select a.id, b.id from pay_way a join pay_way b on b.payee_id = a.payee_id"
        " and b.id > a.id where b.asked_at < coalesce(a.stopped_at, a.in_force_at)"
    ),
)
SIGNED_FOR = Invariant(
    "T8",
    "What was paid in cash was signed for.",
    sql(
        "select p.id, p.reference_no from payout p join account a on a.id = p.source_id"
        " where a.kind = 'cash' and p.state = 'paid' and not exists (select from attachment f"
        "  where f.doc_type = 'payout' and f.doc_id = p.id::text)"
    ),
)
TAKEN_BY_LEAVE = Invariant(
    "T9",
    "Cash that somebody took for its owner was taken while she let that person take it.",
    sql(
        "select p.id, p.taken_by from payout p join settlement s on s.id = p.settlement_id"
        " join account a on a.id = s.account_id join payee y on y.id = a.payee_id"
        " where p.taken_by is not null and not exists (select from cash_taker t"
        "  where t.owner_id = y.person_id and t.taker_id = p.taken_by"
        "  and t.created_at <= p.begun_at and (t.ended_at is null or t.ended_at >= p.begun_at))"
    ),
)

ALL = (NOT_WHILE_CHANGING, OWN_WAY, ONE_CHANGE, SIGNED_FOR, TAKEN_BY_LEAVE)
