"""Proofs: what anybody who holds a certificate's code may read of it."""

import re
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from sqlalchemy import select
from sqlalchemy.orm import aliased

from core import clock
from core.db import Reader
from core.orgs import Organisation
from core.people import Person
from sellers.training.models import Certificate, Cohort, Enrolment, Programme

# No vowels, so no words; none of 0 O, 1 I L, 2 Z, 5 S, 8 B, so that it can be read out by phone.
CODE_SIGNS = "CDFGHJKMNPQRTVWXY34679"
CODE_LENGTH = 12  # 22 signs to the 12th is 53 bits: nobody finds one by trying.
GROUP = 4

ProofState = Literal["valid", "expired", "withdrawn", "replaced"]


@dataclass(frozen=True, slots=True)
class Proof:
    """What anybody may read of a certificate; `holder` is shown as far as she agreed."""

    code: str
    programme: str
    programme_en: str
    provider: str
    holder: str
    issued_at: datetime
    valid_until: date | None
    withdrawn_at: datetime | None
    state: ProofState


def grouped(signs: str) -> str:
    """Signs in groups of four, as people read them out."""
    return "-".join(signs[start : start + GROUP] for start in range(0, len(signs), GROUP))


def tidy_code(typed: str) -> str:
    """A code as it is kept, however it was typed; what is no code finds nothing."""
    return grouped(re.sub("[^A-Z0-9]", "", typed.upper())[: 2 * CODE_LENGTH])


def holder_words(name: str, call_me: str, *, is_shown: bool) -> str:
    """Her name on the public page: first letters only, and how she is called if she agreed."""
    whole_name = name.split(",")[0]  # What follows a comma is a title.
    letters = " ".join(f"{word[0].upper()}." for word in whole_name.split() if word[0].isalpha())
    return f"{call_me} ({letters})" if is_shown else letters


def find_proof(db: Reader, code: str) -> Proof | None:
    """What the public may know of a certificate, or None where no certificate has this code."""
    successor = aliased(Certificate)
    row = db.execute(
        select(
            Certificate.code,
            Certificate.issued_at,
            Certificate.valid_until,
            Certificate.withdrawn_at,
            successor.id.label("successor_id"),
            Programme.name.label("programme"),
            Programme.name_en.label("programme_en"),
            Organisation.name.label("provider"),
            Person.name,
            Person.call_me,
            Person.erased_at,
            Enrolment.is_shown,
        )
        .join(Enrolment, Enrolment.id == Certificate.enrolment_id)
        .join(Person, Person.id == Enrolment.person_id)
        .join(Cohort, Cohort.id == Enrolment.cohort_id)
        .join(Programme, Programme.id == Cohort.programme_id)
        .join(Organisation, Organisation.id == Programme.provider_id)
        .outerjoin(successor, successor.replaces_id == Certificate.id)
        .where(Certificate.code == code)
    ).first()
    if row is None:
        return None
    words = holder_words(row.name, row.call_me, is_shown=row.is_shown)
    return Proof(
        code=row.code,
        programme=row.programme,
        programme_en=row.programme_en,
        provider=row.provider,
        holder="" if row.erased_at else words,
        issued_at=row.issued_at,
        valid_until=row.valid_until,
        withdrawn_at=row.withdrawn_at,
        state=_state(row.withdrawn_at, row.valid_until, has_successor=row.successor_id is not None),
    )


def _state(
    withdrawn_at: datetime | None, valid_until: date | None, *, has_successor: bool
) -> ProofState:
    if withdrawn_at is not None:
        return "replaced" if has_successor else "withdrawn"
    return "expired" if valid_until is not None and valid_until < clock.today() else "valid"
