"""Paying in batches: many payouts out of one bank or drawer, agreed to as one list."""

import sqlalchemy as sa
from alembic import op

revision = "payout_batches"
down_revision = "shipments"
branch_labels = None
depends_on = None

PEOPLE = ("made_by", "approved_by", "confirmed_by")


def upgrade() -> None:
    op.create_table(
        "payout_batch",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("organisation_id", sa.BigInteger(), nullable=False),
        sa.Column("source_id", sa.BigInteger(), nullable=False),
        sa.Column("made_by", sa.BigInteger(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("approved_by", sa.BigInteger()),
        sa.Column("approved_at", sa.DateTime(timezone=True)),
        sa.Column("dropped_at", sa.DateTime(timezone=True)),
        sa.Column("reference_no", sa.String(60), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True)),
        sa.Column("confirmed_by", sa.BigInteger()),
        sa.Column("confirmed_at", sa.DateTime(timezone=True)),
        sa.CheckConstraint(
            "approved_by is null or approved_by <> made_by", name=op.f("ck_payout_batch_two_people")
        ),
        sa.CheckConstraint(
            "sent_at is null or approved_by is not null", name=op.f("ck_payout_batch_approved")
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisation.id"],
            name=op.f("fk_payout_batch_organisation_id_organisation"),
        ),
        sa.ForeignKeyConstraint(
            ["source_id"], ["account.id"], name=op.f("fk_payout_batch_source_id_account")
        ),
        *(
            sa.ForeignKeyConstraint(
                [one], ["person.id"], name=op.f(f"fk_payout_batch_{one}_person")
            )
            for one in PEOPLE
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_payout_batch")),
    )
    op.create_index(op.f("ix_payout_batch_organisation_id"), "payout_batch", ["organisation_id"])
    op.add_column("payout", sa.Column("batch_id", sa.BigInteger()))
    op.create_index(op.f("ix_payout_batch_id"), "payout", ["batch_id"])
    op.create_foreign_key(
        op.f("fk_payout_batch_id_payout_batch"), "payout", "payout_batch", ["batch_id"], ["id"]
    )


def downgrade() -> None:
    op.drop_column("payout", "batch_id")
    op.drop_table("payout_batch")
