"""What must always be true of counts; `flask doctor` reads these, each returns no row."""

from core.doctor import Invariant, sql

COUNT_IS_MOVES = Invariant(
    "N1",
    "A posted difference is a movement of that count, lot and place, and there is no other.",
    sql(
        "with moved as (select m.doc_id, m.lot_id, c.place_id,"
        " sum(case when m.to_place_id = c.place_id then m.quantity else -m.quantity end) units"
        " from movement m left join stock_count c on c.id::text = m.doc_id"
        " where m.doc_type = 'stock_count' and m.kind = 'count' group by 1, 2, 3)"
        " select coalesce(l.count_id::text, m.doc_id), coalesce(l.lot_id, m.lot_id),"
        "  l.difference, m.units"
        " from stock_count_line l full join moved m"
        "  on (m.doc_id, m.lot_id) = (l.count_id::text, l.lot_id)"
        " where coalesce(l.difference, 0) <> coalesce(m.units, 0)"
        " union all select c.id::text, l.lot_id, l.difference, 0 from stock_count c"
        "  join stock_count_line l on l.count_id = c.id"
        "  where c.state <> 'posted' and l.difference is not null"
    ),
)
TWO_PEOPLE = Invariant(
    "N2",
    "Above the limit, whoever counted did not approve; nobody decided about her own number.",
    sql(
        "select c.id, n.lot_id, c.ended_by from stock_count c"
        " join stock_count_number n on n.count_id = c.id and not n.is_late"
        " where c.state = 'posted' and c.needs_two and n.person_id = c.ended_by"
        " union all select l.count_id, l.lot_id, l.answered_by from stock_count_line l"
        " join stock_count_number n using (count_id, lot_id)"
        " where n.person_id = l.answered_by and not n.is_late"
    ),
)
BORNE_IS_BOOKED = Invariant(
    "N3",
    "What an owner got for missing goods, or gave back for found ones, stands in the books once.",
    sql(
        "with booked as (select j.doc_id, j.kind, -sum(e.amount) amount from journal j"
        " join entry e on e.journal_id = j.id join account a on a.id = e.account_id"
        " where j.doc_type = 'stock_count' and a.kind = 'maker' group by 1, 2)"
        " select l.count_id, l.lot_id, l.borne, b.amount from stock_count_line l"
        " left join booked b on b.doc_id = l.count_id || ':' || l.lot_id"
        "  and b.kind = case when l.difference < 0 then 'missing_borne' else 'missing_back' end"
        " where case when l.difference < 0 then l.borne else -l.borne end <> coalesce(b.amount, 0)"
    ),
)
ALL = (COUNT_IS_MOVES, TWO_PEOPLE, BORNE_IS_BOOKED)
