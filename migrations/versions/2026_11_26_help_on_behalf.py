"""A grant may come on behalf of somebody: it counts only while its holder acts for her."""

import sqlalchemy as sa
from alembic import op

revision = "help_on_behalf"
down_revision = "money_pay_ways"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("grant_given", sa.Column("on_behalf_of", sa.BigInteger()))
    op.create_foreign_key(
        op.f("fk_grant_given_on_behalf_of_person"),
        "grant_given",
        "person",
        ["on_behalf_of"],
        ["id"],
    )
    op.add_column("expected_photo", sa.Column("on_behalf_of", sa.BigInteger()))
    op.create_foreign_key(
        op.f("fk_expected_photo_on_behalf_of_person"),
        "expected_photo",
        "person",
        ["on_behalf_of"],
        ["id"],
    )
    op.create_index(op.f("ix_grant_given_on_behalf_of"), "grant_given", ["on_behalf_of"])


def downgrade() -> None:
    op.drop_index(op.f("ix_grant_given_on_behalf_of"), "grant_given")
    op.drop_column("expected_photo", "on_behalf_of")
    op.drop_column("grant_given", "on_behalf_of")
