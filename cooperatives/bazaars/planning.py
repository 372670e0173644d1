"""A bazaar is planned: when, where, how many places, who is invited, how costs are shared."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask_babel import lazy_gettext as _
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from cooperatives import places
from cooperatives.bazaars import sight
from cooperatives.models import Bazaar, BazaarGroup, BazaarSeat, Cooperative, Place
from cooperatives.rights import COORDINATE, TREASURE, require_board
from core import access, audit, clock
from core.actors import Actor
from core.db import Reader, in_transaction
from core.errors import Conflict, DomainError, NotFound
from core.orgs import Organisation
from core.words import slug
from sellers.models import Seller

SLOTS_MAX = 200
PAGE = 20


class WrongDays(DomainError):
    """It would end before it begins."""

    sentence = _("Hari terakhir tidak boleh sebelum hari pertama.")


class TooManySlots(DomainError):
    """More places are given away than there are."""

    sentence = _("Tempatnya tidak cukup. Kurangi dulu jatah kelompok lain.")


class AlreadyClosed(Conflict):
    """Nothing is changed at a bazaar that was closed."""

    sentence = _("Bazar ini sudah ditutup.")


@dataclass(frozen=True, slots=True)
class Plan:
    """What is written down when a bazaar is planned."""

    name: str
    spot: str
    starts_on: date
    ends_on: date
    slots: int
    district_code: str = ""
    hours: str = ""
    shared_by: str = "slots"
    lost_by: str = "owner"


@in_transaction(retries=3)
def plan(db: Session, *, actor: Actor, organisation_id: int, wish: Plan) -> Bazaar:
    """Plan a bazaar and open its box; all places are the host's until others are invited.

    Raises WrongDays, TooManySlots, NotFound.
    """
    require_board(db, actor, organisation_id)
    if db.get(Cooperative, organisation_id) is None:
        raise NotFound
    if wish.ends_on < wish.starts_on:
        raise WrongDays
    if not 0 < wish.slots <= SLOTS_MAX:
        raise TooManySlots
    box = places.open_place.within(
        db,
        actor=actor,
        kind="bazaar",
        organisation_id=organisation_id,
        slug=_free_slug(db, f"bazar-{slug(wish.name)}-{wish.starts_on:%Y-%m-%d}"),
        name=wish.name,
        more={"district_code": wish.district_code, "landmark": wish.spot},
    )
    bazaar = Bazaar(
        organisation_id=organisation_id,
        place_id=box.id,
        **{field: getattr(wish, field) for field in wish.__slots__},
    )
    db.add(bazaar)
    db.flush()
    now = clock.now()
    db.add(
        BazaarGroup(
            bazaar_id=bazaar.id,
            organisation_id=organisation_id,
            quota=wish.slots,
            state="accepted",
            answered_at=now,
        )
    )
    audit.record(db, actor, "bazaar.planned", "bazaar", bazaar.id, slots=wish.slots)
    return bazaar


def _free_slug(db: Session, wanted: str) -> str:
    wanted = wanted[:70]
    query = select(func.count()).where(Place.slug.like(f"{wanted}%"))
    taken = db.scalar(query) or 0
    return f"{wanted}-{taken + 1}" if taken else wanted


@in_transaction(retries=3)
def invite(
    db: Session, *, actor: Actor, bazaar_id: int, organisation_id: int, quota: int
) -> BazaarGroup:
    """Invite another cooperative for so many places; they are taken from the host's own.

    Inviting again changes the number. Raises TooManySlots, AlreadyClosed, NotFound.
    """
    bazaar = still_open(sight.as_host(db, actor, bazaar_id))
    if organisation_id == bazaar.organisation_id or db.get(Cooperative, organisation_id) is None:
        raise NotFound
    hosts = db.get_one(BazaarGroup, (bazaar.id, bazaar.organisation_id))
    group = db.get(BazaarGroup, (bazaar.id, organisation_id))
    before = group.quota if group and group.state != "declined" else 0
    left = hosts.quota + before - quota
    if left < joined(db, bazaar.id, hosts.organisation_id):
        raise TooManySlots
    if quota < joined(db, bazaar.id, organisation_id):
        raise TooManySlots
    hosts.quota = left
    if group is None:
        group = BazaarGroup(bazaar_id=bazaar.id, organisation_id=organisation_id, quota=quota)
        db.add(group)
    elif group.state == "declined":
        group.state = "invited"
    group.quota = quota
    audit.record(db, actor, "bazaar.invited", "bazaar", bazaar.id, organisation=organisation_id)
    return group


@in_transaction(retries=3)
def answer(
    db: Session, *, actor: Actor, bazaar_id: int, organisation_id: int, accepts: bool
) -> None:
    """An invited cooperative accepts, or declines and gives its places back. Raises NotFound."""
    found = sight.of(db, actor, bazaar_id, lock=True)
    bazaar = still_open(found.bazaar)
    group = db.get(BazaarGroup, (bazaar.id, organisation_id))
    if organisation_id not in found.leads or group is None or group.state != "invited":
        raise NotFound
    group.state, group.answered_at = ("accepted" if accepts else "declined"), clock.now()
    if not accepts:
        db.get_one(BazaarGroup, (bazaar.id, bazaar.organisation_id)).quota += group.quota
        group.quota = 0
    audit.record(db, actor, f"bazaar.{group.state}", "bazaar", bazaar.id, group=organisation_id)


def still_open(bazaar: Bazaar) -> Bazaar:
    """The bazaar, unless it was closed; raises AlreadyClosed."""
    if bazaar.closed_at is not None:
        raise AlreadyClosed
    return bazaar


def joined(db: Session, bazaar_id: int, organisation_id: int) -> int:
    """Places that members of a cooperative have been given."""
    query = (
        select(func.coalesce(func.sum(BazaarSeat.slots), 0))
        .join(Seller, Seller.id == BazaarSeat.seller_id)
        .where(BazaarSeat.bazaar_id == bazaar_id, BazaarSeat.state == "joined")
        .where(Seller.organisation_id == organisation_id)
    )
    return int(db.scalar(query) or 0)


def list_for_boards(
    db: Session, actor: Actor, *, asked: str = "", page: int = 1
) -> tuple[Sequence[Bazaar], bool]:
    """Bazaars that the actor's cooperatives take part in, the newest first; whether more follow."""
    boards = access.subjects(db, actor, COORDINATE, TREASURE)
    part = select(BazaarGroup.bazaar_id).where(
        BazaarGroup.organisation_id.in_(boards), BazaarGroup.state != "declined"
    )
    query = select(Bazaar).where(Bazaar.id.in_(part))
    if asked:
        pattern = f"%{asked}%"
        query = query.where(Bazaar.name.ilike(pattern) | Bazaar.spot.ilike(pattern))
    query = query.order_by(Bazaar.starts_on.desc(), Bazaar.id.desc())
    found = db.scalars(query.limit(PAGE + 1).offset(PAGE * (page - 1))).all()
    return found[:PAGE], len(found) > PAGE


def groups_of(db: Reader, bazaar_id: int) -> Sequence[Any]:
    """Who holds the bazaar together: organisation_id, name, quota, state."""
    query = (
        select(
            BazaarGroup.organisation_id,
            Organisation.short_name.label("name"),
            BazaarGroup.quota,
            BazaarGroup.state,
        )
        .join(Organisation, Organisation.id == BazaarGroup.organisation_id)
        .where(BazaarGroup.bazaar_id == bazaar_id)
        .order_by(Organisation.short_name)
    )
    return db.execute(query).all()


def may_be_invited(db: Reader, bazaar_id: int) -> list[tuple[int, str]]:
    """Cooperatives that are not at this bazaar yet."""
    there = select(BazaarGroup.organisation_id).where(
        BazaarGroup.bazaar_id == bazaar_id, BazaarGroup.state != "declined"
    )
    query = (
        select(Organisation.id, Organisation.short_name)
        .join(Cooperative, Cooperative.id == Organisation.id)
        .where(Organisation.closed_at.is_(None), Organisation.id.not_in(there))
        .order_by(Organisation.short_name)
    )
    return [(row.id, row.short_name) for row in db.execute(query)]
