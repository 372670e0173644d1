"""Complaints: tickets that anybody may write and follow."""

import sqlalchemy as sa
from alembic import op

revision = "shop_0002"
down_revision = "shop_0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("create sequence complaint_number")
    op.create_table(
        "complaint",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("number", sa.String(length=20), nullable=False),
        sa.Column("code", sa.String(length=60), nullable=False),
        sa.Column("topic", sa.String(length=10), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("wish", sa.Text(), nullable=False),
        sa.Column("order_number", sa.String(length=20), nullable=False),
        sa.Column("person_id", sa.BigInteger(), nullable=True),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "topic in ('order','goods','seller','data','job','other')",
            name=op.f("ck_complaint_topic"),
        ),
        sa.CheckConstraint(
            "state in ('waiting','answered','closed')", name=op.f("ck_complaint_state")
        ),
        sa.CheckConstraint(
            "(state = 'waiting') = (due_at is not null)", name=op.f("ck_complaint_due")
        ),
        sa.CheckConstraint(
            "(state = 'closed') = (closed_at is not null)", name=op.f("ck_complaint_closed")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_complaint_person_id_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_complaint")),
        sa.UniqueConstraint("number", name=op.f("uq_complaint_number")),
        sa.UniqueConstraint("code", name=op.f("uq_complaint_code")),
    )
    op.create_index(op.f("ix_complaint_person_id"), "complaint", ["person_id"])
    op.create_index("ix_complaint_state_opened_at", "complaint", ["state", "opened_at"])
    op.create_table(
        "complaint_contact",
        sa.Column("complaint_id", sa.BigInteger(), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("phone", sa.String(length=20), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("erased_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["complaint_id"],
            ["complaint.id"],
            name=op.f("fk_complaint_contact_complaint_id_complaint"),
        ),
        sa.PrimaryKeyConstraint("complaint_id", name=op.f("pk_complaint_contact")),
    )
    op.create_table(
        "complaint_message",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("complaint_id", sa.BigInteger(), nullable=False),
        sa.Column("by_house", sa.Boolean(), nullable=False),
        sa.Column("person_id", sa.BigInteger(), nullable=True),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["complaint_id"],
            ["complaint.id"],
            name=op.f("fk_complaint_message_complaint_id_complaint"),
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_complaint_message_person_id_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_complaint_message")),
    )
    op.create_index(
        op.f("ix_complaint_message_complaint_id"), "complaint_message", ["complaint_id"]
    )


def downgrade() -> None:
    op.drop_table("complaint_message")
    op.drop_table("complaint_contact")
    op.drop_table("complaint")
    op.execute("drop sequence complaint_number")
