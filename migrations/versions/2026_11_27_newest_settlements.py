"""The newest settlements of a page are found by one index, however many came before."""

from alembic import op

revision = "newest_settlements"
down_revision = "half_hour_bounded"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("ix_settlement_account_id_id", "settlement", ["account_id", "id"])
    op.drop_index("ix_settlement_account_id", "settlement")


def downgrade() -> None:
    op.create_index("ix_settlement_account_id", "settlement", ["account_id"])
    op.drop_index("ix_settlement_account_id_id", "settlement")
