"""The bank statement: files and their lines, each once, with what became of it."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "orders_bank"
down_revision = "orders_transfers"
branch_labels = None
depends_on = None

NOW_UTC = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "bank_file",
        sa.Column("id", sa.BigInteger(), primary_key=True),
        sa.Column("account", sa.String(20), nullable=False),
        sa.Column("layout", sa.String(20), nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("lines", sa.BigInteger(), nullable=False),
        sa.Column("new_lines", sa.BigInteger(), nullable=False),
        sa.Column("flaws", postgresql.JSONB(), nullable=False),
        sa.Column("asides", postgresql.JSONB(), nullable=False),
        sa.Column("sent_by", sa.BigInteger(), sa.ForeignKey("person.id")),
        sa.Column("created_at", NOW_UTC, nullable=False),
        sa.UniqueConstraint("account", "digest"),
    )
    op.create_table(
        "bank_line",
        sa.Column("id", sa.BigInteger(), primary_key=True),
        sa.Column("file_id", sa.BigInteger(), sa.ForeignKey("bank_file.id"), nullable=False),
        sa.Column("file_line", sa.BigInteger(), nullable=False),
        sa.Column("account", sa.String(20), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("text", sa.String(500), nullable=False),
        sa.Column("text_hash", sa.String(40), nullable=False),
        sa.Column("running", sa.BigInteger(), nullable=False),
        sa.Column("state", sa.String(8), nullable=False),
        sa.Column("attempt_id", sa.Uuid(), sa.ForeignKey("attempt.id"), unique=True),
        sa.Column("refund_id", sa.Uuid(), sa.ForeignKey("refund.id"), unique=True),
        sa.Column("payout_id", sa.BigInteger(), sa.ForeignKey("payout.id"), unique=True),
        sa.Column("noted_by", sa.BigInteger(), sa.ForeignKey("person.id")),
        sa.Column("noted_attempt_id", sa.Uuid(), sa.ForeignKey("attempt.id")),
        sa.Column("ended_by", sa.BigInteger(), sa.ForeignKey("person.id")),
        sa.Column("ended_at", NOW_UTC),
        sa.Column("reason", sa.String(200), nullable=False),
        sa.UniqueConstraint("account", "day", "amount", "text_hash", "running"),
        sa.CheckConstraint("amount <> 0", name="amount"),
        sa.CheckConstraint("state in ('open','matched','closed')", name="state"),
        sa.CheckConstraint(
            "num_nonnulls(attempt_id, refund_id, payout_id) = (state = 'matched')::int", name="one"
        ),
        sa.CheckConstraint("(state = 'closed') = (reason <> '')", name="reason"),
    )
    op.create_index("ix_bank_line_file_id", "bank_line", ["file_id"])
    op.create_index("ix_bank_line_open", "bank_line", ["day"], postgresql_where="state = 'open'")


def downgrade() -> None:
    op.drop_table("bank_line")
    op.drop_table("bank_file")
