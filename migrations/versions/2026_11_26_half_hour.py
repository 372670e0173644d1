"""What a coordinator noted, and ways to find who did what last, and what was booked when."""

import sqlalchemy as sa
from alembic import op

revision = "half_hour"
down_revision = "carried_sums"
branch_labels = None
depends_on = None

WHO = ("actor_id", "on_behalf_of")


def upgrade() -> None:
    op.create_table(
        "half_hour_note",
        sa.Column("id", sa.BigInteger(), primary_key=True),
        sa.Column(
            "organisation_id", sa.BigInteger(), sa.ForeignKey("organisation.id"), nullable=False
        ),
        sa.Column("topic", sa.String(12), nullable=False),
        sa.Column("thing", sa.String(60), nullable=False),
        sa.Column("person_id", sa.BigInteger(), sa.ForeignKey("person.id"), index=True),
        sa.Column("words", sa.String(200), nullable=False),
        sa.Column("noted_by", sa.BigInteger(), sa.ForeignKey("person.id"), nullable=False),
        sa.Column("noted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("quiet_until", sa.Date()),
        sa.CheckConstraint("seen_at <= noted_at", name="seen_first"),
    )
    op.create_index(
        "ix_half_hour_note_thing", "half_hour_note", ["organisation_id", "topic", "thing"]
    )
    for who in WHO:
        op.create_index(f"ix_audit_{who}_at", "audit", [who, "at"])
        op.drop_index(f"ix_audit_{who}", "audit")
    op.create_index("ix_journal_posted_at", "journal", ["posted_at"])


def downgrade() -> None:
    op.drop_index("ix_journal_posted_at", "journal")
    for who in WHO:
        op.create_index(f"ix_audit_{who}", "audit", [who])
        op.drop_index(f"ix_audit_{who}_at", "audit")
    op.drop_table("half_hour_note")
