"""How somebody begins: her vision, and the cooperative she asks."""

import sqlalchemy as sa
from alembic import op

revision = "beginnings"
down_revision = "training_mentoring"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "beginning",
        sa.Column("person_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("vision", sa.String(12), nullable=False),
        sa.Column("cooperative_id", sa.BigInteger()),
        sa.Column("store_name", sa.String(60), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True)),
        sa.Column("decided_at", sa.DateTime(timezone=True)),
        sa.Column("is_taken", sa.Boolean()),
        sa.CheckConstraint(
            "(asked_at is null) = (cooperative_id is null)",
            name=op.f("ck_beginning_asked_somebody"),
        ),
        sa.CheckConstraint(
            "(decided_at is null) = (is_taken is null)", name=op.f("ck_beginning_decided")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_beginning_person_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["cooperative_id"],
            ["cooperative.id"],
            name=op.f("fk_beginning_cooperative_id_cooperative"),
        ),
        sa.PrimaryKeyConstraint("person_id", name=op.f("pk_beginning")),
    )
    op.create_index(op.f("ix_beginning_cooperative_id"), "beginning", ["cooperative_id"])


def downgrade() -> None:
    op.drop_table("beginning")
