"""Acts that come from phones: their own time, and what did not fit."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "acts_from_phones"
down_revision = "signin_proofs"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("act", sa.Column("device_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column(
        "act", sa.Column("is_clamped", sa.Boolean(), nullable=False, server_default=sa.false())
    )
    op.create_table(
        "act_conflict",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("act_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("content", postgresql.JSONB(), nullable=False),
        sa.Column("content_hash", sa.LargeBinary(), nullable=False),
        sa.Column("sentence", sa.Text(), nullable=False),
        sa.Column("device_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name="fk_act_conflict_person_id_person"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_act_conflict"),
        sa.UniqueConstraint("act_id", "person_id", "content_hash", name="uq_act_conflict_act_id_person_id_content_hash"),
    )
    op.create_index(
        "ix_act_conflict_open",
        "act_conflict",
        ["person_id"],
        postgresql_where=sa.text("settled_at is null"),
    )


def downgrade() -> None:
    op.drop_table("act_conflict")
    op.drop_column("act", "is_clamped")
    op.drop_column("act", "device_at")
