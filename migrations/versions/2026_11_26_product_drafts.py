"""Drafts of new products that follow their maker to another phone."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "product_drafts"
down_revision = "stock_counts"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "product_draft",
        sa.Column("person_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("seller_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("act_id", sa.Uuid(), nullable=False),
        sa.Column("answers", postgresql.JSONB(), nullable=False),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_product_draft_person_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["seller_id"], ["seller.id"], name=op.f("fk_product_draft_seller_id_seller")
        ),
        sa.PrimaryKeyConstraint("person_id", "seller_id", name=op.f("pk_product_draft")),
    )
    op.create_index("ix_product_draft_saved_at", "product_draft", ["saved_at"])


def downgrade() -> None:
    op.drop_table("product_draft")
