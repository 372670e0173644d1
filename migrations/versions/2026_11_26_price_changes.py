"""What a size cost before: labels printed then are still on the shelf."""

import sqlalchemy as sa
from alembic import op

revision = "price_changes"
down_revision = "parcel_messages"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "price_change",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("variant_id", sa.BigInteger(), nullable=False),
        sa.Column("was", sa.BigInteger(), nullable=False),
        sa.Column("price", sa.BigInteger(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "was > 0 and price > 0 and was <> price", name=op.f("ck_price_change_prices")
        ),
        sa.ForeignKeyConstraint(
            ["variant_id"], ["variant.id"], name=op.f("fk_price_change_variant_id_variant")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_price_change")),
    )
    op.create_index(op.f("ix_price_change_variant_id"), "price_change", ["variant_id"])


def downgrade() -> None:
    op.drop_table("price_change")
