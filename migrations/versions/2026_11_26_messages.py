"""Messages also to guests: an e-mail with the order, and what became of each message."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "messages_0001"
down_revision = "orders_claims"
branch_labels = None
depends_on = None

STATES = "'waiting','sent','page_only'"


def upgrade() -> None:
    op.add_column("order_contact", _word("email", 254))
    op.alter_column("notice", "person_id", nullable=True)
    op.add_column("notice", sa.Column("guest", sa.String(60)))
    op.add_column("notice", _word("language", 12, "id"))
    op.add_column("notice", _word("template", 40, "notice"))
    op.add_column(
        "notice", sa.Column("params", postgresql.JSONB(), nullable=False, server_default="[]")
    )
    for name, length in (("channel", 10), ("remote_id", 120), ("problem", 40)):
        op.add_column("notice", _word(name, length))
    op.add_column(
        "notice",
        sa.Column("tried", postgresql.ARRAY(sa.String(10)), nullable=False, server_default="{}"),
    )
    op.drop_constraint(op.f("ck_notice_state"), "notice")
    op.create_check_constraint(
        op.f("ck_notice_state"), "notice", f"state in ({STATES},'delivered','read','failed')"
    )
    op.create_check_constraint(
        op.f("ck_notice_recipient"), "notice", "person_id is not null or guest is not null"
    )
    op.create_unique_constraint(op.f("uq_notice_event_key_guest"), "notice", ["event_key", "guest"])
    op.create_index(
        "ix_notice_guest", "notice", ["guest"], postgresql_where="guest is not null"
    )
    op.create_index(
        "uq_notice_remote_id",
        "notice",
        ["remote_id"],
        unique=True,
        postgresql_where="remote_id <> ''",
    )


def downgrade() -> None:
    """Messages to guests go: the release before knows nobody to show them to."""
    op.execute("delete from notice where person_id is null")
    op.execute("update notice set state = 'sent' where state in ('delivered','read')")
    op.execute("update notice set state = 'page_only' where state = 'failed'")
    op.drop_index("uq_notice_remote_id", "notice")
    op.drop_index("ix_notice_guest", "notice")
    op.drop_constraint(op.f("uq_notice_event_key_guest"), "notice")
    op.drop_constraint(op.f("ck_notice_recipient"), "notice")
    op.drop_constraint(op.f("ck_notice_state"), "notice")
    op.create_check_constraint(op.f("ck_notice_state"), "notice", f"state in ({STATES})")
    for name in (
        "guest", "language", "template", "params", "channel", "remote_id", "problem", "tried",
    ):  # fmt: skip
        op.drop_column("notice", name)
    op.alter_column("notice", "person_id", nullable=False)
    op.drop_column("order_contact", "email")


def _word(name: str, length: int, default: str = "") -> sa.Column[str]:
    return sa.Column(name, sa.String(length), nullable=False, server_default=default)
