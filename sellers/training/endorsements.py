"""Another provider stands behind a certificate, in one sentence that anybody who checks it reads.

Given by a holder of `verify` elsewhere, never for herself, once for each of her organisations; it
can be taken back and is then no longer shown.
"""

from dataclasses import dataclass
from datetime import datetime

from flask_babel import lazy_gettext as _
from sqlalchemy import Index, String, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Mapped, Session, mapped_column

from core import access, audit, clock
from core.actors import Actor
from core.db import Base, Reader, in_transaction, moment, reference
from core.errors import DomainError, NotFound
from core.orgs import Organisation
from sellers.training.models import Certificate, Cohort, Enrolment, Programme
from sellers.training.rights import VERIFY

WORDS_MAX = 200


class NotFromOutside(DomainError):
    """Only another provider's word adds anything, and nobody's own counts."""

    sentence = _("Dukungan harus dari lembaga lain, bukan untuk diri sendiri.")


class Endorsement(Base):
    """One organisation's sentence about a certificate, with who gave it."""

    __tablename__ = "endorsement"
    __table_args__ = (
        Index(
            "uq_endorsement_living",
            "certificate_id",
            "organisation_id",
            unique=True,
            postgresql_where="withdrawn_at is null",
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    certificate_id: Mapped[int] = reference("certificate.id")
    organisation_id: Mapped[int] = reference("organisation.id")
    given_by: Mapped[int] = reference("person.id")
    words: Mapped[str] = mapped_column(String(WORDS_MAX))
    given_at: Mapped[datetime] = moment(default=clock.now)
    withdrawn_at: Mapped[datetime | None] = moment()


@dataclass(frozen=True, slots=True)
class Shown:
    """What the check page says of an endorsement."""

    id: int
    organisation_id: int
    organisation: str
    words: str
    given_at: datetime


def of_code(db: Reader, code: str) -> list[Shown]:
    """The living endorsements of a certificate, the oldest first."""
    query = (
        select(
            Endorsement.id,
            Endorsement.organisation_id,
            Organisation.name,
            Endorsement.words,
            Endorsement.given_at,
        )
        .join(Certificate, Certificate.id == Endorsement.certificate_id)
        .join(Organisation, Organisation.id == Endorsement.organisation_id)
        .where(Certificate.code == code, Endorsement.withdrawn_at.is_(None))
    )
    return [Shown(*row) for row in db.execute(query.order_by(Endorsement.id))]


@in_transaction(retries=3)
def give(db: Session, *, actor: Actor, code: str, words: str) -> None:
    """Stand behind a living certificate; saying it again changes nothing.

    Raises NotFound and NotFromOutside.
    """
    row = db.execute(
        select(Certificate.id, Certificate.person_id, Programme.provider_id)
        .join(Enrolment, Enrolment.id == Certificate.enrolment_id)
        .join(Cohort, Cohort.id == Enrolment.cohort_id)
        .join(Programme, Programme.id == Cohort.programme_id)
        .where(Certificate.code == code, Certificate.withdrawn_at.is_(None))
        .with_for_update(of=Certificate)
    ).first()
    if row is None or actor.person_id is None:
        raise NotFound
    others = sorted(access.subjects(db, actor, VERIFY) - {row.provider_id})
    if not others or row.person_id == actor.person_id:
        raise NotFromOutside
    for organisation_id in others:
        values = {
            "certificate_id": row.id,
            "organisation_id": organisation_id,
            "given_by": actor.person_id,
            "words": words.strip(),
            "given_at": clock.now(),
        }
        db.execute(insert(Endorsement).values(values).on_conflict_do_nothing())
    audit.record(db, actor, "certificate.endorse", "certificate", row.id)


@in_transaction(retries=3)
def take_back(db: Session, *, actor: Actor, endorsement_id: int) -> str:
    """End an endorsement of one of the actor's organisations; returns the code. Raises NotFound."""
    found = db.get(Endorsement, endorsement_id, with_for_update=True)
    if found is None or found.organisation_id not in access.subjects(db, actor, VERIFY):
        raise NotFound
    found.withdrawn_at = found.withdrawn_at or clock.now()
    audit.record(db, actor, "certificate.endorse_end", "certificate", found.certificate_id)
    return db.get_one(Certificate, found.certificate_id).code
