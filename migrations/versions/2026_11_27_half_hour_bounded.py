"""Entries since a moment are found by the bookmarks of the carried sums; no index is needed."""

from alembic import op

revision = "half_hour_bounded"
down_revision = "bazaar_vouchers"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.drop_index("ix_journal_posted_at", "journal")


def downgrade() -> None:
    op.create_index("ix_journal_posted_at", "journal", ["posted_at"])
