"""The people of the demo world, all fictional, and how to sign in as one of them."""

from datetime import time
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from core import access, audit, orgs
from core.actors import SYSTEM
from core.people import Person
from core.rights import OPERATE
from core.signin import HASHER
from shop.demo.cast import read

PIN = "274951"  # Of every demo person; the numbers under +62 840 belong to nobody.
SHOWN_ROLES = ("buyer", "seller", "keeper", "coordinator", "treasurer", "facilitator", "operator")


def load(db: Session) -> dict[str, int]:
    """Write the people and their operators' rights; returns ids by demo key."""
    pin_hash = HASHER.hash(PIN)
    written = {row["key"]: _person(db, row, pin_hash) for row in read("people")["people"]}
    house = orgs.operator(db)
    for row in read("people")["people"]:
        if "operator" in row["roles"]:
            person_id = written[row["key"]].id
            access.give.within(
                db,
                actor=SYSTEM,
                person_id=person_id,
                right=OPERATE,
                subject_id=house.id,
                evidence="demo",
            )
    audit.record(db, SYSTEM, "demo.people", "demo", 1, count=len(written))
    return {key: person.id for key, person in written.items()}


def _hours(row: dict[str, Any]) -> tuple[time, time] | tuple[None, None]:
    """When she is not to be disturbed, such as 18.00-20.00."""
    if "quiet_hours" not in row:
        return None, None
    begin, end = row["quiet_hours"].replace(".", ":").split("-")
    return time.fromisoformat(begin), time.fromisoformat(end)


def _person(db: Session, row: dict[str, Any], pin_hash: str) -> Person:
    quiet_from, quiet_until = _hours(row)
    person = Person(
        name=row["name"],
        call_me=row["call_me"],
        phone=row["phone"],
        languages=row["languages"],
        channel="whatsapp" if row["phone"] else "paper",
        quiet_from=quiet_from,
        quiet_until=quiet_until,
        pin_hash=pin_hash if row["phone"] else None,
    )
    db.add(person)
    db.flush()
    return person


def is_empty(db: Session) -> bool:
    """Whether nobody lives here yet: only then may the demo world move in."""
    return db.scalar(select(Person.id).limit(1)) is None


def sign_ins() -> list[str]:
    """One line per role: who, her number and the PIN of the demo."""
    lines = []
    for role in SHOWN_ROLES:
        row = next(r for r in read("people")["people"] if role in r["roles"] and r["phone"])
        number = row["phone"].replace("+62", "0", 1)
        lines.append(f"  {role:12} {row['call_me']:12} {number}  PIN {PIN}")
    return lines
