"""Shelves, tills and payouts are found without reading all that a house has ever done."""

from alembic import op
from sqlalchemy import text

revision = "what_grows"
down_revision = "blind_counts"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for name, table, columns, rows in (
        ("ix_level_gone", "level", ["place_id", "lot_id"], "on_hand = 0"),
        ("ix_settlement_closed", "settlement", ["account_id", "id"], "state = 'closed'"),
        ("ix_payout_waiting", "payout", ["id"],
         "state in ('created','approved','sent','unknown')"),
        ("ix_movement_shelf", "movement", ["from_place_id", "id"], "doc_type = 'shelf'"),
    ):  # fmt: skip
        op.create_index(name, table, columns, postgresql_where=text(rows))


def downgrade() -> None:
    for name, table in (
        ("ix_level_gone", "level"),
        ("ix_settlement_closed", "settlement"),
        ("ix_payout_waiting", "payout"),
        ("ix_movement_shelf", "movement"),
    ):
        op.drop_index(name, table)
