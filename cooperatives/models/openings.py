"""Files by which a group moved in: members, savings and goods from before this house."""

from datetime import datetime

from sqlalchemy import CheckConstraint, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from core import clock
from core.db import Base, moment, reference


class BroughtTable(Base):
    """A file was written into a group's roll, savings or shelf, once; nothing of it is kept."""

    __tablename__ = "brought_table"
    __table_args__ = (
        UniqueConstraint("organisation_id", "kind", "sha256"),
        CheckConstraint("kind in ('members','savings','stock')", name="kind"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = reference("organisation.id")
    kind: Mapped[str] = mapped_column(String(8))
    sha256: Mapped[str] = mapped_column(String(64))
    added: Mapped[int]
    left_out: Mapped[int]
    brought_by: Mapped[int | None] = reference("person.id")
    brought_at: Mapped[datetime] = moment(default=clock.now)
