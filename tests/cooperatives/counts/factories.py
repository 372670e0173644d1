"""Counts of a shelf, as keepers make them."""

import uuid

from cooperatives.counter import Scan
from cooperatives.counts import closing, counting, reading
from cooperatives.models import StockCount
from cooperatives.rights import COORDINATE, KEEP
from core import acts, clock
from core.actors import SYSTEM
from core.db import db
from tests.cooperatives.factories import a_doc, level, sell
from tests.factories import an_actor, give

people = iter(range(1_000))


def a_keeper(place, right=KEEP):
    n = next(people)
    actor = an_actor(f"Penjaga {n}", phone=f"+62840{n:08}")
    give(actor, right, place.id if right is KEEP else place.organisation_id)
    return actor


def a_coordinator(place):
    return a_keeper(place, COORDINATE)


def opened(place, keeper, **more):
    made = counting.open_count(actor=keeper, count_id=uuid.uuid4(), place_id=place.id, **more)
    return made.id


def write(count_id, keeper, *, at=None, act_id=None, **more):
    """An act as a phone sends it; `numbers` are by lot."""
    numbers = more.pop("numbers", {})
    content = {"count": str(count_id), **{f"angka-{lot.id}": str(n) for lot, n in numbers.items()}}
    now = clock.now()
    claimed = acts.believe(at or now, now)
    return acts.carry_out(
        actor=keeper, act_id=act_id or uuid.uuid4(), kind=counting.ACT,
        content=content | more, claimed=claimed,
    )  # fmt: skip


def rows(count_id):
    db.session.expire_all()
    return {
        row.lot_id: row for row in reading.rows(db.session, db.session.get(StockCount, count_id))
    }


def post(count_id, actor, *, saw=None, seen=None):
    """Post what the page shows now, or showed when it had seen `saw`."""
    saw = closing.last_movement(db.session) if saw is None else saw
    seen = closing.digest(list(rows(count_id).values()), saw) if seen is None else seen
    return closing.finish(actor=actor, count_id=count_id, page_saw=saw, seen=seen)


def decide(count_id, actor, *, choices=None, reasons=None, saw=None):
    saw = closing.last_movement(db.session) if saw is None else saw
    closing.decide(
        actor=actor, count_id=count_id, page_saw=saw,
        choices={lot.id: said for lot, said in (choices or {}).items()},
        reasons={lot.id: said for lot, said in (reasons or {}).items()},
    )  # fmt: skip


def sold(lot, place, units=1, at=None):
    """The till sells from that lot."""
    return sell(
        actor=SYSTEM, place_id=place.id, lines=[Scan(lot.variant_id, units, lot_id=lot.id)],
        doc=a_doc(), device_at=at,
    )  # fmt: skip


def posted_short(kiosk, lot, keeper, units=1, reason="lost"):
    """A count that found fewer than were on record, for a reason."""
    count_id = opened(kiosk, keeper)
    write(count_id, keeper, numbers={lot: level(lot, kiosk)[0] - units})
    decide(count_id, keeper, reasons={lot: reason})
    post(count_id, keeper)
    return count_id
