"""Who bears what a gateway keeps of a payment: whom the frozen terms of each sold line name.

Where an order has several, the fee is spread by what each line cost. A payment that bought nothing
(a second one, or one that came too late), a dispute or a payout costs the operator.
"""

from sqlalchemy import select
from sqlalchemy.orm import Session

from cooperatives import consignment
from cooperatives.accounts import own
from cooperatives.ledger import Line as BookLine
from cooperatives.models import Lot, Place
from cooperatives.models.books import Kind
from cooperatives.sharing import by_weight
from core import orgs
from orders import earning
from orders.models import Attempt, Line, Order, Parcel
from sellers.models import Seller


def bearers(db: Session, attempt: Attempt | None, fee: int) -> list[BookLine]:
    """The pages a fee is booked to, each with its part of it."""
    house = orgs.operator_id(db)
    if attempt is None or not attempt.is_capture:
        return [(own(Kind.GATEWAY_FEE, house), fee)]
    rows = db.execute(
        select(Order.channel, Line, Place, Lot.organisation_id, Seller)
        .join(Line, Line.order_id == Order.id)
        .join(Parcel, Parcel.id == Line.parcel_id)
        .join(Place, Place.id == Parcel.place_id)
        .join(Lot, Lot.id == Line.lot_id)
        .join(Seller, Seller.id == Line.seller_id)
        .where(Order.id == attempt.order_id, Line.kind == "goods", Line.total > 0)
        .order_by(Line.position, Line.id)
    ).all()
    if not rows:
        return [(own(Kind.GATEWAY_FEE, house), fee)]
    terms_ids = {line.terms_id for _channel, line, *_rest in rows if line.terms_id is not None}
    terms = consignment.sheets(db, sorted(terms_ids))
    parts = by_weight(fee, [row[1].total for row in rows])
    found: list[BookLine] = []
    for (channel, line, place, organisation_id, seller), part in zip(rows, parts, strict=True):
        assert line.terms_id is not None, "goods have terms"
        payer = consignment.rate(terms[line.terms_id], channel, place.kind).fee_payer
        parties = earning.parties(house, place, organisation_id, seller, line)
        found.append((parties.fee_page(payer), part))
    return found
