"""Reports of gateways, their lines, and a page for exchange differences."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "orders_reports"
down_revision = "messages_0001"
branch_labels = None
depends_on = None

KINDS = (
    "'clearing','cash','bank','receivable','held','refund_due','surplus_due','maker','cooperative',"
    "'kiosk','operator','affiliate','courier','risk_fund','savings','advance','gateway_fee',"
    "'expense','over_short'"
)


def upgrade() -> None:
    _account_kinds(f"{KINDS},'exchange'")
    op.create_table(
        "gateway_report",
        sa.Column("id", sa.BigInteger(), primary_key=True),
        _word("gateway", 10),
        _word("layout", 30),
        sa.Column("sha256", sa.String(64), nullable=False, unique=True),
        sa.Column("first_on", sa.Date(), nullable=False),
        sa.Column("last_on", sa.Date(), nullable=False),
        sa.Column("line_count", sa.BigInteger(), nullable=False),
        sa.Column("known_count", sa.BigInteger(), nullable=False),
        sa.Column("flaws", postgresql.JSONB(), nullable=False),
        sa.Column("uploaded_by", sa.BigInteger(), sa.ForeignKey("person.id"), nullable=False),
        _moment("created_at", is_needed=True),
        sa.CheckConstraint("first_on <= last_on", name=op.f("ck_gateway_report_period")),
    )
    op.create_index(op.f("ix_gateway_report_gateway"), "gateway_report", ["gateway"])
    op.create_table("report_line", *_line(), *_promises())
    for name, columns, where in (
        ("uq_report_line_attempt", "attempt_id", "kind = 'charge' and worth is not null"),
        ("uq_report_line_refund", "refund_id", "kind = 'refund' and worth is not null"),
        ("ix_report_line_open", "id", "state not in ('ok','closed')"),
        ("ix_report_line_attempt_id", "attempt_id", None),
        ("ix_report_line_report_id", "report_id", None),
    ):
        is_unique = name.startswith("uq")
        op.create_index(name, "report_line", [columns], unique=is_unique, postgresql_where=where)


def _line() -> list[sa.Column[object]]:
    return [
        sa.Column("id", sa.BigInteger(), primary_key=True),
        sa.Column("report_id", sa.BigInteger(), sa.ForeignKey("gateway_report.id")),
        _word("gateway", 10),
        _word("kind", 10),
        _word("theirs", 120),
        _word("key", 120),
        _word("payment", 120),
        _word("refund_name", 120),
        sa.Column("gross", sa.BigInteger(), nullable=False),
        sa.Column("fee", sa.BigInteger(), nullable=False),
        sa.Column("net", sa.BigInteger(), nullable=False),
        _word("currency", 3),
        sa.Column("presented_amount", sa.BigInteger()),
        _word("presented_currency", 3),
        sa.Column("occurred_on", sa.Date(), nullable=False),
        sa.Column("attempt_id", sa.Uuid(), sa.ForeignKey("attempt.id")),
        sa.Column("refund_id", sa.Uuid(), sa.ForeignKey("refund.id")),
        _word("state", 8),
        _word("flaw", 20),
        sa.Column("booked", sa.BigInteger(), nullable=False),
        sa.Column("worth", sa.BigInteger()),
        sa.Column("fee_rupiah", sa.BigInteger()),
        sa.Column("said", sa.BigInteger()),
        sa.Column("noted_by", sa.BigInteger(), sa.ForeignKey("person.id")),
        _word("reason", 300),
        sa.Column("closed_by", sa.BigInteger(), sa.ForeignKey("person.id")),
        _moment("closed_at"),
        _moment("created_at", is_needed=True),
    ]


def _promises() -> list[sa.Constraint]:
    checks = {
        "kind": "kind in ('charge','refund','chargeback','fee','payout','adjustment','missing')",
        "state": "state in ('new','ok','differs','unknown','noted','closed')",
        "net": "net = gross - fee",
        "missing": "(kind = 'missing') = (report_id is null)",
        "settled": "(worth is null) = (fee_rupiah is null)",
        "ok": "state <> 'ok' or worth is not null",
        "why": "state <> 'closed' or (closed_at is not null and reason <> '')",
        "noted": "state <> 'noted' or noted_by is not null",
        "two_people": "closed_by is null or closed_by <> noted_by",
    }
    return [
        sa.UniqueConstraint("gateway", "theirs", "kind"),
        *(
            sa.CheckConstraint(rule, name=op.f(f"ck_report_line_{name}"))
            for name, rule in checks.items()
        ),
    ]


def _word(name: str, length: int) -> sa.Column[object]:
    return sa.Column(name, sa.String(length), nullable=False)


def _moment(name: str, *, is_needed: bool = False) -> sa.Column[object]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=not is_needed)


def _account_kinds(listed: str) -> None:
    op.drop_constraint(op.f("ck_account_kind"), "account")
    op.create_check_constraint(op.f("ck_account_kind"), "account", f"kind in ({listed})")


def downgrade() -> None:
    op.drop_table("report_line")
    op.drop_table("gateway_report")
    _account_kinds(KINDS)
