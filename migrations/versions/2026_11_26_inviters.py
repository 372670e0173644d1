"""Terms say what whoever invited gets and what a keeper may let off; inviters have a spoken code."""

import sqlalchemy as sa
from alembic import op

revision = "inviters"
down_revision = "big_orders"
branch_labels = None
depends_on = None

CHECKS = {
    "affiliate": (
        "affiliate_bp >= 0 and affiliate_bp <= case affiliate_payer"
        " when 'cooperative' then cooperative_bp when 'operator' then operator_bp"
        " else 10000 - cooperative_bp - kiosk_bp - operator_bp end"
    ),
    "affiliate_payer": "affiliate_payer in ('maker','cooperative','operator')",
    "discount": "discount_bp between 0 and 10000",
    "discount_payer": "discount_payer in ('everybody','maker','cooperative','kiosk')",
}
COLUMNS = {
    "affiliate_bp": (sa.BigInteger(), "0"),
    "affiliate_payer": (sa.String(12), "maker"),
    "discount_bp": (sa.BigInteger(), "1000"),
    "discount_payer": (sa.String(12), "everybody"),
}


def upgrade() -> None:
    for name, (kind, default) in COLUMNS.items():
        column = sa.Column(name, kind, nullable=False, server_default=default)
        op.add_column("terms_rate", column)
    for name, rule in CHECKS.items():
        op.create_check_constraint(op.f(f"ck_terms_rate_{name}"), "terms_rate", rule)
    op.create_table(
        "inviter",
        sa.Column("person_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("code", sa.String(12), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_inviter_person_id_person")
        ),
        sa.PrimaryKeyConstraint("person_id", name=op.f("pk_inviter")),
        sa.UniqueConstraint("code", name=op.f("uq_inviter_code")),
    )


def downgrade() -> None:
    op.drop_table("inviter")
    for name in CHECKS:
        op.drop_constraint(op.f(f"ck_terms_rate_{name}"), "terms_rate")
    for name in COLUMNS:
        op.drop_column("terms_rate", name)
