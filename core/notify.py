"""Messages to people: one outbox, each event told once to each person, outside her quiet hours.

Every notice can be read on /akun/pesan. It also goes out by e-mail where she chose that and a mail
server is configured; for WhatsApp the page offers a text link, which needs no paid service.
"""

import smtplib
from collections.abc import Iterable
from datetime import datetime, time, timedelta
from email.message import EmailMessage
from urllib.parse import urlsplit

from flask_babel import LazyString, force_locale
from sqlalchemy import CheckConstraint, Index, String, Text, UniqueConstraint, func, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Mapped, Session, mapped_column

from core import clock, i18n, jobs
from core.actors import Actor
from core.clock import WIB
from core.config import settings
from core.db import Base, in_transaction, moment, reference
from core.db import db as database
from core.errors import NotFound
from core.people import Person
from core.settings import CoreSettings

PAGE_SIZE = 20
SMTP_SECONDS = 10
QUIET_FROM, QUIET_UNTIL = time(20), time(6)  # Where she has set none (domain J8).


class Notice(Base):
    """One message to one person about one event."""

    __tablename__ = "notice"
    __table_args__ = (
        UniqueConstraint("event_key", "person_id"),
        CheckConstraint("state in ('waiting','sent','page_only')", name="state"),
        Index("ix_notice_person_id_created_at", "person_id", "created_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    event_key: Mapped[str] = mapped_column(String(120))
    person_id: Mapped[int] = reference("person.id")
    title: Mapped[str] = mapped_column(String(160))
    text: Mapped[str] = mapped_column(Text)
    link: Mapped[str] = mapped_column(String(300), default="")
    state: Mapped[str] = mapped_column(String(10), default="waiting")
    created_at: Mapped[datetime] = moment(default=clock.now)
    sent_at: Mapped[datetime | None] = moment()
    read_at: Mapped[datetime | None] = moment()


def tell(
    db: Session,
    *,
    event_key: str,
    people: Iterable[int],
    title: LazyString,
    text: LazyString,
    link: str = "",
) -> None:
    """Write to each person once about `event_key`; telling again changes nothing.

    The sentences come lazy (`lazy_gettext`), for each reader gets them in her own language.
    """
    for person_id in sorted(set(people)):
        person = db.get_one(Person, person_id)
        with force_locale(i18n.of_person(person.languages)):
            row = insert(Notice).values(
                event_key=event_key,
                person_id=person_id,
                title=str(title),
                text=str(text),
                link=link,
                state="waiting",
                created_at=clock.now(),
            )
        notice_id = db.scalar(row.on_conflict_do_nothing().returning(Notice.id))
        if notice_id is not None:
            jobs.defer(db, send, at=first_polite(clock.now(), person), notice_id=notice_id)


def first_polite(now: datetime, person: Person) -> datetime:
    """The first moment from now on at which this person may be disturbed."""
    quiet_from, quiet_until = person.quiet_from or QUIET_FROM, person.quiet_until or QUIET_UNTIL
    local = now.astimezone(WIB)
    over_midnight = quiet_from > quiet_until
    is_late, is_early = local.time() >= quiet_from, local.time() < quiet_until
    is_quiet = (is_late or is_early) if over_midnight else (is_late and is_early)
    if not is_quiet:
        return now
    day = local.date() + timedelta(days=1 if over_midnight and is_late else 0)
    return datetime.combine(day, quiet_until, WIB)


@jobs.job("core.send_notice", key="notice_id")
def send(notice_id: int) -> None:
    """Send one notice the way its reader chose. A crash in between may send a mail twice."""
    db = database.session()
    notice = db.get_one(Notice, notice_id)
    if notice.state != "waiting":
        return
    person = db.get_one(Person, notice.person_id)
    rules = settings(CoreSettings)
    by_mail = person.channel == "email" and person.email and rules.smtp_url
    if by_mail:
        _mail(rules, person.email or "", notice)
    _settle(notice_id=notice_id, state="sent" if by_mail else "page_only")


def _mail(rules: CoreSettings, address: str, notice: Notice) -> None:
    letter = EmailMessage()
    letter["From"], letter["To"], letter["Subject"] = rules.mail_from, address, notice.title
    letter.set_content(f"{notice.text}\n\n{rules.public_url}{notice.link}\n")
    server = urlsplit(rules.smtp_url)
    with smtplib.SMTP(server.hostname or "", server.port or 25, timeout=SMTP_SECONDS) as smtp:
        if server.scheme == "smtp+tls":
            smtp.starttls()
        if server.username:
            smtp.login(server.username, server.password or "")
        smtp.send_message(letter)


@in_transaction()
def _settle(db: Session, *, notice_id: int, state: str) -> None:
    db.execute(
        update(Notice).where(Notice.id == notice_id).values(state=state, sent_at=clock.now())
    )


def list_for(db: Session, person_id: int, page: int = 1) -> list[Notice]:
    """One page of her notices, the newest first."""
    query = select(Notice).where(Notice.person_id == person_id)
    query = query.order_by(Notice.created_at.desc(), Notice.id.desc())
    return list(db.scalars(query.limit(PAGE_SIZE).offset((page - 1) * PAGE_SIZE)))


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
