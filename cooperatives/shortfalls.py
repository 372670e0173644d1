"""Promised goods that are not there: a count, a loss or a counter sale took them, and that stands.

Stock stores what the person did, ends the promise for that part, writes a `Shortfall` and tells
the news `stock_shortfall`; whoever promised (the orders) substitutes or refunds, and mends it.
"""

from sqlalchemy import case, select
from sqlalchemy.orm import Session

from cooperatives import holds
from cooperatives.holds import Doc
from cooperatives.levels import Standing
from cooperatives.models.stock import Hold, Shortfall
from core import audit, clock, news
from core.actors import Actor
from core.db import PAGE_SIZE_MAX
from core.errors import NotFound


def break_promises(db: Session, standing: Standing, quantity: int, cause: str) -> list[Shortfall]:
    """Take promised units of a locked level away from those they were promised to.

    Unpaid promises break before paid ones, the newest first: who came early and paid keeps hers.
    """
    is_paid = case((Hold.state == "allocated", 1), else_=0)
    query = (
        select(Hold)
        .where(Hold.lot_id == standing.lot_id, Hold.place_id == standing.place_id)
        .where(Hold.state.in_(holds.OPEN))
        .order_by(is_paid, Hold.id.desc())
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    broken: list[Shortfall] = []
    missing = quantity
    for hold in db.scalars(query):
        part = min(missing, hold.quantity)
        if part:
            broken.append(_written(db, holds.end(db, hold, "shortfall", part), cause))
            missing -= part
    assert missing == 0, f"level {standing.id} promises more than its holds"
    standing.reserved -= quantity
    db.flush()
    for shortfall in broken:
        news.tell(db, "stock_shortfall", shortfall_id=shortfall.id)
    return broken


def _written(db: Session, hold: Hold, cause: str) -> Shortfall:
    shortfall = Shortfall(
        hold_id=hold.id,
        lot_id=hold.lot_id,
        place_id=hold.place_id,
        quantity=hold.quantity,
        cause=cause,
    )
    db.add(shortfall)
    return shortfall


def get_shortfall(db: Session, shortfall_id: int) -> tuple[Shortfall, Hold]:
    """A shortfall and the promise that broke, which names document and buyer; raises NotFound."""
    query = select(Shortfall, Hold).join(Hold, Hold.id == Shortfall.hold_id)
    found = db.execute(query.where(Shortfall.id == shortfall_id)).one_or_none()
    if found is None:
        raise NotFound
    shortfall, hold = found
    return shortfall, hold


def open_of(db: Session, doc: Doc, place_id: int) -> list[tuple[Shortfall, Hold]]:
    """What one document was promised from a place and nobody has mended, oldest first."""
    query = (
        select(Shortfall, Hold)
        .join(Hold, Hold.id == Shortfall.hold_id)
        .where(holds.of_doc(doc), Hold.place_id == place_id, Shortfall.mended_at.is_(None))
        .order_by(Shortfall.id)
    )
    return [(row[0], row[1]) for row in db.execute(query)]


def list_open(db: Session, place_id: int, *, after_id: int = 0) -> list[Shortfall]:
    """Shortfalls of a place that nobody has mended, oldest first, a page at a time."""
    query = select(Shortfall).where(
        Shortfall.place_id == place_id, Shortfall.mended_at.is_(None), Shortfall.id > after_id
    )
    return list(db.scalars(query.order_by(Shortfall.id).limit(PAGE_SIZE_MAX)))


def mend(db: Session, *, actor: Actor, shortfall_id: int, how: str) -> None:
    """The buyer got other goods or her money; mending twice changes nothing. Raises NotFound."""
    shortfall = db.get(Shortfall, shortfall_id, with_for_update=True, populate_existing=True)
    if shortfall is None:
        raise NotFound
    if shortfall.mended_at is None:
        shortfall.mended_at, shortfall.mended_how = clock.now(), how
        audit.record(db, actor, "shortfall.mended", "shortfall", shortfall.id, how=how)
