"""Business units: lines of business with costs and income of their own."""

from dataclasses import dataclass
from typing import Any

from flask_babel import lazy_gettext as _
from sqlalchemy import delete, func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from cooperatives.carrying import sums
from cooperatives.models import Account, Membership, Unit, UnitMember
from cooperatives.models.books import Kind
from cooperatives.rights import COORDINATE, TREASURE
from core import access, audit, clock
from core.actors import Actor
from core.db import Reader, in_transaction
from core.errors import DomainError, NotFound
from core.people import Person
from core.words import slug


class NameTaken(DomainError):
    """Two units of one group cannot be told apart by one name."""

    sentence = _("Unit dengan nama ini sudah ada.")


class OwnMembers(DomainError):
    """Units are made of the group's own members."""

    sentence = _("Pilih anggota kelompok ini.")


@dataclass(frozen=True, slots=True)
class Result:
    """A unit, who is in it, and what it cost and brought so far."""

    unit: Unit
    members: list[Any]
    income: int
    cost: int


def _board(db: Reader, actor: Actor, organisation_id: int) -> None:
    if organisation_id not in access.subjects(db, actor, TREASURE, COORDINATE):
        raise NotFound


@in_transaction(retries=3)
def open_unit(db: Session, *, actor: Actor, organisation_id: int, name: str) -> Unit:
    """Begin a unit. Raises NameTaken, NotFound."""
    _board(db, actor, organisation_id)
    label = slug(name)[:40]
    unit_id = db.scalar(
        insert(Unit)
        .values(organisation_id=organisation_id, label=label, name=name, opened_on=clock.today())
        .on_conflict_do_nothing()
        .returning(Unit.id)
    )
    if unit_id is None or not label:
        raise NameTaken
    audit.record(db, actor, "unit.open", "unit", unit_id)
    return db.get_one(Unit, unit_id)


@in_transaction(retries=3)
def close_unit(db: Session, *, actor: Actor, unit_id: int) -> Unit:
    """Nothing new is written for it; what was stays."""
    unit = get_unit(db, actor, unit_id)
    unit.closed_on = unit.closed_on or clock.today()
    audit.record(db, actor, "unit.close", "unit", unit.id)
    return unit


@in_transaction(retries=3)
def staff(db: Session, *, actor: Actor, unit_id: int, membership_ids: list[int]) -> None:
    """Say who works in a unit now. Raises OwnMembers, NotFound."""
    unit = get_unit(db, actor, unit_id)
    own = select(func.count()).where(
        Membership.id.in_(membership_ids), Membership.cooperative_id == unit.organisation_id
    )
    if db.scalar(own) != len(set(membership_ids)):
        raise OwnMembers
    db.execute(
        delete(UnitMember).where(
            UnitMember.unit_id == unit_id, UnitMember.membership_id.not_in(membership_ids)
        )
    )
    for membership_id in sorted(set(membership_ids)):
        row = {"unit_id": unit_id, "membership_id": membership_id, "since": clock.today()}
        db.execute(insert(UnitMember).values(row).on_conflict_do_nothing())
    audit.record(db, actor, "unit.staff", "unit", unit.id, members=len(set(membership_ids)))


def get_unit(db: Session, actor: Actor, unit_id: int) -> Unit:
    """One unit, for the boards of its group; raises NotFound."""
    unit = db.get(Unit, unit_id)
    if unit is None:
        raise NotFound
    _board(db, actor, unit.organisation_id)
    return unit


def list_open(db: Reader, organisation_id: int) -> list[Unit]:
    """Units that something can be written for."""
    query = select(Unit).where(Unit.organisation_id == organisation_id, Unit.closed_on.is_(None))
    return list(db.scalars(query.order_by(Unit.name)))


def results(db: Reader, actor: Actor, organisation_id: int) -> list[Result]:
    """Every unit with its members, costs and income."""
    _board(db, actor, organisation_id)
    found = _sums(db, organisation_id)
    people: dict[int, list[Any]] = {}
    query = (
        select(UnitMember.unit_id, Membership.id, Person.call_me)
        .join(Membership, Membership.id == UnitMember.membership_id)
        .join(Person, Person.id == Membership.person_id)
        .where(Membership.cooperative_id == organisation_id)
        .order_by(Person.call_me)
    )
    for row in db.execute(query):
        people.setdefault(row.unit_id, []).append(row)
    units = db.scalars(
        select(Unit).where(Unit.organisation_id == organisation_id).order_by(Unit.name)
    )
    return [
        Result(
            unit,
            people.get(unit.id, []),
            -found.get((Kind.INCOME, unit.label), 0),
            found.get((Kind.EXPENSE, unit.label), 0),
        )
        for unit in units
    ]


def _sums(db: Reader, organisation_id: int) -> dict[tuple[str, str], int]:
    query = (
        select(Account.kind, Account.label, sums.balance_of(sums.carried_to(db)))
        .where(Account.organisation_id == organisation_id, Account.currency == "IDR")
        .where(Account.kind.in_((Kind.INCOME, Kind.EXPENSE)))
    )
    return {(kind, label): total for kind, label, total in db.execute(query)}
