"""Her cash book and her three jars."""

import sqlalchemy as sa
from alembic import op

revision = "money_jars"
down_revision = "recovery"
branch_labels = None
depends_on = None


def _hers(**more: bool) -> sa.Column:
    return sa.Column("person_id", sa.BigInteger(), nullable=False, **more)


def _person(table: str) -> sa.ForeignKeyConstraint:
    name = op.f(f"fk_{table}_person_id_person")
    return sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=name)


def upgrade() -> None:
    op.create_table(
        "cash_note",
        sa.Column("id", sa.Uuid(), nullable=False),
        _hers(),
        sa.Column("place", sa.String(length=8), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("note", sa.String(length=80), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("struck_at", sa.DateTime(timezone=True)),
        sa.CheckConstraint("place in ('home','business')", name=op.f("ck_cash_note_place")),
        sa.CheckConstraint("amount <> 0", name=op.f("ck_cash_note_amount")),
        _person("cash_note"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_cash_note")),
    )
    op.create_index("ix_cash_note_person_id", "cash_note", ["person_id", "day"])
    op.create_table(
        "jar_plan",
        _hers(autoincrement=False),
        *(
            sa.Column(jar, sa.BigInteger(), nullable=False)
            for jar in ("home", "business", "savings")
        ),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "least(home, business, savings) >= 0 and home + business + savings = 100",
            name=op.f("ck_jar_plan_whole"),
        ),
        _person("jar_plan"),
        sa.PrimaryKeyConstraint("person_id", name=op.f("pk_jar_plan")),
    )
    op.create_table(
        "jar_note",
        sa.Column("id", sa.Uuid(), nullable=False),
        _hers(),
        sa.Column("jar", sa.String(length=8), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("payout_id", sa.BigInteger()),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "jar in ('home','business','savings')", name=op.f("ck_jar_note_jar")
        ),
        sa.CheckConstraint("amount <> 0", name=op.f("ck_jar_note_amount")),
        _person("jar_note"),
        sa.ForeignKeyConstraint(
            ["payout_id"], ["payout.id"], name=op.f("fk_jar_note_payout_id_payout")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_jar_note")),
    )
    op.create_index("ix_jar_note_person_id", "jar_note", ["person_id", "id"])
    op.create_index(
        "uq_jar_note_payout",
        "jar_note",
        ["payout_id", "jar"],
        unique=True,
        postgresql_where="payout_id is not null",
    )


def downgrade() -> None:
    for table in ("jar_note", "jar_plan", "cash_note"):
        op.drop_table(table)
