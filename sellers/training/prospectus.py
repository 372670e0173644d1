"""The prospectus: programmes as anybody reads them before she signs up, and who teaches them."""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, any_, func, literal, or_, select, true
from sqlalchemy.sql.selectable import LateralFromClause

from core import clock
from core.db import Reader
from core.errors import NotFound
from core.orgs import Organisation
from sellers.training.models import (
    Cohort,
    Programme,
    ProgrammeSkill,
    Skill,
    TrainingSession,
)

PAGE_SIZE = 20
WORDS_MAX = 6
PROVINCE_DIGITS = 2


@dataclass(frozen=True, slots=True)
class Wish:
    """What a list of programmes is narrowed to; an empty text does not narrow.

    `province` (two digits) keeps what meets there, and what is held online: that can be joined
    from anywhere.
    """

    words: str = ""
    kind: str = ""
    level: str = ""
    province: str = ""
    skill: str = ""
    provider: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """A programme in a list, with its next class; `next_at` is empty where none is planned."""

    slug: str
    name: str
    name_en: str
    provider: str
    provider_slug: str
    kinds: Sequence[str]
    level: str
    fee: int
    has_childcare: bool
    next_at: datetime | None
    zone: str | None
    place: str | None
    data_mb: int | None


@dataclass(frozen=True, slots=True)
class Page:
    """One page of programmes, and how many there are."""

    lines: Sequence[Line]
    total: int

    @property
    def pages(self) -> int:
        """How many pages they fill."""
        return -(-self.total // PAGE_SIZE)


def _next_class() -> LateralFromClause:
    """The next session of a programme in a class that is not closed."""
    first = (
        select(
            TrainingSession.cohort_id,
            TrainingSession.starts_at.label("next_at"),
            TrainingSession.zone,
            TrainingSession.place,
        )
        .join(Cohort, Cohort.id == TrainingSession.cohort_id)
        .where(Cohort.programme_id == Programme.id, Cohort.closed_at.is_(None))
        .where(TrainingSession.starts_at >= clock.now())
        .order_by(TrainingSession.starts_at, TrainingSession.id)
        .limit(1)
    )
    return first.correlate(Programme).lateral("next_class")


def _wanted(wish: Wish) -> list[ColumnElement[bool]]:
    wanted = [_has_word(word) for word in wish.words.split()[:WORDS_MAX]]
    if wish.kind:
        wanted.append(literal(wish.kind) == any_(Programme.kinds))
    if wish.level:
        wanted.append(Programme.level == wish.level)
    if wish.province:
        wanted.append(_is_open_to(wish.province))
    if wish.skill:
        wanted.append(_teaches(ProgrammeSkill.skill_slug == wish.skill))
    if wish.provider:
        wanted.append(Organisation.slug == wish.provider)
    return wanted


def _has_word(word: str) -> ColumnElement[bool]:
    named = Skill.name.icontains(word, autoescape=True)
    texts = (Programme.name, Programme.name_en, Programme.topic, Programme.description)
    return or_(
        *(text.icontains(word, autoescape=True) for text in texts),
        Organisation.name.icontains(word, autoescape=True),
        _teaches(named),
    )


def _teaches(which: ColumnElement[bool]) -> ColumnElement[bool]:
    taught = select(ProgrammeSkill.programme_id).join(
        Skill, Skill.slug == ProgrammeSkill.skill_slug
    )
    return Programme.id.in_(taught.where(which))


def _is_open_to(province: str) -> ColumnElement[bool]:
    meets = (
        select(Cohort.programme_id)
        .join(TrainingSession, TrainingSession.cohort_id == Cohort.id)
        .where(func.left(TrainingSession.district_code, PROVINCE_DIGITS) == province)
        .where(Cohort.closed_at.is_(None))
    )
    return or_(literal("online") == any_(Programme.kinds), Programme.id.in_(meets))


def list_programmes(db: Reader, wish: Wish, page: int = 1) -> Page:
    """One page of programmes: those with a date first, the soonest at the top."""
    next_class = _next_class()
    data_mb = select(func.sum(TrainingSession.data_mb)).where(
        TrainingSession.cohort_id == next_class.c.cohort_id
    )
    query = (
        select(
            *named(),
            Programme.fee,
            Programme.has_childcare,
            next_class.c.next_at,
            next_class.c.zone,
            next_class.c.place,
            data_mb.scalar_subquery().label("data_mb"),
            func.count().over().label("total"),
        )
        .join(Organisation, Organisation.id == Programme.provider_id)
        .outerjoin(next_class, true())
        .where(Organisation.closed_at.is_(None), *_wanted(wish))
        .order_by(next_class.c.next_at.asc().nulls_last(), Programme.name, Programme.id)
        .limit(PAGE_SIZE)
        .offset((page - 1) * PAGE_SIZE)
    )
    rows = list(db.execute(query))
    return Page([filled(Line, row) for row in rows], rows[0].total if rows else 0)


def named() -> Sequence[Any]:
    """How a programme is called, and what it is."""
    return (
        Programme.slug,
        Programme.name,
        Programme.name_en,
        Organisation.name.label("provider"),
        Organisation.slug.label("provider_slug"),
        Programme.kinds,
        Programme.level,
    )


def filled(kind: Any, row: Any) -> Any:
    """A row as a value of one of our kinds."""
    return kind(**{field.name: row._mapping[field.name] for field in fields(kind)})


def get_provider(db: Reader, slug: str) -> str:
    """The name of an organisation that teaches; raises NotFound."""
    teaches = select(Programme.provider_id)
    found = db.execute(
        select(Organisation.name).where(
            Organisation.slug == slug,
            Organisation.closed_at.is_(None),
            Organisation.id.in_(teaches),
        )
    ).first()
    if found is None:
        raise NotFound
    name: str = found.name
    return name
