"""People: one name field, a way to be addressed, and how they like to be reached.

A one-word name is a whole name, several people may share one phone number (families do), and
nothing here says why somebody came home or what her papers are.
"""

from datetime import datetime, time

from flask_babel import lazy_gettext as _
from sqlalchemy import CheckConstraint, String, select
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, Session, mapped_column

from core import audit, clock
from core.actors import Actor
from core.db import Base, in_transaction, moment
from core.errors import DomainError, NotFound

NAME_MAX = 60  # Permendagri 73/2022: at most 60 letters, one word stays valid.
SALUTATIONS = ("Ibu", "Mbak", "Bapak", "Mas", "Kak", "")
CHANNELS = ("whatsapp", "email", "sms", "paper", "none")


class Person(Base):
    """Somebody who buys, sells, helps or keeps the books; an erased one keeps only her id."""

    __tablename__ = "person"
    __table_args__ = (
        CheckConstraint("channel in ('whatsapp','email','sms','paper','none')", name="channel"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(NAME_MAX))
    call_me: Mapped[str] = mapped_column(String(NAME_MAX))
    phone: Mapped[str | None] = mapped_column(String(20), index=True)
    email: Mapped[str | None] = mapped_column(String(254))
    languages: Mapped[list[str]] = mapped_column(ARRAY(String(12)), default=lambda: ["id"])
    channel: Mapped[str] = mapped_column(String(10), default="whatsapp")
    quiet_from: Mapped[time | None]
    quiet_until: Mapped[time | None]
    pin_hash: Mapped[str | None] = mapped_column(String(200))
    pin_trusted_from: Mapped[datetime | None] = moment()  # A PIN got back proves little at first.
    created_at: Mapped[datetime] = moment(default=clock.now)
    erased_at: Mapped[datetime | None] = moment()


def get_person(db: Session, person_id: int) -> Person:
    """One living record; raises NotFound."""
    person = db.get(Person, person_id)
    if person is None or person.erased_at is not None:
        raise NotFound
    return person


class HalfQuiet(DomainError):
    """Quiet hours begin and end, at two different hours; or there are none of her own."""

    sentence = _("Isi jam mulai dan jam selesai, dan jangan sama.")


@in_transaction()
def set_quiet_hours(db: Session, *, actor: Actor, begin: time | None, end: time | None) -> None:
    """When she wants no messages (WIB); without any the hours of the house count.

    Raises HalfQuiet.
    """
    if (begin is None) != (end is None) or (begin is not None and begin == end):
        raise HalfQuiet
    person = get_person(db, actor.person_id or 0)
    person.quiet_from, person.quiet_until = begin, end
    audit.record(db, actor, "person.quiet", "person", person.id)


def list_with_phone(db: Session, phone: str) -> list[Person]:
    """Everybody who can be reached at one number, at most the eight oldest."""
    query = select(Person).where(Person.phone == phone, Person.erased_at.is_(None))
    return list(db.scalars(query.order_by(Person.id).limit(8)))
