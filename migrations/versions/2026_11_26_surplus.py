"""The surplus of a year and how it is shared, and months of the books that are closed."""

import sqlalchemy as sa
from alembic import op

revision = "surplus"
down_revision = "vouchers"
branch_labels = None
depends_on = None

PARTS = ("reserve", "business", "capital", "board", "staff", "education", "social")


def upgrade() -> None:
    op.add_column("journal", sa.Column("late_for", sa.Date(), nullable=True))
    op.create_table(
        "surplus_policy",
        _id("id"),
        _id("organisation_id"),
        _id("version"),
        sa.Column("decided_on", sa.Date(), nullable=False),
        *(_id(part) for part in PARTS),
        _id("written_by", is_needed=False),
        _moment("created_at"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_surplus_policy")),
        _to("surplus_policy", "organisation_id", "organisation"),
        _to("surplus_policy", "written_by", "person"),
        sa.UniqueConstraint(
            "organisation_id", "version", name=op.f("uq_surplus_policy_organisation_id_version")
        ),
        _check("surplus_policy", "parts", f"least({','.join(PARTS)}) >= 0"),
        _check("surplus_policy", "whole", f"{' + '.join(PARTS)} = 10000"),
    )
    op.create_table(
        "surplus",
        _id("id"),
        *(_id(name) for name in ("organisation_id", "year", "policy_id", "income", "costs")),
        _id("total"),
        sa.Column("state", sa.String(8), nullable=False),
        _id("made_by"),
        _id("decided_by", is_needed=False),
        _moment("created_at"),
        _moment("decided_at", is_needed=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_surplus")),
        _to("surplus", "organisation_id", "organisation"),
        _to("surplus", "policy_id", "surplus_policy"),
        _to("surplus", "made_by", "person"),
        _to("surplus", "decided_by", "person"),
        _check("surplus", "state", "state in ('proposed','booked','refused')"),
        _check("surplus", "total", "total > 0 and income - costs = total"),
        _check("surplus", "two_people", "decided_by is null or decided_by <> made_by"),
    )
    op.create_index(
        "uq_surplus_year", "surplus", ["organisation_id", "year"],
        unique=True, postgresql_where=sa.text("state <> 'refused'"),
    )  # fmt: skip
    op.create_table(
        "surplus_share",
        *(_id(name) for name in ("surplus_id", "person_id", "sold", "saved", "business")),
        _id("capital"),
        sa.PrimaryKeyConstraint("surplus_id", "person_id", name=op.f("pk_surplus_share")),
        _to("surplus_share", "surplus_id", "surplus"),
        _to("surplus_share", "person_id", "person"),
        _check("surplus_share", "line", "least(sold, saved, business, capital) >= 0"),
    )
    op.create_table(
        "month_lock",
        _id("organisation_id"),
        sa.Column("month", sa.Date(), nullable=False),
        _id("locked_by", is_needed=False),
        _moment("locked_at"),
        sa.PrimaryKeyConstraint("organisation_id", "month", name=op.f("pk_month_lock")),
        _to("month_lock", "organisation_id", "organisation"),
        _to("month_lock", "locked_by", "person"),
        _check("month_lock", "first_day", "extract(day from month) = 1"),
    )
    for table in ("surplus_policy", "surplus_share", "month_lock"):
        op.execute(
            f"create trigger {table}_append_only before update or delete or truncate on {table}"
            " for each statement execute function refuse_change()"
        )


def _id(name: str, *, is_needed: bool = True) -> sa.Column[object]:
    return sa.Column(
        name, sa.BigInteger(), autoincrement=name == "id", nullable=not is_needed
    )


def _moment(name: str, *, is_needed: bool = True) -> sa.Column[object]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=not is_needed)


def _to(table: str, column: str, target: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        [column], [f"{target}.id"], name=op.f(f"fk_{table}_{column}_{target}")
    )


def _check(table: str, name: str, rule: str) -> sa.CheckConstraint:
    return sa.CheckConstraint(rule, name=op.f(f"ck_{table}_{name}"))


def downgrade() -> None:
    for table in ("month_lock", "surplus_share", "surplus", "surplus_policy"):
        op.drop_table(table)
    op.drop_column("journal", "late_for")
