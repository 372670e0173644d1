"""A voucher may hand withheld tax over to the state."""

from alembic import op

revision = "tax_paid"
down_revision = "newest_settlements"
branch_labels = None
depends_on = None

BEFORE = "'saved','withdrawn','lent','repaid','cost','income'"


def upgrade() -> None:
    _kinds(f"{BEFORE},'tax_paid'")


def downgrade() -> None:
    _kinds(BEFORE)  # Refused once tax was handed over: the books hold it.


def _kinds(listed: str) -> None:
    op.drop_constraint(op.f("ck_voucher_kind"), "voucher")
    op.create_check_constraint(op.f("ck_voucher_kind"), "voucher", f"kind in ({listed})")
