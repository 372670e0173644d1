"""Asking the training car to come: who asks, to where, and the answer."""

import sqlalchemy as sa
from alembic import op

revision = "training_car_wishes"
down_revision = "translations"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "car_wish",
        sa.Column("id", sa.BigInteger(), primary_key=True),
        _id("provider_id", "organisation.id", index=True),
        _id("person_id", "person.id", index=True),
        sa.Column("district_code", sa.String(6), nullable=False),
        sa.Column("landmark", sa.String(120), nullable=False),
        sa.Column("women", sa.BigInteger(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True)),
        _id("answered_by", "person.id", nullable=True),
        sa.CheckConstraint("women between 1 and 500", name=op.f("ck_car_wish_women")),
        sa.CheckConstraint(
            "(answered_at is null) = (answer = '')", name=op.f("ck_car_wish_answered")
        ),
    )
    op.create_index(
        "uq_car_wish_waiting",
        "car_wish",
        ["provider_id", "person_id"],
        unique=True,
        postgresql_where=sa.text("answered_at is null"),
    )


def downgrade() -> None:
    op.drop_table("car_wish")


def _id(name: str, target: str, **more: object) -> sa.Column[object]:
    return sa.Column(name, sa.BigInteger(), sa.ForeignKey(target), **{"nullable": False, **more})
