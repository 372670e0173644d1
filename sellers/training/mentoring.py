"""Mentoring: a mentor is asked, one goal is agreed, notes are written, and it ends with a review.

The mentor sees of her what she opened, and the provider of the notes what she shows.
"""

from collections.abc import Collection
from datetime import date, datetime

from flask_babel import lazy_gettext as _
from sqlalchemy import ColumnElement, exists, or_, select
from sqlalchemy.orm import Session

from core import audit, clock, notify
from core.actors import Actor
from core.db import in_transaction
from core.errors import DomainError, NotFound
from sellers.training.mentoring_models import Mentoring, MentorNote
from sellers.training.models import Cohort, Enrolment, Programme
from sellers.training.rights import TEACH, within_reach

OUTCOMES = ("reached", "partly", "not_yet")
OPENED = ("goods", "classes")


class OwnMentor(DomainError):
    """Nobody is her own mentor."""

    sentence = _("Pendamping harus orang lain.")


class HasMentor(DomainError):
    """One mentor at a time."""

    sentence = _("Peserta ini sudah punya pendamping.")


class AlreadyEnded(DomainError):
    """What has ended is only read."""

    sentence = _("Pendampingan ini sudah selesai.")


class EndsInThePast(DomainError):
    """It goes on for a while."""

    sentence = _("Tanggal selesai sudah lewat. Pilih mulai hari ini.")


@in_transaction()
def begin(db: Session, *, actor: Actor, enrolment_id: int, mentor_id: int, ends_on: date) -> int:
    """Ask somebody to go with a woman of one's own class; returns the id, and tells both.

    Raises NotFound, OwnMentor, HasMentor and EndsInThePast.
    """
    enrolment = db.scalar(
        select(Enrolment)
        .join(Cohort, Cohort.id == Enrolment.cohort_id)
        .join(Programme, Programme.id == Cohort.programme_id)
        .where(Enrolment.id == enrolment_id, Enrolment.state != "waiting")
        .where(within_reach(db, actor, TEACH))
        .with_for_update(of=Enrolment)
    )
    if enrolment is None:
        raise NotFound
    if enrolment.person_id == mentor_id:
        raise OwnMentor
    if ends_on < clock.today():
        raise EndsInThePast
    living = exists().where(Mentoring.enrolment_id == enrolment_id, Mentoring.ended_at.is_(None))
    if db.scalar(select(living)):
        raise HasMentor
    row = Mentoring(enrolment_id=enrolment_id, mentor_id=mentor_id, ends_on=ends_on)
    db.add(row)
    db.flush()
    audit.record(db, actor, "mentoring.begin", "mentoring", row.id)
    title = _("Pendampingan dimulai")
    notify.tell(
        db,
        event_key=f"mentoring-{row.id}",
        people=[enrolment.person_id],
        title=title,
        text=_("Ibu sekarang punya pendamping. Ibu yang memilih apa yang ia lihat."),
        link=f"/ibu/pendamping/{row.id}",
    )
    notify.tell(
        db,
        event_key=f"mentoring-{row.id}",
        people=[mentor_id],
        title=title,
        text=_("Ibu diminta mendampingi seorang peserta."),
        link=f"/mentor/{row.id}",
    )
    return row.id


def _is_mentor(actor: Actor) -> ColumnElement[bool]:
    return Mentoring.mentor_id == actor.person_id


def _is_hers(actor: Actor) -> ColumnElement[bool]:
    return Mentoring.enrolment_id.in_(
        select(Enrolment.id).where(Enrolment.person_id == actor.person_id)
    )


def _lock(db: Session, mentoring_id: int, whose: ColumnElement[bool]) -> Mentoring:
    row = db.scalar(
        select(Mentoring)
        .where(Mentoring.id == mentoring_id, whose)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    if row is None:
        raise NotFound
    return row


def _lock_living(db: Session, mentoring_id: int, whose: ColumnElement[bool]) -> Mentoring:
    row = _lock(db, mentoring_id, whose)
    if row.ended_at is not None:
        raise AlreadyEnded
    return row


@in_transaction()
def agree(
    db: Session, *, actor: Actor, mentoring_id: int, goal: str, meets_at: datetime | None = None
) -> None:
    """Write the one goal they agreed on, and when they meet next; either of the two may."""
    row = _lock_living(db, mentoring_id, or_(_is_mentor(actor), _is_hers(actor)))
    row.goal, row.meets_at = goal, meets_at
    audit.record(db, actor, "mentoring.agree", "mentoring", mentoring_id)


@in_transaction()
def write_note(db: Session, *, actor: Actor, mentoring_id: int, words: str) -> int:
    """Write down what was said; she reads it, nobody else until she shows it."""
    _lock_living(db, mentoring_id, _is_mentor(actor))
    note = MentorNote(mentoring_id=mentoring_id, words=words)
    db.add(note)
    db.flush()
    audit.record(db, actor, "mentoring.note", "mentoring", mentoring_id)
    return note.id


@in_transaction()
def remind(db: Session, *, actor: Actor, mentoring_id: int) -> None:
    """Remind her kindly of their goal, at most once a day."""
    row = _lock_living(db, mentoring_id, _is_mentor(actor))
    hers = select(Enrolment.person_id).where(Enrolment.id == row.enrolment_id)
    notify.tell(
        db,
        event_key=f"mentoring-{row.id}-{clock.today()}",
        people=[db.scalars(hers).one()],
        title=_("Salam dari pendamping Ibu"),
        text=_("Apa kabar? Tujuan kita dan pertemuan berikutnya ada di sini."),
        link=f"/ibu/pendamping/{row.id}",
    )
    audit.record(db, actor, "mentoring.remind", "mentoring", mentoring_id)


@in_transaction()
def open_to_mentor(
    db: Session, *, actor: Actor, mentoring_id: int, opened: Collection[str]
) -> None:
    """She says what her mentor may see of her; what is not named is closed again."""
    row = _lock_living(db, mentoring_id, _is_hers(actor))
    row.opened = [one for one in OPENED if one in opened]
    audit.record(db, actor, "mentoring.open", "mentoring", mentoring_id, opened=row.opened)


@in_transaction()
def show_note(
    db: Session, *, actor: Actor, mentoring_id: int, note_id: int, is_shown: bool
) -> None:
    """She lets her provider read a note, or no longer; also after the end."""
    _lock(db, mentoring_id, _is_hers(actor))
    note = db.get(MentorNote, note_id, populate_existing=True)
    if note is None or note.mentoring_id != mentoring_id:
        raise NotFound
    note.is_shown = is_shown
    audit.record(db, actor, "mentoring.show", "mentoring", mentoring_id, is_shown=is_shown)


@in_transaction()
def end(db: Session, *, actor: Actor, mentoring_id: int, outcome: str, review: str) -> None:
    """The mentor looks back at the goal; what she was let see is closed."""
    row = _lock_living(db, mentoring_id, _is_mentor(actor))
    if outcome not in OUTCOMES:
        raise NotFound
    _close(db, actor, row, outcome, review)


@in_transaction()
def stop(db: Session, *, actor: Actor, mentoring_id: int) -> None:
    """She goes on without her mentor: at once, and without a reason."""
    _close(db, actor, _lock_living(db, mentoring_id, _is_hers(actor)), "stopped", "")


def _close(db: Session, actor: Actor, row: Mentoring, outcome: str, review: str) -> None:
    row.ended_at, row.outcome, row.review, row.opened = clock.now(), outcome, review, []
    audit.record(db, actor, "mentoring.end", "mentoring", row.id, outcome=outcome)
