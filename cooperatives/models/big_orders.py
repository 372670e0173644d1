"""A big order that many makers make together, and the share that each is asked, round by round."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from core import clock
from core.db import Base, link, moment, reference

DAYS_MAX = 31
STATES = ("draft", "asking", "agreed", "done", "cancelled")
SHARE_STATES = ("proposed", "asked", "yes", "no", "late", "passed", "dropped")


class BigOrder(Base):
    """What is wanted, how many, and from which day to which; `skies` has a letter for each day.

    `least` is the smallest share that is worth a fire. `gap` is what was still missing when it
    became binding, and was told. `sold_as` names the paper under which it was sold (an order).
    Who ordered it does not stand here: makers read this.
    """

    __tablename__ = "big_order"
    __table_args__ = (
        CheckConstraint("wanted > 0 and least > 0 and round >= 0", name="figures"),
        CheckConstraint("due_on >= starts_on", name="days"),
        CheckConstraint("length(skies) = due_on - starts_on + 1", name="skies"),
        CheckConstraint("skies ~ '^[sr]+$'", name="sky"),
        CheckConstraint("state in ('draft','asking','agreed','done','cancelled')", name="state"),
        CheckConstraint("gap >= 0 and gap < wanted", name="gap"),
        CheckConstraint("(state in ('agreed','done')) <= (gap is not null)", name="sealed"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = reference("organisation.id", index=True)
    place_id: Mapped[int] = reference("place.id", index=True)
    category_id: Mapped[int] = reference("category.id")
    what: Mapped[str] = mapped_column(String(80))
    wanted: Mapped[int]
    least: Mapped[int] = mapped_column(default=1)
    starts_on: Mapped[date]
    due_on: Mapped[date]
    skies: Mapped[str] = mapped_column(String(DAYS_MAX))
    state: Mapped[str] = mapped_column(String(10), default="draft")
    round: Mapped[int] = mapped_column(default=0)
    answer_by: Mapped[datetime | None] = moment()
    why: Mapped[str] = mapped_column(String(200), default="")
    gap: Mapped[int | None]
    sold_as: Mapped[str | None] = mapped_column(String(60))
    created_by: Mapped[int | None] = reference("person.id")
    created_at: Mapped[datetime] = moment(default=clock.now)
    sealed_at: Mapped[datetime | None] = moment()
    ended_at: Mapped[datetime | None] = moment()


class BigShare(Base):
    """What one maker is asked in one round. `strength` is what she can make in these days, `taken`
    what other orders had of it, `lately` what she had of big orders before, in rupiah.

    `units` is what she is asked, `agreed` what she said yes to, `ready` what is made. How many were
    collected the movements of her *nota titip* say: `offer_id` names what the kiosk expects.
    """

    __tablename__ = "big_share"
    __table_args__ = (
        UniqueConstraint("big_order_id", "round", "seller_id"),
        CheckConstraint(
            "state in ('proposed','asked','yes','no','late','passed','dropped')", name="state"
        ),
        CheckConstraint("units >= 0 and taken >= 0 and lately >= 0", name="figures"),
        CheckConstraint("units <= greatest(strength - taken, 0)", name="strength"),
        CheckConstraint("state in ('proposed','passed') or units > 0", name="asked"),
        CheckConstraint("(state = 'yes') = (agreed is not null)", name="answered"),
        CheckConstraint("agreed > 0 and agreed <= units", name="agreed"),
        CheckConstraint("ready >= 0 and ready <= coalesce(agreed, 0)", name="ready"),
        Index("ix_big_share_listing_id", "listing_id"),
        Index("ix_big_share_seller_id", "seller_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    big_order_id: Mapped[int] = reference("big_order.id")
    round: Mapped[int]
    seller_id: Mapped[int] = reference("seller.id")
    listing_id: Mapped[int] = reference("listing.id")
    variant_id: Mapped[int] = reference("variant.id")
    price: Mapped[int]
    strength: Mapped[int]
    taken: Mapped[int]
    lately: Mapped[int]
    proposed: Mapped[int]
    units: Mapped[int]
    agreed: Mapped[int | None]
    state: Mapped[str] = mapped_column(String(10), default="proposed")
    ready: Mapped[int] = mapped_column(default=0)
    offer_id: Mapped[UUID | None] = link("bring_offer.id", unique=True)
    asked_at: Mapped[datetime | None] = moment()
    answered_at: Mapped[datetime | None] = moment()
    answered_by: Mapped[int | None] = reference("person.id")

    @property
    def room(self) -> int:
        """What she can still make for this order."""
        return max(0, self.strength - self.taken)
