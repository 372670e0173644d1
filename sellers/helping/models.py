"""Tables of helping hands: what a seller agreed to, and what was done for her."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, Index, String, Text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from core import clock
from core.db import Base, moment, reference

CONSENT_KINDS = ("voice", "thumb")


class Mandate(Base):
    """What a seller agreed to, as it was read to her: who helps, with what, how far, until when.

    The parts themselves are grants on her behalf, whose evidence names this row. A helper is never
    the owner, so she never becomes the one who is paid. Who writes down her own mandate, as the
    coordinator of a small village must, names a witness.
    """

    __tablename__ = "mandate"
    __table_args__ = (
        CheckConstraint("helper_id <> owner_id", name="two_people"),
        CheckConstraint("recorded_by <> helper_id or witness <> ''", name="witness"),
        CheckConstraint("consent in ('voice','thumb')", name="consent"),
        CheckConstraint(
            "price_percent_max between 0 and 100 and stock_units_max > 0 and order_rupiah_max > 0",
            name="limits",
        ),
        Index(
            "uq_mandate_open", "seller_id", "helper_id",
            unique=True, postgresql_where="ended_at is null",
        ),
    )  # fmt: skip

    id: Mapped[int] = mapped_column(primary_key=True)
    seller_id: Mapped[int] = reference("seller.id")
    owner_id: Mapped[int] = reference("person.id", index=True)
    helper_id: Mapped[int] = reference("person.id", index=True)
    recorded_by: Mapped[int] = reference("person.id")
    witness: Mapped[str] = mapped_column(String(60), default="")
    consent: Mapped[str] = mapped_column(String(5))
    text_version: Mapped[str] = mapped_column(String(20))
    text: Mapped[str] = mapped_column(Text)
    price_percent_max: Mapped[int | None]
    stock_units_max: Mapped[int | None]
    order_rupiah_max: Mapped[int | None]
    until: Mapped[datetime] = moment()
    created_at: Mapped[datetime] = moment(default=clock.now)
    ended_at: Mapped[datetime | None] = moment()
    ended_by: Mapped[int | None] = reference("person.id")
    end_reason: Mapped[str] = mapped_column(String(200), default="")


class HelpedDeed(Base):
    """What a helper changed, beside its row of the audit trail: before and after, so that the owner
    sees it and can take it back. Words stand here and not in the trail, for they can be erased.
    """

    __tablename__ = "helped_deed"

    audit_id: Mapped[int] = reference("audit.id", primary_key=True)
    mandate_id: Mapped[int] = reference("mandate.id", index=True)
    before: Mapped[dict[str, Any]] = mapped_column(JSONB, default=dict)
    after: Mapped[dict[str, Any]] = mapped_column(JSONB, default=dict)
    undone_at: Mapped[datetime | None] = moment()
    undone_by: Mapped[int | None] = reference("person.id")
