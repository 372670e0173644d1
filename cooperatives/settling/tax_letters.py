"""Letters for the tax office as boards receive them on paper, and who comes near the limit."""

import re

from flask_babel import lazy_gettext as _
from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from cooperatives import members
from cooperatives.models.books import Account, Kind, Payee
from cooperatives.models.tax import TaxLetter
from cooperatives.rights import COORDINATE, TREASURE
from cooperatives.settling import tax, turnover
from cooperatives.settling.tax_settings import TaxSettings
from core import access, audit, clock, notify, sealing, tasks
from core.actors import SYSTEM, Actor
from core.config import settings
from core.db import db as database
from core.db import in_transaction
from core.errors import DomainError, NotFound
from core.jobs import job
from core.people import Person
from core.tasks import Task

PURPOSE = "tax number"
PAGE = "/kas/pajak"
NEAR_LIMIT = tasks.declare(
    "cooperatives.turnover_near",
    _("Omzet %(call_me)s mendekati batas pajak. Jelaskan langkahnya kepada beliau."),
)
_NUMBER = re.compile("[0-9]{15,16}")


class OddTaxNumber(DomainError):
    """A NIK has 16 digits, an NPWP 15 or 16."""

    sentence = _("NIK terdiri dari 16 angka, NPWP 15 atau 16 angka.")


class TwoLetters(DomainError):
    """She has a letter for this year already."""

    status = 409
    sentence = _("Surat untuk tahun ini sudah tercatat.")


@in_transaction(retries=3)
def note(
    db: Session, *, actor: Actor, person_id: int, kind: str, number: str, year: int | None = None
) -> TaxLetter:
    """A board has her signed letter on paper. Raises OddTaxNumber, TwoLetters, NotFound."""
    person = payee_of_board(db, actor, person_id)
    of_year = year or clock.today().year
    plain = re.sub("[ .-]", "", number)
    if plain and not _NUMBER.fullmatch(plain):
        raise OddTaxNumber
    if tax.letter(db, person.id, of_year):
        raise TwoLetters
    found = TaxLetter(
        person_id=person.id,
        year=of_year,
        kind=kind,
        tail=plain[-4:],
        sealed=sealing.seal(plain, purpose=PURPOSE) if plain else b"",
        noted_by=actor.person_id,
    )
    db.add(found)
    db.flush()
    for membership in members.memberships_of(db, person.id):
        doc = ("turnover", f"{membership.id}:{of_year}")
        tasks.close(db, NEAR_LIMIT, actor=actor, doc=doc, reason="letter")
    audit.record(db, actor, "tax_letter.note", "tax_letter", found.id, kind=kind, year=of_year)
    return found


@in_transaction(retries=3)
def withdraw(db: Session, *, actor: Actor, letter_id: int) -> None:
    """It was noted by mistake, or she takes it back; doing it again changes nothing."""
    found = db.get(TaxLetter, letter_id, with_for_update=True, populate_existing=True)
    if found is None:
        raise NotFound
    payee_of_board(db, actor, found.person_id)
    if found.withdrawn_at is None:
        found.withdrawn_at = clock.now()
        audit.record(db, actor, "tax_letter.withdraw", "tax_letter", letter_id)


def payee_of_board(db: Session, actor: Actor, person_id: int) -> Person:
    """A maker in the books of an organisation on whose board the actor is; raises NotFound."""
    boards = access.subjects(db, actor, TREASURE, COORDINATE)
    is_theirs = exists().where(
        Account.payee_id == Payee.id,
        Payee.person_id == person_id,
        Account.kind == Kind.MAKER,
        Account.organisation_id.in_(boards),
    )
    person = db.scalar(select(Person).where(Person.id == person_id, is_theirs))
    if person is None:
        raise NotFound
    return person


def number_of(letter: TaxLetter) -> str:
    """The whole NIK or NPWP, for the list that goes to the tax office."""
    return sealing.unseal(letter.sealed, purpose=PURPOSE) or "" if letter.sealed else ""


@job("cooperatives.watch_turnover", key=None, cron="40 18 * * *")
def watch_turnover() -> None:
    """Tell whoever comes near the limit, and her coordinators, once a year."""
    year = clock.today().year
    amount = settings(TaxSettings).warn_rupiah
    for person_id in turnover.at_least(database.session(), amount, year):
        _warn(actor=SYSTEM, person_id=person_id, year=year)


@in_transaction(retries=3)
def _warn(db: Session, *, actor: Actor, person_id: int, year: int) -> None:  # noqa: ARG001
    person = db.get(Person, person_id)
    if person is None or person.erased_at is not None:
        return
    notify.tell(
        db,
        event_key=f"turnover:{year}:{person_id}",
        people=[person_id],
        title=_("Omzet Ibu mendekati batas pajak"),
        text=_("Ini kabar baik. Tanyakan langkahnya kepada koordinator Ibu."),
        link="/ibu/uang",
    )
    for membership in members.memberships_of(db, person_id):
        doc = ("turnover", f"{membership.id}:{year}")
        asked = select(Task.id).where(Task.kind == NEAR_LIMIT.name, Task.doc_id == doc[1])
        if not db.scalar(asked):
            tasks.write(
                db,
                NEAR_LIMIT,
                doc=doc,
                link=f"{PAGE}/{person_id}/surat",
                holders=(COORDINATE, membership.cooperative_id),
                facts={"call_me": person.call_me},
            )
