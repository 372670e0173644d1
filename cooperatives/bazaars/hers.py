"""The bazaars that a maker hears of: those her cooperative takes part in."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from cooperatives.models import Bazaar, BazaarGroup, BazaarSeat
from core.errors import NotFound
from sellers.models import Seller

MOST = 50


def list_of(db: Session, shop: Seller) -> Sequence[Any]:
    """Each bazaar with the state of her seat, the newest first."""
    query = (
        select(Bazaar, BazaarSeat.state)
        .join(BazaarGroup, BazaarGroup.bazaar_id == Bazaar.id)
        .outerjoin(
            BazaarSeat, (BazaarSeat.bazaar_id == Bazaar.id) & (BazaarSeat.seller_id == shop.id)
        )
        .where(BazaarGroup.organisation_id == shop.organisation_id)
        .where(BazaarGroup.state == "accepted")
        .order_by(Bazaar.starts_on.desc(), Bazaar.id.desc())
        .limit(MOST)
    )
    return db.execute(query).all()


def get(db: Session, shop: Seller, bazaar_id: int) -> Bazaar:
    """One of these; raises NotFound."""
    group = db.get(BazaarGroup, (bazaar_id, shop.organisation_id))
    if group is None or group.state != "accepted":
        raise NotFound
    return db.get_one(Bazaar, bazaar_id)
