"""Cooperatives and their members: founding, joining, leaving, and who helps a member in need."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import ColumnElement, exists, func, or_, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from cooperatives import consignment
from cooperatives.consignment import DEFAULT_RATES
from cooperatives.fair_terms import Rates
from cooperatives.models.members import Cooperative, Membership
from cooperatives.rights import COORDINATE, TREASURE
from core import access, audit, clock, orgs, tasks
from core.actors import SYSTEM, Actor
from core.db import PAGE_SIZE_MAX, Reader, in_transaction
from core.errors import DomainError, NotFound
from core.jobs import job
from core.people import Person, get_person
from core.rights import OPERATE
from sellers.models import Seller

HELP_WITH_PIN = tasks.declare(
    "cooperatives.help_with_pin", _l("%(call_me)s lupa PIN. Temui beliau dan buatkan PIN baru.")
)


class NameTaken(DomainError):
    """Another organisation has this short address already."""

    sentence = _l("Alamat pendek ini sudah dipakai. Pilih yang lain.")


class LeftBeforeJoining(DomainError):
    """Nobody leaves before she has joined."""

    sentence = _l("Tanggal keluar tidak boleh sebelum tanggal masuk.")


@dataclass(frozen=True)
class Founding:
    """What is written down when a cooperative, or a joint group, begins."""

    slug: str
    name: str
    short_name: str
    kind: str = "cooperative"
    founded_on: date | None = None
    village: str = ""
    district_code: str = ""
    landmark: str = ""
    group_values: Sequence[str] = ()
    story: str = ""
    story_en: str = ""


@in_transaction()
def found(
    db: Session, *, actor: Actor, founding: Founding, rates: Rates = DEFAULT_RATES
) -> Cooperative:
    """Open a cooperative with its first terms; needs the operator's right. Raises NameTaken.

    The terms count from its founding day, so that goods from before it joined us can be written.
    """
    access.require(db, actor, OPERATE, orgs.operator_id(db))
    assert founding.kind in ("cooperative", "joint_group"), founding.kind
    organisation_id = db.scalar(
        insert(orgs.Organisation)
        .values(
            slug=founding.slug,
            name=founding.name,
            short_name=founding.short_name,
            kind=founding.kind,
            created_at=clock.now(),
        )
        .on_conflict_do_nothing()
        .returning(orgs.Organisation.id)
    )
    if organisation_id is None:
        raise NameTaken
    cooperative = _extended(organisation_id, founding)
    db.add(cooperative)
    db.flush()
    consignment.add_version(
        db,
        actor=actor,
        organisation_id=organisation_id,
        valid_from=founding.founded_on or clock.today(),
        rates=rates,
    )
    audit.record(db, actor, "cooperative.found", "organisation", organisation_id)
    return cooperative


def _extended(organisation_id: int, founding: Founding) -> Cooperative:
    return Cooperative(
        id=organisation_id,
        founded_on=founding.founded_on,
        village=founding.village,
        district_code=founding.district_code,
        landmark=founding.landmark,
        group_values=list(founding.group_values),
        story=founding.story,
        story_en=founding.story_en,
    )


@in_transaction()
def join(
    db: Session, *, actor: Actor, cooperative_id: int, person_id: int, joined_on: date | None = None
) -> Membership:
    """Take somebody in; she who is a member already stays one since the day she joined."""
    access.require(db, actor, COORDINATE, cooperative_id)
    get_person(db, person_id)
    number = _next_number(db, cooperative_id)
    joined: Membership | None = db.scalar(
        insert(Membership)
        .values(
            cooperative_id=cooperative_id,
            person_id=person_id,
            joined_on=joined_on or clock.today(),
            number=number,
            office="",
            skills=[],
        )
        .on_conflict_do_nothing()
        .returning(Membership)
    )
    if joined is None:
        return _open_membership(db, cooperative_id, person_id)
    audit.record(db, actor, "member.join", "membership", joined.id, person=person_id)
    return joined


def _next_number(db: Session, cooperative_id: int) -> int:
    """Member numbers are given once each: those who take in at the same time wait here."""
    lock = select(Cooperative.id).where(Cooperative.id == cooperative_id)
    db.execute(lock.with_for_update(key_share=True))
    highest = select(func.max(Membership.number))
    return (db.scalar(highest.where(Membership.cooperative_id == cooperative_id)) or 0) + 1


@in_transaction()
def leave(
    db: Session, *, actor: Actor, cooperative_id: int, person_id: int, left_on: date | None = None
) -> Membership:
    """End a membership: a coordinator or the member herself asks. Her goods and money stay hers.

    Raises NotFound where there is none, LeftBeforeJoining for an impossible day.
    """
    if actor.person_id != person_id:
        access.require(db, actor, COORDINATE, cooperative_id)
    membership = _open_membership(db, cooperative_id, person_id)
    day = left_on or clock.today()
    if day < membership.joined_on:
        raise LeftBeforeJoining
    membership.left_on = day
    audit.record(db, actor, "member.leave", "membership", membership.id, person=person_id)
    return membership


def _open_membership(db: Session, cooperative_id: int, person_id: int) -> Membership:
    query = select(Membership).where(
        Membership.cooperative_id == cooperative_id,
        Membership.person_id == person_id,
        Membership.left_on.is_(None),
    )
    membership = db.scalar(query.with_for_update())
    if membership is None:
        raise NotFound
    return membership


def list_members(
    db: Reader, actor: Actor, cooperative_id: int, *, after: int = 0, most: int = 50
) -> list[Any]:
    """Members in the order they joined, for the cooperative's own board: id, person, name, days.

    Raises NotFound for everybody else. The next page begins `after` the last id of this one.
    """
    if not actor.is_system and cooperative_id not in access.subjects(
        db, actor, COORDINATE, TREASURE
    ):
        raise NotFound
    query = select(
        Membership.id,
        Membership.person_id,
        Person.name,
        Person.call_me,
        Membership.joined_on,
        Membership.left_on,
    ).join(Person, Person.id == Membership.person_id)
    query = query.where(Membership.cooperative_id == cooperative_id, Membership.id > after)
    return list(db.execute(query.order_by(Membership.id).limit(min(most, PAGE_SIZE_MAX))))


def sells_for(cooperative_id: int) -> ColumnElement[bool]:
    """The SQL condition for shops of a cooperative, and for those of its members elsewhere."""
    is_member = exists().where(
        Membership.cooperative_id == cooperative_id,
        Membership.person_id == Seller.person_id,
        Membership.left_on.is_(None),
    )
    return or_(Seller.organisation_id == cooperative_id, is_member)


def memberships_of(db: Reader, person_id: int) -> list[Any]:
    """The open memberships of one person: id and cooperative, the oldest first."""
    query = select(Membership.id, Membership.cooperative_id).where(
        Membership.person_id == person_id, Membership.left_on.is_(None)
    )
    return list(db.execute(query.order_by(Membership.joined_on, Membership.id)))


@in_transaction()
def ask_to_help_with_pin(db: Session, *, actor: Actor, person_id: int) -> None:  # noqa: ARG001
    """Ask the coordinators of each of her cooperatives to give a member a new PIN."""
    person = db.get(Person, person_id)
    if person is None or person.erased_at is not None:
        return
    for membership in memberships_of(db, person_id):
        tasks.write(
            db,
            HELP_WITH_PIN,
            doc=("membership", membership.id),
            link=f"/koord/pin/{person_id}",
            holders=(COORDINATE, membership.cooperative_id),
            facts={"call_me": person.call_me},
        )


@job("cooperatives.pin_forgotten", key="person_id")
def pin_forgotten(person_id: int) -> None:
    """Hears the news `pin_forgotten`; the open task is written once however often it is told."""
    ask_to_help_with_pin(actor=SYSTEM, person_id=person_id)
