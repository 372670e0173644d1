"""The roll of members: numbers, offices, skills, languages, and who can be reached how."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask_babel import lazy_gettext as _
from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session, aliased

from cooperatives import members
from cooperatives.models import Membership
from cooperatives.rights import COORDINATE, TREASURE
from core import access, audit, clock
from core.actors import Actor
from core.db import Reader, in_transaction
from core.errors import DomainError, NotFound
from core.people import Person, list_with_phone
from sellers.helping.mandates import is_alive
from sellers.helping.models import Mandate

LIST_MAX = 1_000
SKILLS_MAX, SKILL_LETTERS_MAX = 10, 30
OFFICES = {
    "chair": _("Ketua"),
    "secretary": _("Sekretaris"),
    "treasurer": _("Bendahara"),
    "supervisor": _("Pengawas"),
}


class KnownNumber(DomainError):
    """Somebody with this number is here already: it is she, or one of her family."""

    sentence = _("Nomor ini sudah terdaftar. Pilih orangnya, atau tambah orang baru.")


@dataclass(frozen=True, slots=True)
class Newcomer:
    """Somebody to take in: known by her id, or by her name alone where she has no phone."""

    name: str
    call_me: str
    phone: str | None = None
    person_id: int | None = None
    joined_on: date | None = None
    skills: Sequence[str] = ()


def _require(db: Reader, actor: Actor, cooperative_id: int) -> None:
    if cooperative_id not in access.subjects(db, actor, COORDINATE, TREASURE):
        raise NotFound


def skills_of(text: str) -> list[str]:
    """Skills as people write them, parted by commas; each once."""
    found = (" ".join(one.split())[:SKILL_LETTERS_MAX].strip() for one in text.split(","))
    return list(dict.fromkeys(one.lower() for one in found if one))[:SKILLS_MAX]


@in_transaction(retries=3)
def take_in(db: Session, *, actor: Actor, cooperative_id: int, newcomer: Newcomer) -> Membership:
    """Take somebody in, writing her down first where she is new to the house.

    Raises KnownNumber where a number belongs to somebody and nobody was chosen, NotFound.
    """
    access.require(db, actor, COORDINATE, cooperative_id)
    person_id = newcomer.person_id
    if person_id is None:
        if newcomer.phone and list_with_phone(db, newcomer.phone):
            raise KnownNumber
        person_id = write_person(db, actor, newcomer)
    elif person_id not in {one.id for one in list_with_phone(db, newcomer.phone or "")}:
        raise NotFound  # Who is known is found by her number only.
    membership = members.join.within(
        db,
        actor=actor,
        cooperative_id=cooperative_id,
        person_id=person_id,
        joined_on=newcomer.joined_on,
    )
    membership.skills = list(newcomer.skills) or membership.skills
    return membership


def write_person(db: Session, actor: Actor, newcomer: Newcomer) -> int:
    """Somebody new to the house; she may get a PIN later, from her coordinator."""
    person = Person(name=newcomer.name, call_me=newcomer.call_me, phone=newcomer.phone)
    person.channel = "whatsapp" if newcomer.phone else "paper"
    db.add(person)
    db.flush()
    audit.record(db, actor, "person.write", "person", person.id)
    return person.id


@in_transaction(retries=3)
def describe(
    db: Session, *, actor: Actor, membership_id: int, skills: Sequence[str], office: str
) -> Membership:
    """Write down what she can do, and what the meeting elected her to; it gives her no right."""
    assert office == "" or office in OFFICES, office
    membership = db.get(Membership, membership_id)
    if membership is None:
        raise NotFound
    access.require(db, actor, COORDINATE, membership.cooperative_id)
    membership.skills, membership.office = list(skills), office
    audit.record(db, actor, "member.describe", "membership", membership.id, office=office)
    return membership


_HELPER = aliased(Person)


def list_roll(
    db: Reader,
    actor: Actor,
    cooperative_id: int,
    *,
    wanted: str = "",
    has_phone: bool | None = None,
) -> list[Any]:
    """The members of today by number; words find names, skills and languages.

    Columns: id, person_id, number, office, skills, joined_on, name, call_me, phone, languages,
    helpers (the names of who helps her).
    """
    _require(db, actor, cooperative_id)
    helpers = (
        select(func.string_agg(_HELPER.call_me, ", "))
        .join(Mandate, Mandate.helper_id == _HELPER.id)
        .where(Mandate.owner_id == Membership.person_id, is_alive(clock.now()))
        .correlate(Membership)
        .scalar_subquery()
    )
    query = (
        select(
            Membership.id, Membership.person_id, Membership.number, Membership.office,
            Membership.skills, Membership.joined_on, Person.name, Person.call_me, Person.phone,
            Person.languages, helpers.label("helpers"),
        )
        .join(Person, Person.id == Membership.person_id)
        .where(Membership.cooperative_id == cooperative_id, Membership.left_on.is_(None))
        .order_by(Membership.number, Membership.id)
        .limit(LIST_MAX)
    )  # fmt: skip
    if wanted:
        skills = func.array_to_string(Membership.skills, " ")
        languages = func.array_to_string(Person.languages, " ")
        words = (Person.name, Person.call_me, skills, languages)
        query = query.where(or_(*(one.icontains(wanted, autoescape=True) for one in words)))
    if has_phone is not None:
        query = query.where(Person.phone.is_not(None) if has_phone else Person.phone.is_(None))
    return list(db.execute(query))


def names(db: Reader, actor: Actor, cooperative_id: int) -> list[tuple[int, str]]:
    """Person and name of every member, for a list to choose from."""
    found = list_roll(db, actor, cooperative_id)
    return sorted(((row.person_id, row.name) for row in found), key=lambda one: one[1].casefold())


def get_row(db: Session, actor: Actor, membership_id: int) -> Any:
    """One member of today as the roll shows her, with her cooperative; raises NotFound."""
    membership = db.get(Membership, membership_id)
    if membership is None:
        raise NotFound
    found = list_roll(db, actor, membership.cooperative_id)
    row = next((one for one in found if one.id == membership_id), None)
    if row is None:
        raise NotFound
    return membership.cooperative_id, row
