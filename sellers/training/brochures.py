"""One programme on its own page: what it is, what it teaches, and shops of those who did it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, func, select, true
from sqlalchemy.orm import aliased

from core.db import Reader
from core.errors import NotFound
from core.orgs import Organisation
from sellers.models import Seller
from sellers.training.attendance import Standing, counted
from sellers.training.models import Cohort, Enrolment, Programme, ProgrammeSkill, Skill
from sellers.training.prospectus import filled, named

ALUMNI_MAX = 24


@dataclass(frozen=True, slots=True)
class Brochure:
    """A programme on its own page."""

    id: int
    slug: str
    name: str
    name_en: str
    provider: str
    provider_slug: str
    kinds: Sequence[str]
    level: str
    topic: str
    description: str
    opening: str
    family_words: str
    fee: int
    has_childcare: bool
    unlocks: Sequence[str]
    gives_certificate: bool
    pass_percent: int
    before: str | None
    before_slug: str | None


@dataclass(frozen=True, slots=True)
class Alumna:
    """A shop opened by somebody who completed a programme and says so."""

    slug: str
    name: str
    mission: str


def get_brochure(db: Reader, slug: str) -> Brochure:
    """One programme by its address; raises NotFound."""
    before = aliased(Programme)
    query = (
        select(
            Programme.id,
            *named(),
            Programme.topic,
            Programme.description,
            Programme.opening,
            Programme.family_words,
            Programme.fee,
            Programme.has_childcare,
            Programme.unlocks,
            Programme.gives_certificate,
            Programme.pass_percent,
            before.name.label("before"),
            before.slug.label("before_slug"),
        )
        .join(Organisation, Organisation.id == Programme.provider_id)
        .outerjoin(before, before.id == Programme.prerequisite_id)
        .where(Programme.slug == slug, Organisation.closed_at.is_(None))
    )
    row = db.execute(query).first()
    if row is None:
        raise NotFound
    found: Brochure = filled(Brochure, row)
    return found


def list_taught(db: Reader, programme_id: int) -> list[tuple[str, str, str]]:
    """The skills of a programme: slug, Indonesian and English word."""
    query = (
        select(Skill.slug, Skill.name, Skill.name_en)
        .join(ProgrammeSkill, ProgrammeSkill.skill_slug == Skill.slug)
        .where(ProgrammeSkill.programme_id == programme_id, Skill.hidden_at.is_(None))
        .order_by(Skill.name)
    )
    return [(row.slug, row.name, row.name_en) for row in db.execute(query)]


def list_alumnae(db: Reader, programme_id: int) -> list[Alumna]:
    """Shops of women who completed a programme and show it, by name."""
    counts = counted()
    query: Select[Any] = (
        select(
            Seller.slug,
            Seller.store_name,
            Seller.mission,
            counts.c.attended,
            counts.c.required,
            Programme.pass_percent,
        )
        .select_from(Enrolment)
        .join(Cohort, Cohort.id == Enrolment.cohort_id)
        .join(Programme, Programme.id == Cohort.programme_id)
        .join(Seller, Seller.person_id == Enrolment.person_id)
        .join(counts, true())
        .where(Programme.id == programme_id, Enrolment.is_shown, Enrolment.state != "waiting")
        .where(Seller.closed_at.is_(None))
        .order_by(func.lower(Seller.store_name), Seller.id)
    )
    found = {
        row.slug: Alumna(row.slug, row.store_name, row.mission)
        for row in db.execute(query.limit(10 * ALUMNI_MAX))
        if Standing(row.attended, row.required, row.pass_percent).is_completed
    }
    return list(found.values())[:ALUMNI_MAX]
