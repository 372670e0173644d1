"""A waiting time before a coordinator gives somebody a new PIN."""

import sqlalchemy as sa
from alembic import op

revision = "recovery"
down_revision = "shared_phones"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "recovery",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("person_id", sa.BigInteger(), nullable=False),
        sa.Column("begun_by", sa.BigInteger(), nullable=False),
        sa.Column("begun_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ready_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True)),
        sa.Column("is_stopped", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_recovery_person_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["begun_by"], ["person.id"], name=op.f("fk_recovery_begun_by_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_recovery")),
    )
    op.create_index(
        "uq_recovery_open",
        "recovery",
        ["person_id"],
        unique=True,
        postgresql_where="ended_at is null",
    )


def downgrade() -> None:
    op.drop_table("recovery")
