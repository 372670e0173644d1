"""Goods on their way from one place to another."""

import sqlalchemy as sa
from alembic import op

revision = "shipments"
down_revision = "openings"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "shipment",
        sa.Column("id", sa.Uuid(), primary_key=True),
        _id("organisation_id", "organisation.id"),
        sa.Column("serial", sa.BigInteger(), nullable=False),
        _id("from_place_id", "place.id"),
        _id("to_place_id", "place.id"),
        _id("sent_by", "person.id", nullable=True),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("posted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("arrivals", sa.BigInteger(), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True)),
        sa.UniqueConstraint("organisation_id", "serial"),
        sa.CheckConstraint("from_place_id <> to_place_id", name=op.f("ck_shipment_moves")),
    )
    op.create_index("ix_shipment_from_place_id", "shipment", ["from_place_id", "posted_at"])
    op.create_index("ix_shipment_to_place_id", "shipment", ["to_place_id", "posted_at"])


def downgrade() -> None:
    op.drop_table("shipment")


def _id(name: str, target: str, **more: bool) -> sa.Column[int]:
    return sa.Column(name, sa.BigInteger(), sa.ForeignKey(target), **{"nullable": False, **more})
