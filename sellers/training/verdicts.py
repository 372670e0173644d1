"""The verdict on a scholarship: ranked by its record, decided once, and never changed.

Giving seats locks the cohort first, as `enrolments` does.
"""

import secrets
from collections.abc import Sequence

from flask_babel import lazy_gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session, aliased

from core import audit, clock, notify
from core.actors import Actor
from core.db import in_transaction
from core.errors import DomainError, Forbidden, NotFound
from sellers.training import enrolments, selection
from sellers.training.cohorts import AlreadyClosed, lock_own_cohort
from sellers.training.scholarship_models import Application, Judgement, Scholarship, Verdict
from sellers.training.selection import Candidate

JUDGES = 2


class TooSoon(DomainError):
    """As long as somebody may still ask, nothing is decided."""

    sentence = _("Pendaftaran masih dibuka. Putuskan setelah hari terakhirnya lewat.")


class NotJudged(DomainError):
    """Each application is read by two people."""

    sentence = _("Belum semua pendaftar dinilai dua orang.")


class NothingToDecide(DomainError):
    """Nobody asked."""

    sentence = _("Belum ada pendaftar.")


@in_transaction()
def decide(db: Session, *, actor: Actor, cohort_id: int) -> str:
    """Rank all who asked, give the seats, let the others wait, and return the seed.

    Deciding twice changes nothing. Raises TooSoon, NotJudged, NothingToDecide and AlreadyClosed.
    """
    if actor.person_id is None:
        raise Forbidden
    cohort = lock_own_cohort(db, actor, cohort_id)
    batch = db.get(Scholarship, cohort_id, with_for_update=True, populate_existing=True)
    if batch is None:
        raise NotFound
    if batch.decided_at is not None:
        return batch.seed
    if cohort.closed_at is not None:
        raise AlreadyClosed
    if clock.today() <= batch.apply_until:
        raise TooSoon
    people, candidates = _candidates(db, batch)
    seed = secrets.token_hex(16)
    ranking = selection.ranked(candidates, seed=seed, first_timers_first=batch.first_timers_first)
    for place, one in enumerate(ranking, start=1):
        state = enrolments.seat_next(db, actor, cohort, people[one.number])
        outcome = "seat" if state == "enrolled" else "waiting"
        db.add(
            Verdict(
                application_id=one.number,
                place=place,
                outcome=outcome,
                is_first=one.is_first,
                points=one.points,
                lot=selection.lot(seed, one.number),
            )
        )
        _tell(db, people[one.number], batch, outcome)
    batch.seed, batch.decided_at, batch.decided_by = seed, clock.now(), actor.person_id
    audit.record(db, actor, "scholarship.decide", "cohort", cohort_id, seed=seed)
    return seed


def _candidates(db: Session, batch: Scholarship) -> tuple[dict[int, int], list[Candidate]]:
    """Who asked, by number, and how each is ranked; raises NotJudged and NothingToDecide."""
    asked_before = aliased(Application)
    earlier = (
        select(asked_before.person_id)
        .join(Verdict, Verdict.application_id == asked_before.id)
        .where(Verdict.outcome == "seat")
    )
    rows = db.execute(
        select(
            Application.id,
            Application.person_id,
            Application.person_id.in_(earlier).label("had_one"),
        )
        .where(Application.cohort_id == batch.cohort_id, Application.withdrawn_at.is_(None))
        .order_by(Application.id)
    ).all()
    if not rows:
        raise NothingToDecide
    points: dict[int, list[int]] = {}
    if batch.method == "judged":
        given = select(Judgement.application_id, Judgement.points).where(
            Judgement.application_id.in_([row.id for row in rows])
        )
        for application_id, one in db.execute(given):
            points.setdefault(application_id, []).append(sum(one))
        if any(len(points.get(row.id, ())) < JUDGES for row in rows):
            raise NotJudged
    return {row.id: row.person_id for row in rows}, [
        Candidate(row.id, not row.had_one, _mean(points.get(row.id, []))) for row in rows
    ]


def _mean(points: Sequence[int]) -> int:
    """Hundredths of the mean, so that a third judge helps and harms nobody."""
    return sum(points) * 100 // len(points) if points else 0


def _tell(db: Session, person_id: int, batch: Scholarship, outcome: str) -> None:
    notify.tell(
        db,
        event_key=f"scholarship-{batch.cohort_id}",
        people=[person_id],
        title=_("Kabar beasiswa"),
        text=_("Ibu mendapat tempat. Jadwalnya ada di halaman kelas Ibu.")
        if outcome == "seat"
        else _("Ibu ada di daftar tunggu. Bila ada tempat, Ibu langsung ikut."),
        link=f"/beasiswa/{batch.slug}",
    )
