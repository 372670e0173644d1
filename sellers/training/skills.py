"""The house's words for what can be learnt, as the operator keeps them.

Programmes name what they teach by them, and buyers narrow the shop by them. The address of a skill
stays for ever: one that was merged leads on to the other, and a hidden one is offered no more.
"""

from dataclasses import dataclass
from datetime import datetime

from flask_babel import lazy_gettext as _
from sqlalchemy import ColumnElement, delete, func, literal, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from core import access, audit, clock, orgs
from core.actors import Actor
from core.db import Reader, in_transaction
from core.errors import DomainError, NotFound
from core.i18n import language
from core.rights import OPERATE
from sellers import slugs
from sellers.training.models import ProgrammeSkill, Skill

SKILLS_MAX = 100
SLUG_MAX = 40


class TooManySkills(DomainError):
    """More words than people can look through."""

    sentence = _("Keterampilan sudah terlalu banyak. Gabungkan yang mirip dulu.")


class SameName(DomainError):
    """Two words for one thing hide each other's goods."""

    status = 409
    sentence = _("Keterampilan dengan nama ini sudah ada.")


class CannotMerge(DomainError):
    """A word is merged once, into another one that is offered."""

    sentence = _("Pilih keterampilan lain yang masih dipakai.")


REFUSALS = (TooManySkills, SameName, slugs.ReservedName)


@dataclass(frozen=True, slots=True)
class Kept:
    """A skill as the operator sees it, with how many programmes teach it."""

    slug: str
    name: str
    name_en: str
    hidden_at: datetime | None
    merged_into: str | None
    programmes: int


def is_offered() -> ColumnElement[bool]:
    """The condition under which a skill may be chosen."""
    return Skill.hidden_at.is_(None) & Skill.merged_into.is_(None)


def list_skills(db: Reader) -> list[tuple[str, str]]:
    """Every skill on offer, as slug and word, by the alphabet of the reader."""
    name = Skill.name_en if language() == "en" else Skill.name
    query = select(Skill.slug, name.label("name")).where(is_offered())
    return [(row.slug, row.name) for row in db.execute(query.order_by(func.lower(name)))]


def list_kept(db: Session, actor: Actor) -> list[Kept]:
    """All of them, for an operator: those on offer first."""
    _require(db, actor)
    taught = select(func.count()).where(ProgrammeSkill.skill_slug == Skill.slug).scalar_subquery()
    query = select(
        Skill.slug, Skill.name, Skill.name_en, Skill.hidden_at, Skill.merged_into, taught
    ).order_by(is_offered().desc(), func.lower(Skill.name))
    return [Kept(*row) for row in db.execute(query)]


def get_kept(db: Session, actor: Actor, slug: str) -> Kept:
    """One of them; raises NotFound."""
    for one in list_kept(db, actor):
        if one.slug == slug:
            return one
    raise NotFound


@in_transaction()
def add(db: Session, *, actor: Actor, name: str, name_en: str) -> str:
    """A new word; gives its address. Raises TooManySkills, SameName, ReservedName."""
    _require(db, actor)
    slug = slugs.choose(db, Skill.slug, name)[:SLUG_MAX].rstrip("-")
    if (db.scalar(select(func.count()).select_from(Skill).where(is_offered())) or 0) >= SKILLS_MAX:
        raise TooManySkills
    _refuse_twin(db, "", name)
    db.add(Skill(slug=slug, name=name, name_en=name_en or name))
    audit.record(db, actor, "skill.add", "skill", slug)
    return slug


@in_transaction()
def edit(db: Session, *, actor: Actor, slug: str, name: str, name_en: str, hidden: bool) -> None:
    """Mend its words, hide it or offer it again. Raises SameName, NotFound."""
    skill = _lock(db, actor, slug)
    _refuse_twin(db, slug, name)
    skill.name, skill.name_en = name, name_en or name
    skill.hidden_at = (skill.hidden_at or clock.now()) if hidden else None
    audit.record(db, actor, "skill.edit", "skill", slug, hidden=hidden)


@in_transaction(retries=3)
def merge(db: Session, *, actor: Actor, slug: str, into: str) -> None:
    """What taught the one teaches the other from now on. Raises CannotMerge, NotFound."""
    _require(db, actor)
    for name in sorted({slug, into}):  # In one order, so that two merges do not wait in a ring.
        _lock(db, actor, name)
    there = db.get_one(Skill, into)
    if slug == into or there.merged_into or there.hidden_at:
        raise CannotMerge
    taught = select(ProgrammeSkill.programme_id, literal(into)).where(
        ProgrammeSkill.skill_slug == slug
    )
    columns = ["programme_id", "skill_slug"]
    moved = insert(ProgrammeSkill).from_select(columns, taught)
    db.execute(moved.on_conflict_do_nothing())
    db.execute(delete(ProgrammeSkill).where(ProgrammeSkill.skill_slug == slug))
    led_here = update(Skill).where((Skill.merged_into == slug) | (Skill.slug == slug))
    db.execute(led_here.values(merged_into=into))
    audit.record(db, actor, "skill.merge", "skill", slug, into=into)


def _lock(db: Session, actor: Actor, slug: str) -> Skill:
    _require(db, actor)
    found = db.get(Skill, slug, with_for_update=True, populate_existing=True)
    if found is None or found.merged_into is not None:
        raise NotFound
    return found


def _refuse_twin(db: Session, slug: str, name: str) -> None:
    twin = select(Skill.slug).where(
        func.lower(Skill.name) == name.lower(), Skill.slug != slug, Skill.merged_into.is_(None)
    )
    if db.scalar(twin.limit(1)) is not None:
        raise SameName


def _require(db: Session, actor: Actor) -> None:
    access.require(db, actor, OPERATE, orgs.operator_id(db))
