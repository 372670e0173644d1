"""What of stock and books was written since a mark, for the doctor: see `core.doctor.since`.

Each names tables as the rows that a promise must look at again; all other tables are read whole.
"""

_NEW = "xid >= cast(:mark as xid8)"

NEW_MOVES = f"movement as (select * from movement where {_NEW})"  # noqa: S608  (our own words)
"""What moved."""

LOTS = f"""
    lots as materialized (select distinct lot_id from movement where {_NEW}),
    movement as (select * from movement where lot_id in (select lot_id from lots)),
    level as (select * from level where lot_id in (select lot_id from lots))
"""  # noqa: S608  (our own words)
"""All that ever moved of the lots that have moved lately, and their levels."""

PAPERS = f"""
    lately as materialized (select * from movement where {_NEW}),
    papers as materialized (select doc_type, doc_id from lately union select o.doc_type, o.doc_id
        from movement o join lately r on r.reverses_id = o.id),
    moved as materialized (select m.* from movement m join papers using (doc_type, doc_id)),
    movement as (select * from moved union
        select r.* from movement r join moved on r.reverses_id = moved.id),
    hold as (select h.* from hold h join papers using (doc_type, doc_id))
"""  # noqa: S608
"""All movements and holds of the papers by which something moved, or was taken back, lately."""

JOURNALS = f"""
    lately as materialized (select * from journal where {_NEW}),
    journal as (select * from lately union select o.* from journal o join lately r
        on r.kind = 'reversal' and r.doc_type = 'journal' and o.id = r.doc_id::bigint),
    entry as (select e.* from entry e join journal j on j.id = e.journal_id),
    cut as (select c.* from cut c join journal j on j.id = c.journal_id)
"""  # noqa: S608
"""Journals, whole, and those that they reverse."""

PAGES = f"""
    account as (select * from account where id in (select e.account_id from entry e
        join journal j on j.id = e.journal_id where j.{_NEW}))
"""  # noqa: S608
"""Pages on which something was written."""

SETTLEMENTS = f"""
    settlement as (select * from settlement where created_at >= :at or id in (
        select p.settlement_id from payout p join journal j on j.doc_type = 'payout'
        and j.doc_id = p.id::text and j.{_NEW})),
    settlement_entry as (select t.* from settlement_entry t
        join settlement s on s.id = t.settlement_id)
"""  # noqa: S608
"""Settlements that were closed, or paid, or came back."""

STILL_OPEN = """
    entry as (select e.* from account a left join carried_page p on p.account_id = a.id
        cross join lateral (select * from entry where account_id = a.id
            and id >= coalesce(p.open_from, 0) offset 0) e
        where a.kind in ('maker', 'cooperative', 'kiosk', 'affiliate', 'courier'))
"""
"""Entries that may still wait for a settlement, page by page; M23 sees to those before them."""
