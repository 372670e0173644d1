"""A fact that happened before a shelf was counted and came in after the count was posted.

The count took it for a difference, so what it settled is wrong by that much: the place is asked to
count those goods again, and the task ends with the next count of them.
"""

from collections.abc import Sequence

from flask_babel import lazy_gettext as _l
from sqlalchemy import select
from sqlalchemy.orm import Session

from cooperatives import movements, places
from cooperatives.counts import reading
from cooperatives.counts.count_news import desk
from cooperatives.models import Movement, StockCount, StockCountLine
from cooperatives.movements import Cause
from cooperatives.rights import KEEP
from core import tasks
from core.actors import Actor
from core.tasks import Task

DOC = "stock_count_again"
AGAIN = tasks.declare(
    "count.again",
    _l("Catatan yang terlambat mengubah hasil hitung %(goods)s. Hitung lagi."),
    deed=_l("Lihat hitungannya"),
    many=_l("%(count)s barang perlu dihitung lagi, karena catatan terlambat."),
    urgency=30,
)


def look(db: Session, cause: Cause, made: Sequence[Movement]) -> None:
    """Ask for another count of what a late fact has changed."""
    ends = {one.from_place_id for one in made} | {one.to_place_id for one in made}
    query = (
        select(StockCount, StockCountLine.lot_id)
        .join(StockCountLine, StockCountLine.count_id == StockCount.id)
        .where(StockCountLine.lot_id.in_({one.lot_id for one in made}))
        .where(StockCount.place_id.in_(ends), StockCount.state == "posted")
        .where(StockCount.ended_at > cause.happened_at)
    )
    for count, lot_id in db.execute(query).all():
        (row,) = reading.rows(db, count, [lot_id])
        if row.late_units(count):
            place = places.get_place(db, count.place_id)
            tasks.write(
                db,
                AGAIN,
                doc=(DOC, f"{place.id}:{lot_id}"),
                holders=(KEEP, place.id),
                facts={"goods": row.name},
                link=desk(count),
            )


def settled(db: Session, actor: Actor, count: StockCount, lot_ids: Sequence[int]) -> None:
    """These goods were counted again."""
    docs = [f"{count.place_id}:{lot_id}" for lot_id in lot_ids]
    asked = select(Task.doc_id).where(Task.kind == AGAIN.name, Task.closed_at.is_(None))
    for doc_id in db.scalars(asked.where(Task.doc_type == DOC, Task.doc_id.in_(docs))).all():
        tasks.close(db, AGAIN, actor=actor, doc=(DOC, doc_id), reason="counted again")


movements.hear_of_facts(look)
