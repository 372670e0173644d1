"""Attendance brought in from files, and mentoring: one goal, notes she may show, an end review."""

import sqlalchemy as sa
from alembic import op

revision = "training_mentoring"
down_revision = "money_jars"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "brought_sheet",
        sa.Column("id", sa.BigInteger(), primary_key=True),
        _id("cohort_id", "cohort.id"),
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("added", sa.BigInteger(), nullable=False),
        sa.Column("left_out", sa.BigInteger(), nullable=False),
        _id("brought_by", "person.id", nullable=True),
        sa.Column("brought_at", sa.DateTime(timezone=True), nullable=False),
        sa.UniqueConstraint("cohort_id", "sha256"),
    )
    op.create_table(
        "mentoring",
        sa.Column("id", sa.BigInteger(), primary_key=True),
        _id("enrolment_id", "enrolment.id"),
        _id("mentor_id", "person.id", index=True),
        sa.Column("goal", sa.String(200), nullable=False),
        sa.Column("opened", sa.ARRAY(sa.String(10)), nullable=False),
        sa.Column("meets_at", sa.DateTime(timezone=True)),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True)),
        sa.Column("outcome", sa.String(10), nullable=False),
        sa.Column("review", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "opened <@ array['goods','classes']::varchar[]", name=op.f("ck_mentoring_opened")
        ),
        sa.CheckConstraint(
            "outcome in ('','reached','partly','not_yet','stopped')",
            name=op.f("ck_mentoring_outcome"),
        ),
        sa.CheckConstraint(
            "(ended_at is null) = (outcome = '')", name=op.f("ck_mentoring_ended")
        ),
    )
    op.create_index(
        "uq_mentoring_living",
        "mentoring",
        ["enrolment_id"],
        unique=True,
        postgresql_where="ended_at is null",
    )
    op.create_table(
        "mentor_note",
        sa.Column("id", sa.BigInteger(), primary_key=True),
        _id("mentoring_id", "mentoring.id", index=True),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("is_shown", sa.Boolean(), nullable=False),
    )


def _id(name: str, target: str, **more: object) -> sa.Column[object]:
    return sa.Column(name, sa.BigInteger(), sa.ForeignKey(target), **{"nullable": False, **more})


def downgrade() -> None:
    op.drop_table("mentor_note")
    op.drop_table("mentoring")
    op.drop_table("brought_sheet")
