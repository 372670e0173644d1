"""What must always be true of claims: their money, their goods, and nothing earned too early."""

from core.doctor import Invariant, sql

PARTS_FIT = Invariant(
    "R1",
    "Where the maker bears a claim its parts are the price of the pieces; else there are none.",
    sql(
        "select c.id, r.line_id from claim c join claim_line r on r.claim_id = c.id"
        " join order_line l on l.id = r.line_id where r.maker_part + r.cooperative_part"
        " + r.kiosk_part + r.operator_part + r.affiliate_part <> case"
        " when c.paid_at is not null and c.bearer = 'maker' then r.granted * l.price else 0 end"
    ),
)
PAID_ONCE = Invariant(
    "R2",
    "A claim that was paid has one refund of what it granted, less what a transfer was asked less;"
    " any other claim has none.",
    sql(
        "with owed as (select c.id, c.order_id, c.paid_at,"
        "  c.fee_back + coalesce(sum(r.granted * l.price), 0) worth from claim c"
        "  left join (claim_line r join order_line l on l.id = r.line_id)"
        "  on r.claim_id = c.id group by c.id)"
        " select o.id, o.worth, sum(f.amount) from owed o left join refund f"
        " on f.doc_type = 'claim' and f.doc_id = o.id::text and f.state <> 'failed'"
        " group by o.id, o.order_id, o.paid_at, o.worth"
        " having count(f.id) <> (o.paid_at is not null)::int"
        " or (o.paid_at is not null and o.worth - sum(f.amount) not between 0 and"
        "  (select a.unique_code from attempt a where a.order_id = o.order_id and a.is_capture))"
    ),
)
NEVER_MORE_BACK = Invariant(
    "R3",
    "Claims give back no more pieces than were given, and no more delivery fee than was paid.",
    sql(
        "select 'line', l.id from order_line l join claim_line r on r.line_id = l.id"
        " join claim c on c.id = r.claim_id and c.paid_at is not null"
        " group by l.id having sum(r.granted) > l.given"
        " union all select 'fee', p.id from parcel p join claim c on c.parcel_id = p.id"
        " and c.paid_at is not null group by p.id having sum(c.fee_back) > p.fee"
    ),
)
NOT_EARNED_WHILE_OPEN = Invariant(
    "R4",
    "No parcel was earned while a claim on it was open.",
    sql(
        "select p.id, c.id from parcel p join claim c on c.parcel_id = p.id"
        " where p.earned_at > c.opened_at and (c.closed_at is null or p.earned_at < c.closed_at)"
    ),
)
CAME_BACK = Invariant(
    "R5",
    "What came back for a claim stands in the stock's movements, to the place and lot it left.",
    sql(
        "with back as (select m.doc_id, m.lot_id, m.to_place_id place_id, sum(m.quantity)"
        "  - sum(coalesce(x.quantity, 0)) units from movement m"
        "  left join movement x on x.reverses_id = m.id"
        "  where m.doc_type = 'claim_back' and m.kind = 'return' group by 1, 2, 3),"
        " told as (select c.id::text doc_id, l.lot_id, p.place_id, r.back_good + r.back_waste units"
        "  from claim c join parcel p on p.id = c.parcel_id join claim_line r on r.claim_id = c.id"
        "  join order_line l on l.id = r.line_id where r.back_good + r.back_waste > 0)"
        " select * from told full join back using (doc_id, lot_id, place_id)"
        " where told.units is distinct from back.units"
    ),
)
REPLACED_IS_GONE = Invariant(
    "R6",
    "Other goods that a claim gave left the stock, and no others did: its half of S6.",
    sql(
        "select c.id from claim c left join lateral (select coalesce(sum(h.quantity) filter"
        " (where h.state = 'used'), 0) used, coalesce(sum(h.quantity) filter"
        " (where h.state in ('held', 'allocated')), 0) kept from hold h"
        " where h.doc_type = 'claim' and h.doc_id = c.id::text) h on true"
        " where h.used <> case when c.replaced_at is null then 0 else"
        " (select sum(r.granted) from claim_line r where r.claim_id = c.id) end"
        " or (h.kept > 0 and (c.replaced_at is not null or c.state not in ('offered', 'agreed')))"
    ),
)
ALL = (
    PARTS_FIT,
    PAID_ONCE,
    NEVER_MORE_BACK,
    NOT_EARNED_WHILE_OPEN,
    CAME_BACK,
    REPLACED_IS_GONE,
)
