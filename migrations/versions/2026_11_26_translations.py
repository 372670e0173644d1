"""Members translate each other's goods; who did it, when, and whether she may be named is kept."""

import sqlalchemy as sa
from alembic import op

revision = "translations"
down_revision = "training_credentials"
branch_labels = None
depends_on = None

OPEN = "state in ('asked','written','returned')"


def key(name: str, to: str, *, optional: bool = False) -> sa.Column:
    fk = sa.ForeignKey(f"{to}.id", name=op.f(f"fk_translation_{name}_{to}"))
    return sa.Column(name, sa.BigInteger(), fk, nullable=optional)


def moment(name: str, *, optional: bool = False) -> sa.Column:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=optional)


def upgrade() -> None:
    op.create_table(
        "translation",
        sa.Column("id", sa.BigInteger(), nullable=False),
        key("listing_id", "listing"),
        sa.Column("language", sa.String(12), nullable=False),
        sa.Column("state", sa.String(10), nullable=False),
        sa.Column("note", sa.String(200), nullable=False),
        sa.Column("fee", sa.BigInteger()),
        key("asked_by", "person", optional=True),
        moment("asked_at"),
        key("translator_id", "person", optional=True),
        sa.Column("name", sa.String(120), nullable=False),
        sa.Column("description", sa.Text(), nullable=False),
        moment("written_at", optional=True),
        sa.Column("may_name", sa.Boolean(), nullable=False),
        sa.Column("reason", sa.String(200), nullable=False),
        key("decided_by", "person", optional=True),
        moment("decided_at", optional=True),
        sa.CheckConstraint(
            "state in ('asked','written','returned','accepted','withdrawn')",
            name=op.f("ck_translation_state"),
        ),
        sa.CheckConstraint(
            "(translator_id is null) = (written_at is null)"
            " and (state not in ('written','returned','accepted') or translator_id is not null)",
            name=op.f("ck_translation_translator"),
        ),
        sa.CheckConstraint("fee > 0", name=op.f("ck_translation_fee")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_translation")),
    )
    op.create_index(op.f("ix_translation_listing_id"), "translation", ["listing_id"])
    op.create_index(op.f("ix_translation_translator_id"), "translation", ["translator_id"])
    op.create_index(
        "uq_translation_open", "translation", ["listing_id", "language"],
        unique=True, postgresql_where=sa.text(OPEN),
    )  # fmt: skip


def downgrade() -> None:
    op.drop_table("translation")
