"""Other goods of the same variant and the same place: for a promise that broke, or for a complaint.

Only one place is asked, so that no parcel gets longer by it. Lots of the same owner come first,
because she was told of the sale; then the usual turn decides.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from cooperatives import levels, stock
from cooperatives.allocation import WISHED, OutOfStock, Pick
from cooperatives.holds import Doc
from cooperatives.models.stock import Hold, Lot


class Wanted(NamedTuple):
    """So many good units in place of those of a lot."""

    lot_id: int
    quantity: int


def promise(
    db: Session, doc: Doc, place_id: int, wanted: Sequence[Wanted], *, buyer_key: str
) -> None:
    """Promise a document other units of the same owner, all or nothing; it does not lapse.

    Nobody pays for them again, so they come from whoever was paid. Raises OutOfStock.
    """
    query = select(Lot.id, Lot.variant_id, Lot.owner_id).where(
        Lot.id.in_([each.lot_id for each in wanted])
    )
    lots = {row.id: row for row in db.execute(query)}
    variants = sorted({lot.variant_id for lot in lots.values()})
    shelf = WISHED.lock(db, stock.asked(variants, [place_id]))
    holds = []
    for lot_id, quantity in wanted:
        of = (lots[lot_id].variant_id, lots[lot_id].owner_id)
        fitting = [standing for standing in shelf if (standing.variant_id, standing.owner_id) == of]
        free = sum(max(0, standing.free) for standing in fitting)
        if free < quantity:
            raise OutOfStock({of[0]: free}, {of[0]: quantity})
        for standing in sorted(fitting, key=lambda s: s.turn):
            if units := min(quantity, max(0, standing.free)):
                quantity -= units
                standing.reserved += units
                holds.append(
                    Hold(
                        lot_id=standing.lot_id,
                        place_id=place_id,
                        quantity=units,
                        state="allocated",
                        doc_type=doc.kind,
                        doc_id=doc.id,
                        buyer_key=buyer_key,
                    )
                )
    levels.write(db, shelf)
    db.add_all(holds)
    db.flush()


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
