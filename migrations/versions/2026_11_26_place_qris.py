"""The static QRIS of a place, put in force by two treasurers."""

import sqlalchemy as sa
from alembic import op

revision = "orders_place_qris"
down_revision = "consign_notes"
branch_labels = None
depends_on = None


def _moment(name: str, *, empty: bool = True) -> sa.Column:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=empty)


def _who(name: str, target: str, *, empty: bool = False) -> sa.Column:
    return sa.Column(name, sa.BigInteger(), sa.ForeignKey(target), nullable=empty)


def upgrade() -> None:
    op.create_table(
        "place_qris",
        sa.Column("id", sa.BigInteger(), primary_key=True),
        _who("place_id", "place.id"),
        sa.Column("payload", sa.String(512), nullable=False),
        sa.Column("merchant", sa.String(25), nullable=False),
        _who("proposed_by", "person.id"),
        _moment("proposed_at", empty=False),
        _who("confirmed_by", "person.id", empty=True),
        _moment("confirmed_at"),
        _moment("ended_at"),
        sa.CheckConstraint("confirmed_by <> proposed_by", name="two_people"),
        sa.CheckConstraint("(confirmed_at is null) = (confirmed_by is null)", name="confirmed"),
    )
    for name, state in (("in_force", "is not null"), ("waiting", "is null")):
        op.create_index(
            f"uq_place_qris_{name}",
            "place_qris",
            ["place_id"],
            unique=True,
            postgresql_where=f"confirmed_at {state} and ended_at is null",
        )


def downgrade() -> None:
    op.drop_table("place_qris")
