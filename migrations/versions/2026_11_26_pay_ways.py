"""How payees want to be paid, and which way a payout went."""

import sqlalchemy as sa
from alembic import op

revision = "money_pay_ways"
down_revision = "training_scholarships"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "pay_way",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("payee_id", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.String(length=4), nullable=False),
        sa.Column("bank", sa.String(length=20), nullable=False),
        sa.Column("tail", sa.String(length=4), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("in_force_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("stopped_at", sa.DateTime(timezone=True)),
        sa.CheckConstraint("kind in ('cash','bank')", name=op.f("ck_pay_way_kind")),
        sa.CheckConstraint("(kind = 'cash') = (bank = '')", name=op.f("ck_pay_way_bank")),
        sa.CheckConstraint(
            "in_force_at >= asked_at and stopped_at < in_force_at", name=op.f("ck_pay_way_times")
        ),
        sa.ForeignKeyConstraint(
            ["payee_id"], ["payee.id"], name=op.f("fk_pay_way_payee_id_payee")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pay_way")),
    )
    op.create_index("ix_pay_way_payee_id", "pay_way", ["payee_id", "in_force_at"])
    op.add_column("payout", sa.Column("pay_way_id", sa.BigInteger()))
    op.add_column("payout", sa.Column("begun_at", sa.DateTime(timezone=True)))
    op.create_foreign_key(
        op.f("fk_payout_pay_way_id_pay_way"), "payout", "pay_way", ["pay_way_id"], ["id"]
    )


def downgrade() -> None:
    op.drop_constraint(op.f("fk_payout_pay_way_id_pay_way"), "payout", type_="foreignkey")
    op.drop_column("payout", "begun_at")
    op.drop_column("payout", "pay_way_id")
    op.drop_table("pay_way")
