"""The till: its devices, and what it notes beside the order of a sale."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "orders_till"
down_revision = "settlement_rounds"
branch_labels = None
depends_on = None


def _moment(name: str, *, empty: bool = False) -> sa.Column:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=empty)


def _who(name: str, target: str, *, empty: bool = False) -> sa.Column:
    return sa.Column(name, sa.BigInteger(), sa.ForeignKey(target), nullable=empty)


def upgrade() -> None:
    op.create_table(
        "till",
        sa.Column("id", sa.BigInteger(), primary_key=True),
        sa.Column("device_id", sa.Uuid(), nullable=False),
        _who("first_place_id", "place.id"),
        _moment("opened_at"),
        sa.UniqueConstraint("device_id", name=op.f("uq_till_device_id")),
    )
    op.create_table(
        "counter_sale",
        sa.Column("order_id", sa.Uuid(), sa.ForeignKey("order_placed.id"), primary_key=True),
        _who("place_id", "place.id"),
        sa.Column("device_id", sa.Uuid(), nullable=False),
        _who("keeper_id", "person.id"),
        _who("day_id", "trading_day.id"),
        sa.Column("is_late", sa.Boolean(), nullable=False),
        _moment("sold_at"),
        _moment("posted_at"),
        sa.Column("cash", sa.BigInteger(), nullable=False),
        sa.Column("qris", sa.BigInteger(), nullable=False),
        sa.Column("tendered", sa.BigInteger(), nullable=False),
        sa.Column("flags", postgresql.ARRAY(sa.String(12)), nullable=False),
        _moment("looked_at", empty=True),
        _who("looked_by", "person.id", empty=True),
        _moment("undone_at", empty=True),
        _who("undone_by", "person.id", empty=True),
        sa.Column("undone_why", sa.String(12), nullable=False),
        sa.CheckConstraint("cash >= 0 and qris >= 0 and cash + qris > 0", name="paid"),
        sa.CheckConstraint("tendered >= 0", name="tendered"),
        sa.CheckConstraint(
            "(undone_at is null) = (undone_why = '') and (undone_at is null or undone_by > 0)",
            name="undone",
        ),
    )
    op.create_index("ix_counter_sale_place_id_sold_at", "counter_sale", ["place_id", "sold_at"])
    op.create_index(op.f("ix_counter_sale_day_id"), "counter_sale", ["day_id"])
    op.create_index(
        "ix_counter_sale_flagged",
        "counter_sale",
        ["place_id", "sold_at"],
        postgresql_where="flags <> '{}' and looked_at is null",
    )
    op.create_table(
        "counter_line",
        sa.Column(
            "line_id",
            sa.BigInteger(),
            sa.ForeignKey("order_line.id"),
            primary_key=True,
            autoincrement=False,
        ),
        sa.Column("listed_price", sa.BigInteger(), nullable=False),
        sa.Column("label_price", sa.BigInteger(), nullable=False),
        sa.Column("discount", sa.BigInteger(), nullable=False),
        sa.Column("is_scanned", sa.Boolean(), nullable=False),
        sa.CheckConstraint(
            "listed_price >= 0 and label_price >= 0 and discount >= 0", name="prices"
        ),
    )


def downgrade() -> None:
    for table in ("counter_line", "counter_sale", "till"):
        op.drop_table(table)
