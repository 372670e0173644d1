"""Claims of buyers with their lines, and the bank accounts that refunds by hand go to."""

import sqlalchemy as sa
from alembic import op

revision = "orders_claims"
down_revision = "orders_bank"
branch_labels = None
depends_on = None

LIVING = "'open','offered','answered','escalated','agreed'"
PARTS = ("maker_part", "cooperative_part", "kiosk_part", "operator_part", "affiliate_part")


def upgrade() -> None:
    op.create_table(
        "claim",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("order_id", sa.Uuid(), nullable=False),
        _number("parcel_id"),
        _word("state", 10),
        _word("trouble", 10),
        _word("wish", 8),
        sa.Column("is_late", sa.Boolean(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("more_words", sa.Text(), nullable=False),
        sa.Column("answer", sa.Text(), nullable=False),
        _word("offer", 8),
        _number("fee_back"),
        sa.Column("comes_back", sa.Boolean(), nullable=False),
        _word("bearer", 10),
        _number("bearer_changes"),
        _word("tracking_number", 32),
        sa.Column("opened_by", sa.BigInteger()),
        sa.Column("answered_by", sa.BigInteger()),
        _moment("opened_at", nullable=False),
        *(_moment(f"{what}_at") for what in (
            "due", "answered", "agreed", "paid", "replaced", "arrived", "back", "closed"
        )),
        sa.CheckConstraint(f"state in ({LIVING},'closed','withdrawn')", name=op.f("ck_claim_state")),
        sa.CheckConstraint("wish in ('replace','money','ask')", name=op.f("ck_claim_wish")),
        sa.CheckConstraint(
            "trouble in ('spoilt','broken','wrong','fewer','not_there','other')",
            name=op.f("ck_claim_trouble"),
        ),
        sa.CheckConstraint(
            "bearer in ('maker','kiosk','courier','operator','risk_fund','')",
            name=op.f("ck_claim_bearer"),
        ),
        sa.CheckConstraint("offer in ('','money','replace')", name=op.f("ck_claim_offer")),
        sa.CheckConstraint(
            "fee_back >= 0 and (fee_back = 0 or offer = 'money')", name=op.f("ck_claim_fee_back")
        ),
        sa.CheckConstraint("(paid_at is null) or offer = 'money'", name=op.f("ck_claim_paid")),
        sa.CheckConstraint(
            "(replaced_at is null) or offer = 'replace'", name=op.f("ck_claim_replaced")
        ),
        _key("claim", "order_id", "order_placed"),
        _key("claim", "parcel_id", "parcel"),
        _key("claim", "opened_by", "person"),
        _key("claim", "answered_by", "person"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_claim")),
    )
    op.create_index(op.f("ix_claim_order_id"), "claim", ["order_id"])
    op.create_index(op.f("ix_claim_parcel_id"), "claim", ["parcel_id"])
    op.create_index(
        "ix_claim_due_at", "claim", ["due_at"], postgresql_where=sa.text("due_at is not null")
    )
    op.create_index(
        "uq_claim_living",
        "claim",
        ["parcel_id"],
        unique=True,
        postgresql_where=sa.text(f"state in ({LIVING})"),
    )
    op.create_table(
        "claim_line",
        sa.Column("claim_id", sa.Uuid(), nullable=False),
        sa.Column("line_id", sa.BigInteger(), autoincrement=False, nullable=False),
        *(_number(name) for name in ("quantity", "granted", "back_good", "back_waste", *PARTS)),
        sa.CheckConstraint(
            "quantity > 0 and granted between 0 and quantity", name=op.f("ck_claim_line_quantity")
        ),
        sa.CheckConstraint(
            "least(back_good, back_waste) >= 0 and back_good + back_waste <= quantity",
            name=op.f("ck_claim_line_back"),
        ),
        sa.CheckConstraint(f"least({', '.join(PARTS)}) >= 0", name=op.f("ck_claim_line_parts")),
        _key("claim_line", "claim_id", "claim"),
        _key("claim_line", "line_id", "order_line"),
        sa.PrimaryKeyConstraint("claim_id", "line_id", name=op.f("pk_claim_line")),
    )
    op.create_table(
        "refund_account",
        sa.Column("order_id", sa.Uuid(), nullable=False),
        _word("bank", 20),
        _word("tail", 4),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        _moment("given_at", nullable=False),
        _moment("begun_at"),
        sa.Column("begun_by", sa.BigInteger()),
        _moment("erased_at"),
        _key("refund_account", "order_id", "order_placed"),
        _key("refund_account", "begun_by", "person"),
        sa.PrimaryKeyConstraint("order_id", name=op.f("pk_refund_account")),
    )
    op.create_index(op.f("ix_refund_account_erased_at"), "refund_account", ["erased_at"])


def _word(name: str, length: int) -> sa.Column[str]:
    return sa.Column(name, sa.String(length), nullable=False)


def _number(name: str) -> sa.Column[int]:
    return sa.Column(name, sa.BigInteger(), nullable=False)


def _moment(name: str, *, nullable: bool = True) -> sa.Column:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def _key(table: str, column: str, target: str) -> sa.ForeignKeyConstraint:
    name = op.f(f"fk_{table}_{column}_{target}")
    return sa.ForeignKeyConstraint([column], [f"{target}.id"], name=name)


def downgrade() -> None:
    for table in ("refund_account", "claim_line", "claim"):
        op.drop_table(table)
