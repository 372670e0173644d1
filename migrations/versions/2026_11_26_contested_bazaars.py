"""A member contests what a closed bazaar says of her goods; the decision is kept beside it."""

import sqlalchemy as sa
from alembic import op

revision = "contested_bazaars"
down_revision = "fetched_at_a_bazaar"
branch_labels = None
depends_on = None

CHECKS = {
    "outcome": "outcome in ('','paid','kept')",
    "answered": "(outcome <> '') = (answered_at is not null)",
    "asked_first": "answered_at is null or contested_at is not null",
    "paid_units": "paid_units between 0 and brought + found - sold and paid >= 0",
}
WORDS = {"contest": 200, "outcome": 8, "answer": 200}
NUMBERS = {"paid_units": sa.BigInteger(), "paid": sa.BigInteger()}
MOMENTS = ("contested_at", "answered_at")


def upgrade() -> None:
    for name, longest in WORDS.items():
        _add(name, sa.String(longest), "''")
    for name, kind in NUMBERS.items():
        _add(name, kind, "0")
    for name in MOMENTS:
        op.add_column("bazaar_line", sa.Column(name, sa.DateTime(timezone=True)))
    op.add_column("bazaar_line", sa.Column("answered_by", sa.BigInteger()))
    op.create_foreign_key(
        op.f("fk_bazaar_line_answered_by_person"), "bazaar_line", "person", ["answered_by"], ["id"]
    )
    for name, rule in CHECKS.items():
        op.create_check_constraint(op.f(f"ck_bazaar_line_{name}"), "bazaar_line", rule)


def _add(name: str, kind: sa.types.TypeEngine, nothing: str) -> None:
    """Lines of before say nothing; the default of the column goes again at once."""
    op.add_column(
        "bazaar_line", sa.Column(name, kind, nullable=False, server_default=sa.text(nothing))
    )
    op.alter_column("bazaar_line", name, server_default=None)


def downgrade() -> None:
    for name in CHECKS:
        op.drop_constraint(op.f(f"ck_bazaar_line_{name}"), "bazaar_line", type_="check")
    for name in (*WORDS, *NUMBERS, *MOMENTS, "answered_by"):
        op.drop_column("bazaar_line", name)
