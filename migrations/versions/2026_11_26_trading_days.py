"""Trading days of a place, from close to close."""

import sqlalchemy as sa
from alembic import op

revision = "kiosk_trading_days"
down_revision = "price_changes"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "trading_day",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("place_id", sa.BigInteger(), nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True)),
        sa.Column("opening", sa.BigInteger(), nullable=False),
        sa.Column("entries_from", sa.BigInteger(), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True)),
        sa.Column("closed_by", sa.BigInteger()),
        sa.Column("closing", sa.BigInteger()),
        sa.Column("entries_until", sa.BigInteger()),
        sa.CheckConstraint(
            "(closed_at is null) = (closing is null)"
            " and (closed_at is null) = (entries_until is null)",
            name=op.f("ck_trading_day_closed_whole"),
        ),
        sa.CheckConstraint(
            "entries_until >= entries_from", name=op.f("ck_trading_day_entries")
        ),
        sa.ForeignKeyConstraint(
            ["place_id"], ["place.id"], name=op.f("fk_trading_day_place_id_place")
        ),
        sa.ForeignKeyConstraint(
            ["closed_by"], ["person.id"], name=op.f("fk_trading_day_closed_by_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_trading_day")),
        sa.UniqueConstraint("place_id", "number", name=op.f("uq_trading_day_place_id_number")),
    )
    op.create_index(
        "uq_trading_day_open",
        "trading_day",
        ["place_id"],
        unique=True,
        postgresql_where="closed_at is null",
    )


def downgrade() -> None:
    op.drop_table("trading_day")
