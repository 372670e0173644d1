"""What must always be true of complaints."""

from core.doctor import Invariant, sql

ASKED = Invariant(
    "A1",
    "A complaint that waits for us has its open task with the promised time, and no other has.",
    sql(
        "select c.id, c.number from complaint c left join task t on t.kind = 'complaint.answer'"
        " and t.doc_type = 'complaint' and t.doc_id = c.id::text and t.closed_at is null"
        " where (c.state = 'waiting') <> (t.id is not null) or c.due_at <> t.due_at"
    ),
)
ALL = (ASKED,)
