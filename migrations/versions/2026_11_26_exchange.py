"""What the money of buyers abroad is worth, and payments found by the gateway's name for them."""

import sqlalchemy as sa
from alembic import op

revision = "orders_exchange"
down_revision = "orders_reports"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "exchange_rate",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("rate_micros", sa.BigInteger(), nullable=False),
        sa.Column("valid_from", sa.DateTime(timezone=True), nullable=False),
        sa.Column("source", sa.String(length=120), nullable=False),
        sa.Column("needs_second", sa.Boolean(), nullable=False),
        sa.Column("set_by", sa.BigInteger(), nullable=True),
        sa.Column("first_by", sa.BigInteger(), nullable=True),
        sa.CheckConstraint("rate_micros > 0", name=op.f("ck_exchange_rate_rate")),
        sa.CheckConstraint(
            "first_by is null or first_by <> set_by", name=op.f("ck_exchange_rate_two_people")
        ),
        sa.CheckConstraint(
            "first_by is null or not needs_second", name=op.f("ck_exchange_rate_seconded")
        ),
        sa.ForeignKeyConstraint(
            ["set_by"], ["person.id"], name=op.f("fk_exchange_rate_set_by_person")
        ),
        sa.ForeignKeyConstraint(
            ["first_by"], ["person.id"], name=op.f("fk_exchange_rate_first_by_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_exchange_rate")),
    )
    op.create_index("ix_exchange_rate_currency", "exchange_rate", ["currency", "id"])
    op.execute(
        "create trigger exchange_rate_append_only before update or delete or truncate"
        " on exchange_rate for each statement execute function refuse_change()"
    )
    op.create_index("ix_attempt_paid_as", "attempt", ["paid_as"], postgresql_where="paid_as <> ''")


def downgrade() -> None:
    op.drop_index("ix_attempt_paid_as", "attempt")
    op.drop_table("exchange_rate")
