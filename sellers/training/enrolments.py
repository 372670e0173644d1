"""Enrolments: who has a seat, who waits for one, and who moves up when somebody leaves.

Every change of a seat locks its cohort first, so the last seat is given once.
"""

from flask_babel import lazy_gettext as _
from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from core import audit, clock, news
from core.actors import Actor
from core.db import in_transaction
from core.errors import DomainError, NotFound
from core.people import get_person
from sellers.training.attendance import has_completed
from sellers.training.cohorts import AlreadyClosed, lock_own_cohort
from sellers.training.models import Cohort, Enrolment, Programme
from sellers.training.rights import TEACH, within_reach
from sellers.training.scholarship_models import Scholarship


class PrerequisiteMissing(DomainError):
    """The programme asks that another one be completed first."""

    def __init__(self, name: str) -> None:
        super().__init__(_("Selesaikan dulu kelas %(name)s. Setelah itu bisa ikut.", name=name))


class ByApplication(DomainError):
    """Seats of a scholarship are asked for, and given by its record alone."""

    sentence = _("Tempat di kelas ini dibagi lewat pendaftaran beasiswa.")


class SeatsInUse(DomainError):
    """There cannot be fewer seats than women who have one."""

    sentence = _("Jumlah tempat tidak bisa kurang dari jumlah peserta sekarang.")


@in_transaction()
def join(db: Session, *, actor: Actor, cohort_id: int) -> str:
    """Take a seat for oneself, or a place on the waiting list; returns which state it became.

    Raises AlreadyClosed, PrerequisiteMissing and NotFound. Joining twice changes nothing.
    """
    cohort = db.get(Cohort, cohort_id, with_for_update=True, populate_existing=True)
    if cohort is None or actor.person_id is None:
        raise NotFound
    return _take_seat(db, actor, cohort, actor.person_id)


@in_transaction()
def enrol(db: Session, *, actor: Actor, cohort_id: int, person_id: int) -> str:
    """Give somebody a seat in a cohort of one's own organisation; the rest is as in `join`."""
    cohort = lock_own_cohort(db, actor, cohort_id)
    return _take_seat(db, actor, cohort, get_person(db, person_id).id)


def _take_seat(db: Session, actor: Actor, cohort: Cohort, person_id: int) -> str:
    if cohort.closed_at is not None:
        raise AlreadyClosed
    mine = select(Enrolment).where(
        Enrolment.cohort_id == cohort.id, Enrolment.person_id == person_id
    )
    enrolment = db.scalar(mine.execution_options(populate_existing=True))
    if enrolment is not None and enrolment.state != "left":
        return enrolment.state
    if db.get(Scholarship, cohort.id) is not None:
        raise ByApplication
    check_prerequisite(db, cohort, person_id)
    return _seat(db, actor, cohort, person_id, enrolment)


def seat_next(db: Session, actor: Actor, cohort: Cohort, person_id: int) -> str:
    """Give the next of a ranking a seat, or a place on the waiting list; the cohort is locked."""
    return _seat(db, actor, cohort, person_id, None)


def _seat(
    db: Session, actor: Actor, cohort: Cohort, person_id: int, enrolment: Enrolment | None
) -> str:
    state = "enrolled" if _seats_left(db, cohort) > 0 else "waiting"
    if enrolment is None:
        enrolment = Enrolment(cohort_id=cohort.id, person_id=person_id)
        db.add(enrolment)
    enrolment.state = state
    enrolment.enrolled_at, enrolment.left_at = clock.now(), None
    db.flush()
    audit.record(db, actor, "enrolment.join", "enrolment", enrolment.id, state=state)
    return state


def check_prerequisite(db: Session, cohort: Cohort, person_id: int) -> None:
    """Raise PrerequisiteMissing unless she completed what the programme asks for."""
    wanted = db.execute(
        select(Programme.id, Programme.name).where(
            Programme.id
            == select(Programme.prerequisite_id)
            .where(Programme.id == cohort.programme_id)
            .scalar_subquery()
        )
    ).first()
    if wanted is not None and not has_completed(db, person_id, wanted.id):
        raise PrerequisiteMissing(wanted.name)


def _seats_left(db: Session, cohort: Cohort) -> int:
    """Free seats of a cohort that the caller has locked."""
    taken = select(func.count()).where(
        Enrolment.cohort_id == cohort.id, Enrolment.state == "enrolled"
    )
    return cohort.seats - (db.scalar(taken) or 0)


@in_transaction()
def leave(db: Session, *, actor: Actor, enrolment_id: int) -> None:
    """Give a seat back: one's own, or one of the class one teaches. The first who waits moves up.

    Her attendance stays. Raises NotFound and AlreadyClosed; leaving twice changes nothing.
    """
    cohort = db.scalar(
        select(Cohort)
        .join(Programme, Programme.id == Cohort.programme_id)
        .join(Enrolment, Enrolment.cohort_id == Cohort.id)
        .where(
            Enrolment.id == enrolment_id,
            or_(Enrolment.person_id == actor.person_id, within_reach(db, actor, TEACH)),
        )
        .with_for_update(of=Cohort)
        .execution_options(populate_existing=True)
    )
    if cohort is None:
        raise NotFound
    if cohort.closed_at is not None:
        raise AlreadyClosed
    enrolment = db.get_one(Enrolment, enrolment_id, populate_existing=True)
    if enrolment.state == "left":
        return
    enrolment.state, enrolment.left_at = "left", clock.now()
    db.flush()
    audit.record(db, actor, "enrolment.leave", "enrolment", enrolment.id)
    _move_up(db, actor, cohort)


@in_transaction()
def change_seats(db: Session, *, actor: Actor, cohort_id: int, seats: int) -> None:
    """Set how many seats a cohort has; those who wait move up. Raises SeatsInUse."""
    cohort = lock_own_cohort(db, actor, cohort_id)
    if cohort.closed_at is not None:
        raise AlreadyClosed
    cohort.seats = seats
    if _seats_left(db, cohort) < 0:
        raise SeatsInUse
    db.flush()
    audit.record(db, actor, "cohort.seats", "cohort", cohort_id, seats=seats)
    _move_up(db, actor, cohort)


def _move_up(db: Session, actor: Actor, cohort: Cohort) -> None:
    """Give free seats to those who have waited longest, and tell so."""
    waiting = (
        select(Enrolment)
        .where(Enrolment.cohort_id == cohort.id, Enrolment.state == "waiting")
        .order_by(Enrolment.enrolled_at, Enrolment.id)
        .limit(_seats_left(db, cohort))
        .execution_options(populate_existing=True)
    )
    for enrolment in db.scalars(waiting):
        enrolment.state = "enrolled"
        audit.record(db, actor, "enrolment.move_up", "enrolment", enrolment.id)
        news.tell(db, "training_seat_given", enrolment_id=enrolment.id)
    db.flush()
