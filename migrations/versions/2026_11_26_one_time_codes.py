"""One-time codes to a phone."""

import sqlalchemy as sa
from alembic import op

revision = "one_time_codes"
down_revision = "arrivals"
branch_labels = None
depends_on = None


def moment(name: str, nullable: bool = True) -> sa.Column:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def upgrade() -> None:
    op.create_table(
        "one_time_code",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("asker_hash", sa.LargeBinary(), nullable=False),
        sa.Column("phone", sa.String(20), nullable=False),
        sa.Column("person_id", sa.BigInteger()),
        sa.Column("seed", sa.String(64), nullable=False),
        moment("created_at", nullable=False),
        moment("until", nullable=False),
        sa.Column("tries", sa.BigInteger(), nullable=False),
        moment("used_at"),
        moment("entered_at"),
        moment("sent_at"),
        sa.Column("way", sa.String(12), nullable=False),
        sa.CheckConstraint("tries <= 5", name=op.f("ck_one_time_code_tries")),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_one_time_code_person_id_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_one_time_code")),
        sa.UniqueConstraint("asker_hash", name=op.f("uq_one_time_code_asker_hash")),
    )
    op.create_index(op.f("ix_one_time_code_phone"), "one_time_code", ["phone"])
    op.create_index(op.f("ix_one_time_code_person_id"), "one_time_code", ["person_id"])


def downgrade() -> None:
    op.drop_table("one_time_code")
