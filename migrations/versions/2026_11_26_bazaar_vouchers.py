"""A cost of a bazaar may be a voucher of the host's cash book; one voucher is shared once."""

import sqlalchemy as sa
from alembic import op

revision = "bazaar_vouchers"
down_revision = "contested_bazaars"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("bazaar_cost", sa.Column("voucher_id", sa.Uuid()))
    op.create_foreign_key(
        op.f("fk_bazaar_cost_voucher_id_voucher"), "bazaar_cost", "voucher", ["voucher_id"], ["id"]
    )
    op.create_index(
        "uq_bazaar_cost_voucher_id",
        "bazaar_cost",
        ["voucher_id"],
        unique=True,
        postgresql_where=sa.text("struck_at is null"),
    )


def downgrade() -> None:
    op.drop_index("uq_bazaar_cost_voucher_id", "bazaar_cost")
    op.drop_constraint(
        op.f("fk_bazaar_cost_voucher_id_voucher"), "bazaar_cost", type_="foreignkey"
    )
    op.drop_column("bazaar_cost", "voucher_id")
