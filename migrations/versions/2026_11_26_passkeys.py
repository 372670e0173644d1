"""Passkeys, and the questions to phones that wait for an answer."""

import sqlalchemy as sa
from alembic import op

revision = "passkeys"
down_revision = "money_cuts"
branch_labels = None
depends_on = None


def moment(name: str, nullable: bool = False) -> sa.Column:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def upgrade() -> None:
    op.create_table(
        "passkey",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("person_id", sa.BigInteger(), nullable=False),
        sa.Column("credential_id", sa.LargeBinary(), nullable=False),
        sa.Column("public_key", sa.LargeBinary(), nullable=False),
        sa.Column("sign_count", sa.BigInteger(), nullable=False),
        sa.Column("name", sa.String(40), nullable=False),
        moment("created_at"),
        moment("trusted_from"),
        moment("last_used_at", nullable=True),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_passkey_person_id_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_passkey")),
        sa.UniqueConstraint("credential_id", name=op.f("uq_passkey_credential_id")),
    )
    op.create_index(op.f("ix_passkey_person_id"), "passkey", ["person_id"])
    op.create_table(
        "passkey_challenge",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("asker_hash", sa.LargeBinary(), nullable=False),
        sa.Column("purpose", sa.String(4), nullable=False),
        sa.Column("challenge", sa.LargeBinary(), nullable=False),
        moment("until"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_passkey_challenge")),
        sa.UniqueConstraint("asker_hash", name=op.f("uq_passkey_challenge_asker_hash")),
    )


def downgrade() -> None:
    op.drop_table("passkey_challenge")
    op.drop_table("passkey")
