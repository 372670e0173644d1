"""Goods of the demo world that are on their way: a maker sent them to the kiosk by bus."""

from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from cooperatives import places
from cooperatives.models import Level, Lot
from cooperatives.shelf import shipments
from core import clock
from shop.demo.cast import Cast, act_id

SENDER, PRODUCT, UNITS = "s10", "p25", 6


def send(db: Session, cast: Cast) -> None:
    """They left two hours ago; the keeper takes them in, or says what is lost."""
    home = places.home_of(db, cast.shops[SENDER])
    lot_id = db.scalar(
        select(Lot.id)
        .join(Level, Level.lot_id == Lot.id)
        .where(Lot.variant_id == cast.variants[PRODUCT], Level.place_id == home.id)
    )
    shipments.send(
        db,
        actor=cast.actor(SENDER),
        act_id=act_id("shipment", SENDER, PRODUCT),
        at=clock.now() - timedelta(hours=2),
        content={
            "place": str(home.id),
            "to": str(cast.kiosk_id),
            f"jumlah-{lot_id}": str(UNITS),
        },
    )
