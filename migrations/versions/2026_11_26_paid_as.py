"""Which payment at the gateway brought the money: only that one can be undone there."""

import sqlalchemy as sa
from alembic import op

revision = "orders_0004"
down_revision = "backups_0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "attempt", sa.Column("paid_as", sa.String(120), nullable=False, server_default="")
    )
    op.create_index("ix_attempt_created_at", "attempt", ["created_at"])


def downgrade() -> None:
    op.drop_index("ix_attempt_created_at", table_name="attempt")
    op.drop_column("attempt", "paid_as")
