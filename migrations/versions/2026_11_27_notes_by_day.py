"""What was brought lately, what is disputed and a year's turnover are found by an index."""

from alembic import op
from sqlalchemy import text

revision = "notes_by_day"
down_revision = "examinations"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("ix_consign_note_posted_at", "consign_note", ["place_id", "posted_at"])
    op.create_index(
        "ix_consign_note_disputed",
        "consign_note",
        ["place_id"],
        postgresql_where=text("disputed_at is not null and answered_at is null"),
    )
    op.create_index(
        "ix_carried_makers",
        "carried",
        ["posted_month"],
        postgresql_where=text("page_kind = 'maker' and account_id is not null"),
    )


def downgrade() -> None:
    op.drop_index("ix_carried_makers", "carried")
    op.drop_index("ix_consign_note_disputed", "consign_note")
    op.drop_index("ix_consign_note_posted_at", "consign_note")
