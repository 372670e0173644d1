"""Links by which people pass goods on."""

import sqlalchemy as sa
from alembic import op

revision = "referrals"
down_revision = "help_on_behalf"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "referral",
        sa.Column("code", sa.String(12), nullable=False),
        sa.Column("person_id", sa.BigInteger(), nullable=False),
        sa.Column("listing_id", sa.BigInteger(), nullable=False),
        sa.Column("visits", sa.BigInteger(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_referral_person_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["listing_id"], ["listing.id"], name=op.f("fk_referral_listing_id_listing")
        ),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_referral")),
        sa.UniqueConstraint(
            "person_id", "listing_id", name=op.f("uq_referral_person_id_listing_id")
        ),
    )
    op.create_index(op.f("ix_referral_listing_id"), "referral", ["listing_id"])


def downgrade() -> None:
    op.drop_table("referral")
