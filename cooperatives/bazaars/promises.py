"""What must always be true of bazaars; `flask doctor` reads these, each returns no row."""

from core.doctor import Invariant, sql

EXPLAINED = Invariant(
    "Z1",
    "Nothing that was there at the closing of a bazaar stands in its box or is on its way there.",
    sql(
        "select 'box', b.id, l.lot_id from bazaar b join level l on l.place_id = b.place_id"
        " where b.closed_at is not null and l.on_hand > 0 and not exists ("
        "  select 1 from movement m where m.lot_id = l.lot_id and m.posted_at > b.closed_at"
        "  and b.place_id in (m.from_place_id, m.to_place_id))"
        " union all select 'load', b.id, d.from_place_id from bazaar b"
        " join bazaar_load d on d.bazaar_id = b.id"
        " where b.closed_at is not null and d.settled_at is null"
    ),
)
WHOLE = Invariant(
    "Z2",
    "A closed bazaar has a frozen line for each lot that had come to its box by then, and what it"
    " says was sold is exactly what had been sold until then.",
    sql(
        "select b.id, m.lot_id, sum(m.units), n.sold from bazaar b join ("
        " select s.from_place_id place_id, s.lot_id, s.quantity units, s.posted_at from movement s"
        "  where s.kind = 'sale'"
        " union all select s.from_place_id, s.lot_id, -r.quantity, r.posted_at from movement r"
        "  join movement s on s.id = r.reverses_id where s.kind = 'sale'"
        ") m on m.place_id = b.place_id and m.posted_at <= b.closed_at"
        " left join bazaar_line n on n.bazaar_id = b.id and n.lot_id = m.lot_id"
        " where b.closed_at is not null group by b.id, m.lot_id, n.sold"
        " having coalesce(n.sold, 0) <> sum(m.units)"
    ),
)
SHARED = Invariant(
    "Z3",
    "What members bear of a closed bazaar is what it cost, and each share is booked on her page.",
    sql(
        "select 'sum', b.id, coalesce(c.total, 0), coalesce(s.total, 0) from bazaar b"
        " left join (select bazaar_id, sum(amount) total from bazaar_cost where struck_at is null"
        "  group by 1) c on c.bazaar_id = b.id"
        " left join (select bazaar_id, sum(cost) total from bazaar_share group by 1) s"
        "  on s.bazaar_id = b.id"
        " where b.closed_at is not null and coalesce(c.total, 0) <> coalesce(s.total, 0)"
        " union all select 'page', s.bazaar_id, s.cost - s.made_good, coalesce(e.amount, 0)"
        " from bazaar_share s join seller m on m.id = s.seller_id"
        " left join (select j.doc_id, p.person_id, p.organisation_id, a.organisation_id books,"
        "   sum(e.amount) amount from journal j join entry e on e.journal_id = j.id"
        "   join account a on a.id = e.account_id join payee p on p.id = a.payee_id"
        "   where j.doc_type = 'bazaar' and a.kind = 'maker' group by 1, 2, 3, 4) e"
        "  on e.doc_id = s.bazaar_id::text and e.books = m.organisation_id"
        "  and (e.person_id = m.person_id"
        "   or (m.person_id is null and e.organisation_id = m.organisation_id))"
        " where s.cost - s.made_good <> coalesce(e.amount, 0)"
    ),
)
CONTESTED = Invariant(
    "Z4",
    "What was paid for a contested line stands in the books once, and nothing else does.",
    sql(
        "with booked as (select j.doc_id, -sum(e.amount) amount from journal j"
        " join entry e on e.journal_id = j.id join account a on a.id = e.account_id"
        " where j.doc_type = 'bazaar_line' and a.kind = 'maker' group by 1)"
        " select l.bazaar_id, l.lot_id, l.paid, b.amount from bazaar_line l"
        " full join booked b on b.doc_id = l.bazaar_id || ':' || l.lot_id"
        " where coalesce(l.paid, 0) <> coalesce(b.amount, 0)"
    ),
)
PAID = Invariant(
    "Z5",
    "A cost that is a voucher of the host is that voucher, as it stands in the books.",
    sql(
        "select c.bazaar_id, c.id, c.amount, v.amount, v.state from bazaar_cost c"
        " join bazaar b on b.id = c.bazaar_id join voucher v on v.id = c.voucher_id"
        " where c.struck_at is null and (v.state <> 'booked' or v.amount <> c.amount"
        "  or v.organisation_id <> b.organisation_id)"
    ),
)
ALL = (EXPLAINED, WHOLE, SHARED, CONTESTED, PAID)
