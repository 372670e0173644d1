"""Files by which a group moved in, each written once."""

import sqlalchemy as sa
from alembic import op

revision = "openings"
down_revision = "surplus"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "brought_table",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("organisation_id", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.String(8), nullable=False),
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("added", sa.BigInteger(), nullable=False),
        sa.Column("left_out", sa.BigInteger(), nullable=False),
        sa.Column("brought_by", sa.BigInteger(), nullable=True),
        sa.Column("brought_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "kind in ('members','savings','stock')", name=op.f("ck_brought_table_kind")
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisation.id"],
            name=op.f("fk_brought_table_organisation_id_organisation"),
        ),
        sa.ForeignKeyConstraint(
            ["brought_by"], ["person.id"], name=op.f("fk_brought_table_brought_by_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_brought_table")),
        sa.UniqueConstraint(
            "organisation_id",
            "kind",
            "sha256",
            name=op.f("uq_brought_table_organisation_id_kind_sha256"),
        ),
    )


def downgrade() -> None:
    op.drop_table("brought_table")
