"""Skills can be hidden, and merged into others."""

import sqlalchemy as sa
from alembic import op

revision = "training_skills_kept"
down_revision = "training_car_wishes"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("skill", sa.Column("hidden_at", sa.DateTime(timezone=True)))
    op.add_column("skill", sa.Column("merged_into", sa.String(40), sa.ForeignKey("skill.slug")))


def downgrade() -> None:
    op.drop_column("skill", "merged_into")
    op.drop_column("skill", "hidden_at")
