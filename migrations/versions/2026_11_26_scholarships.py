"""Scholarships with their record, and what a facilitator knew when she noted who was there."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "training_scholarships"
down_revision = "passkeys"
branch_labels = None
depends_on = None

KEPT = ("scholarship_judgement", "scholarship_verdict")
DECIDED = (
    "create function keep_scholarship() returns trigger language plpgsql as $$"
    " begin if old.decided_at is not null"
    " then raise exception 'what was decided is never changed'"
    " using errcode = 'integrity_constraint_violation'; end if; return new; end $$"
)


def upgrade() -> None:
    op.create_table(
        "scholarship",
        _id("cohort_id", "cohort.id", primary_key=True),
        sa.Column("slug", sa.String(80), nullable=False, unique=True),
        sa.Column("apply_until", sa.Date(), nullable=False),
        sa.Column("method", sa.String(10), nullable=False),
        sa.Column("criteria", postgresql.JSONB(), nullable=False),
        sa.Column("first_timers_first", sa.Boolean(), nullable=False),
        sa.Column("seed", sa.String(64), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True)),
        _id("decided_by", "person.id", nullable=True),
        sa.CheckConstraint("method in ('judged','drawn')", name=op.f("ck_scholarship_method")),
        sa.CheckConstraint(
            "(decided_at is null) = (seed = '')", name=op.f("ck_scholarship_decided")
        ),
        sa.CheckConstraint(
            "(decided_at is null) = (decided_by is null)", name=op.f("ck_scholarship_decided_by")
        ),
    )
    op.create_table(
        "scholarship_application",
        sa.Column("id", sa.BigInteger(), primary_key=True),
        _id("cohort_id", "scholarship.cohort_id"),
        _id("person_id", "person.id", index=True),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("applied_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True)),
        sa.UniqueConstraint("cohort_id", "person_id"),
    )
    op.create_table(
        "scholarship_judgement",
        sa.Column("id", sa.BigInteger(), primary_key=True),
        _id("application_id", "scholarship_application.id"),
        _id("judge_id", "person.id"),
        sa.Column("points", postgresql.JSONB(), nullable=False),
        sa.Column("reason", sa.String(300), nullable=False),
        sa.Column("judged_at", sa.DateTime(timezone=True), nullable=False),
        sa.UniqueConstraint("application_id", "judge_id"),
        sa.CheckConstraint("reason <> ''", name=op.f("ck_scholarship_judgement_reason")),
    )
    op.create_table(
        "scholarship_verdict",
        _id("application_id", "scholarship_application.id", primary_key=True),
        sa.Column("place", sa.BigInteger(), nullable=False),
        sa.Column("outcome", sa.String(10), nullable=False),
        sa.Column("is_first", sa.Boolean(), nullable=False),
        sa.Column("points", sa.BigInteger(), nullable=False),
        sa.Column("lot", sa.String(64), nullable=False),
        sa.CheckConstraint(
            "outcome in ('seat','waiting')", name=op.f("ck_scholarship_verdict_outcome")
        ),
    )
    for table in KEPT:
        op.execute(
            f"create trigger {table}_append_only before update or delete or truncate"
            f" on {table} for each statement execute function refuse_change()"
        )
    op.execute(DECIDED)
    op.execute(
        "create trigger scholarship_is_kept before update on scholarship"
        " for each row execute function keep_scholarship()"
    )
    # Notes so far were made by who had seen all earlier ones. The table refuses changes, so the
    # column begins with a default that says the same: nothing was known of any later note.
    op.add_column(
        "attendance_note",
        sa.Column("saw_id", sa.BigInteger(), nullable=False, server_default="0"),
    )


def _id(name: str, target: str, **more: object) -> sa.Column[object]:
    return sa.Column(name, sa.BigInteger(), sa.ForeignKey(target), **{"nullable": False, **more})


def downgrade() -> None:
    op.drop_column("attendance_note", "saw_id")
    for table in reversed(KEPT):
        op.drop_table(table)
    op.drop_table("scholarship_application")
    op.drop_table("scholarship")
    op.execute("drop function keep_scholarship()")
