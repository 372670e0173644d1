"""Tax at the source: members' letters of the year, and a page for what is withheld."""

import re
from collections.abc import Callable

import sqlalchemy as sa
from alembic import op

revision = "tax_letters"
down_revision = "payout_batches"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _kinds(lambda kinds: [*kinds, "tax"])
    op.create_table(
        "tax_letter",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("person_id", sa.BigInteger(), nullable=False),
        sa.Column("year", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.String(6), nullable=False),
        sa.Column("tail", sa.String(4), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("noted_by", sa.BigInteger()),
        sa.Column("noted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True)),
        sa.CheckConstraint("kind in ('below','exempt')", name=op.f("ck_tax_letter_kind")),
        sa.CheckConstraint("year between 2020 and 2100", name=op.f("ck_tax_letter_year")),
        *(
            sa.ForeignKeyConstraint([one], ["person.id"], name=op.f(f"fk_tax_letter_{one}_person"))
            for one in ("person_id", "noted_by")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tax_letter")),
    )
    op.create_index(
        "uq_tax_letter_valid",
        "tax_letter",
        ["person_id", "year"],
        unique=True,
        postgresql_where="withdrawn_at is null",
    )


def downgrade() -> None:
    op.drop_table("tax_letter")
    _kinds(lambda kinds: [kind for kind in kinds if kind != "tax"])


def _kinds(change: Callable[[list[str]], list[str]]) -> None:
    """Others add kinds of pages as well: it starts from what the database says now."""
    known = op.get_bind().scalar(
        sa.text(
            "select pg_get_constraintdef(oid) from pg_constraint where conname = 'ck_account_kind'"
        )
    )
    listed = ",".join(f"'{kind}'" for kind in change(re.findall("'([a-z_]+)'", known)))
    op.drop_constraint(op.f("ck_account_kind"), "account")
    op.create_check_constraint(op.f("ck_account_kind"), "account", f"kind in ({listed})")
