"""Mentoring as its pages read it: hers, her mentor's, and what she shows her provider."""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, select
from sqlalchemy.orm import aliased

from core.actors import Actor
from core.db import Reader
from core.errors import NotFound
from core.people import Person
from sellers.models import Listing, Seller
from sellers.training import history
from sellers.training.history import Shown
from sellers.training.mentoring_models import Mentoring, MentorNote
from sellers.training.models import Cohort, Enrolment, Programme

LIST_MAX = 100


@dataclass(frozen=True, slots=True)
class Pair:
    """A mentor and a woman, and how far they are."""

    id: int
    mentor: str
    woman: str
    person_id: int
    programme: str
    goal: str
    opened: Sequence[str]
    meets_at: datetime | None
    ends_on: date
    ended_at: datetime | None
    outcome: str
    review: str


@dataclass(frozen=True, slots=True)
class Note:
    """What was written down."""

    id: int
    mentoring_id: int
    words: str
    written_at: datetime
    is_shown: bool


@dataclass(frozen=True, slots=True)
class Goods:
    """One of her products, as far as she lets her mentor see: no price, no money."""

    name: str
    state: str


def _pairs() -> Select[*tuple[Any, ...]]:
    mentor, woman = aliased(Person), aliased(Person)
    own = ("id", "goal", "opened", "meets_at", "ends_on", "ended_at", "outcome", "review")
    return (
        select(
            *(getattr(Mentoring, name) for name in own),
            mentor.call_me.label("mentor"),
            woman.call_me.label("woman"),
            Enrolment.person_id,
            Programme.name.label("programme"),
        )
        .join(Enrolment, Enrolment.id == Mentoring.enrolment_id)
        .join(Cohort, Cohort.id == Enrolment.cohort_id)
        .join(Programme, Programme.id == Cohort.programme_id)
        .join(mentor, mentor.id == Mentoring.mentor_id)
        .join(woman, woman.id == Enrolment.person_id)
        .order_by(Mentoring.ended_at.desc().nulls_first(), Mentoring.id.desc())
        .limit(LIST_MAX)
    )


def _list(db: Reader, which: ColumnElement[bool]) -> list[Pair]:
    names = [field.name for field in fields(Pair)]
    return [
        Pair(**{name: row._mapping[name] for name in names})
        for row in db.execute(_pairs().where(which))
    ]


def list_as_mentor(db: Reader, actor: Actor) -> list[Pair]:
    """Those with whom she goes, the running ones first."""
    return _list(db, Mentoring.mentor_id == actor.person_id)


def list_hers(db: Reader, actor: Actor) -> list[Pair]:
    """Her own mentors, the present one first."""
    return _list(db, Enrolment.person_id == actor.person_id)


def list_of_cohort(db: Reader, cohort_id: int) -> list[Pair]:
    """The pairs of a cohort; the caller has checked that it may be read."""
    return _list(db, Enrolment.cohort_id == cohort_id)


def get_as_mentor(db: Reader, actor: Actor, mentoring_id: int) -> Pair:
    """One of those with whom she goes; raises NotFound."""
    return _one(
        _list(db, (Mentoring.id == mentoring_id) & (Mentoring.mentor_id == actor.person_id))
    )


def get_hers(db: Reader, actor: Actor, mentoring_id: int) -> Pair:
    """One of her own mentors; raises NotFound."""
    return _one(
        _list(db, (Mentoring.id == mentoring_id) & (Enrolment.person_id == actor.person_id))
    )


def _one(found: Sequence[Pair]) -> Pair:
    if not found:
        raise NotFound
    return found[0]


def list_notes(db: Reader, mentoring_ids: Sequence[int], *, all_of_them: bool) -> list[Note]:
    """Notes, newest first: all of them for the two, for anybody else what she shows."""
    names = [field.name for field in fields(Note)]
    query = select(*(getattr(MentorNote, name) for name in names)).where(
        MentorNote.mentoring_id.in_(mentoring_ids)
    )
    if not all_of_them:
        query = query.where(MentorNote.is_shown)
    found = db.execute(query.order_by(MentorNote.id.desc()).limit(LIST_MAX))
    return [Note(*row) for row in found]


def opened_goods(db: Reader, pair: Pair) -> list[Goods]:
    """Her products, if she opened them."""
    if "goods" not in pair.opened:
        return []
    query = (
        select(Listing.name, Listing.state)
        .join(Seller, Seller.id == Listing.seller_id)
        .where(Seller.person_id == pair.person_id, Listing.state != "archived")
        .order_by(Listing.name)
        .limit(LIST_MAX)
    )
    return [Goods(*row) for row in db.execute(query)]


def opened_classes(db: Reader, pair: Pair) -> list[Shown]:
    """Her classes, if she opened them."""
    if "classes" not in pair.opened:
        return []
    return [mine.training for mine in history.list_mine(db, Actor(pair.person_id))]
