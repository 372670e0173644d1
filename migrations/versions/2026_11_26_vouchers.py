"""Member numbers, savings, advances, business units, and the vouchers of a cooperative's own money."""

import re
from collections.abc import Callable

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import ARRAY

revision = "vouchers"
down_revision = "orders_place_qris"
branch_labels = None
depends_on = None

NEW_KINDS = ("income", "fund")


def upgrade() -> None:
    _account_kinds(lambda kinds: [*kinds, *NEW_KINDS])
    op.add_column("membership", sa.Column("number", sa.BigInteger(), nullable=True))
    op.add_column(
        "membership", sa.Column("office", sa.String(12), nullable=False, server_default="")
    )
    op.add_column(
        "membership",
        sa.Column("skills", ARRAY(sa.String(30)), nullable=False, server_default=sa.text("'{}'")),
    )
    op.execute(
        "update membership m set number = n.number from (select id, row_number() over"
        " (partition by cooperative_id order by joined_on, id) as number from membership) n"
        " where n.id = m.id"
    )
    op.create_unique_constraint(
        op.f("uq_membership_cooperative_id_number"), "membership", ["cooperative_id", "number"]
    )
    op.create_table(
        "unit",
        *_begin("unit"),
        _id("organisation_id"),
        _word("label", 40),
        _word("name", 60),
        sa.Column("opened_on", sa.Date(), nullable=False),
        sa.Column("closed_on", sa.Date(), nullable=True),
        _to("unit", "organisation_id", "organisation"),
        sa.UniqueConstraint(
            "organisation_id", "label", name=op.f("uq_unit_organisation_id_label")
        ),
    )
    op.create_table(
        "unit_member",
        _id("unit_id"),
        _id("membership_id"),
        sa.Column("since", sa.Date(), nullable=False),
        _to("unit_member", "unit_id", "unit"),
        _to("unit_member", "membership_id", "membership"),
        sa.PrimaryKeyConstraint("unit_id", "membership_id", name=op.f("pk_unit_member")),
    )
    op.create_index(op.f("ix_unit_member_membership_id"), "unit_member", ["membership_id"])
    op.create_table(
        "savings_plan",
        *_begin("savings_plan"),
        _id("cooperative_id"),
        sa.Column("valid_from", sa.Date(), nullable=False),
        _id("principal"),
        _id("mandatory"),
        _id("written_by", is_needed=False),
        _moment("created_at"),
        _to("savings_plan", "cooperative_id", "cooperative"),
        _to("savings_plan", "written_by", "person"),
        sa.UniqueConstraint(
            "cooperative_id", "valid_from", name=op.f("uq_savings_plan_cooperative_id_valid_from")
        ),
        _check("savings_plan", "amounts", "least(principal, mandatory) >= 0"),
    )
    _advances()
    _vouchers()


def _advances() -> None:
    op.create_table(
        "advance",
        *_begin("advance"),
        _id("organisation_id"),
        _id("person_id"),
        _id("amount"),
        sa.Column("in_goods", sa.Boolean(), nullable=False),
        _word("what", 120),
        sa.Column("due_on", sa.Date(), nullable=False),
        _id("percent"),
        _id("floor"),
        _word("consent", 8),
        _word("witness", 60),
        _word("text", 1_000),
        _id("recorded_by", is_needed=False),
        _moment("created_at"),
        _moment("ended_at", is_needed=False),
        _id("ended_by", is_needed=False),
        _to("advance", "organisation_id", "organisation"),
        _to("advance", "person_id", "person"),
        _to("advance", "recorded_by", "person"),
        _to("advance", "ended_by", "person"),
        _check("advance", "amount", "amount > 0"),
        _check("advance", "share", "percent between 0 and 50 and floor >= 0"),
        _check("advance", "consent", "consent in ('voice','thumb')"),
    )
    op.create_index(op.f("ix_advance_person_id"), "advance", ["person_id"])
    op.create_index(
        "ix_advance_organisation_id_person_id", "advance", ["organisation_id", "person_id"]
    )


def _vouchers() -> None:
    op.create_table(
        "voucher",
        sa.Column("id", sa.Uuid(), nullable=False),
        _id("organisation_id"),
        _word("kind", 12),
        _word("state", 8),
        _id("amount"),
        _word("money", 80),
        _id("person_id", is_needed=False),
        _word("sort", 12),
        _id("unit_id", is_needed=False),
        _word("category", 20),
        _id("advance_id", is_needed=False),
        _word("words", 200),
        sa.Column("happened_on", sa.Date(), nullable=False),
        _id("made_by", is_needed=False),
        _id("decided_by", is_needed=False),
        _word("reason", 200),
        _moment("created_at"),
        _moment("decided_at", is_needed=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_voucher")),
        _to("voucher", "organisation_id", "organisation"),
        _to("voucher", "person_id", "person"),
        _to("voucher", "unit_id", "unit"),
        _to("voucher", "advance_id", "advance"),
        _to("voucher", "made_by", "person"),
        _to("voucher", "decided_by", "person"),
        _check(
            "voucher", "kind", "kind in ('saved','withdrawn','lent','repaid','cost','income')"
        ),
        _check("voucher", "state", "state in ('waiting','booked','refused','undone')"),
        _check("voucher", "amount", "amount > 0"),
        _check("voucher", "two_people", "decided_by is null or decided_by <> made_by"),
    )
    for column in ("person_id", "unit_id", "advance_id"):
        op.create_index(op.f(f"ix_voucher_{column}"), "voucher", [column])
    op.create_index(
        "ix_voucher_organisation_id_kind", "voucher", ["organisation_id", "kind", "happened_on"]
    )


def _begin(table: str) -> list[object]:
    return [
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
    ]


def _id(name: str, *, is_needed: bool = True) -> sa.Column[object]:
    return sa.Column(name, sa.BigInteger(), autoincrement=False, nullable=not is_needed)


def _word(name: str, length: int) -> sa.Column[object]:
    return sa.Column(name, sa.String(length), nullable=False)


def _moment(name: str, *, is_needed: bool = True) -> sa.Column[object]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=not is_needed)


def _to(table: str, column: str, target: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        [column], [f"{target}.id"], name=op.f(f"fk_{table}_{column}_{target}")
    )


def _check(table: str, name: str, rule: str) -> sa.CheckConstraint:
    return sa.CheckConstraint(rule, name=op.f(f"ck_{table}_{name}"))


def _account_kinds(change: Callable[[list[str]], list[str]]) -> None:
    """Change what kinds an account may have, starting from what the database says now."""
    known = op.get_bind().scalar(
        sa.text(
            "select pg_get_constraintdef(oid) from pg_constraint where conname = 'ck_account_kind'"
        )
    )
    kinds = dict.fromkeys(change(re.findall("'([a-z_]+)'", known)))
    listed = ",".join(f"'{kind}'" for kind in kinds)
    op.drop_constraint(op.f("ck_account_kind"), "account")
    op.create_check_constraint(op.f("ck_account_kind"), "account", f"kind in ({listed})")


def downgrade() -> None:
    for table in ("voucher", "advance", "savings_plan", "unit_member", "unit"):
        op.drop_table(table)
    op.drop_constraint(op.f("uq_membership_cooperative_id_number"), "membership")
    for column in ("skills", "office", "number"):
        op.drop_column("membership", column)
    _account_kinds(lambda kinds: [kind for kind in kinds if kind not in NEW_KINDS])
