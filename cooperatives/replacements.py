"""Other goods for a promise that broke: the same variant at the same place, or nothing.

Only one place is asked, so that no parcel gets longer by it. Lots of the same owner come first,
because she was told of the sale; then the usual turn decides.
"""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from cooperatives import levels, stock
from cooperatives.allocation import WISHED, Pick
from cooperatives.models.stock import Hold, Lot


def replace(db: Session, broken: Hold, quantity: int, *, until: datetime | None) -> list[Pick]:
    """Promise up to `quantity` units anew for the document of a broken promise.

    `until` is None where the goods are paid. What is not found is simply not in the answer.
    """
    variant_id, owner_id = db.execute(
        select(Lot.variant_id, Lot.owner_id).where(Lot.id == broken.lot_id)
    ).one()
    shelf = WISHED.lock(db, stock.asked([variant_id], [broken.place_id]))
    picks = []
    for standing in sorted(shelf, key=lambda s: (s.owner_id != owner_id, *s.turn)):
        units = min(quantity, standing.free)
        if units > 0:
            quantity -= units
            standing.reserved += units
            picks.append(Pick.of(standing, units))
    levels.write(db, shelf)
    db.add_all(_promise(broken, pick, until) for pick in picks)
    db.flush()
    return picks


def _promise(broken: Hold, pick: Pick, until: datetime | None) -> Hold:
    return Hold(
        lot_id=pick.lot_id,
        place_id=pick.place_id,
        quantity=pick.quantity,
        state="held" if until else "allocated",
        until=until,
        doc_type=broken.doc_type,
        doc_id=broken.doc_id,
        buyer_key=broken.buyer_key,
    )
