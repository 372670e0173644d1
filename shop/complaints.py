"""Complaints: written by anybody, followed by a long link, answered by the operator in time.

A double click is one ticket. While a ticket waits for us it has an open task with the promised
time. How to reach the complainer lies in a table of its own and can be erased alone.
"""

import secrets
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from flask_babel import lazy_gettext as _
from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from core import access, acts, audit, clock, notify, orgs, tasks
from core.actors import Actor
from core.clock import WIB
from core.config import settings
from core.db import in_transaction
from core.errors import DomainError, NotFound
from core.rights import OPERATE
from orders.states import move
from shop.complaint_states import MOVES, Deed, State
from shop.models import Complaint, ComplaintContact, ComplaintMessage
from shop.settings import ShopSettings

CODE_BYTES = 24
MESSAGES_MAX = 100
WORDS_MAX = 2_000

ANSWER = tasks.declare("complaint.answer", _("Jawab aduan %(number)s."))


class LongTalk(DomainError):
    """The conversation has reached its limit."""

    status = 409
    sentence = _("Percakapan ini sudah sangat panjang. Tulis aduan baru, sebut nomor aduan ini.")


@dataclass(frozen=True, slots=True)
class Told:
    """What the complainer wrote; contact may be empty, then only the ticket page answers."""

    topic: str
    story: str
    wish: str = ""
    name: str = ""
    phone: str = ""
    email: str = ""
    order_number: str = ""


@in_transaction(retries=3)
def open_complaint(db: Session, *, actor: Actor, act_id: UUID, told: Told) -> str:
    """Write a ticket and ask the operator; returns its code. Raises Conflict."""
    answer = acts.once(
        db,
        act_id=act_id,
        actor=actor,
        kind="complaint.open",
        content=asdict(told),
        do=lambda: _open(db, actor, told),
    )
    return str(answer["code"])


def _open(db: Session, actor: Actor, told: Told) -> dict[str, Any]:
    now = clock.now()
    running = db.scalar(text("select nextval('complaint_number')"))
    complaint = Complaint(
        number=f"ADU-{now.astimezone(WIB):%y%m}-{running:04d}",
        code=secrets.token_urlsafe(CODE_BYTES),
        topic=told.topic,
        state=State.WAITING.value,
        wish=told.wish,
        order_number=told.order_number,
        person_id=actor.person_id,
        opened_at=now,
        due_at=promised(told.topic, now),
    )
    db.add(complaint)
    db.flush()
    db.add(
        ComplaintContact(
            complaint_id=complaint.id, name=told.name, phone=told.phone, email=told.email
        )
    )
    _say(db, complaint, actor, told.story, by_house=False)
    _ask_operator(db, complaint)
    audit.record(db, actor, "complaint.open", "complaint", complaint.id, topic=told.topic)
    return {"code": complaint.code}


def promised(topic: str, now: datetime) -> datetime:
    """Until when we answer; about personal data the law sets its own time."""
    rules = settings(ShopSettings)
    days = rules.data_answer_days if topic == "data" else rules.complaint_answer_days
    return now + timedelta(hours=24 * days)


@in_transaction(retries=3)
def write_more(db: Session, *, actor: Actor, act_id: UUID, code: str, words: str) -> None:
    """The complainer adds something; an answered or closed ticket waits for us again.

    Raises NotFound, LongTalk, Conflict.
    """

    def do() -> dict[str, Any]:
        complaint = _locked(db, Complaint.code == code)
        if count_messages(db, complaint.id) >= MESSAGES_MAX:
            raise LongTalk
        _step(complaint, Deed.WRITE)
        _say(db, complaint, actor, words, by_house=False)
        _ask_operator(db, complaint)
        audit.record(db, actor, "complaint.write", "complaint", complaint.id)
        return {}

    content = {"code": code, "words": words}
    acts.once(db, act_id=act_id, actor=actor, kind="complaint.write", content=content, do=do)


@in_transaction(retries=3)
def answer(
    db: Session,
    *,
    actor: Actor,
    act_id: UUID,
    complaint_id: int,
    words: str,
    is_last: bool = False,
) -> None:
    """The operator answers; the last answer also closes. Raises NotFound, IllegalMove, Conflict."""
    access.require(db, actor, OPERATE, orgs.operator_id(db))
    deed = Deed.CLOSE if is_last else Deed.ANSWER

    def do() -> dict[str, Any]:
        complaint = _locked(db, Complaint.id == complaint_id)
        _step(complaint, deed)
        said = _say(db, complaint, actor, words, by_house=True)
        tasks.close(db, ANSWER, actor=actor, doc=_doc(complaint), reason=deed.value)
        audit.record(db, actor, f"complaint.{deed}", "complaint", complaint.id)
        _tell_complainer(db, complaint, said)
        return {}

    content = {"complaint": complaint_id, "words": words, "last": is_last}
    acts.once(db, act_id=act_id, actor=actor, kind="complaint.answer", content=content, do=do)


@in_transaction(retries=3)
def erase_contact(db: Session, *, actor: Actor, complaint_id: int) -> None:
    """Forget how to reach the complainer; the ticket itself stays. Twice is once."""
    access.require(db, actor, OPERATE, orgs.operator_id(db))
    contact = db.get(ComplaintContact, complaint_id, with_for_update=True)
    if contact is None:
        raise NotFound
    if contact.erased_at is None:
        contact.name = contact.phone = contact.email = ""
        contact.erased_at = clock.now()
        audit.record(db, actor, "complaint.erase_contact", "complaint", complaint_id)


def count_messages(db: Session, complaint_id: int) -> int:
    """How many turns the conversation has."""
    query = select(func.count()).where(ComplaintMessage.complaint_id == complaint_id)
    return db.scalar(query) or 0


def _locked(db: Session, condition: Any) -> Complaint:
    query = select(Complaint).where(condition).with_for_update()
    found = db.scalar(query.execution_options(populate_existing=True))
    if found is None:
        raise NotFound
    return found


def _step(complaint: Complaint, deed: Deed) -> None:
    now = clock.now()
    before, after = State(complaint.state), move(MOVES, State(complaint.state), deed)
    complaint.state = after.value
    complaint.closed_at = now if after is State.CLOSED else None
    if after is not State.WAITING:
        complaint.due_at = None
    elif before is not State.WAITING:  # What was promised first stays promised.
        complaint.due_at = promised(complaint.topic, now)


def _say(
    db: Session, complaint: Complaint, actor: Actor, words: str, *, by_house: bool
) -> ComplaintMessage:
    said = ComplaintMessage(
        complaint_id=complaint.id, by_house=by_house, person_id=actor.person_id, text=words
    )
    db.add(said)
    db.flush()
    return said


def _doc(complaint: Complaint) -> tuple[str, object]:
    return ("complaint", complaint.id)


def _ask_operator(db: Session, complaint: Complaint) -> None:
    tasks.write(
        db,
        ANSWER,
        doc=_doc(complaint),
        holders=(OPERATE, orgs.operator_id(db)),
        due_at=complaint.due_at,
        facts={"number": complaint.number},
        link=f"/kelola/aduan/{complaint.id}",
    )


def _tell_complainer(db: Session, complaint: Complaint, said: ComplaintMessage) -> None:
    if complaint.person_id is None:
        return
    notify.tell(
        db,
        event_key=f"complaint:{complaint.id}:{said.id}",
        people=[complaint.person_id],
        title=_("Aduan %(number)s sudah dijawab", number=complaint.number),
        text=_("Buka aduan untuk membaca jawabannya. Anda bisa membalas di sana."),
        link=f"/aduan/{complaint.code}",
    )
