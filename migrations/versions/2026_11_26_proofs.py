"""A sign-in remembers when it last saw her PIN, a code and a passkey."""

import sqlalchemy as sa
from alembic import op

revision = "signin_proofs"
down_revision = "orders_exchange"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for name in ("pin_at", "code_at", "passkey_at"):
        op.add_column("sign_in", sa.Column(name, sa.DateTime(timezone=True)))
    op.add_column("person", sa.Column("pin_trusted_from", sa.DateTime(timezone=True)))


def downgrade() -> None:
    op.drop_column("person", "pin_trusted_from")
    for name in ("passkey_at", "code_at", "pin_at"):
        op.drop_column("sign_in", name)
