"""Scholarships: a batch is opened, women ask for its seats, and each is judged once by a person.

Who gets a seat is decided in `verdicts`.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from flask_babel import lazy_gettext as _
from sqlalchemy import Select, exists, select
from sqlalchemy.orm import Session

from core import audit, clock, words
from core.actors import Actor
from core.db import in_transaction
from core.errors import DomainError, Forbidden, NotFound
from sellers.training import enrolments
from sellers.training.cohorts import AlreadyClosed, lock_own_cohort
from sellers.training.models import Cohort, Enrolment, Programme
from sellers.training.rights import TEACH, within_reach
from sellers.training.scholarship_models import Application, Judgement, Scholarship

CRITERIA_MAX = 8
POINTS_MAX = 100


class HasWomen(DomainError):
    """Seats that were given already cannot be asked for."""

    sentence = _("Kelas ini sudah punya peserta. Buka angkatan baru untuk beasiswa.")


class TooLate(DomainError):
    """The last day to ask has passed, or it is decided."""

    sentence = _("Pendaftaran beasiswa ini sudah ditutup.")


class OwnApplication(DomainError):
    """Nobody judges herself."""

    sentence = _("Pendaftaran sendiri harus dinilai orang lain.")


class AlreadyJudged(DomainError):
    """A judgement is given once and stays."""

    sentence = _("Pendaftar ini sudah Ibu nilai. Nilai tidak bisa diubah.")


class BadPoints(DomainError):
    """One figure for each criterion, none above its most."""

    sentence = _("Isi nilai untuk setiap ukuran, paling banyak sesuai batasnya.")


@dataclass(frozen=True, slots=True)
class Batch:
    """How seats of a cohort are asked for and given; `criteria` are words and most points."""

    apply_until: date
    method: str = "judged"
    criteria: Sequence[tuple[str, int]] = ()
    first_timers_first: bool = True


@in_transaction()
def open_batch(db: Session, *, actor: Actor, cohort_id: int, batch: Batch) -> str:
    """Let the seats of one's own cohort be asked for; returns the public name of the batch.

    Raises HasWomen, TooLate for a day that has passed, and BadPoints for criteria nobody can judge.
    """
    cohort = lock_own_cohort(db, actor, cohort_id)
    if cohort.closed_at is not None:
        raise AlreadyClosed
    if batch.apply_until < clock.today():
        raise TooLate
    most = [points for _words, points in batch.criteria]
    if (batch.method == "judged") != bool(most) or not all(1 <= n <= POINTS_MAX for n in most):
        raise BadPoints
    taken = exists().where(Enrolment.cohort_id == cohort_id)
    known = exists().where(Scholarship.cohort_id == cohort_id)
    if db.scalar(select(taken | known)):
        raise HasWomen
    programme = db.get_one(Programme, cohort.programme_id)
    slug = words.slug(f"{programme.name} {cohort.name}")[: words.SLUG_CHARACTERS_MAX - 10]
    row = Scholarship(
        cohort_id=cohort_id,
        slug=f"{slug}-{cohort_id}",
        apply_until=batch.apply_until,
        method=batch.method,
        criteria=[list(one) for one in batch.criteria],
        first_timers_first=batch.first_timers_first,
    )
    db.add(row)
    db.flush()
    audit.record(db, actor, "scholarship.open", "cohort", cohort_id, method=batch.method)
    return row.slug


def criteria_of(batch: Scholarship) -> list[tuple[str, int]]:
    """The criteria of a batch: words and most points."""
    return [(str(words), int(str(most))) for words, most in batch.criteria]


def _lock_open(db: Session, cohort_id: int) -> Scholarship:
    """Hold a batch that can still be asked for; raises NotFound and TooLate."""
    row = db.get(Scholarship, cohort_id, with_for_update=True, populate_existing=True)
    if row is None:
        raise NotFound
    if row.decided_at is not None or clock.today() > row.apply_until:
        raise TooLate
    return row


@in_transaction()
def apply(db: Session, *, actor: Actor, cohort_id: int, words: str) -> int:
    """Ask for a seat for oneself, or say it in other words; returns the number of the application.

    Raises NotFound, TooLate and PrerequisiteMissing. Words that were judged stay as they are.
    """
    if actor.person_id is None:
        raise Forbidden
    _lock_open(db, cohort_id)
    cohort = db.get_one(Cohort, cohort_id)
    if cohort.closed_at is not None:
        raise TooLate
    enrolments.check_prerequisite(db, cohort, actor.person_id)
    mine = _mine(cohort_id, actor)
    found = db.scalar(mine)
    if found is None:
        found = Application(cohort_id=cohort_id, person_id=actor.person_id, words=words)
        db.add(found)
        db.flush()
    elif not db.scalar(select(exists().where(Judgement.application_id == found.id))):
        found.words = words
    found.withdrawn_at = None
    audit.record(db, actor, "scholarship.apply", "scholarship_application", found.id)
    return found.id


@in_transaction()
def withdraw(db: Session, *, actor: Actor, cohort_id: int) -> None:
    """Ask no longer. Raises NotFound and TooLate; withdrawing twice changes nothing."""
    _lock_open(db, cohort_id)
    found = db.scalar(_mine(cohort_id, actor))
    if found is None:
        raise NotFound
    found.withdrawn_at = found.withdrawn_at or clock.now()
    audit.record(db, actor, "scholarship.withdraw", "scholarship_application", found.id)


def _mine(cohort_id: int, actor: Actor) -> Select[Application]:
    mine = select(Application).where(
        Application.cohort_id == cohort_id, Application.person_id == actor.person_id
    )
    return mine.execution_options(populate_existing=True)


@in_transaction()
def judge(
    db: Session, *, actor: Actor, application_id: int, points: Sequence[int], reason: str
) -> None:
    """Say once what one thinks of an application to one's own organisation's batch.

    Raises NotFound, OwnApplication, AlreadyJudged, BadPoints and TooLate.
    """
    if actor.person_id is None:
        raise Forbidden
    row = db.execute(
        select(Scholarship, Application)
        .join(Application, Application.cohort_id == Scholarship.cohort_id)
        .join(Cohort, Cohort.id == Scholarship.cohort_id)
        .join(Programme, Programme.id == Cohort.programme_id)
        .where(Application.id == application_id, Application.withdrawn_at.is_(None))
        .where(within_reach(db, actor, TEACH))
        .with_for_update(of=Scholarship)
        .execution_options(populate_existing=True)
    ).first()
    if row is None:
        raise NotFound
    if row.Scholarship.decided_at is not None:
        raise TooLate
    if row.Application.person_id == actor.person_id:
        raise OwnApplication
    most = [top for _words, top in criteria_of(row.Scholarship)]
    if len(points) != len(most):
        raise BadPoints
    if any(not 0 <= given <= top for given, top in zip(points, most, strict=True)):
        raise BadPoints
    hers = (Judgement.application_id == application_id) & (Judgement.judge_id == actor.person_id)
    if db.scalar(select(exists().where(hers))):
        raise AlreadyJudged
    db.add(
        Judgement(
            application_id=application_id,
            judge_id=actor.person_id,
            points=list(points),
            reason=reason,
        )
    )
    audit.record(db, actor, "scholarship.judge", "scholarship_application", application_id)
