"""Carries out what a phone kept while it had no signal, act by act, and says what became of each.

Each act is a transaction of its own. Nothing here is lost by a lost answer: the phone sends the
same act again and gets the same answer (core/acts.py).
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

import structlog
from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.exc import InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.orm import Session

from core import access, acts, audit, clock, conflicts, envelopes
from core.access import Grant
from core.actors import Actor
from core.acts import Outdated
from core.db import db as database
from core.db import in_transaction
from core.envelopes import Envelope
from core.errors import Busy, Conflict, DomainError

log = structlog.get_logger()

PARKED = "act.park"
DATABASE_AWAY = (OperationalError, InterfaceError, PoolTimeout)


class State(StrEnum):
    """What became of an act, for the phone to act on."""

    DONE = "done"  # Done now or before; the phone may let go of it.
    REFUSED = "refused"  # A rule said no: she is shown the sentence and decides.
    CONFLICT = "conflict"  # Kept here too, for a person to look at.
    UPDATE = "update"  # We no longer speak this version: kept on the phone until it is newer.
    AGAIN = "again"  # Not now; the phone sends it later by itself.
    OTHER = "other"  # Somebody else did this on her phone; it waits for her.


@dataclass(frozen=True, slots=True)
class Answer:
    """What became of one act, with a sentence where she should know why."""

    id: str
    state: State
    answer: dict[str, Any] = field(default_factory=dict)
    sentence: str = ""


def deliver(actor: Actor, raw_acts: list[Any]) -> Iterator[Answer]:
    """Answer every act in the order in which it came."""
    for raw in raw_acts:
        try:
            envelope = envelopes.read(raw)
        except envelopes.Unreadable as unreadable:
            yield Answer(envelopes.name_of(raw), State.REFUSED, sentence=str(unreadable.sentence))
        else:
            yield _deliver(actor, envelope)


def _deliver(actor: Actor, envelope: Envelope) -> Answer:
    key = str(envelope.id)
    if envelope.by != actor.person_id:
        return Answer(key, State.OTHER, sentence=_("Ini dibuat orang lain di HP ini."))
    if envelope.behalf is not None:
        actor = Actor(actor.person_id, envelope.behalf)
        if not access.rights_of(database.session(), actor):
            return _park(actor=actor, envelope=envelope)
    try:
        return Answer(key, State.DONE, _carry_out(actor=actor, envelope=envelope))
    except Conflict as conflict:
        sentence = str(conflict.sentence)
        conflicts.keep(actor=actor, envelope=envelope, sentence=sentence)
        return Answer(key, State.CONFLICT, sentence=sentence)
    except Outdated as outdated:
        return Answer(key, State.UPDATE, sentence=str(outdated.sentence))
    except Busy as busy:
        return Answer(key, State.AGAIN, sentence=str(busy.sentence))
    except DomainError as refused:
        return Answer(key, State.REFUSED, sentence=str(refused.sentence))
    except DATABASE_AWAY:
        raise  # Nothing else can be done either: the whole request is answered 503.
    except Exception as bug:  # One act of ours that breaks must not hold up the others.
        log.error("bug", exc_info=bug, act=envelope.kind)
        return Answer(
            key, State.AGAIN, sentence=_("Ada yang keliru di pihak kami. Dicoba lagi nanti.")
        )


@in_transaction(retries=3)
def _park(db: Session, *, actor: Actor, envelope: Envelope) -> Answer:
    """Done for somebody who has since ended the help: kept for people to look at, never applied.

    Whom it was done for reads of it in the trail; a stranger's name is not believed.
    """
    sentence = _("Izin membantu sudah berakhir, jadi ini tidak dipakai. Tanyakan pemiliknya.")
    is_new = conflicts.keep.within(db, actor=actor, envelope=envelope, sentence=sentence)
    if is_new and _has_helped(db, actor):
        audit.record(db, actor, PARKED, "act", envelope.id, kind=envelope.kind)
    return Answer(str(envelope.id), State.CONFLICT, sentence=sentence)


def _has_helped(db: Session, actor: Actor) -> bool:
    """Whether she was ever allowed anything for this woman."""
    allowed = select(Grant.id).where(
        Grant.person_id == actor.person_id, Grant.on_behalf_of == actor.on_behalf_of
    )
    return db.scalar(allowed.limit(1)) is not None


@in_transaction(retries=3)
def _carry_out(db: Session, *, actor: Actor, envelope: Envelope) -> dict[str, Any]:
    answer = acts.carry_out.within(
        db,
        actor=actor,
        act_id=envelope.id,
        kind=envelope.kind,
        version=envelope.version,
        content=envelope.content,
        claimed=acts.believe(envelope.device_at, clock.now()),
    )
    conflicts.settle(db, actor=actor, act_id=envelope.id)
    return answer
