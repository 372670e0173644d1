"""The training history as pages read it: her own, and what she shows in her shop."""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import date, datetime
from functools import cache
from typing import Any, Literal

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Select,
    and_,
    bindparam,
    literal_column,
    or_,
    select,
    true,
)

from core import clock
from core.actors import Actor
from core.db import Reader
from core.errors import NotFound
from core.orgs import Organisation
from sellers.models import Listing, Seller
from sellers.training.attendance import Standing, counted, newest
from sellers.training.models import (
    Certificate,
    Cohort,
    Enrolment,
    ListingTraining,
    Programme,
    TrainingSession,
)

LIST_MAX = 100

TrainingState = Literal["completed", "running", "joined"]


@dataclass(frozen=True, slots=True)
class Shown:
    """A training as she lets buyers see it; `code` is its valid certificate, if there is one."""

    programme: str
    programme_en: str
    provider: str
    year: int
    attended: int
    required: int
    state: TrainingState
    code: str | None

    @property
    def is_completed(self) -> bool:
        """Whether she attended enough of it."""
        return self.state == "completed"


@dataclass(frozen=True, slots=True)
class Mine:
    """One of her own classes: what buyers would see of it, and what only she needs."""

    training: Shown
    enrolment_id: int
    cohort_id: int
    cohort: str
    opening: str
    unlocks: Sequence[str]
    gives_certificate: bool
    pass_percent: int
    enrolment_state: str
    is_shown: bool
    closed_at: datetime | None
    next_at: datetime | None
    certificate_code: str | None
    certified_at: datetime | None
    valid_until: date | None

    @property
    def standing(self) -> Standing:
        """How far she is, for the formula on her page."""
        return Standing(self.training.attended, self.training.required, self.pass_percent)


def _state(row: Any, standing: Standing) -> TrainingState:
    if standing.is_completed:
        return "completed"
    is_over = row.closed_at is not None or row.enrolment_state == "left"
    return "joined" if is_over else "running"


def _trainings(*columns: Any) -> Select[*tuple[Any, ...]]:
    """Enrolments with their class, counts and living certificate: one query, whoever asks."""
    counts = counted()
    is_living = and_(Certificate.enrolment_id == Enrolment.id, Certificate.withdrawn_at.is_(None))
    return (
        select(
            Programme.name.label("programme"),
            Programme.name_en.label("programme_en"),
            Programme.pass_percent,
            Organisation.name.label("provider"),
            Cohort.closed_at,
            Enrolment.state.label("enrolment_state"),
            Enrolment.enrolled_at,
            counts.c.attended,
            counts.c.required,
            counts.c.last_at,
            Certificate.code.label("certificate_code"),
            Certificate.valid_until,
            *columns,
        )
        .select_from(Enrolment)
        .join(Cohort, Cohort.id == Enrolment.cohort_id)
        .join(Programme, Programme.id == Cohort.programme_id)
        .join(Organisation, Organisation.id == Programme.provider_id)
        .join(counts, true())
        .outerjoin(Certificate, is_living)
        .order_by(Enrolment.enrolled_at.desc(), Enrolment.id.desc())
        .limit(LIST_MAX)
    )


def _year(row: Any) -> int:
    """The year of its last session, or of the enrolment while there is none."""
    year: int = (row.last_at or row.enrolled_at).astimezone(clock.WIB).year
    return year


def _training(row: Any) -> Shown:
    standing = Standing(row.attended, row.required, row.pass_percent)
    is_over = row.valid_until is not None and row.valid_until < clock.today()
    return Shown(
        programme=row.programme,
        programme_en=row.programme_en,
        provider=row.provider,
        year=_year(row),
        attended=row.attended,
        required=row.required,
        state=_state(row, standing),
        code=None if is_over else row.certificate_code,
    )


_WHOSE = bindparam("whose", type_=BigInteger)
_IS_SHOWN = (Enrolment.is_shown, Enrolment.state != literal_column("'waiting'"))


def _shown(db: Reader, which: Select[*tuple[Any, ...]], whose: int) -> list[Shown]:
    return [_training(row) for row in db.execute(which, {"whose": whose})]


def shown_for_seller(db: Reader, seller_id: int) -> list[Shown]:
    """The trainings a seller shows in her shop, newest first."""
    return _shown(db, _of_seller(), seller_id)


@cache
def _of_seller() -> Select[*tuple[Any, ...]]:
    query = _trainings().join(Seller, Seller.person_id == Enrolment.person_id)
    return query.where(Seller.id == _WHOSE, *_IS_SHOWN)


def shown_for_listing(db: Reader, listing_id: int) -> list[Shown]:
    """The trainings behind one listing, as far as its seller shows them."""
    return _shown(db, _of_listing(), listing_id)


@cache
def _of_listing() -> Select[*tuple[Any, ...]]:
    query = (
        _trainings()
        .join(ListingTraining, ListingTraining.enrolment_id == Enrolment.id)
        .join(Listing, Listing.id == ListingTraining.listing_id)
        .join(
            Seller,
            and_(Seller.id == Listing.seller_id, Seller.person_id == Enrolment.person_id),
        )
    )
    return query.where(Listing.id == _WHOSE, *_IS_SHOWN)


def _mine(db: Reader, actor: Actor, which: ColumnElement[bool]) -> list[Mine]:
    next_at = (
        select(TrainingSession.starts_at)
        .where(TrainingSession.cohort_id == Cohort.id, TrainingSession.starts_at >= clock.now())
        .order_by(TrainingSession.starts_at)
        .limit(1)
        .correlate(Cohort)
        .scalar_subquery()
    )
    query = _trainings(
        Enrolment.id.label("enrolment_id"),
        Enrolment.is_shown,
        Cohort.id.label("cohort_id"),
        Cohort.name.label("cohort"),
        Programme.opening,
        Programme.unlocks,
        Programme.gives_certificate,
        Certificate.issued_at.label("certified_at"),
        next_at.label("next_at"),
    )
    extra = [field.name for field in fields(Mine) if field.name != "training"]
    found = db.execute(query.where(Enrolment.person_id == actor.person_id, which))
    return [
        Mine(training=_training(row), **{name: row._mapping[name] for name in extra})
        for row in found
    ]


def list_mine(db: Reader, actor: Actor, *, words: str = "") -> list[Mine]:
    """Her own classes, newest first, at most LIST_MAX; `words` narrows them by name."""
    which: ColumnElement[bool] = true()
    if words:
        which = or_(
            Programme.name.icontains(words, autoescape=True),
            Cohort.name.icontains(words, autoescape=True),
        )
    return _mine(db, actor, which)


def get_mine(db: Reader, actor: Actor, enrolment_id: int) -> Mine:
    """One of her own classes; raises NotFound for anybody else's."""
    for found in _mine(db, actor, Enrolment.id == enrolment_id):
        return found
    raise NotFound


def list_marks(db: Reader, actor: Actor, enrolment_id: int) -> dict[int, bool | None]:
    """Was she there, by session, as far as it was noted; of her own enrolment only."""
    query = (
        select(TrainingSession.id, newest(Enrolment.id, TrainingSession.id))
        .join(Enrolment, Enrolment.cohort_id == TrainingSession.cohort_id)
        .where(Enrolment.id == enrolment_id, Enrolment.person_id == actor.person_id)
    )
    return {row[0]: row[1] for row in db.execute(query)}


@dataclass(frozen=True, slots=True)
class Withdrawn:
    """A certificate of hers that no longer holds, and why."""

    code: str
    withdrawn_at: datetime
    reason: str


def list_withdrawn(db: Reader, actor: Actor, enrolment_id: int) -> list[Withdrawn]:
    """Her own withdrawn certificates of one class, newest first."""
    query = (
        select(Certificate.code, Certificate.withdrawn_at, Certificate.withdrawn_reason)
        .where(
            Certificate.enrolment_id == enrolment_id,
            Certificate.person_id == actor.person_id,
            Certificate.withdrawn_at.is_not(None),
        )
        .order_by(Certificate.withdrawn_at.desc())
        .limit(LIST_MAX)
    )
    return [
        Withdrawn(row.code, row.withdrawn_at, row.withdrawn_reason) for row in db.execute(query)
    ]
