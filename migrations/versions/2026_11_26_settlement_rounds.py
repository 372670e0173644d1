"""Settling in rounds: an organisation adds up what it owes to everybody at one cut."""

import sqlalchemy as sa
from alembic import op

revision = "settlement_rounds"
down_revision = "kiosk_trading_days"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "settlement_round",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("organisation_id", sa.BigInteger(), nullable=False),
        sa.Column("cut", sa.BigInteger(), nullable=False),
        sa.Column("begun_by", sa.BigInteger()),
        sa.Column("begun_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("done_at", sa.DateTime(timezone=True)),
        sa.Column("settled", sa.BigInteger(), nullable=False),
        sa.Column("total", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisation.id"],
            name=op.f("fk_settlement_round_organisation_id_organisation"),
        ),
        sa.ForeignKeyConstraint(
            ["begun_by"], ["person.id"], name=op.f("fk_settlement_round_begun_by_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_settlement_round")),
    )
    op.create_index(
        op.f("ix_settlement_round_organisation_id"), "settlement_round", ["organisation_id"]
    )
    op.create_index(
        "uq_settlement_round_open",
        "settlement_round",
        ["organisation_id"],
        unique=True,
        postgresql_where="done_at is null",
    )
    op.add_column("settlement", sa.Column("round_id", sa.BigInteger()))
    op.create_index(op.f("ix_settlement_round_id"), "settlement", ["round_id"])
    op.create_foreign_key(
        op.f("fk_settlement_round_id_settlement_round"),
        "settlement",
        "settlement_round",
        ["round_id"],
        ["id"],
    )


def downgrade() -> None:
    op.drop_column("settlement", "round_id")
    op.drop_table("settlement_round")
