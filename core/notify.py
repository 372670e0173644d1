"""Messages to people: one outbox, each event told once to each recipient, outside quiet hours.

People of ours read every notice on /akun/pesan; guests of an upper floor are reached the way they
left with their order. Writing joins the caller's transaction; `core.outbox` sends.
"""

from collections.abc import Iterable

from flask_babel import LazyString, force_locale
from sqlalchemy import func, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from core import clock, i18n, jobs, outbox
from core.actors import Actor
from core.db import in_transaction
from core.errors import NotFound
from core.messages import Message
from core.notices import Notice, Recipient
from core.people import Person

PAGE_SIZE = 20


def tell(
    db: Session,
    *,
    event_key: str,
    people: Iterable[int],
    title: LazyString,
    text: LazyString,
    link: str = "",
    at_once: bool = False,
) -> None:
    """Write to each person once about `event_key`; telling again changes nothing.

    The sentences come lazy (`lazy_gettext`), for each reader gets them in her own language.
    """
    for person_id in sorted(set(people)):
        language = i18n.of_person(db.get_one(Person, person_id).languages)
        with force_locale(language):
            message = Message("notice", str(title), str(text))
        to = Recipient(person_id, language=language)
        write(db, event_key=event_key, to=to, message=message, link=link, at_once=at_once)


def write(
    db: Session,
    *,
    event_key: str,
    to: Recipient,
    message: Message,
    link: str = "",
    at_once: bool = False,
) -> None:
    """Put one message into the outbox, once for each event and recipient.

    `at_once` is for answers to what the recipient has just done: she is awake.
    """
    row = insert(Notice).values(
        event_key=event_key,
        person_id=to.person_id,
        guest=to.guest or None,
        language=to.language,
        title=message.title,
        text=message.text,
        link=link,
        template=message.name,
        params=list(message.params),
        state="waiting",
        created_at=clock.now(),
    )
    notice_id = db.scalar(row.on_conflict_do_nothing().returning(Notice.id))
    if notice_id is not None:
        now = clock.now()
        at = now if at_once else outbox.first_polite(now, outbox.reach(db, to).quiet)
        jobs.defer(db, outbox.send, at=at, notice_id=notice_id)


def is_heard(db: Session, to: Recipient, template: str) -> bool:
    """Whether a message would reach anybody: on her page, or by an open way."""
    return to.person_id is not None or bool(outbox.open_addresses(db, to, {template}))


def list_for(db: Session, person_id: int, page: int = 1) -> list[Notice]:
    """One page of her notices, the newest first."""
    query = select(Notice).where(Notice.person_id == person_id)
    query = query.order_by(Notice.created_at.desc(), Notice.id.desc())
    return list(db.scalars(query.limit(PAGE_SIZE).offset((page - 1) * PAGE_SIZE)))


def list_for_guest(db: Session, guest: str) -> list[Notice]:
    """What went out to a guest, the newest first."""
    query = select(Notice).where(Notice.guest == guest)
    return list(db.scalars(query.order_by(Notice.id.desc()).limit(PAGE_SIZE)))


def count(db: Session, person_id: int) -> tuple[int, int]:
    """How many notices she has, and how many of them she has not read."""
    query = select(func.count(), func.count().filter(Notice.read_at.is_(None)))
    row = db.execute(query.where(Notice.person_id == person_id)).one()
    return row[0], row[1]


@in_transaction()
def read_one(db: Session, *, actor: Actor, notice_id: int) -> str:
    """Mark one of the actor's own notices as read; returns where it leads. Raises NotFound."""
    link: str | None = db.scalar(
        update(Notice)
        .where(Notice.id == notice_id, Notice.person_id == actor.person_id)
        .values(read_at=func.coalesce(Notice.read_at, clock.now()))
        .returning(Notice.link)
    )
    if link is None:
        raise NotFound
    return link


@in_transaction()
def read_all(db: Session, *, actor: Actor) -> None:
    """Mark all of the actor's notices as read."""
    unread = update(Notice).where(Notice.person_id == actor.person_id, Notice.read_at.is_(None))
    db.execute(unread.values(read_at=clock.now()))
