"""The doctor remembers up to where it found nothing, and finds what was booked since."""

import sqlalchemy as sa
from alembic import op

revision = "examinations"
down_revision = "bank_bags"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "examination",
        sa.Column("id", sa.BigInteger(), primary_key=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("xid", sa.BigInteger(), nullable=False),
        sa.Column("is_full", sa.Boolean(), nullable=False),
        sa.Column("findings", sa.BigInteger(), nullable=False),
    )
    op.create_index("ix_journal_xid", "journal", ["xid"])


def downgrade() -> None:
    op.drop_index("ix_journal_xid", "journal")
    op.drop_table("examination")
