"""Stock: whose it is (lot), where it stands (place), what happened (movement), the guard (level).

Two questions decide everything: *whose is it?* is answered by the lot, *where does it stand?* by
the place. Nothing else may count goods.
"""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Index, String, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.dialects.postgresql.base import ischema_names
from sqlalchemy.orm import Mapped, mapped_column
from sqlalchemy.types import UserDefinedType

from core import clock
from core.db import Base, moment, reference

REAL_KINDS = ("home", "kiosk", "bazaar", "transit")
VIRTUAL_KINDS = ("consignor", "customer", "shrinkage", "adjustment")
MOVEMENT_KINDS = ("receive", "transfer", "sale", "return", "count", "waste", "sample", "reversal")
HOLD_STATES = ("held", "allocated", "used", "released")


class Xid8(UserDefinedType[int]):
    """PostgreSQL's transaction number: rows are cut by commit order, never by id or clock."""

    cache_ok = True

    def get_col_spec(self, **kw: Any) -> str:  # noqa: ARG002
        """The column type in SQL."""
        return "xid8"


ischema_names["xid8"] = Xid8  # So that comparing models and schema knows the type.


def posted_in() -> Any:
    """The transaction that wrote the row."""
    return mapped_column(Xid8(), server_default=text("pg_current_xact_id()"))


class Place(Base):
    """Where goods can stand. Real ones belong to an organisation; virtual ones are where goods
    come from (consignor) and go to (customer, shrinkage, adjustment), one of each for the house.

    `kept_bp` is the share of free goods that a till with the lease keeps for itself.
    """

    __tablename__ = "place"
    __table_args__ = (
        CheckConstraint(
            "kind in ('home','kiosk','bazaar','transit',"
            "'consignor','customer','shrinkage','adjustment')",
            name="kind",
        ),
        CheckConstraint("(kind = 'home') = (seller_id is not null)", name="home_has_seller"),
        CheckConstraint("kept_bp between 0 and 10000", name="kept"),
        Index("uq_place_home", "seller_id", unique=True, postgresql_where="kind = 'home'"),
        Index(
            "uq_place_virtual",
            "kind",
            unique=True,
            postgresql_where="kind in ('consignor','customer','shrinkage','adjustment')",
        ),
        Index(
            "uq_place_transit", "organisation_id", unique=True, postgresql_where="kind = 'transit'"
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(12))
    organisation_id: Mapped[int] = reference("organisation.id", index=True)
    seller_id: Mapped[int | None] = reference("seller.id")
    slug: Mapped[str] = mapped_column(String(80), unique=True)
    name: Mapped[str] = mapped_column(String(80))
    district_code: Mapped[str] = mapped_column(String(6), default="")
    village: Mapped[str] = mapped_column(String(60), default="")
    landmark: Mapped[str] = mapped_column(String(120), default="")
    opening_hours: Mapped[dict[str, str]] = mapped_column(JSONB, default=dict)
    is_pickup: Mapped[bool] = mapped_column(default=False)
    kept_bp: Mapped[int] = mapped_column(default=7000)
    closed_at: Mapped[datetime | None] = moment()


class Lot(Base):
    """Units of one variant, of one owner, made together, under terms frozen when they came in."""

    __tablename__ = "lot"
    __table_args__ = (UniqueConstraint("id", "variant_id"),)  # So that a level cannot misname it.

    id: Mapped[int] = mapped_column(primary_key=True)
    variant_id: Mapped[int] = reference("variant.id", index=True)
    owner_id: Mapped[int] = reference("seller.id", index=True)
    organisation_id: Mapped[int] = reference("organisation.id", index=True)
    terms_id: Mapped[int] = reference("terms.id")
    batch: Mapped[str] = mapped_column(String(40), default="")
    best_before: Mapped[date | None]
    received_at: Mapped[datetime] = moment(default=clock.now)


class Movement(Base):
    """Goods went from one place to another. Append-only; a mistake is mended by its mirror image.

    Document, line and kind make a report idempotent; a sale that keeps a promise has the hold's id
    as its line. `device_at` is when the phone says it happened; `is_flagged` marks what a person
    must look at (sold below zero, past its date, a phone's clock that cannot be right).
    """

    __tablename__ = "movement"
    __table_args__ = (
        CheckConstraint("quantity > 0", name="quantity"),
        CheckConstraint("from_place_id <> to_place_id", name="moves"),
        CheckConstraint(
            "kind in ('receive','transfer','sale','return','count','waste','sample','reversal')",
            name="kind",
        ),
        CheckConstraint("(kind = 'reversal') = (reverses_id is not null)", name="reverses"),
        UniqueConstraint("doc_type", "doc_id", "line", "kind"),
        Index("ix_movement_lot_id_posted", "lot_id", "id"),
        Index("ix_movement_xid", "xid"),
        Index("ix_movement_shelf", "from_place_id", "id", postgresql_where="doc_type = 'shelf'"),
        Index("ix_movement_from_place_id_posted_at", "from_place_id", "posted_at"),
        Index("ix_movement_to_place_id_posted_at", "to_place_id", "posted_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(10))
    lot_id: Mapped[int] = reference("lot.id")
    from_place_id: Mapped[int] = reference("place.id")
    to_place_id: Mapped[int] = reference("place.id")
    quantity: Mapped[int]
    doc_type: Mapped[str] = mapped_column(String(20))
    doc_id: Mapped[str] = mapped_column(String(60))
    line: Mapped[int] = mapped_column(default=0)
    reverses_id: Mapped[int | None] = reference("movement.id", unique=True)
    reason: Mapped[str] = mapped_column(String(200), default="")
    actor_id: Mapped[int | None] = reference("person.id")
    on_behalf_of: Mapped[int | None] = reference("person.id")
    device_at: Mapped[datetime | None] = moment()
    posted_at: Mapped[datetime] = moment(default=clock.now)
    is_flagged: Mapped[bool] = mapped_column(default=False)
    xid: Mapped[int] = posted_in()


class Level(Base):
    """How much of a lot stands at a place: a cache of the movements, and the guard of every sale.

    `reserved` is promised to buyers, `counter_kept` is kept for the till that holds the lease.
    Only movements, allocate and release change it; the CHECKs are the last line of defence.
    """

    __tablename__ = "level"
    __table_args__ = (
        UniqueConstraint("lot_id", "place_id"),
        ForeignKeyConstraint(["lot_id", "variant_id"], ["lot.id", "lot.variant_id"]),
        CheckConstraint("on_hand >= 0", name="on_hand"),
        CheckConstraint("reserved between 0 and on_hand", name="reserved"),
        CheckConstraint("counter_kept between 0 and on_hand - reserved", name="counter_kept"),
        Index("ix_level_place_id_on_hand", "place_id", postgresql_where="on_hand > 0"),
        Index("ix_level_gone", "place_id", "lot_id", postgresql_where="on_hand = 0"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    lot_id: Mapped[int]
    place_id: Mapped[int] = reference("place.id")
    variant_id: Mapped[int] = mapped_column(index=True)
    on_hand: Mapped[int] = mapped_column(default=0)
    reserved: Mapped[int] = mapped_column(default=0)
    counter_kept: Mapped[int] = mapped_column(default=0)


class Hold(Base):
    """Goods promised to one buyer: *held* until she has paid or time is up, *allocated* once paid
    (that never lapses), *used* when goods changed hands, *released* when the promise ended, with
    the reason. A promise that ends in part is cut in two rows.
    """

    __tablename__ = "hold"
    __table_args__ = (
        CheckConstraint("quantity > 0", name="quantity"),
        CheckConstraint("state in ('held','allocated','used','released')", name="state"),
        CheckConstraint("state <> 'held' or until is not null", name="until"),
        CheckConstraint("state <> 'allocated' or until is null", name="lasting"),
        ForeignKeyConstraint(["lot_id", "place_id"], ["level.lot_id", "level.place_id"]),
        Index(
            "ix_hold_open", "lot_id", "place_id", postgresql_where="state in ('held','allocated')"
        ),
        Index("ix_hold_doc_type_doc_id", "doc_type", "doc_id"),
        Index("ix_hold_until", "until", postgresql_where="state = 'held'"),
        Index("ix_hold_buyer_key", "buyer_key", postgresql_where="state = 'held'"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    lot_id: Mapped[int]
    place_id: Mapped[int]
    quantity: Mapped[int]
    state: Mapped[str] = mapped_column(String(10), default="held")
    until: Mapped[datetime | None] = moment()
    doc_type: Mapped[str] = mapped_column(String(20))
    doc_id: Mapped[str] = mapped_column(String(60))
    buyer_key: Mapped[str] = mapped_column(String(80), default="")
    reason: Mapped[str] = mapped_column(String(60), default="")
    created_at: Mapped[datetime] = moment(default=clock.now)


class CounterLease(Base):
    """One till at a time may write sales at a place; while its heartbeat lives, goods are kept."""

    __tablename__ = "counter_lease"

    place_id: Mapped[int] = reference("place.id", primary_key=True, autoincrement=False)
    device_id: Mapped[UUID]
    holder_id: Mapped[int] = reference("person.id")
    taken_at: Mapped[datetime] = moment(default=clock.now)
    until: Mapped[datetime] = moment()


class Shortfall(Base):
    """Goods promised to a buyer turned out not to be there; whoever promised must mend it.

    `hold_id` is the part of the promise that broke: released, and of the same quantity.
    """

    __tablename__ = "shortfall"
    __table_args__ = (
        CheckConstraint("quantity > 0", name="quantity"),
        Index("ix_shortfall_open", "place_id", "id", postgresql_where="mended_at is null"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    hold_id: Mapped[int] = reference("hold.id", unique=True)
    lot_id: Mapped[int] = reference("lot.id")
    place_id: Mapped[int] = reference("place.id")
    quantity: Mapped[int]
    cause: Mapped[str] = mapped_column(String(60))
    created_at: Mapped[datetime] = moment(default=clock.now)
    mended_at: Mapped[datetime | None] = moment()
    mended_how: Mapped[str] = mapped_column(String(60), default="")
