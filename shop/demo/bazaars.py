"""Bazaars of the demo world: one that is over, with what was learnt, and one that is planned."""

from typing import Any

from sqlalchemy import update
from sqlalchemy.orm import Session

from cooperatives.bazaars import closing, costs, notes, planning, seats
from cooperatives.bazaars.planning import Plan
from cooperatives.models import Bazaar, BazaarSeat
from cooperatives.rights import KEEP
from core import access
from core.actors import SYSTEM
from shop.demo.cast import Cast, act_id, day, read

WHY = "Dipilih rapat anggota."


def hold(db: Session, cast: Cast) -> None:
    """Plan both, in the order of days, so that the second one knows whose turn it is."""
    for row in read("bazaars")["bazaars"]:
        _hold(db, cast, row)


def _hold(db: Session, cast: Cast, row: dict[str, Any]) -> None:
    fields = ("name", "spot", "district_code", "hours")
    bazaar = planning.plan.within(
        db,
        actor=SYSTEM,
        organisation_id=cast.organisations[row["host"]],
        wish=Plan(
            **{field: row[field] for field in fields},
            starts_on=day(row["starts_on"]),
            ends_on=day(row["ends_on"]),
            slots=sum(row["quota"].values()),
        ),
    )
    _invite(db, cast, bazaar, row)
    _seat(db, cast, bazaar.id, row)
    for number, (what, amount) in enumerate(row["costs"]):
        costs.write.within(
            db,
            actor=SYSTEM,
            cost_id=act_id("bazaar", row["key"], number),
            bazaar_id=bazaar.id,
            what=what,
            amount=amount,
        )
    for key, text in row["notes"]:
        notes.write.within(
            db,
            actor=cast.actor(key),
            bazaar_id=bazaar.id,
            seller_id=cast.shops[key],
            text=text,
        )
    if row["is_over"]:
        closing.close.within(db, actor=SYSTEM, bazaar_id=bazaar.id)
    else:
        access.give.within(
            db,
            actor=SYSTEM,
            person_id=cast.people[row["cashier"]],
            right=KEEP,
            subject_id=bazaar.place_id,
            evidence="demo",
        )


def _invite(db: Session, cast: Cast, bazaar: Bazaar, row: dict[str, Any]) -> None:
    for group, quota in row["quota"].items():
        guest = cast.organisations[group]
        if guest != bazaar.organisation_id:
            planning.invite.within(
                db, actor=SYSTEM, bazaar_id=bazaar.id, organisation_id=guest, quota=quota
            )
            planning.answer.within(
                db, actor=SYSTEM, bazaar_id=bazaar.id, organisation_id=guest, accepts=True
            )


def _seat(db: Session, cast: Cast, bazaar_id: int, row: dict[str, Any]) -> None:
    for key in [*row["joined"], *row["reserve"]]:
        seats.ask.within(db, actor=SYSTEM, bazaar_id=bazaar_id, seller_id=cast.shops[key])
    db.flush()
    for key in row["joined"]:
        seller_id = cast.shops[key]
        seats.choose.within(db, actor=SYSTEM, bazaar_id=bazaar_id, seller_id=seller_id, why=WHY)
    waiting = [cast.shops[key] for key in row["reserve"]]
    left = update(BazaarSeat).where(BazaarSeat.seller_id.in_(waiting))
    db.execute(left.where(BazaarSeat.bazaar_id == bazaar_id).values(state="reserve"))
