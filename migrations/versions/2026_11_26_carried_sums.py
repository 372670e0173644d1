"""What the books added up to is carried forward, so that no page adds up years."""

import sqlalchemy as sa
from alembic import op

revision = "carried_sums"
down_revision = "inviters"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "book_mark",
        sa.Column("id", sa.BigInteger(), primary_key=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("entry_id", sa.BigInteger(), nullable=False),
        sa.Column("carried_to", sa.BigInteger(), nullable=False),
    )
    op.create_index("ix_book_mark_at", "book_mark", ["at"])
    op.create_table(
        "carried",
        sa.Column("id", sa.BigInteger(), primary_key=True),
        sa.Column(
            "organisation_id", sa.BigInteger(), sa.ForeignKey("organisation.id"), nullable=False
        ),
        sa.Column("page_kind", sa.String(16), nullable=False),
        sa.Column("account_id", sa.BigInteger(), sa.ForeignKey("account.id")),
        sa.Column("journal_kind", sa.String(20), nullable=False),
        sa.Column("posted_month", sa.Date(), nullable=False),
        sa.Column("happened_month", sa.Date(), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("cuts", sa.BigInteger(), nullable=False),
        sa.Column("gross", sa.BigInteger(), nullable=False),
        sa.UniqueConstraint(
            "organisation_id",
            "page_kind",
            "account_id",
            "journal_kind",
            "posted_month",
            "happened_month",
            name="uq_carried",
            postgresql_nulls_not_distinct=True,
        ),
    )
    op.create_index("ix_carried_account_id", "carried", ["account_id", "posted_month"])
    op.create_index(
        "ix_carried_kinds",
        "carried",
        ["organisation_id"],
        postgresql_where=sa.text("account_id is null"),
    )
    op.create_table(
        "carried_page",
        sa.Column(
            "account_id",
            sa.BigInteger(),
            sa.ForeignKey("account.id"),
            primary_key=True,
            autoincrement=False,
        ),
        sa.Column("balance", sa.BigInteger(), nullable=False),
        sa.Column("open_from", sa.BigInteger(), nullable=False),
    )


def downgrade() -> None:
    for table in ("carried_page", "carried", "book_mark"):
        op.drop_table(table)
