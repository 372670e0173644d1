"""What was taken at a bazaar's box, lot by lot, as the lines of its sales say."""

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from cooperatives.bazaars import figures
from cooperatives.bazaars.figures import Taking
from orders.models import CounterSale, Line


def at_place(db: Session, place_id: int) -> dict[int, Taking]:
    """Whatever was sold and not undone."""
    query = (
        select(
            Line.lot_id,
            func.sum(Line.total).label("gross"),
            func.sum(Line.maker_part).label("hers"),
        )
        .join(CounterSale, CounterSale.order_id == Line.order_id)
        .where(CounterSale.place_id == place_id, CounterSale.undone_at.is_(None))
        .group_by(Line.lot_id)
    )
    return {row.lot_id: Taking(int(row.gross), int(row.hers)) for row in db.execute(query)}


figures.tell_by(at_place)
