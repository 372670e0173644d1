"""What members hand in for the tax office: a signed statement for each year."""

from datetime import datetime

from sqlalchemy import CheckConstraint, Index, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from core import clock
from core.db import Base, moment, reference


class TaxLetter(Base):
    """A person's signed letter for a calendar year, as a board has it on paper.

    `below` says that her turnover stays below the limit; `exempt` is a certificate of the tax
    office. Her NIK or NPWP is sealed, and `tail` is all that is shown of it.
    """

    __tablename__ = "tax_letter"
    __table_args__ = (
        CheckConstraint("kind in ('below','exempt')", name="kind"),
        CheckConstraint("year between 2020 and 2100", name="year"),
        Index(
            "uq_tax_letter_valid", "person_id", "year",
            unique=True, postgresql_where="withdrawn_at is null",
        ),
    )  # fmt: skip

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = reference("person.id")
    year: Mapped[int]
    kind: Mapped[str] = mapped_column(String(6))
    tail: Mapped[str] = mapped_column(String(4), default="")
    sealed: Mapped[bytes] = mapped_column(LargeBinary, default=b"")
    noted_by: Mapped[int | None] = reference("person.id")
    noted_at: Mapped[datetime] = moment(default=clock.now)
    withdrawn_at: Mapped[datetime | None] = moment()
