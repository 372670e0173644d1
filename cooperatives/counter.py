"""The till: a sale at a counter is a fact and is never refused, online or sent in hours later.

Goods are taken in this order: those kept for the till, free ones, then those promised to others
(which become shortfalls). If even that is not enough, or a jar has no lot, the missing units are
first booked into the owner's newest lot of that variant, flagged. So nothing is ever negative.
"""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from cooperatives import levels, lots, movements, places
from cooperatives.allocation import BadQuantity, Pick
from cooperatives.holds import Doc
from cooperatives.levels import Standing
from cooperatives.models.stock import Level, Lot, Movement
from cooperatives.movements import Cause, Move
from cooperatives.settings import CooperativeSettings
from core.actors import Actor
from core.clock import WIB
from core.config import settings


class Scan(NamedTuple):
    """What went over the counter. A scanned lot label wins over the picking rule; without one the
    keeper may have said whose it is, where several makers bring the same.
    """

    variant_id: int
    quantity: int
    lot_id: int | None = None
    owner_id: int | None = None


Whose = tuple[int, int | None]
"""A variant without a label, and its owner where the keeper named her."""


def sell_at_counter(
    db: Session,
    *,
    actor: Actor,
    place_id: int,
    lines: Sequence[Scan],
    doc: Doc,
    device_at: datetime | None = None,
) -> list[Pick]:
    """Sell what stands at a place; returns which lots were sold. Sent again, it answers the same.

    Raises BadQuantity; NotFound for a place the actor does not tend, or a variant that never was.
    """
    if before := movements.posted(db, doc, "sale"):
        return _picks(db, before)
    _refuse_bad_quantities(lines)
    place = places.tended(db, actor, place_id)
    cause = Cause.of(actor, doc, device_at)
    sold = _lots_sold(db, place_id, lines, cause)
    places.refuse_strangers(db, place, list(sold))
    levels.stand(db, place.id, list(sold))
    day = cause.happened_at.astimezone(WIB).date()
    past = set(db.scalars(select(Lot.id).where(Lot.id.in_(sold), Lot.best_before < day)))
    customer = places.virtual(db, "customer")
    moves = [
        Move("sale", lot_id, place.id, customer, units, line, is_flagged=lot_id in past)
        for line, (lot_id, units) in enumerate(sorted(sold.items()))
    ]
    made = movements.post(db, cause, moves, is_fact=True, by_till=True)
    return _picks(db, [movement for movement in made if movement.kind == "sale"])


def _refuse_bad_quantities(lines: Sequence[Scan]) -> None:
    limits = settings(CooperativeSettings)
    is_short = 0 < len(lines) <= limits.goods_lines_max
    whole = all(type(n.quantity) is int and 0 < n.quantity <= limits.units_max for n in lines)
    if not (is_short and whole):
        raise BadQuantity(limits.units_max)


def _lots_sold(
    db: Session, place_id: int, lines: Sequence[Scan], cause: Cause
) -> Mapping[int, int]:
    """Units of each lot that this sale takes; what nobody can name comes from the newest lot."""
    variants = sorted({line.variant_id for line in lines})
    shelf = levels.lock(db, Level.variant_id.in_(variants), Level.place_id == place_id)
    labels = [line.lot_id for line in lines if line.lot_id is not None]
    real = {tuple(row) for row in db.execute(_labelled(labels))} if labels else set()
    scanned: Counter[int] = Counter()
    unscanned: Counter[Whose] = Counter()
    for line in lines:
        if line.lot_id is not None and (line.lot_id, line.variant_id) in real:
            scanned[line.lot_id] += line.quantity
        else:
            unscanned[line.variant_id, line.owner_id] += line.quantity
    sold, missing = plan(scanned, unscanned, shelf, cause.is_past)
    for whose, units in missing.items():
        stood_here = [standing for standing in shelf if _is_of(standing, whose)]
        newest = max(stood_here, key=lambda s: (s.received_at, s.lot_id), default=None)
        sold[newest.lot_id if newest else lots.newest_lot(db, *whose).id] += units
    return sold


def _is_of(standing: Standing, whose: Whose) -> bool:
    return standing.variant_id == whose[0] and whose[1] in (None, standing.owner_id)


def plan(
    scanned: Mapping[int, int],
    unscanned: Mapping[Whose, int],
    shelf: Sequence[Standing],
    is_past: Callable[[Standing], bool],
) -> tuple[Counter[int], Counter[Whose]]:
    """Which lots a till sale takes, and what is missing of each variant.

    A scanned lot gives what was scanned, however little is on record. Then come goods whose owner
    was named, out of her lots only, then the rest: from kept goods of all lots, then free ones,
    then promised ones; each time in the lots' turn, those past their date last.
    """
    sold: Counter[int] = Counter(scanned)
    ordered = sorted(shelf, key=lambda s: (is_past(s), *s.turn))
    pools = {s.lot_id: [s.counter_kept, s.free, s.reserved] for s in shelf}
    for lot_id in pools.keys() & scanned.keys():
        _drain(pools[lot_id], scanned[lot_id])
    missing: Counter[Whose] = Counter(unscanned)
    for whose in sorted(unscanned, key=lambda asked: (asked[1] is None, asked)):
        for pool in range(3):
            for standing in ordered:
                content = pools[standing.lot_id]
                units = min(missing[whose], content[pool]) if _is_of(standing, whose) else 0
                sold[standing.lot_id] += units
                missing[whose] -= units
                content[pool] -= units
    return +sold, +missing


def _drain(pools: list[int], units: int) -> None:
    for pool, content in enumerate(pools):
        taken = min(content, units)
        pools[pool] -= taken
        units -= taken


def _labelled(labels: Sequence[int]) -> Select[int, int]:
    return select(Lot.id, Lot.variant_id).where(Lot.id.in_(labels))


def _picks(db: Session, sales: Sequence[Movement]) -> list[Pick]:
    found = select(Lot).where(Lot.id.in_([sale.lot_id for sale in sales]))
    by_id = {lot.id: lot for lot in db.scalars(found)}
    return [
        Pick(
            variant_id=by_id[sale.lot_id].variant_id,
            lot_id=sale.lot_id,
            place_id=sale.from_place_id,
            owner_id=by_id[sale.lot_id].owner_id,
            organisation_id=by_id[sale.lot_id].organisation_id,
            terms_id=by_id[sale.lot_id].terms_id,
            quantity=sale.quantity,
        )
        for sale in sales
    ]
