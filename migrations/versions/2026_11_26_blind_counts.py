"""A blind count keeps the record to itself until somebody says that counting is over."""

import sqlalchemy as sa
from alembic import op

revision = "blind_counts"
down_revision = "joint_packages"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("stock_count", sa.Column("shown_at", sa.DateTime(timezone=True)))


def downgrade() -> None:
    op.drop_column("stock_count", "shown_at")
