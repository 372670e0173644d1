"""What of orders and payments was touched since a mark, for the doctor: see `core.doctor.since`."""

_UUID = "'^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$'"

_TOUCHED = f"""
    touched as materialized (
        select id from order_placed where greatest(placed_at, paid_at, ended_at) >= :at
        union select order_id from order_event where at >= :at
        union select order_id from attempt where greatest(created_at, captured_at) >= :at
        union select memo::uuid from journal
            where xid >= cast(:mark as xid8) and memo ~ {_UUID}
        union select doc_id::uuid from movement
            where xid >= cast(:mark as xid8) and doc_type = 'order' and doc_id ~ {_UUID})
"""  # noqa: S608  (our own words)

ORDERS = f"""{_TOUCHED},
    order_placed as (select * from order_placed where id in (select id from touched)),
    attempt as (select * from attempt where order_id in (select id from touched)),
    order_line as (select * from order_line where order_id in (select id from touched)),
    parcel as (select * from parcel where order_id in (select id from touched)),
    counter_sale as (select * from counter_sale where order_id in (select id from touched))
"""  # noqa: S608
"""Orders of which something was written, with all that belongs to them."""

CAPTURES = f"""{_TOUCHED},
    attempt as (select * from attempt where order_id in (select id from touched)),
    journal as (select * from journal where xid >= cast(:mark as xid8)
        union select j.* from attempt a join journal j on j.kind = 'captured'
        and j.doc_type = 'attempt' and j.doc_id = a.id::text)
"""  # noqa: S608
"""Their attempts, every capture of these, and whatever was booked lately."""
