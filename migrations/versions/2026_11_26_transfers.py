"""Transfers that name their order: unique digits, and money that comes in parts."""

import sqlalchemy as sa
from alembic import op

revision = "orders_transfers"
down_revision = "orders_0004"
branch_labels = None
depends_on = None

BEFORE = (
    "'created','pending','captured','failed','expired','unknown','surplus',"
    "'partly_refunded','refunded','disputed','charged_back','reversed'"
)


def upgrade() -> None:
    for name in ("unique_code", "joined"):
        op.add_column("attempt", sa.Column(name, sa.BigInteger(), nullable=False, server_default="0"))
    op.add_column("attempt", sa.Column("noted_amount", sa.BigInteger()))
    op.create_check_constraint(
        op.f("ck_attempt_unique_code"), "attempt", "unique_code between 0 and 999"
    )
    op.create_check_constraint(op.f("ck_attempt_joined"), "attempt", "joined between 0 and reached")
    _states(f"{BEFORE},'part','joined'")
    op.create_index(
        "uq_attempt_asked",
        "attempt",
        ["amount"],
        unique=True,
        postgresql_where="unique_code > 0 and state in ('created','pending','unknown')",
    )
    op.create_index(
        "ix_attempt_amount", "attempt", ["amount"], postgresql_where="method = 'transfer'"
    )


def downgrade() -> None:
    op.drop_index("ix_attempt_amount", "attempt")
    op.drop_index("uq_attempt_asked", "attempt")
    _states(BEFORE)
    op.drop_constraint(op.f("ck_attempt_joined"), "attempt")
    op.drop_constraint(op.f("ck_attempt_unique_code"), "attempt")
    op.drop_column("attempt", "noted_amount")
    op.drop_column("attempt", "joined")
    op.drop_column("attempt", "unique_code")


def _states(listed: str) -> None:
    op.drop_constraint(op.f("ck_attempt_state"), "attempt")
    op.create_check_constraint(op.f("ck_attempt_state"), "attempt", f"state in ({listed})")
