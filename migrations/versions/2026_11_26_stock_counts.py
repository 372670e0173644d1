"""Counts of shelves: the frozen point, people's numbers, decisions; who answers for missing goods.

Terms written before said nothing about missing goods, so for theirs the owner goes on to bear them.
"""

import sqlalchemy as sa
from alembic import op

revision = "stock_counts"
down_revision = "movements_of_a_place"
branch_labels = None
depends_on = None

CUTS = "cut_by in ('all','owner','category','expiry')"
FOUND = "found between 0 and greatest(0, -coalesce(difference, 0))"


def upgrade() -> None:
    op.add_column(
        "terms", sa.Column("missing", sa.String(12), nullable=False, server_default="owner")
    )
    op.create_check_constraint(
        op.f("ck_terms_missing"),
        "terms",
        "missing in ('kiosk','cooperative','risk_fund','owner')",
    )
    op.create_table(
        "stock_count",
        sa.Column("id", sa.Uuid(), primary_key=True),
        _id("place_id", "place.id"),
        sa.Column("cut_by", sa.String(10), nullable=False),
        sa.Column("shelf", sa.BigInteger(), nullable=False),
        sa.Column("is_blind", sa.Boolean(), nullable=False),
        sa.Column("state", sa.String(8), nullable=False),
        _id("opened_by", "person.id"),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("needs_two", sa.Boolean(), nullable=False),
        _id("ended_by", "person.id", nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True)),
        sa.Column("ended_seen", sa.BigInteger(), nullable=False),
        _check("stock_count", "state", "state in ('open','posted','dropped')"),
        _check("stock_count", "cut_by", CUTS),
        _check("stock_count", "ended", "(state = 'open') = (ended_at is null)"),
    )
    op.create_index("ix_stock_count_place_id_state", "stock_count", ["place_id", "state"])
    _lines()
    _numbers()


def _lines() -> None:
    name = "stock_count_line"
    op.create_table(
        name,
        sa.Column("count_id", sa.Uuid(), sa.ForeignKey("stock_count.id"), primary_key=True),
        _id("lot_id", "lot.id", primary_key=True, autoincrement=False, index=True),
        sa.Column("on_record", sa.BigInteger(), nullable=False),
        sa.Column("seen_id", sa.BigInteger(), nullable=False),
        sa.Column("frozen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("choice", sa.String(6), nullable=False),
        sa.Column("kept_until", sa.BigInteger()),
        sa.Column("reason", sa.String(12), nullable=False),
        sa.Column("difference", sa.BigInteger()),
        sa.Column("bearer", sa.String(12), nullable=False),
        sa.Column("borne", sa.BigInteger(), nullable=False),
        sa.Column("found", sa.BigInteger(), nullable=False),
        sa.Column("contest", sa.String(200), nullable=False),
        sa.Column("contested_at", sa.DateTime(timezone=True)),
        sa.Column("outcome", sa.String(8), nullable=False),
        sa.Column("answer", sa.String(200), nullable=False),
        _id("answered_by", "person.id", nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True)),
        _check(name, "choice", "choice in ('','apply','keep')"),
        _check(name, "kept", "(choice = 'keep') = (kept_until is not null)"),
        _check(name, "explained", "coalesce(difference, 0) = 0 or reason <> ''"),
        _check(name, "borne", "borne >= 0"),
        _check(name, "found", FOUND),
        _check(name, "outcome", "outcome in ('','reversed','kept')"),
        _check(name, "answered", "(outcome <> '') = (answered_at is not null)"),
        _check(name, "asked_first", "answered_at is null or contested_at is not null"),
    )
    op.create_index(
        "ix_stock_count_line_contested",
        name,
        ["count_id"],
        postgresql_where="contested_at is not null",
    )


def _numbers() -> None:
    op.create_table(
        "stock_count_number",
        sa.Column("count_id", sa.Uuid(), primary_key=True),
        sa.Column("lot_id", sa.BigInteger(), primary_key=True, autoincrement=False),
        _id("person_id", "person.id", primary_key=True, autoincrement=False),
        sa.Column("is_late", sa.Boolean(), primary_key=True, autoincrement=False),
        sa.Column("quantity", sa.BigInteger(), nullable=False),
        sa.Column("counted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("act_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["count_id", "lot_id"], ["stock_count_line.count_id", "stock_count_line.lot_id"]
        ),
        _check("stock_count_number", "quantity", "quantity >= 0"),
    )


def downgrade() -> None:
    for table in ("stock_count_number", "stock_count_line", "stock_count"):
        op.drop_table(table)
    op.drop_column("terms", "missing")


def _check(table: str, name: str, rule: str) -> sa.CheckConstraint:
    return sa.CheckConstraint(rule, name=op.f(f"ck_{table}_{name}"))


def _id(name: str, target: str, **more: bool) -> sa.Column[int]:
    return sa.Column(name, sa.BigInteger(), sa.ForeignKey(target), **{"nullable": False, **more})
