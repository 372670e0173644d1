"""A parcel may be fetched at a bazaar, to which its maker brings it."""

import sqlalchemy as sa
from alembic import op

revision = "fetched_at_a_bazaar"
down_revision = "activity_reports"
branch_labels = None
depends_on = None

OPEN = "pickup_code <> '' and handed_over_at is null and ended_at is null"


def upgrade() -> None:
    op.add_column("parcel", sa.Column("fetch_place_id", sa.BigInteger()))
    op.create_foreign_key(
        op.f("fk_parcel_fetch_place_id_place"), "parcel", "place", ["fetch_place_id"], ["id"]
    )
    op.create_index(
        "uq_parcel_fetch_code",
        "parcel",
        ["fetch_place_id", "pickup_code"],
        unique=True,
        postgresql_where=sa.text(OPEN),
    )
    op.create_check_constraint(
        op.f("ck_parcel_fetched"), "parcel", "fetch_place_id is null or way = 'pickup'"
    )


def downgrade() -> None:
    op.drop_constraint(op.f("ck_parcel_fetched"), "parcel", type_="check")
    op.drop_index("uq_parcel_fetch_code", "parcel")
    op.drop_constraint(op.f("fk_parcel_fetch_place_id_place"), "parcel", type_="foreignkey")
    op.drop_column("parcel", "fetch_place_id")
