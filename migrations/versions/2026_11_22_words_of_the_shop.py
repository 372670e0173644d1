"""The words that stand in listings, so that a search can mend a misspelt one."""

import sqlalchemy as sa
from alembic import op

revision = "shop_0001"
down_revision = "orders_0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "search_word",
        sa.Column("word", sa.String(length=40), nullable=False),
        sa.Column("listings", sa.BigInteger(), nullable=False),
        sa.Column("makers", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("word", name=op.f("pk_search_word")),
    )
    op.create_index(
        "ix_search_word_pieces",
        "search_word",
        ["word"],
        postgresql_using="gin",
        postgresql_ops={"word": "gin_trgm_ops"},
    )
    op.create_index(
        "ix_seller_store_name_pieces",
        "seller",
        ["store_name"],
        postgresql_using="gin",
        postgresql_ops={"store_name": "gin_trgm_ops"},
    )


def downgrade() -> None:
    op.drop_index("ix_seller_store_name_pieces", table_name="seller")
    op.drop_table("search_word")
