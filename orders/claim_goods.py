"""The goods of claims: other ones promised and handed over for nothing, and bad ones coming back.

The claim itself is the paper for both: its holds and movements carry its id, and the order's own
stay as they were.
"""

from collections.abc import Mapping
from typing import Any, NamedTuple

from flask_babel import lazy_gettext as _
from sqlalchemy.orm import Session

from cooperatives import goods, holds, replacements
from cooperatives import handover as goods_out
from cooperatives.goods import Portion
from cooperatives.holds import Doc
from cooperatives.replacements import Wanted
from core import clock
from core.actors import Actor
from core.errors import DomainError
from orders import claim_money
from orders.models import Claim
from orders.parcels import Handled

KIND, RETURNED = "claim", "retur pembeli"


class Back(NamedTuple):
    """Pieces of one line that came back: good enough to sell again, or not."""

    good: int = 0
    waste: int = 0


class OddBack(DomainError):
    """More came back than was claimed, or nothing did."""

    sentence = _("Jumlah yang kembali tidak bisa lebih dari yang diadukan.")


def doc_of(claim: Claim) -> Doc:
    """The name under which stock knows a claim's promises."""
    return Doc(KIND, str(claim.id))


def promise(db: Session, handled: Handled, claim: Claim) -> None:
    """Hold other goods of the same makers for this claim. Raises OutOfStock."""
    wanted = [
        Wanted(line.lot_id, row.granted)
        for row, line in claim_money.rows_of(db, claim)
        if row.granted and line.lot_id
    ]
    key = f"claim:{claim.id}"
    replacements.promise(db, doc_of(claim), handled.place.id, wanted, buyer_key=key)


def release(db: Session, claim: Claim, reason: str) -> None:
    """Let go what is still held for a claim."""
    holds.release(db, doc_of(claim), reason)


def give(db: Session, actor: Actor, handled: Handled, claim: Claim, tracking: str) -> None:
    """The other goods leave; who bears it pays the maker. Raises NotPromised, TooOldToHandOver."""
    goods_out.consume(db, actor=actor, doc=doc_of(claim), place_id=handled.place.id)
    claim.replaced_at, claim.tracking_number = clock.now(), tracking.strip().upper()
    db.flush()
    claim_money.make_good(db, actor, handled, claim)


def take_back(
    db: Session, actor: Actor, handled: Handled, claim: Claim, came: Mapping[int, Back]
) -> None:
    """Pieces come back to the lot and place they left; what cannot be sold is written off.

    The actor tends the place. Raises OddBack, NotFound and what the stock raises.
    """
    rows = claim_money.rows_of(db, claim)
    known = {row.line_id: row for row, _line in rows}
    if not any(sum(back) for back in came.values()) or came.keys() - known.keys():
        raise OddBack
    for line_id, back in came.items():
        row = known[line_id]
        row.back_good, row.back_waste = back
        if min(back) < 0 or sum(back) > row.quantity:
            raise OddBack
    place_id = handled.place.id
    back_now = [
        Portion(line.lot_id or 0, row.back_good + row.back_waste)
        for row, line in rows
        if row.back_good + row.back_waste
    ]
    lost = [Portion(line.lot_id or 0, row.back_waste) for row, line in rows if row.back_waste]
    told: dict[str, Any] = {"actor": actor, "place_id": place_id, "reason": RETURNED}
    goods.take_back.within(db, doc=Doc("claim_back", str(claim.id)), portions=back_now, **told)
    if lost:
        goods.write_off.within(db, doc=Doc("claim_waste", str(claim.id)), portions=lost, **told)
    claim.back_at = clock.now()
    db.flush()
