"""Payments through gateways: what was presented, how it was paid, disputes, refunds by machine."""

import sqlalchemy as sa
from alembic import op

revision = "orders_0003"
down_revision = "orders_0002"
branch_labels = None
depends_on = None

STATES = (
    "'created','pending','captured','failed','expired','unknown','surplus',"
    "'partly_refunded','refunded','disputed'"
)


def upgrade() -> None:
    op.add_column("attempt", sa.Column("presented_amount", sa.BigInteger()))
    op.add_column("attempt", _word("presented_currency", 3))
    op.add_column("attempt", sa.Column("rate_micros", sa.BigInteger()))
    op.add_column("attempt", _word("gateway_id", 120))
    op.add_column("attempt", _word("channel", 30))
    op.add_column("attempt", sa.Column("asked_at", sa.DateTime(timezone=True)))
    op.alter_column("attempt", "pay_url", type_=sa.String(1000), existing_type=sa.String(500))
    op.drop_constraint(op.f("ck_attempt_state"), "attempt")
    op.create_check_constraint(
        op.f("ck_attempt_state"), "attempt", f"state in ({STATES},'charged_back','reversed')"
    )
    op.create_check_constraint(
        op.f("ck_attempt_presented"),
        "attempt",
        "(presented_currency = '') = (presented_amount is null)"
        " and (presented_currency = '') = (rate_micros is null)"
        " and coalesce(presented_amount, 1) > 0 and coalesce(rate_micros, 1) > 0",
    )
    op.add_column("refund", sa.Column("presented_amount", sa.BigInteger()))
    op.add_column("refund", _word("presented_currency", 3))
    op.add_column("refund", _word("route", 8, "by_hand"))
    op.add_column("refund", _word("gateway_id", 120))
    op.add_column("refund", _word("told", 12))
    op.add_column("refund", sa.Column("tries", sa.BigInteger(), nullable=False, server_default="0"))
    op.add_column("refund", sa.Column("sent_at", sa.DateTime(timezone=True)))
    op.create_check_constraint(op.f("ck_refund_route"), "refund", "route in ('gateway','by_hand')")


def _word(name: str, length: int, default: str = "") -> sa.Column[str]:
    return sa.Column(name, sa.String(length), nullable=False, server_default=default)


def downgrade() -> None:
    for column in "sent_at tries told gateway_id route presented_currency presented_amount".split():
        op.drop_column("refund", column)
    op.drop_constraint(op.f("ck_attempt_presented"), "attempt")
    op.drop_constraint(op.f("ck_attempt_state"), "attempt")
    op.create_check_constraint(op.f("ck_attempt_state"), "attempt", f"state in ({STATES})")
    op.alter_column("attempt", "pay_url", type_=sa.String(500), existing_type=sa.String(1000))
    for column in "asked_at channel gateway_id rate_micros presented_currency presented_amount".split():
        op.drop_column("attempt", column)
