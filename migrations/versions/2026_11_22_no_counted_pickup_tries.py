"""Pick-up codes: tries are counted by core.limits, so the parcel's own count goes."""

import sqlalchemy as sa
from alembic import op

revision = "orders_0002"
down_revision = "shop_0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.drop_column("parcel", "pickup_tries")


def downgrade() -> None:
    tries = sa.Column("pickup_tries", sa.BigInteger(), nullable=False, server_default="0")
    op.add_column("parcel", tries)
    op.alter_column("parcel", "pickup_tries", server_default=None)
