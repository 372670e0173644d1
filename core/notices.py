"""The outbox as a table: one message to one recipient about one event."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, Index, String, Text, UniqueConstraint
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.orm import Mapped, mapped_column

from core import clock
from core.db import Base, moment, reference

ON_ITS_WAY = ("sent", "delivered", "read")
"""States of a message that has left us, in the order in which they follow each other."""


@dataclass(frozen=True, slots=True)
class Recipient:
    """Whom a message is for: a person of ours, a guest of an upper floor (`kind:id`), or both.

    A guest is reached the way she left with her order; a person who is both also reads it on her
    page.
    """

    person_id: int | None = None
    guest: str = ""
    language: str = "id"

    def __post_init__(self) -> None:
        assert self.person_id is not None or self.guest, "a message is for somebody"


class Notice(Base):
    """One message. Where it leads (`link`) and its words are for its reader alone.

    `template` and `params` are the same words for WhatsApp, which takes only sentences it knows;
    `channel` is the way it went, `tried` the ways that were closed, `problem` why the last one was.
    """

    __tablename__ = "notice"
    __table_args__ = (
        UniqueConstraint("event_key", "person_id"),
        UniqueConstraint("event_key", "guest"),
        CheckConstraint("person_id is not null or guest is not null", name="recipient"),
        CheckConstraint(
            "state in ('waiting','sent','delivered','read','page_only','failed')", name="state"
        ),
        Index("ix_notice_person_id_created_at", "person_id", "created_at"),
        Index("ix_notice_guest", "guest", postgresql_where="guest is not null"),
        Index(
            "uq_notice_remote_id", "remote_id", unique=True, postgresql_where="remote_id <> ''"
        ),
    )  # fmt: skip

    id: Mapped[int] = mapped_column(primary_key=True)
    event_key: Mapped[str] = mapped_column(String(120))
    person_id: Mapped[int | None] = reference("person.id")
    guest: Mapped[str | None] = mapped_column(String(60))
    language: Mapped[str] = mapped_column(String(12), default="id")
    title: Mapped[str] = mapped_column(String(160))
    text: Mapped[str] = mapped_column(Text)
    link: Mapped[str] = mapped_column(String(300), default="")
    template: Mapped[str] = mapped_column(String(40), default="notice")
    params: Mapped[list[Any]] = mapped_column(JSONB, default=list)
    state: Mapped[str] = mapped_column(String(10), default="waiting")
    channel: Mapped[str] = mapped_column(String(10), default="")
    remote_id: Mapped[str] = mapped_column(String(120), default="")
    tried: Mapped[list[str]] = mapped_column(ARRAY(String(10)), default=list)
    problem: Mapped[str] = mapped_column(String(40), default="")
    created_at: Mapped[datetime] = moment(default=clock.now)
    sent_at: Mapped[datetime | None] = moment()
    read_at: Mapped[datetime | None] = moment()
