"""One-page reports of activities."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "activity_reports"
down_revision = "half_hour"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "activity_report",
        sa.Column("id", sa.BigInteger(), primary_key=True),
        sa.Column(
            "organisation_id", sa.BigInteger(), sa.ForeignKey("organisation.id"), nullable=False
        ),
        sa.Column("about", sa.String(10), nullable=False),
        sa.Column("about_id", sa.BigInteger()),
        sa.Column("since_on", sa.Date(), nullable=False),
        sa.Column("until_on", sa.Date(), nullable=False),
        sa.Column("title", sa.String(120), nullable=False),
        *(
            sa.Column(part, sa.Text(), nullable=False)
            for part in ("what", "who", "money", "next_step")
        ),
        sa.Column("figures", postgresql.JSONB(), nullable=False),
        sa.Column("made_by", sa.BigInteger(), sa.ForeignKey("person.id")),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True)),
        _check("about", "about in ('period','bazaar','cohort')"),
        _check("about_id", "(about = 'period') = (about_id is null)"),
        _check("days", "until_on >= since_on"),
    )
    op.create_index(
        "ix_activity_report_organisation_id", "activity_report", ["organisation_id", "id"]
    )


def downgrade() -> None:
    op.drop_table("activity_report")


def _check(name: str, rule: str) -> sa.CheckConstraint:
    return sa.CheckConstraint(rule, name=op.f(f"ck_activity_report_{name}"))
