"""What must always be true of big orders; `flask doctor` reads these, each returns no row."""

from core.doctor import Invariant, sql

WHOLE = Invariant(
    "B1",
    "The shares of a binding big order, and the gap that was told, are what was wanted; no shares"
    " of an order that is being asked are more.",
    sql(
        "select o.id, o.wanted, o.gap, coalesce(s.sure, 0), coalesce(s.open, 0) from big_order o"
        " left join (select big_order_id, sum(agreed) sure,"
        "   sum(units) filter (where state = 'asked') open from big_share group by 1) s"
        "  on s.big_order_id = o.id"
        " where (o.state in ('agreed','done') and coalesce(s.sure, 0) + o.gap <> o.wanted)"
        " or (o.state <> 'cancelled' and coalesce(s.sure, 0) + coalesce(s.open, 0) > o.wanted)"
    ),
)
STRENGTH = Invariant(
    "B2",
    "No maker was asked for more than she can make, other big orders of the same days counted.",
    sql(
        "select s.id, s.strength, sum(coalesce(e.agreed, e.units)) from big_share s"
        " join big_order o on o.id = s.big_order_id"
        " join big_share e on e.listing_id = s.listing_id and e.state in ('asked','yes')"
        "  and (e.asked_at, e.id) <= (s.asked_at, s.id)"
        " join big_order p on p.id = e.big_order_id and p.state in ('asking','agreed','done')"
        "  and p.starts_on <= o.due_on and p.due_on >= o.starts_on"
        " where s.state in ('asked','yes') and o.state in ('asking','agreed','done')"
        " group by s.id having sum(coalesce(e.agreed, e.units)) > s.strength"
    ),
)
KEPT = Invariant(
    "B3",
    "Goods are kept for a big order that still runs, from what was brought for it, and no more"
    " than was agreed.",
    sql(
        "select h.doc_id, h.lot_id, sum(h.quantity), min(s.agreed) from hold h"
        " left join big_order o on o.id::text = h.doc_id"
        " left join consign_note_line l on l.lot_id = h.lot_id"
        " left join consign_note n on n.id = l.note_id"
        " left join big_share s on s.offer_id = n.offer_id and s.big_order_id = o.id"
        " where h.doc_type = 'big_order' and h.state in ('held','allocated')"
        " group by h.doc_id, h.lot_id, o.state having coalesce(o.state, '') not in"
        "  ('agreed','asking') or sum(h.quantity) > coalesce(min(s.agreed), 0)"
    ),
)
ALL = (WHOLE, STRENGTH, KEPT)
