"""What the kiosk expects for a big order, what has come, and that nobody else buys it.

The kiosk takes it in like any other goods: each share is an offer to bring, its *nota titip* makes
lots under their owner's name, and these are kept under the document `big_order`.
"""

from collections.abc import Sequence
from datetime import datetime
from uuid import uuid4

from sqlalchemy import BigInteger, String, cast, func, select, tuple_, update
from sqlalchemy.orm import Session, aliased

from cooperatives import holds, levels
from cooperatives.allocation import Pick
from cooperatives.big_orders.states import Share, State
from cooperatives.holds import Doc
from cooperatives.models import (
    BigOrder,
    BigShare,
    ConsignNote,
    ConsignNoteLine,
    Hold,
    Level,
    Movement,
)
from cooperatives.receiving import offers
from core.actors import Actor
from core.db import Reader

KIND = "big_order"
NOTE = "consign_note"
SOLD = "sold"


def doc_of(order_id: int) -> Doc:
    """The name under which stock knows a big order."""
    return Doc(KIND, str(order_id))


def shares_of(db: Session, order_id: int) -> Sequence[BigShare]:
    """All shares of an order, round by round, in turn."""
    query = select(BigShare).where(BigShare.big_order_id == order_id)
    return db.scalars(query.order_by(BigShare.round, BigShare.id)).all()


def expect(
    db: Session, actor: Actor, order: BigOrder, share: BigShare, missing: int | None = None
) -> None:
    """The kiosk sees who brings what and when: all of a share, or what is `missing` of it."""
    offer_id = share.offer_id or uuid4()
    offers.expect(
        db,
        actor=actor,
        offer_id=offer_id,
        seller_id=share.seller_id,
        place_id=order.place_id,
        day=order.due_on,
        units={share.variant_id: missing or share.agreed or 0},
    )
    share.offer_id = offer_id


def expect_no_more(db: Session, actor: Actor, share: BigShare) -> None:
    """She brings nothing more of it; what has come stays."""
    if share.offer_id is not None:
        offers.expect_no_more(db, actor=actor, offer_id=share.offer_id)


def lots(db: Reader, order_ids: Sequence[int]) -> list[tuple[int, int, int, int]]:
    """What has come: (order, share, lot, pieces), as the notes say it after their corrections."""
    twin = aliased(Movement)
    query = (
        select(
            BigShare.big_order_id,
            BigShare.id,
            ConsignNoteLine.lot_id,
            cast(func.sum(Movement.quantity), BigInteger),
        )
        .join(ConsignNote, ConsignNote.offer_id == BigShare.offer_id)
        .join(
            ConsignNoteLine,
            (ConsignNoteLine.note_id == ConsignNote.id)
            & (ConsignNoteLine.variant_id == BigShare.variant_id),
        )
        .join(
            Movement,
            (Movement.doc_type == NOTE)
            & (Movement.doc_id == cast(ConsignNote.id, String))
            & (Movement.lot_id == ConsignNoteLine.lot_id)
            & (Movement.kind == "receive"),
        )
        .where(BigShare.big_order_id.in_(order_ids))
        .where(~select(twin.id).where(twin.reverses_id == Movement.id).exists())
        .group_by(BigShare.big_order_id, BigShare.id, ConsignNoteLine.lot_id)
        .order_by(ConsignNoteLine.lot_id)
    )
    return [(row[0], row[1], row[2] or 0, row[3]) for row in db.execute(query)]


def collected(db: Reader, order_ids: Sequence[int]) -> dict[int, int]:
    """Pieces that have come, by share."""
    found: dict[int, int] = {}
    for _order_id, share_id, _lot_id, units in lots(db, order_ids):
        found[share_id] = found.get(share_id, 0) + units
    return found


def keep(db: Session, order: BigOrder) -> int:
    """Keep what has come and is free, as far as it was agreed; returns how many pieces are kept.

    What has been sold to whoever ordered is hers by her order, and not kept here again.
    """
    agreed = {share.id: share.agreed or 0 for share in shares_of(db, order.id)}
    came = lots(db, [order.id])
    pairs = [(lot_id, order.place_id) for _order, _share, lot_id, _units in came]
    standings = {
        one.lot_id: one for one in levels.lock(db, tuple_(Level.lot_id, Level.place_id).in_(pairs))
    }
    kept = _kept(db, order.id)
    for _order_id, share_id, lot_id, units in came:
        standing = standings.get(lot_id)
        room = min(units, agreed[share_id]) - kept.get(lot_id, 0)
        more = 0 if standing is None else min(room, standing.unpromised)
        if standing is not None and more > 0:
            standing.reserved += more
            standing.counter_kept = min(standing.counter_kept, standing.unpromised)
            db.add(_hold(order, lot_id, more))
            kept[lot_id] = kept.get(lot_id, 0) + more
        agreed[share_id] -= min(kept.get(lot_id, 0), agreed[share_id])
    levels.write(db, standings.values())
    db.flush()
    return sum(kept.values())


def arrived(db: Session, actor: Actor, note: ConsignNote) -> None:
    """A note was written, or corrected: keep what came of a binding plan, and expect the rest."""
    if note.offer_id is None:
        return
    share = db.scalar(select(BigShare).where(BigShare.offer_id == note.offer_id))
    if share is None:
        return
    order = db.get_one(BigOrder, share.big_order_id, with_for_update=True, populate_existing=True)
    if order.state not in (State.AGREED, State.ASKING) or share.state != Share.YES:
        return
    keep(db, order)
    missing = (share.agreed or 0) - collected(db, [order.id]).get(share.id, 0)
    if missing > 0:
        expect(db, actor, order, share, missing)
    else:
        expect_no_more(db, actor, share)


def let_go_lot(db: Session, lot_id: int) -> None:
    """A lot is counted again: what big orders keep of it is free until that is done."""
    found = holds.lock_open(db, Hold.doc_type == KIND, Hold.lot_id == lot_id)
    for hold in found.holds:
        found.under(hold).reserved -= hold.quantity
        holds.end(db, hold, "corrected")
    levels.write(db, found.standings.values())


def _hold(order: BigOrder, lot_id: int, units: int) -> Hold:
    doc = doc_of(order.id)
    return Hold(
        lot_id=lot_id,
        place_id=order.place_id,
        quantity=units,
        state="allocated",
        doc_type=doc.kind,
        doc_id=doc.id,
        buyer_key=f"{KIND}:{order.id}",
    )


def _kept(db: Session, order_id: int) -> dict[int, int]:
    """Pieces of each lot that are kept now, or were sold to whoever ordered."""
    is_hers = Hold.state.in_(holds.OPEN) | (Hold.reason == SOLD)
    query = select(Hold.lot_id, Hold.quantity).where(holds.of_doc(doc_of(order_id)), is_hers)
    found: dict[int, int] = {}
    for lot_id, units in db.execute(query):
        found[lot_id] = found.get(lot_id, 0) + units
    return found


def kept(db: Reader, order_id: int) -> int:
    """Pieces that wait for whoever ordered."""
    query = select(func.coalesce(func.sum(Hold.quantity), 0))
    query = query.where(holds.of_doc(doc_of(order_id)), Hold.state.in_(holds.OPEN))
    return int(db.execute(query).scalar_one())


def let_go(db: Session, order_id: int) -> int:
    """What was kept is free for everybody; returns how many pieces."""
    return holds.release(db, doc_of(order_id), "let go")


def pass_on(
    db: Session, order: BigOrder, *, to: Doc, until: datetime, buyer_key: str
) -> list[Pick]:
    """What is kept is promised to a buyer under her own paper, lot by lot; nothing leaves."""
    found = holds.lock_open(db, holds.of_doc(doc_of(order.id)))
    units: dict[tuple[int, int], int] = {}
    for hold in found.holds:
        spot = (hold.lot_id, hold.place_id)
        units[spot] = units.get(spot, 0) + hold.quantity
        holds.end(db, hold, SOLD)
    for (lot_id, place_id), quantity in units.items():
        db.add(
            Hold(
                lot_id=lot_id,
                place_id=place_id,
                quantity=quantity,
                state="held",
                until=until,
                doc_type=to.kind,
                doc_id=to.id,
                buyer_key=buyer_key,
            )
        )
    db.flush()
    return [Pick.of(found.standings[spot], quantity) for spot, quantity in units.items()]


def keep_again(db: Session, order: BigOrder) -> int:
    """The buyer's paper has ended without her goods: keep what is still free of them."""
    sold = update(Hold).where(holds.of_doc(doc_of(order.id)), Hold.reason == SOLD)
    db.execute(sold.values(reason="came back"))
    order.sold_as = None
    return keep(db, order)
