"""Who may take a payee's cash for her, and who took it."""

import sqlalchemy as sa
from alembic import op

revision = "cash_takers"
down_revision = "notes_by_day"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "cash_taker",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("owner_id", sa.BigInteger(), nullable=False),
        sa.Column("taker_id", sa.BigInteger(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True)),
        sa.CheckConstraint("owner_id <> taker_id", name=op.f("ck_cash_taker_another")),
        *(
            sa.ForeignKeyConstraint([one], ["person.id"], name=op.f(f"fk_cash_taker_{one}_person"))
            for one in ("owner_id", "taker_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_cash_taker")),
    )
    op.create_index(
        "uq_cash_taker_living",
        "cash_taker",
        ["owner_id", "taker_id"],
        unique=True,
        postgresql_where="ended_at is null",
    )
    op.add_column("payout", sa.Column("taken_by", sa.BigInteger()))
    op.create_foreign_key(
        op.f("fk_payout_taken_by_person"), "payout", "person", ["taken_by"], ["id"]
    )


def downgrade() -> None:
    op.drop_column("payout", "taken_by")
    op.drop_table("cash_taker")
