"""What must always be true of stock; `flask doctor` runs these, and so does every race test.

S1–S10 are about goods, X1-stock about whose they are, H1 about broken promises, L1 and L2 about
the till's lease. Times are compared with the database's clock; days are Wonosobo's (WIB).
"""

from cooperatives.lately import LOTS, NEW_MOVES, PAPERS
from core.doctor import Invariant, since, sql

LEVEL_IS_MOVES = Invariant(
    "S1",
    "What a level has on hand is the sum of its movements.",
    *since(
        "select l.lot_id, l.place_id, l.on_hand, coalesce(m.units, 0) from level l left join ("
        " select lot_id, place_id, sum(units) units from ("
        "  select lot_id, to_place_id place_id, quantity units from movement"
        "  union all select lot_id, from_place_id, -quantity from movement) e group by 1, 2"
        ") m using (lot_id, place_id) where l.on_hand <> coalesce(m.units, 0)",
        LOTS,
    ),
)
NO_LEVEL_MISSING = Invariant(
    "S2",
    "Every real place a movement touched has a level for the lot.",
    *since(
        "select distinct m.id, p.id from movement m"
        " join place p on p.id in (m.from_place_id, m.to_place_id)"
        " where p.kind in ('home', 'kiosk', 'bazaar', 'transit') and not exists"
        " (select 1 from level l where l.lot_id = m.lot_id and l.place_id = p.id)",
        NEW_MOVES,
    ),
)
NOTHING_NEGATIVE = Invariant(
    "S3",
    "Nothing is negative, and no more is reserved and kept than is on hand.",
    sql(
        "select id, on_hand, reserved, counter_kept from level"
        " where least(on_hand, reserved, counter_kept, on_hand - reserved - counter_kept) < 0"
    ),
)
RESERVED_IS_HOLDS = Invariant(
    "S4",
    "What a level has reserved is the sum of its open holds.",
    sql(
        "select l.id, l.reserved, coalesce(h.units, 0) from level l left join ("
        " select lot_id, place_id, sum(quantity) units from hold"
        " where state in ('held', 'allocated') group by 1, 2"
        ") h using (lot_id, place_id) where l.reserved <> coalesce(h.units, 0)"
    ),
)
LOTS_ARE_CONSERVED = Invariant(
    "S5",
    "Of each lot: received, less returned, sold, lost and corrected, is what stands everywhere.",
    *since(
        "select lot_id, came, stands from (select m.lot_id,"
        " sum(m.quantity * ((f.kind in ('consignor', 'customer', 'shrinkage', 'adjustment'))::int"
        "  - (t.kind in ('consignor', 'customer', 'shrinkage', 'adjustment'))::int)) came"
        " from movement m join place f on f.id = m.from_place_id"
        " join place t on t.id = m.to_place_id group by 1) flows full join ("
        " select lot_id, sum(on_hand) stands from level group by 1) standing using (lot_id)"
        " where coalesce(came, 0) <> coalesce(stands, 0)",
        LOTS,
    ),
)
HANDED_OVER_ONCE = Invariant(
    "S6",
    "A used hold has left its place by sale exactly once, and no other hold has.",
    *since(
        "with gone as (select m.doc_type, m.doc_id, m.line, m.lot_id, m.from_place_id,"
        " sum(m.quantity) - sum(coalesce(r.quantity, 0)) units from movement m"
        " left join movement r on r.reverses_id = m.id"
        " where m.kind = 'sale' group by 1, 2, 3, 4, 5)"
        " select h.id, h.state, h.quantity, g.units from hold h left join gone g"
        " on (g.doc_type, g.doc_id, g.line, g.lot_id, g.from_place_id)"
        "  = (h.doc_type, h.doc_id, h.id, h.lot_id, h.place_id)"
        " where coalesce(g.units, 0) <> case h.state when 'used' then h.quantity else 0 end"
        " union all select g.line, 'no hold', 0, g.units from gone g"
        " where exists (select 1 from hold h where (h.doc_type, h.doc_id) = (g.doc_type, g.doc_id))"
        " and not exists (select 1 from hold h"
        " where (h.doc_type, h.doc_id, h.id) = (g.doc_type, g.doc_id, g.line))",
        PAPERS,
    ),
)
NO_HOLD_OVERDUE = Invariant(
    "S7",
    "No unpaid hold outlives its time by more than five minutes.",
    sql("select id, until from hold where state = 'held' and until < now() - interval '5 min'"),
)
NOTHING_OLD_SOLD = Invariant(
    "S8",
    "Nothing was sold past its date, but for offline sales flagged for a person.",
    *since(
        "select m.id, l.best_before from movement m join lot l on l.id = m.lot_id"
        " where m.kind = 'sale' and not m.is_flagged and l.best_before"
        "  < (coalesce(m.device_at, m.posted_at) at time zone 'Asia/Jakarta')::date"
        " and not exists (select 1 from movement r where r.reverses_id = m.id)",
        PAPERS,
    ),
)
REVERSALS_MIRROR = Invariant(
    "S9",
    "A reversal is the mirror image of a movement that is no reversal itself.",
    *since(
        "select r.id from movement r join movement o on o.id = r.reverses_id"
        " where o.kind = 'reversal' or (r.lot_id, r.from_place_id, r.to_place_id, r.quantity)"
        " is distinct from (o.lot_id, o.to_place_id, o.from_place_id, o.quantity)",
        PAPERS,
    ),
)
KINDS_FIT_THEIR_ENDS = Invariant(
    "S10",
    "A movement of a kind goes between places of the kinds it speaks of.",
    *since(
        "with seen as (select m.id, m.kind,"
        " case when f.kind in ('home', 'kiosk', 'bazaar', 'transit') then 'real' else f.kind end f,"
        " case when t.kind in ('home', 'kiosk', 'bazaar', 'transit') then 'real' else t.kind end t"
        " from movement m join place f on f.id = m.from_place_id"
        " join place t on t.id = m.to_place_id where m.kind <> 'reversal')"
        " select * from seen where (kind, f, t) not in (('receive', 'consignor', 'real'),"
        " ('transfer', 'real', 'real'), ('sale', 'real', 'customer'),"
        " ('return', 'real', 'consignor'), ('return', 'customer', 'real'),"
        " ('count', 'adjustment', 'real'), ('count', 'real', 'shrinkage'),"
        " ('waste', 'real', 'shrinkage'), ('sample', 'real', 'shrinkage'))",
        NEW_MOVES,
    ),
)
WHOSE_IT_IS = Invariant(
    "X1-stock",
    "A lot is its owner's listing under its own organisation's terms; a home holds its own lots.",
    sql(
        "select 'terms', l.id from lot l join terms t on t.id = l.terms_id"
        " where t.organisation_id <> l.organisation_id"
        " union all select 'owner', l.id from lot l join variant v on v.id = l.variant_id"
        " join listing g on g.id = v.listing_id join seller s on s.id = g.seller_id"
        " where s.id <> l.owner_id and not"
        "  (s.kind = 'cooperative' and s.organisation_id = l.organisation_id)"
        " union all select 'home', v.id from level v join lot l on l.id = v.lot_id"
        " join place p on p.id = v.place_id where p.kind = 'home' and p.seller_id <> l.owner_id"
    ),
)
BROKEN_PROMISES = Invariant(
    "H1",
    "A shortfall names a released hold, of the same lot, place and quantity.",
    sql(
        "select s.id from shortfall s join hold h on h.id = s.hold_id where h.state <> 'released'"
        " or (s.lot_id, s.place_id, s.quantity) <> (h.lot_id, h.place_id, h.quantity)"
    ),
)
KEPT_UNDER_LEASE = Invariant(
    "L1",
    "Goods are kept for a till only where one holds the lease.",
    sql(
        "select id, place_id, counter_kept from level where counter_kept > 0"
        " and place_id not in (select place_id from counter_lease)"
    ),
)
NO_LEASE_OVERDUE = Invariant(
    "L2",
    "No lease outlives its time by more than five minutes.",
    sql("select place_id, until from counter_lease where until < now() - interval '5 min'"),
)
ALL = (
    LEVEL_IS_MOVES,
    NO_LEVEL_MISSING,
    NOTHING_NEGATIVE,
    RESERVED_IS_HOLDS,
    LOTS_ARE_CONSERVED,
    HANDED_OVER_ONCE,
    NO_HOLD_OVERDUE,
    NOTHING_OLD_SOLD,
    REVERSALS_MIRROR,
    KINDS_FIT_THEIR_ENDS,
    WHOSE_IT_IS,
    BROKEN_PROMISES,
    KEPT_UNDER_LEASE,
    NO_LEASE_OVERDUE,
)
