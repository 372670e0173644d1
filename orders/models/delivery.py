"""What delivery costs, kept as data: services, zones, and rates with the day they start."""

from datetime import date

from sqlalchemy import CheckConstraint, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from core.db import Base, reference


class DeliveryService(Base):
    """A courier's service and how it weighs; the rule never changes, a new rule is a new service.

    The fields of the rule mean what `orders.weights.WeighRule` says; without a divisor the service
    goes by weight alone.
    """

    __tablename__ = "delivery_service"
    __table_args__ = (
        CheckConstraint("divisor between 1000 and 10000", name="divisor"),
        CheckConstraint(
            "min_grams between 1 and max_grams and max_grams <= 1000000", name="weights"
        ),
        CheckConstraint(
            "step_grams between 1 and 100000 and tolerance_grams between 0 and step_grams - 1",
            name="tolerance",
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(30), unique=True)
    label: Mapped[str] = mapped_column(String(80))
    divisor: Mapped[int | None]
    tolerance_grams: Mapped[int]
    is_inclusive: Mapped[bool]
    min_grams: Mapped[int]
    step_grams: Mapped[int]
    max_grams: Mapped[int]
    takes_cash: Mapped[bool] = mapped_column(default=False)
    is_open: Mapped[bool] = mapped_column(default=True)


class DeliveryZone(Base):
    """A zone is a set of region codes; the longest code that fits a district decides its zone."""

    __tablename__ = "delivery_zone"

    region_code: Mapped[str] = mapped_column(String(6), primary_key=True)
    zone: Mapped[str] = mapped_column(String(20))


class DeliveryRate(Base):
    """What one service asks between two zones, from a day on. No row means: no service there.

    `base_rupiah` pays for the service's minimum weight, `step_rupiah` for each further step. Rows
    are append-only, for parcels name the one they were priced by: the newest day counts, and of
    one day the last row. A row not offered ends the service between those zones.
    """

    __tablename__ = "delivery_rate"
    __table_args__ = (
        Index("ix_delivery_rate_lane", "from_zone", "to_zone", "service_id", "valid_from"),
        CheckConstraint("base_rupiah >= 0 and step_rupiah >= 0", name="price"),
        CheckConstraint("days_min between 0 and days_max", name="days"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    service_id: Mapped[int] = reference("delivery_service.id")
    from_zone: Mapped[str] = mapped_column(String(20))
    to_zone: Mapped[str] = mapped_column(String(20))
    base_rupiah: Mapped[int]
    step_rupiah: Mapped[int]
    days_min: Mapped[int]
    days_max: Mapped[int]
    valid_from: Mapped[date]
    is_offered: Mapped[bool] = mapped_column(default=True)
    source: Mapped[str] = mapped_column(String(120), default="")
