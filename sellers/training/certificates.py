"""Certificates: issued on what was attended, withdrawn with a reason, and never edited.

A mistake is mended by a new certificate that withdraws the old one in the same step.
"""

import secrets
from datetime import date

from flask_babel import lazy_gettext as _
from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from core import audit, clock, news
from core.actors import Actor
from core.db import in_transaction
from core.errors import DomainError, Forbidden, NotFound
from sellers.training.attendance import standing_of
from sellers.training.models import Certificate, Cohort, Enrolment, Programme
from sellers.training.proofs import CODE_LENGTH, CODE_SIGNS, grouped
from sellers.training.rights import VERIFY, within_reach


class NotCompleted(DomainError):
    """Too few sessions were attended, and no reason for an exception was given."""

    sentence = _("Kehadirannya belum cukup. Tulis alasan bila tetap diberi sertifikat.")


class NoCertificate(DomainError):
    """The programme gives none."""

    sentence = _("Kelas ini tidak memberi sertifikat.")


class HasCertificate(DomainError):
    """One living certificate per enrolment; a second one replaces it."""

    sentence = _("Sertifikatnya sudah ada. Bila keliru, ganti dengan yang baru.")


class OwnCertificate(DomainError):
    """Nobody proves her own training."""

    sentence = _("Sertifikat untuk diri sendiri harus diterbitkan orang lain.")


class AlreadyWithdrawn(DomainError):
    """It was withdrawn before, and its reason stays."""

    sentence = _("Sertifikat ini sudah ditarik sebelumnya.")


class EndsInThePast(DomainError):
    """A certificate that is already over proves nothing."""

    sentence = _("Masa berlaku sudah lewat. Pilih tanggal mulai hari ini.")


class ReasonMissing(DomainError):
    """A withdrawal without a reason explains nothing to the woman it concerns."""

    sentence = _("Alasan belum diisi. Tulis satu kalimat.")


def new_code() -> str:
    """A code nobody can guess, such as 4DKN-9TXW-HR3C."""
    return grouped("".join(secrets.choice(CODE_SIGNS) for _turn in range(CODE_LENGTH)))


@in_transaction()
def issue(
    db: Session,
    *,
    actor: Actor,
    enrolment_id: int,
    valid_until: date | None = None,
    exception: str = "",
) -> str:
    """Certify a completed training and return the code.

    `exception` says why it is given on less attendance. Raises NotFound, OwnCertificate,
    HasCertificate, NotCompleted, NoCertificate and EndsInThePast.
    """
    enrolment = _lock_for(db, actor, Enrolment.id == enrolment_id)
    living = select(Certificate.id).where(
        Certificate.enrolment_id == enrolment_id, Certificate.withdrawn_at.is_(None)
    )
    if db.scalar(living) is not None:
        raise HasCertificate
    return _write(db, actor, enrolment, valid_until, exception).code


@in_transaction()
def replace(
    db: Session,
    *,
    actor: Actor,
    certificate_id: int,
    reason: str,
    valid_until: date | None = None,
    exception: str = "",
) -> str:
    """Withdraw a certificate and issue a new one in its place; returns the new code."""
    enrolment, old = _lock_certificate(db, actor, certificate_id)
    _withdraw(db, actor, old, reason)
    new = _write(db, actor, enrolment, valid_until, exception or old.exception, replaces_id=old.id)
    return new.code


@in_transaction()
def withdraw(db: Session, *, actor: Actor, certificate_id: int, reason: str) -> None:
    """Take a certificate back for ever; its page then says so. Raises AlreadyWithdrawn."""
    _enrolment, old = _lock_certificate(db, actor, certificate_id)
    _withdraw(db, actor, old, reason)


def _withdraw(db: Session, actor: Actor, old: Certificate, reason: str) -> None:
    if old.withdrawn_at is not None:
        raise AlreadyWithdrawn
    if not reason.strip():
        raise ReasonMissing
    old.withdrawn_at, old.withdrawn_by = clock.now(), actor.person_id
    old.withdrawn_reason = reason.strip()
    db.flush()
    audit.record(db, actor, "certificate.withdraw", "certificate", old.id)
    news.tell(db, "certificate_withdrawn", certificate_id=old.id)


def _write(
    db: Session,
    actor: Actor,
    enrolment: Enrolment,
    valid_until: date | None,
    exception: str,
    replaces_id: int | None = None,
) -> Certificate:
    """Check the rules of issuing and write the row; the caller holds the enrolment."""
    if actor.person_id is None:
        raise Forbidden
    if enrolment.person_id == actor.person_id:
        raise OwnCertificate
    if not _gives_certificate(db, enrolment):
        raise NoCertificate
    if valid_until is not None and valid_until < clock.today():
        raise EndsInThePast
    standing = standing_of(db, enrolment.id)
    if not standing.is_completed and not exception.strip():
        raise NotCompleted
    certificate = Certificate(
        code=new_code(),
        enrolment_id=enrolment.id,
        person_id=enrolment.person_id,
        issued_by=actor.person_id,
        issued_at=clock.now(),
        valid_until=valid_until,
        attended=standing.attended,
        required=standing.required,
        pass_percent=standing.pass_percent,
        exception="" if standing.is_completed else exception.strip(),
        replaces_id=replaces_id,
    )
    db.add(certificate)
    db.flush()
    audit.record(db, actor, "certificate.issue", "certificate", certificate.id)
    news.tell(db, "certificate_issued", certificate_id=certificate.id)
    return certificate


def _gives_certificate(db: Session, enrolment: Enrolment) -> bool:
    query = select(Programme.gives_certificate).join(Cohort, Cohort.programme_id == Programme.id)
    return bool(db.scalar(query.where(Cohort.id == enrolment.cohort_id)))


def _lock_for(db: Session, actor: Actor, which: ColumnElement[bool]) -> Enrolment:
    """Hold an enrolment that the actor may certify, so that two issuers wait for one another."""
    enrolment = db.scalar(
        select(Enrolment)
        .join(Cohort, Cohort.id == Enrolment.cohort_id)
        .join(Programme, Programme.id == Cohort.programme_id)
        .where(which, Enrolment.state != "waiting", within_reach(db, actor, VERIFY))
        .with_for_update(of=Enrolment)
        .execution_options(populate_existing=True)
    )
    if enrolment is None:
        raise NotFound
    return enrolment


def _lock_certificate(
    db: Session, actor: Actor, certificate_id: int
) -> tuple[Enrolment, Certificate]:
    enrolment = _lock_for(
        db,
        actor,
        Enrolment.id
        == select(Certificate.enrolment_id)
        .where(Certificate.id == certificate_id)
        .scalar_subquery(),
    )
    return enrolment, db.get_one(Certificate, certificate_id, populate_existing=True)
