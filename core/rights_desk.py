"""Who may do what, as the operator sees and changes it.

The operator finds a person, sees every right she holds, gives one, ends one, and confirms what
another operator gave where the right needs two people. Everybody else gives rights only through
acts of their own floor (opening a shop, joining a cooperative).
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from flask_babel import lazy_gettext as _
from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import Session

from core import access, clock, orgs, subjects, tasks
from core.access import RIGHTS, Grant, Right
from core.actors import Actor
from core.config import settings
from core.db import in_transaction
from core.errors import DomainError, NotFound
from core.people import Person, get_person
from core.phones import NotAPhone, parse_mobile
from core.rights import OPERATE
from core.settings import CoreSettings

PEOPLE_MAX = 30
CONFIRM = tasks.declare("grant.confirm", _("Ada hak baru yang menunggu persetujuan kedua."))


class NoSuchSubject(DomainError):
    """There is no such organisation, place or shop to hold a right on."""

    sentence = _("Pilih dulu haknya berlaku untuk apa.")


class HeldAlready(DomainError):
    """She holds this right here, or it waits for the second person."""

    status = 409
    sentence = _("Hak ini sudah beliau punya, atau masih menunggu persetujuan.")


class OnlyItsOwner(DomainError):
    """It is one woman's own: others work on it by her word, which no operator can give."""

    status = 409
    sentence = _("Ini milik pribadi. Orang lain hanya boleh membantu dengan izin pemiliknya.")


class LastOperator(DomainError):
    """Without an operator nobody could give rights any more."""

    status = 409
    sentence = _("Ini pengelola terakhir. Beri hak pengelola kepada orang lain dulu.")


REFUSALS = (NoSuchSubject, OnlyItsOwner, HeldAlready)


@dataclass(frozen=True, slots=True)
class Held:
    """One living or waiting right of a person, with the name of what it is on."""

    grant: Grant
    right: Right
    subject: str
    is_waiting: bool


def find_people(db: Session, actor: Actor, words: str) -> list[Person]:
    """Living people by a part of their name or by their whole phone number, by name."""
    _require(db, actor)
    query = select(Person).where(Person.erased_at.is_(None))
    if words:
        fits = [
            Person.name.icontains(words, autoescape=True),
            Person.call_me.icontains(words, autoescape=True),
        ]
        if phone := _phone(words):
            fits.append(Person.phone == phone)
        query = query.where(or_(*fits))
    return list(db.scalars(query.order_by(Person.name, Person.id).limit(PEOPLE_MAX)))


def _phone(words: str) -> str | None:
    try:
        return parse_mobile(words, allow_demo=settings(CoreSettings).demo)
    except NotAPhone:
        return None


def get_person_asked(db: Session, actor: Actor, person_id: int) -> Person:
    """One living person, for an operator; raises NotFound."""
    _require(db, actor)
    return get_person(db, person_id)


def held_by(db: Session, actor: Actor, person_id: int) -> list[Held]:
    """Every right of a person that is in force or waits for its second person, newest first."""
    _require(db, actor)
    query = select(Grant).where(Grant.person_id == person_id, _counts())
    return _named(db, db.scalars(query.order_by(Grant.id.desc())).all())


def waiting(db: Session, actor: Actor) -> list[tuple[Held, Person]]:
    """Rights that wait for a second person, oldest first, with whom they are for."""
    _require(db, actor)
    query = (
        select(Grant, Person)
        .join(Person, Person.id == Grant.person_id)
        .where(_counts(), Grant.needs_confirmation, Grant.confirmed_by.is_(None))
        .order_by(Grant.id)
    )
    rows = db.execute(query).all()
    held = _named(db, [row[0] for row in rows])
    return [(one, row[1]) for one, row in zip(held, rows, strict=True)]


def _counts() -> ColumnElement[bool]:
    """Not ended, whether or not it was confirmed yet."""
    return Grant.revoked_at.is_(None) & or_(Grant.until.is_(None), Grant.until > clock.now())


def _named(db: Session, grants: Sequence[Grant]) -> list[Held]:
    wanted: dict[str, set[int]] = defaultdict(set)
    for grant in grants:
        wanted[grant.subject_kind].add(grant.subject_id)
    names = subjects.names(db, wanted)
    return [
        Held(
            grant,
            RIGHTS[grant.right_name],
            names.get((grant.subject_kind, grant.subject_id), "–"),
            grant.needs_confirmation and grant.confirmed_by is None,
        )
        for grant in grants
    ]


@in_transaction(retries=3)
def give(
    db: Session, *, actor: Actor, person_id: int, right: Right, subject_id: int, evidence: str
) -> Grant:
    """Give a person a right; one that needs two people begins when another operator confirms it.

    Raises NoSuchSubject, OnlyItsOwner, HeldAlready, NotFound.
    """
    _require(db, actor)
    db.get(Person, person_id, with_for_update={"key_share": True})  # Two clicks are one right.
    get_person(db, person_id)
    kind = right.subject_kind
    if (kind, subject_id) not in subjects.names(db, {kind: [subject_id]}):
        raise NoSuchSubject
    if subjects.owner(db, kind, subject_id) not in (None, person_id):
        raise OnlyItsOwner
    same = select(Grant.id).where(
        Grant.person_id == person_id,
        Grant.right_name == right.name,
        Grant.subject_id == subject_id,
        _counts(),
    )
    if db.scalar(same.limit(1)) is not None:
        raise HeldAlready
    grant = access.give.within(
        db,
        actor=actor,
        person_id=person_id,
        right=right,
        subject_id=subject_id,
        evidence=evidence,
    )
    if grant.needs_confirmation:
        tasks.write(
            db,
            CONFIRM,
            doc=("grant", grant.id),
            link=f"/kelola/orang/{person_id}",
            holders=(OPERATE, orgs.operator_id(db)),
        )
    return grant


@in_transaction(retries=3)
def confirm(db: Session, *, actor: Actor, grant_id: int) -> int:
    """The second operator agrees; returns whose right it is. Raises SamePerson, NotFound."""
    _require(db, actor)
    access.confirm.within(db, actor=actor, grant_id=grant_id)
    tasks.close(db, CONFIRM, actor=actor, doc=("grant", grant_id), reason="confirmed")
    return db.get_one(Grant, grant_id).person_id


@in_transaction(retries=3)
def end(db: Session, *, actor: Actor, grant_id: int) -> int:
    """End a right at once; returns whose it was. Raises LastOperator, NotFound."""
    _require(db, actor)
    grant = db.get(Grant, grant_id)
    if grant is None:
        raise NotFound
    if grant.right_name == OPERATE.name:
        _refuse_emptiness(db, grant)
    access.revoke.within(db, actor=actor, grant_id=grant_id)
    tasks.close(db, CONFIRM, actor=actor, doc=("grant", grant_id), reason="ended")
    return grant.person_id


def _refuse_emptiness(db: Session, grant: Grant) -> None:
    """Operators who end each other at once wait for one another here."""
    house = orgs.operator_id(db)
    db.execute(select(orgs.Organisation.id).where(orgs.Organisation.id == house).with_for_update())
    if set(access.people_who(db, OPERATE, house)) <= {grant.person_id}:
        raise LastOperator


def _require(db: Session, actor: Actor) -> None:
    access.require(db, actor, OPERATE, orgs.operator_id(db))
