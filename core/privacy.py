"""A person's data, gathered for her and erased when she asks (UU 27/2022).

Every floor registers what it keeps: how to copy it out, how to erase it, and why erasing must
wait. What stays, and why, is told on /akun/data and in docs/privacy.md.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import Flask, current_app
from flask_babel import lazy_gettext as _
from sqlalchemy import ColumnElement, Select, delete, or_, select, update
from sqlalchemy.orm import Session

from core import access, arrivals, audit, clock, jobs, orgs, signin, tasks
from core.access import Grant
from core.actors import SYSTEM, Actor
from core.arrivals import Arrival
from core.backup import erasures, runs
from core.codes import OneTimeCode
from core.conflicts import ActConflict
from core.db import in_transaction
from core.errors import DomainError
from core.files import Attachment
from core.limits import TryCount
from core.notices import Notice
from core.passkeys import Passkey
from core.people import Person
from core.recovery import PinReset, Recovery
from core.rights import OPERATE
from core.shared_phone import RememberedHere
from core.tasks import Task

MUST_WAIT = tasks.declare(
    "core.erase_again",
    _("Hapus data orang nomor %(number)s. Urusannya terbuka lagi sesudah pemulihan."),
)
NOBODY = "–"  # Stands where a name stood; pages of others may still show the row.
DEEDS_MAX = 2_000


def _no_reason(db: Session, person_id: int) -> list[Any]:  # noqa: ARG001
    return []


@dataclass(frozen=True)
class Keeper:
    """What one floor keeps of a person. `reasons_to_wait` are sentences for her to read."""

    floor: str
    export: Callable[[Session, int], dict[str, Any]]
    erase: Callable[[Session, int], None]
    reasons_to_wait: Callable[[Session, int], list[Any]] = _no_reason


class MustWait(DomainError):
    """Something is still open; `reasons` say what."""

    sentence = _("Data belum bisa dihapus. Selesaikan dulu hal-hal di bawah ini.")

    def __init__(self, reasons: list[Any]) -> None:
        super().__init__()
        self.reasons = reasons


def register(app: Flask, keeper: Keeper) -> None:
    """Add a floor; lower floors come first."""
    app.extensions.setdefault("privacy", []).append(keeper)


def _keepers() -> list[Keeper]:
    found: list[Keeper] = current_app.extensions["privacy"]
    return found


def copied(db: Session, query: Select[*tuple[Any, ...]]) -> list[dict[str, Any]]:
    """Rows as plain words and values, for a copy of somebody's data."""
    return [dict(row) for row in db.execute(query).mappings()]


def gather(db: Session, person_id: int) -> dict[str, Any]:
    """All that the house keeps of a person, floor by floor."""
    return {keeper.floor: keeper.export(db, person_id) for keeper in _keepers()}


def reasons_to_wait(db: Session, person_id: int) -> list[Any]:
    """Why her data cannot be erased yet; nothing where it can."""
    return [sentence for keeper in _keepers() for sentence in keeper.reasons_to_wait(db, person_id)]


@in_transaction(retries=3)
def erase(db: Session, *, actor: Actor) -> None:
    """Erase the actor's own data on every floor; once erased, asking again changes nothing.

    Raises MustWait. The caller has checked her PIN.
    """
    person = db.get_one(Person, actor.person_id, with_for_update=True, populate_existing=True)
    if person.erased_at is not None:
        return
    if reasons := reasons_to_wait(db, person.id):
        raise MustWait(reasons)
    _erase_everywhere(db, person, actor)


def _erase_everywhere(db: Session, person: Person, actor: Actor) -> None:
    for keeper in reversed(_keepers()):
        keeper.erase(db, person.id)
    audit.record(db, actor, "person.erase", "person", person.id)
    jobs.defer(db, erasures.note_erasure, person_id=person.id)


@jobs.job("core.erase_again", key=None, cron="50 20 * * *")
def erase_again() -> None:
    """Erase again whom a restore has brought back. For whom something is open again, operators
    are asked to end it, and this tries once more the next day.
    """
    for erasure in erasures.kept(runs.our_shelf()):
        _once_more(actor=SYSTEM, person_id=erasure.person_id, created_at=erasure.created_at)


@in_transaction(retries=3)
def _once_more(db: Session, *, actor: Actor, person_id: int, created_at: datetime) -> None:
    person = db.get(Person, person_id, with_for_update=True, populate_existing=True)
    if person is None or person.created_at != created_at or person.erased_at is not None:
        return
    doc = ("person", person.id)
    if reasons_to_wait(db, person.id):
        tasks.write(
            db, MUST_WAIT, doc=doc, link=f"/kelola/orang/{person.id}",
            holders=(OPERATE, orgs.operator_id(db)), facts={"number": person.id},
        )  # fmt: skip
        return
    _erase_everywhere(db, person, actor)
    tasks.close(db, MUST_WAIT, actor=actor, doc=doc, reason="erased")


def _export(db: Session, person_id: int) -> dict[str, Any]:
    own = {
        "person": select(
            Person.name, Person.call_me, Person.phone, Person.email, Person.languages,
            Person.channel, Person.quiet_from, Person.quiet_until, Person.created_at,
        ).where(Person.id == person_id),
        "sign_ins": select(
            signin.SignIn.device, signin.SignIn.created_at, signin.SignIn.last_seen_at,
            signin.SignIn.revoked_at,
        ).where(signin.SignIn.person_id == person_id),
        "rights": select(
            Grant.right_name, Grant.subject_kind, Grant.subject_id, Grant.created_at, Grant.until,
            Grant.revoked_at, Grant.evidence,
        ).where(Grant.person_id == person_id),
        "codes": select(
            OneTimeCode.created_at, OneTimeCode.way, OneTimeCode.sent_at, OneTimeCode.used_at
        ).where(_codes_of(person_id)),
        "recoveries": select(
            Recovery.begun_at, Recovery.ready_at, Recovery.ended_at, Recovery.is_stopped
        ).where(Recovery.person_id == person_id),
        "passkeys": select(Passkey.name, Passkey.created_at, Passkey.last_used_at).where(
            Passkey.person_id == person_id
        ),
        "phones_that_know_her": select(
            RememberedHere.created_at, RememberedHere.last_at
        ).where(RememberedHere.person_id == person_id),
        "messages": select(Notice.title, Notice.text, Notice.created_at, Notice.read_at).where(
            Notice.person_id == person_id
        ),
        "tasks": select(Task.kind, Task.facts, Task.created_at, Task.closed_at).where(
            Task.person_id == person_id
        ),
        "act_conflicts": select(
            ActConflict.kind, ActConflict.content, ActConflict.device_at, ActConflict.created_at,
            ActConflict.settled_at,
        ).where(ActConflict.person_id == person_id),
        "files": select(
            Attachment.doc_type, Attachment.content_type, Attachment.bytes, Attachment.created_at
        ).where(Attachment.sent_by == person_id),
        "photos_sent": select(
            Arrival.photo_id, Arrival.bytes, Arrival.state, Arrival.created_at, Arrival.whole_at
        ).where(Arrival.person_id == person_id),
        "deeds": select(
            audit.Audit.at, audit.Audit.action, audit.Audit.object_kind, audit.Audit.object_id
        )
        .where(audit.Audit.actor_id == person_id)
        .order_by(audit.Audit.id.desc())
        .limit(DEEDS_MAX),
    }  # fmt: skip
    return {name: copied(db, query) for name, query in own.items()}


def _codes_of(person_id: int) -> ColumnElement[bool]:
    """Codes she asked for herself, and those that went to her number."""
    phone = select(Person.phone).where(Person.id == person_id).scalar_subquery()
    return or_(OneTimeCode.person_id == person_id, OneTimeCode.phone == phone)


def _erase(db: Session, person_id: int) -> None:
    """Her name, numbers, sign-ins, messages, tasks and rights; the id stays for the books."""
    person = db.get_one(Person, person_id)
    db.execute(delete(RememberedHere).where(RememberedHere.person_id == person_id))
    db.execute(delete(Passkey).where(Passkey.person_id == person_id))
    db.execute(delete(OneTimeCode).where(_codes_of(person_id)))
    if person.phone:
        db.execute(delete(TryCount).where(TryCount.key.endswith(person.phone, autoescape=True)))
    person.name = person.call_me = NOBODY
    person.phone = person.email = person.pin_hash = None
    person.quiet_from = person.quiet_until = None
    person.languages, person.channel = ["id"], "none"
    person.erased_at = now = clock.now()
    db.execute(delete(signin.SignIn).where(signin.SignIn.person_id == person_id))
    db.execute(delete(PinReset).where(PinReset.person_id == person_id))
    db.execute(delete(Recovery).where(Recovery.person_id == person_id))
    arrivals.forget_person(db, person_id)
    db.execute(delete(Notice).where(Notice.person_id == person_id))
    db.execute(delete(ActConflict).where(ActConflict.person_id == person_id))
    db.execute(delete(Task).where(Task.person_id == person_id))
    hers = update(Grant).where(Grant.person_id == person_id)
    db.execute(hers.where(Grant.revoked_at.is_(None)).values(revoked_at=now))
    for_her = update(Grant).where(Grant.on_behalf_of == person_id, Grant.revoked_at.is_(None))
    db.execute(for_her.values(revoked_at=now))
    db.execute(hers.values(evidence=""))


def _reasons(db: Session, person_id: int) -> list[Any]:
    if set(access.people_who(db, OPERATE, orgs.operator_id(db))) == {person_id}:
        return [_("Anda satu-satunya pengelola. Angkat pengelola lain dulu.")]
    return []


GROUND = Keeper("core", _export, _erase, _reasons)
