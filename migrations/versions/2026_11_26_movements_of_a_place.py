"""What moved at a place in some days is found without reading all the years before."""

from alembic import op

revision = "movements_of_a_place"
down_revision = "bazaars"
branch_labels = None
depends_on = None

ENDS = ("from_place_id", "to_place_id")


def upgrade() -> None:
    for end in ENDS:
        op.create_index(f"ix_movement_{end}_posted_at", "movement", [end, "posted_at"])


def downgrade() -> None:
    for end in ENDS:
        op.drop_index(f"ix_movement_{end}_posted_at", "movement")
