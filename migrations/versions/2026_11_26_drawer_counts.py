"""Counts of drawers, and cash on its way to the bank."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "kiosk_drawer_counts"
down_revision = "orders_till"
branch_labels = None
depends_on = None

COUNT_CHECKS = {
    "way": "way in ('cash','qris')",
    "why": "why in ('close','shift')",
    "counted": "counted >= 0",
    "explained": "counted = expected or reason <> ''",
    "taken": "taken_by is null or (why = 'shift' and refused_at is null)",
    "taken_whole": "(taken_by is null) = (taken_at is null)",
    "two_people": "taken_by <> counted_by",
}
BAG_CHECKS = {
    "amount": "amount > 0",
    "received": "received >= 0",
    "confirmed_whole": "(confirmed_at is null) = (confirmed_by is null)"
    " and (confirmed_at is null) = (received is null)",
    "two_people": "confirmed_by <> carried_by",
}


def upgrade() -> None:
    moment = sa.DateTime(timezone=True)
    op.create_table(
        "drawer_count",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("day_id", sa.BigInteger(), nullable=False),
        sa.Column("way", sa.String(length=8), nullable=False),
        sa.Column("why", sa.String(length=8), nullable=False),
        sa.Column("expected", sa.BigInteger(), nullable=False),
        sa.Column("counted", sa.BigInteger(), nullable=False),
        sa.Column("pieces", postgresql.JSONB(), nullable=False),
        sa.Column("reason", sa.String(length=20), nullable=False),
        sa.Column("words", sa.String(length=200), nullable=False),
        sa.Column("counted_by", sa.BigInteger(), nullable=False),
        sa.Column("counted_at", moment, nullable=False),
        sa.Column("taken_by", sa.BigInteger()),
        sa.Column("taken_at", moment),
        sa.Column("refused_at", moment),
        sa.Column("refusal", sa.String(length=200), nullable=False),
        *_checks("drawer_count", COUNT_CHECKS),
        *_references("drawer_count", day_id="trading_day", counted_by="person", taken_by="person"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_drawer_count")),
    )
    op.create_index(
        "uq_drawer_count_close",
        "drawer_count",
        ["day_id", "way"],
        unique=True,
        postgresql_where="why = 'close'",
    )
    op.create_index(
        "uq_drawer_count_waiting",
        "drawer_count",
        ["day_id"],
        unique=True,
        postgresql_where="why = 'shift' and taken_at is null and refused_at is null",
    )
    op.create_index("ix_drawer_count_day_id", "drawer_count", ["day_id"])
    op.create_table(
        "bag",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("place_id", sa.BigInteger(), nullable=False),
        sa.Column("day_id", sa.BigInteger(), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("carried_by", sa.BigInteger(), nullable=False),
        sa.Column("packed_at", moment, nullable=False),
        sa.Column("brought_at", moment),
        sa.Column("confirmed_by", sa.BigInteger()),
        sa.Column("confirmed_at", moment),
        sa.Column("received", sa.BigInteger()),
        *_checks("bag", BAG_CHECKS),
        *_references(
            "bag",
            place_id="place",
            day_id="trading_day",
            carried_by="person",
            confirmed_by="person",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bag")),
    )
    op.create_index("ix_bag_place_id", "bag", ["place_id", "packed_at"])


def _checks(table: str, checks: dict[str, str]) -> list[sa.CheckConstraint]:
    return [sa.CheckConstraint(sql, name=op.f(f"ck_{table}_{name}")) for name, sql in checks.items()]


def _references(table: str, **columns: str) -> list[sa.ForeignKeyConstraint]:
    return [
        sa.ForeignKeyConstraint(
            [column], [f"{target}.id"], name=op.f(f"fk_{table}_{column}_{target}")
        )
        for column, target in columns.items()
    ]


def downgrade() -> None:
    op.drop_table("bag")
    op.drop_table("drawer_count")
