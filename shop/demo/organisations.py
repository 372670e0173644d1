"""The demo world's groups, training providers and kiosk, and who holds which right on them."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from sqlalchemy.orm import Session

from cooperatives import members, places
from cooperatives.consignment import DEFAULT_RATES
from cooperatives.members import Founding
from cooperatives.rights import COORDINATE, KEEP, TREASURE
from core import access, audit, clock, orgs
from core.actors import SYSTEM
from core.rights import OPERATE
from sellers.training.rights import TEACH, VERIFY
from shop.demo.cast import Cast, read

MEMBERS_SINCE = timedelta(days=240)  # Long enough to be late with savings.
RATES = {way: replace(rate, affiliate_bp=500) for way, rate in DEFAULT_RATES.items()}
"""As every new cooperative begins, with a share for whoever invites."""
RIGHTS = {right.name: right for right in (COORDINATE, KEEP, TREASURE, TEACH, VERIFY, OPERATE)}


def load(db: Session, cast: Cast) -> None:
    """Found the groups, open providers and kiosk, and give the rights."""
    written = read("organisations")
    cast.organisations["operator"] = orgs.operator_id(db)
    for row in written["groups"]:
        cast.organisations[row["key"]] = _found(db, row)
    for row in written["providers"]:
        cast.organisations[row["key"]] = _open_provider(db, row)
    cast.kiosk_id = _open_kiosk(db, cast, written["kiosk"])
    for row in written["rights"]:
        _give(db, cast, row)
    _join(db, cast)


def _found(db: Session, row: dict[str, Any]) -> int:
    facts = {name: value for name, value in row.items() if name not in ("key", "founded_on")}
    founding = Founding(slug=row["key"], founded_on=date.fromisoformat(row["founded_on"]), **facts)
    return members.found.within(db, actor=SYSTEM, founding=founding, rates=RATES).id


def _open_provider(db: Session, row: dict[str, Any]) -> int:
    provider = orgs.Organisation(
        slug=f"kelas-{row['key']}", name=row["name"], short_name=row["short_name"], kind="provider"
    )
    db.add(provider)
    db.flush()
    audit.record(db, SYSTEM, "provider.open", "organisation", provider.id)
    return provider.id


def _open_kiosk(db: Session, cast: Cast, row: dict[str, Any]) -> int:
    named = {"key", "organisation", "name"}
    kiosk = places.open_place.within(
        db,
        actor=SYSTEM,
        kind="kiosk",
        organisation_id=cast.organisations[row["organisation"]],
        slug=row["key"],
        name=row["name"],
        more={name: value for name, value in row.items() if name not in named},
    )
    cast.organisations[row["key"]] = kiosk.id  # Rights on a place are given by the same rows.
    return kiosk.id


def _give(db: Session, cast: Cast, row: dict[str, str]) -> None:
    access.give.within(
        db,
        actor=SYSTEM,
        person_id=cast.people[row["person"]],
        right=RIGHTS[row["right"]],
        subject_id=cast.organisations[row["on"]],
        evidence="demo",
    )


def _join(db: Session, cast: Cast) -> None:
    """Everybody who belongs to a group becomes its member."""
    for row in read("people")["people"]:
        if row["organisation"] is not None:
            members.join.within(
                db,
                actor=SYSTEM,
                cooperative_id=cast.organisations[row["organisation"]],
                person_id=cast.people[row["key"]],
                joined_on=clock.today() - MEMBERS_SINCE,
            )
