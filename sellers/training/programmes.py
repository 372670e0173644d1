"""Programmes: what a provider teaches, on which condition, and when a training is complete."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, fields
from typing import Any

from flask_babel import lazy_gettext as _
from sqlalchemy import delete, func, literal, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from core import access, audit, clock, words
from core.actors import Actor
from core.db import Reader, in_transaction
from core.errors import DomainError, NotFound
from core.orgs import Organisation
from sellers.training import skills
from sellers.training.models import ALL_SESSIONS_PERCENT, Programme, ProgrammeSkill, Skill
from sellers.training.rights import TEACH, within_reach

LIST_MAX = 200
SLUG_TRIES_MAX = 100


class WrongPrerequisite(DomainError):
    """A programme may not ask for itself, nor for one that asks for it."""

    sentence = _("Kelas syarat ini saling menunggu. Pilih kelas lain.")


@dataclass(frozen=True, slots=True)
class Plan:
    """What a provider says about a programme; `pass_percent` is of the required sessions."""

    name: str
    name_en: str = ""
    kinds: tuple[str, ...] = ()
    level: str = "open"
    topic: str = ""
    description: str = ""
    opening: str = ""
    family_words: str = ""
    fee: int = 0
    has_childcare: bool = False
    prerequisite_id: int | None = None
    unlocks: tuple[str, ...] = ()
    gives_certificate: bool = False
    pass_percent: int = ALL_SESSIONS_PERCENT
    skills: tuple[str, ...] = ()

    def columns(self) -> dict[str, Any]:
        """The same as values of table columns; skills have a table of their own."""
        values = asdict(self) | {"unlocks": list(self.unlocks), "kinds": list(self.kinds)}
        del values["skills"]
        return values


@in_transaction()
def open_programme(db: Session, *, actor: Actor, provider_id: int, plan: Plan) -> int:
    """Write a new programme of a provider and return its id."""
    access.require(db, actor, TEACH, provider_id)
    _check_prerequisite(db, None, plan.prerequisite_id)
    base = words.slug(plan.name)[: words.SLUG_CHARACTERS_MAX - 4]
    for turn in range(1, SLUG_TRIES_MAX):
        row = insert(Programme).values(
            slug=base if turn == 1 else f"{base}-{turn}",
            provider_id=provider_id,
            created_at=clock.now(),
            **plan.columns(),
        )
        programme_id: int | None = db.scalar(row.on_conflict_do_nothing().returning(Programme.id))
        if programme_id is not None:
            _teach(db, programme_id, plan.skills)
            audit.record(db, actor, "programme.open", "programme", programme_id)
            return programme_id
    raise DomainError


@in_transaction()
def change_programme(db: Session, *, actor: Actor, programme_id: int, plan: Plan) -> None:
    """Say something else about a programme; certificates keep the threshold they were given on."""
    programme = db.scalar(
        select(Programme)
        .where(Programme.id == programme_id, within_reach(db, actor, TEACH))
        .with_for_update()
    )
    if programme is None:
        raise NotFound
    _check_prerequisite(db, programme_id, plan.prerequisite_id)
    for name, value in plan.columns().items():
        setattr(programme, name, value)
    offered = select(Skill.slug).where(skills.is_offered())  # What is hidden stays as it was.
    db.execute(
        delete(ProgrammeSkill).where(
            ProgrammeSkill.programme_id == programme_id, ProgrammeSkill.skill_slug.in_(offered)
        )
    )
    _teach(db, programme_id, plan.skills)
    audit.record(db, actor, "programme.change", "programme", programme_id)


def _teach(db: Session, programme_id: int, taught: Sequence[str]) -> None:
    """Write which skills a programme teaches; words that the house does not know are left out."""
    known = select(literal(programme_id), Skill.slug).where(
        Skill.slug.in_(taught), skills.is_offered()
    )
    db.execute(insert(ProgrammeSkill).from_select(["programme_id", "skill_slug"], known))


def _check_prerequisite(db: Session, programme_id: int | None, wanted: int | None) -> None:
    """Walk up the chain: it must exist and not come back to where it was."""
    seen = {programme_id}
    while wanted is not None:
        if wanted in seen:
            raise WrongPrerequisite
        seen.add(wanted)
        found = db.execute(select(Programme.prerequisite_id).where(Programme.id == wanted)).first()
        if found is None:
            raise NotFound
        wanted = found.prerequisite_id


def get_plan(db: Reader, actor: Actor, programme_id: int) -> Plan:
    """What one's own programme says, for its form; raises NotFound."""
    names = [field.name for field in fields(Plan) if field.name != "skills"]
    row = db.execute(
        select(*(getattr(Programme, name) for name in names)).where(
            Programme.id == programme_id, within_reach(db, actor, TEACH)
        )
    ).first()
    if row is None:
        raise NotFound
    values = dict(zip(names, row, strict=True))
    taught = select(ProgrammeSkill.skill_slug).where(ProgrammeSkill.programme_id == programme_id)
    return Plan(
        **values
        | {"unlocks": tuple(values["unlocks"]), "kinds": tuple(values["kinds"])}
        | {"skills": tuple(row.skill_slug for row in db.execute(taught))}
    )


def list_own(db: Reader, actor: Actor) -> list[tuple[int, str]]:
    """Ids and names of the programmes the actor may run, for a choice in a form."""
    query = select(Programme.id, Programme.name).where(within_reach(db, actor, TEACH))
    found = db.execute(query.order_by(Programme.name).limit(LIST_MAX))
    return [(row.id, row.name) for row in found]


def list_all(db: Reader) -> list[tuple[int, str]]:
    """Ids and names of every programme: any of them may be a prerequisite."""
    query = select(Programme.id, Programme.name, Organisation.short_name).join(
        Organisation, Organisation.id == Programme.provider_id
    )
    found = db.execute(query.order_by(func.lower(Programme.name)).limit(LIST_MAX))
    return [(row.id, f"{row.name} ({row.short_name})") for row in found]


def list_providers(db: Reader, actor: Actor) -> list[tuple[int, str]]:
    """Ids and names of the organisations for which the actor teaches."""
    query = select(Organisation.id, Organisation.name).where(
        Organisation.id.in_(access.subjects(db, actor, TEACH))
    )
    return [(row.id, row.name) for row in db.execute(query.order_by(Organisation.name))]
