"""What must always be true of orders, payments and refunds; `flask doctor` runs it."""

from core.doctor import Invariant, since, sql
from orders.lately import CAPTURES, ORDERS

ONE_CAPTURE = Invariant(
    "M4",
    "A paid order has exactly one capture, of its amount and currency: what came, with the few"
    " rupiah taken off a transfer and without what was too much and is owed back. One that was"
    " never paid has none. Cash counts when it is taken.",
    *since(
        "select o.id, o.state, count(a.id) from order_placed o"
        " left join attempt a on a.order_id = o.id and a.is_capture"
        " group by o.id, o.state, o.paid_at, o.total, o.currency"
        " having (o.paid_at is not null) <> (count(a.id) = 1)"
        " or (o.state in ('paid', 'completed') and count(a.id) <> 1)"
        " or bool_or(a.reached + a.unique_code - coalesce((select sum(r.amount) from refund r"
        "  where r.attempt_id = a.id and r.reason = 'over' and r.state <> 'failed'), 0) <> o.total"
        "  or a.currency <> o.currency)",
        ORDERS,
    ),
)
REFUNDS_FIT = Invariant(
    "M5",
    "No more goes back than came in, and only for attempts that brought money.",
    sql(
        "select a.id from attempt a join refund r on r.attempt_id = a.id and r.state <> 'failed'"
        " group by a.id having sum(r.amount) > a.reached"
        " or bool_or(r.currency <> a.currency)"
        " or bool_or(a.state not in"
        " ('captured', 'surplus', 'partly_refunded', 'refunded', 'disputed', 'charged_back'))"
    ),
)
SURPLUS_GOES_BACK = Invariant(
    "M6",
    "Every surplus is owed back in full.",
    sql(
        "select a.id from attempt a where a.state = 'surplus' and a.reached <> coalesce("
        "(select sum(r.amount) from refund r where r.attempt_id = a.id and r.state <> 'failed'), 0)"
    ),
)
CAPTURES_BOOKED = Invariant(
    "M7",
    "Every rupiah that came in stands in the books exactly once.",
    *since(
        "select a.id from attempt a where a.reached > 0 and 1 <> (select count(*) from journal j"
        " join entry e on e.journal_id = j.id and e.amount = -a.reached"
        " join account c on c.id = e.account_id and c.currency = a.currency"
        "  and c.kind in ('held', 'surplus_due')"
        " where j.kind = 'captured' and j.doc_type = 'attempt' and j.doc_id = a.id::text)"
        " union all select null from journal j where j.kind = 'captured'"
        " and j.doc_type = 'attempt'"
        " and not exists (select 1 from attempt a where a.id::text = j.doc_id and a.reached > 0)",
        CAPTURES,
    ),
)
PARTS_JOINED = Invariant(
    "M13",
    "What came in parts went into the one capture of its order, waits, or is owed back.",
    *since(
        "select order_id from attempt group by order_id"
        " having coalesce(sum(reached) filter (where state = 'joined'), 0)"
        " <> coalesce(sum(joined) filter (where is_capture), 0)"
        " or coalesce(sum(joined) filter (where not is_capture), 0) <> 0"
        " union all select a.order_id from attempt a join order_placed o on o.id = a.order_id"
        " where a.state = 'part' and o.state not in ('awaiting_payment', 'on_delivery')",
        ORDERS,
    ),
)
LINES_BOOKED = Invariant(
    "M19",
    "Every line of the bank statement that found its place brought exactly what stands there.",
    sql(
        "select l.id from bank_line l left join attempt a on a.id = l.attempt_id"
        " left join refund r on r.id = l.refund_id left join payout p on p.id = l.payout_id"
        " left join settlement s on s.id = p.settlement_id left join bag b on b.id = l.bag_id"
        " where l.state = 'matched' and l.amount is distinct from"
        " coalesce(a.reached - a.joined, -r.amount, -s.total, b.received)"
    ),
)
CODES_BORNE = Invariant(
    "M14",
    "What is taken off a transfer for its last digits is borne once, by the operator alone.",
    *since(
        "select o.id from order_placed o join attempt a on a.order_id = o.id and a.is_capture"
        " left join (select j.memo, sum(e.amount) as total from account c"
        "  join entry e on e.account_id = c.id join journal j on j.id = e.journal_id"
        "  where c.kind = 'expense' and c.label = 'kode transfer'"
        "  and j.kind in ('earned', 'refunded') group by j.memo) borne on borne.memo = o.id::text"
        " where coalesce(borne.total, 0) not between 0 and a.unique_code",
        ORDERS,
    ),
)
BILL_ADDS_UP = Invariant(
    "M8",
    "An order's total is the sum of its lines: goods and delivery, less discounts.",
    *since(
        "select o.id from order_placed o left join order_line l on l.order_id = o.id"
        " group by o.id, o.total, o.goods_total, o.delivery_total, o.discount_total"
        " having o.total <> coalesce(sum("
        "case l.kind when 'discount' then -l.total else l.total end), 0)"
        " or o.goods_total <> coalesce(sum(l.total) filter (where l.kind = 'goods'), 0)"
        " or o.delivery_total <> coalesce(sum(l.total) filter (where l.kind = 'delivery'), 0)"
        " or o.discount_total <> coalesce(sum(l.total) filter (where l.kind = 'discount'), 0)",
        ORDERS,
    ),
)
EARNED_BOOKED = Invariant(
    "M12",
    "A parcel's money is booked as earned exactly when the parcel says so.",
    *since(
        "select p.id from parcel p where (p.earned_at is not null) <> exists (select 1 from journal"
        " j where j.kind = 'earned' and j.doc_type = 'parcel' and j.doc_id = p.id::text)",
        ORDERS,
    ),
)
TAKEN_BACK_BOOKED = Invariant(
    "M15",
    "What a bank took back is booked: a settlement undone, or a sum kept in a dispute.",
    *since(
        "select a.id from attempt a where (a.state = 'reversed') <> exists (select 1 from journal"
        " j where j.kind = 'taken_back' and j.doc_type = 'attempt' and j.doc_id = a.id::text)"
        " or (a.state in ('disputed', 'charged_back') and not exists (select 1 from journal j"
        " where j.kind = 'moved' and j.doc_type = 'dispute' and j.doc_id = a.id::text))",
        ORDERS,
    ),
)
REFUNDS_BOOKED = Invariant(
    "M16",
    "A refund has left the books exactly when it says so.",
    sql(
        "select r.id from refund r where (r.state = 'done') <> exists (select 1 from journal j"
        " where j.kind = 'refund_sent' and j.doc_type = 'refund' and j.doc_id = r.id::text)"
    ),
)
GIVEN_IS_GONE = Invariant(
    "S11",
    "What was handed over left the stock once, and nothing else did: the orders' half of S6. At a"
    " till nothing is promised before: there the movements of the order itself are counted.",
    *since(
        "select p.id, l.lot_id from parcel p join order_line l on l.parcel_id = p.id"
        " and l.kind = 'goods' and p.way <> 'counter'"
        " where l.given <> (case when p.handed_over_at is null then l.given"
        " else coalesce((select sum(h.quantity) from hold h where h.doc_type = 'order'"
        " and h.doc_id = p.order_id::text and h.lot_id = l.lot_id and h.place_id = p.place_id"
        " and h.state = 'used'), 0) end)"
        " or (p.handed_over_at is null and exists (select 1 from hold h where h.doc_type = 'order'"
        " and h.doc_id = p.order_id::text and h.lot_id = l.lot_id and h.place_id = p.place_id"
        " and h.state = 'used'))"
        " union all select s.parcel_id, s.lot_id from (select p.id parcel_id, p.order_id,"
        "  p.place_id, l.lot_id, sum(l.given) given from parcel p join order_line l"
        "  on l.parcel_id = p.id and l.kind = 'goods' where p.way = 'counter'"
        "  group by 1, 2, 3, 4) s"
        " where s.given <> coalesce((select sum(m.quantity - coalesce(r.quantity, 0))"
        " from movement m left join movement r on r.reverses_id = m.id where m.kind = 'sale'"
        " and m.doc_type = 'order' and m.doc_id = s.order_id::text and m.lot_id = s.lot_id"
        " and m.from_place_id = s.place_id), 0)",
        ORDERS,
    ),
)
TILL_BOOKED = Invariant(
    "M21",
    "What a till took is its order's total, and stands on the drawer or the QRIS page of its place;"
    " an undone sale left them again.",
    *since(
        "select s.order_id from counter_sale s join order_placed o on o.id = s.order_id"
        " where s.cash + s.qris <> o.total"
        " union all select s.order_id from counter_sale s join place p on p.id = s.place_id"
        " join attempt a on a.order_id = s.order_id and a.is_capture"
        " left join refund r on r.attempt_id = a.id and r.doc_type = 'till_undo'"
        " left join lateral (select"
        "  coalesce(sum(e.amount) filter (where c.kind = 'cash' and c.label = p.slug), 0) cash,"
        "  coalesce(sum(e.amount) filter"
        "   (where c.kind = 'clearing' and c.label = 'qris:' || p.slug), 0) qris"
        "  from journal j join entry e on e.journal_id = j.id join account c on c.id = e.account_id"
        "  where (j.kind, j.doc_type, j.doc_id) in (('captured', 'attempt', a.id::text),"
        "   ('moved', 'till', s.order_id::text), ('moved', 'till_undo', s.order_id::text),"
        "   ('refund_sent', 'refund', r.id::text))) b on true"
        " where (b.cash, b.qris) <> (case when s.undone_at is null then s.cash else 0 end,"
        "  case when s.undone_at is null then s.qris else 0 end)",
        ORDERS,
    ),
)
PROMISED_IS_HELD = Invariant(
    "S12",
    "Goods of an open order are held for it, unless a shortfall says what is missing.",
    *since(
        "select p.id, l.lot_id from parcel p join order_placed o on o.id = p.order_id"
        " join order_line l on l.parcel_id = p.id and l.kind = 'goods'"
        " where o.state in ('awaiting_payment', 'on_delivery', 'paid')"
        " and p.state in ('to_accept', 'accepted', 'packed') and o.channel = 'web'"
        " and l.quantity > coalesce((select sum(h.quantity) from hold h where h.doc_type = 'order'"
        " and h.doc_id = o.id::text and h.lot_id = l.lot_id and h.place_id = p.place_id"
        " and h.state in ('held', 'allocated')), 0)"
        " and not exists (select 1 from shortfall s join hold h on h.id = s.hold_id"
        " where h.doc_type = 'order' and h.doc_id = o.id::text and h.lot_id = l.lot_id)",
        ORDERS,
    ),
)
AS_AGREED = Invariant(
    "P3",
    "What was bought in a package costs what its maker agreed to there, unless a till has shown"
    " that it did not.",
    sql(
        "select l.id, l.price, p.piece_price from order_line l left join joint_part p"
        " on p.package_id = l.package_id and p.variant_id = l.variant_id"
        " where l.package_id is not null and l.price is distinct from p.piece_price"
        " and not exists (select from counter_sale s where s.order_id = l.order_id"
        " and 'package' = any(s.flags))"
    ),
)
NOTICES_APPLIED = Invariant(
    "X2",
    "No gateway notice has waited for more than ten minutes.",
    sql(
        "select id from gateway_notice where applied_at is null"
        " and received_at < now() - interval '10 minutes'"
    ),
)
ALL = (
    ONE_CAPTURE,
    REFUNDS_FIT,
    SURPLUS_GOES_BACK,
    CAPTURES_BOOKED,
    PARTS_JOINED,
    LINES_BOOKED,
    CODES_BORNE,
    BILL_ADDS_UP,
    EARNED_BOOKED,
    TAKEN_BACK_BOOKED,
    REFUNDS_BOOKED,
    GIVEN_IS_GONE,
    TILL_BOOKED,
    PROMISED_IS_HELD,
    AS_AGREED,
    NOTICES_APPLIED,
)
