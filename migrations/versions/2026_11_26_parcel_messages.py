"""A buyer asks her seller about a parcel, and is answered on two pages of the house."""

import sqlalchemy as sa
from alembic import op

revision = "parcel_messages"
down_revision = "sample_sizes"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "parcel_message",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column(
            "order_id",
            sa.Uuid(),
            sa.ForeignKey(
                "order_placed.id", name=op.f("fk_parcel_message_order_id_order_placed")
            ),
            nullable=False,
        ),
        sa.Column(
            "parcel_id",
            sa.BigInteger(),
            sa.ForeignKey("parcel.id", name=op.f("fk_parcel_message_parcel_id_parcel")),
            nullable=False,
        ),
        sa.Column("is_answer", sa.Boolean(), nullable=False),
        sa.Column(
            "person_id",
            sa.BigInteger(),
            sa.ForeignKey("person.id", name=op.f("fk_parcel_message_person_id_person")),
        ),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_parcel_message")),
    )
    op.create_index(op.f("ix_parcel_message_order_id"), "parcel_message", ["order_id"])
    op.create_index(op.f("ix_parcel_message_parcel_id"), "parcel_message", ["parcel_id"])


def downgrade() -> None:
    op.drop_table("parcel_message")
