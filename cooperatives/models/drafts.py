"""What she has answered so far about a new product, for her other phone."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Index
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from core import clock
from core.db import Base, moment, reference


class ProductDraft(Base):
    """Her answers to the five questions for one shop: one draft per shop and person.

    `answers` holds by field what was typed and when by her phone's clock, in milliseconds. `act_id`
    is the act under which any of her phones will publish it, so two phones make one product.
    """

    __tablename__ = "product_draft"
    __table_args__ = (Index("ix_product_draft_saved_at", "saved_at"),)

    person_id: Mapped[int] = reference("person.id", primary_key=True, autoincrement=False)
    seller_id: Mapped[int] = reference("seller.id", primary_key=True, autoincrement=False)
    act_id: Mapped[UUID]
    answers: Mapped[dict[str, Any]] = mapped_column(JSONB)
    saved_at: Mapped[datetime] = moment(default=clock.now)
