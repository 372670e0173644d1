"""Loads the demo world once, on an empty database, in the order in which a real house fills.

It moves in within one transaction: all of it, or nothing. Orders are then answered one by one,
each once, and what a crash left open is answered by the next run.
"""

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from core.db import in_transaction
from shop.demo import (
    activity,
    bazaars,
    big_orders,
    bringing,
    claims,
    counting,
    half_hour,
    helping,
    listings,
    orders,
    organisations,
    packages,
    people,
    pictures,
    settling,
    sharing,
    shops,
    stock,
    training,
    translations,
    travelling,
)
from shop.demo.cast import Cast


def load() -> bool:
    """Load what is missing; says whether it did anything. Elsewhere, where people live, nothing."""
    moved_in = _move_in()
    answered = orders.answer_all() + claims.tell_all() + helping.agree_all()
    answered += settling.settle_all() + half_hour.leave()
    return bool(answered) or moved_in


@in_transaction()
def _move_in(db: Session) -> bool:
    """Goods that travel are sold before the kiosk has any, so that its shelf stays as written."""
    db.execute(select(func.pg_advisory_xact_lock(func.hashtext("shop.demo"))))
    if not people.is_empty(db):
        return False
    cast = Cast(people.load(db))
    organisations.load(db, cast)
    shops.load(db, cast)
    listings.load(db, cast)
    translations.load(db, cast)
    training.load(db, cast)
    sharing.load(db, cast)
    orders.load_rates(db)
    stock.bring_home(db, cast)
    orders.place(db, cast, picked_up=False)
    stock.fill_kiosk(db, cast)
    bringing.say(db, cast)
    bazaars.hold(db, cast)
    big_orders.share_out(db, cast)
    orders.place(db, cast, picked_up=True)
    counting.count(db, cast)
    packages.offer(db, cast)
    travelling.send(db, cast)
    settling.choose_ways(db, cast)
    activity.report(db, cast)
    pictures.ask_for_first(db)
    return True
