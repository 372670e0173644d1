"""Big orders of the demo world: one that is being made, one that waits for answers."""

from datetime import timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from cooperatives.big_orders import asking, keeping, making, planning, rules
from cooperatives.big_orders.planning import Wish
from core import clock
from core.actors import SYSTEM
from sellers.models import Category
from shop.demo.cast import Cast, read

HOURS = 48


def share_out(db: Session, cast: Cast) -> None:
    """Write each down, ask its makers, and let some answer; the calendar runs from today."""
    for row in read("big_orders")["big_orders"]:
        _share_out(db, cast, row)


def _share_out(db: Session, cast: Cast, row: dict[str, Any]) -> None:
    first = clock.today() + timedelta(days=row["begins"])
    last = first + timedelta(days=row["days"] - 1)
    category = db.scalars(select(Category.id).where(Category.slug == row["category"])).one()
    order = planning.write_down.within(
        db,
        actor=SYSTEM,
        organisation_id=cast.organisations[row["group"]],
        wish=Wish(row["what"], row["wanted"], category, cast.kiosk_id, first, last),
    )
    every = rules.days(first, last)
    planning.propose.within(
        db,
        actor=SYSTEM,
        order_id=order.id,
        variant_ids=[cast.variants[key] for key in row["goods"]],
        rainy=[every[n - 1] for n in row["rain"]],
    )
    asking.ask.within(db, actor=SYSTEM, order_id=order.id, hours=HOURS)
    asked = {share.seller_id: share for share in keeping.shares_of(db, order.id)}
    for key, units in row["answers"].items():
        share = asked[cast.shops[key]]
        asking.answer.within(
            db, actor=cast.actor(key), share_id=share.id, units=min(units, share.units)
        )
    if row["sealed"]:
        asking.seal.within(db, actor=SYSTEM, order_id=order.id, gap_is_told=True)
    for key, units in row["ready"].items():
        share = asked[cast.shops[key]]
        making.say_ready.within(db, actor=cast.actor(key), share_id=share.id, ready=units)
