"""A line of the bank statement may be a bag of cash from a kiosk."""

import sqlalchemy as sa
from alembic import op

revision = "bank_bags"
down_revision = "tax_paid"
branch_labels = None
depends_on = None

BEFORE = "attempt_id, refund_id, payout_id"


def upgrade() -> None:
    op.add_column("bank_line", sa.Column("bag_id", sa.Uuid(), nullable=True))
    op.create_foreign_key(op.f("fk_bank_line_bag_id_bag"), "bank_line", "bag", ["bag_id"], ["id"])
    op.create_unique_constraint(op.f("uq_bank_line_bag_id"), "bank_line", ["bag_id"])
    _one_of(f"{BEFORE}, bag_id")


def downgrade() -> None:
    _one_of(BEFORE)
    op.drop_column("bank_line", "bag_id")


def _one_of(columns: str) -> None:
    op.drop_constraint(op.f("ck_bank_line_one"), "bank_line")
    op.create_check_constraint(
        op.f("ck_bank_line_one"), "bank_line", f"num_nonnulls({columns}) = (state = 'matched')::int"
    )
