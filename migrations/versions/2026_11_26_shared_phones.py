"""Phones that several women use: a lock, and whom a phone remembers."""

import sqlalchemy as sa
from alembic import op

revision = "shared_phones"
down_revision = "referrals"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("sign_in", sa.Column("locked_at", sa.DateTime(timezone=True)))
    op.create_table(
        "remembered_here",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("device_hash", sa.LargeBinary(), nullable=False),
        sa.Column("person_id", sa.BigInteger(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_remembered_here_person_id_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_remembered_here")),
        sa.UniqueConstraint(
            "device_hash", "person_id", name=op.f("uq_remembered_here_device_hash_person_id")
        ),
    )
    op.create_index(op.f("ix_remembered_here_person_id"), "remembered_here", ["person_id"])


def downgrade() -> None:
    op.drop_table("remembered_here")
    op.drop_column("sign_in", "locked_at")
