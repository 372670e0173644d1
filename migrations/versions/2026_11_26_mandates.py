"""What a seller agreed to and what was done for her by a helper."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "mandates"
down_revision = "beginnings"
branch_labels = None
depends_on = None


def _person(name: str, *, nullable: bool = False) -> sa.Column[int]:
    key = sa.ForeignKey("person.id", name=op.f(f"fk_mandate_{name}_person"))
    return sa.Column(name, sa.BigInteger(), key, nullable=nullable)


def upgrade() -> None:
    moment = sa.DateTime(timezone=True)
    op.create_table(
        "mandate",
        sa.Column("id", sa.BigInteger(), primary_key=True),
        sa.Column(
            "seller_id",
            sa.BigInteger(),
            sa.ForeignKey("seller.id", name=op.f("fk_mandate_seller_id_seller")),
            nullable=False,
        ),
        _person("owner_id"),
        _person("helper_id"),
        _person("recorded_by"),
        sa.Column("witness", sa.String(60), nullable=False),
        sa.Column("consent", sa.String(5), nullable=False),
        sa.Column("text_version", sa.String(20), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("price_percent_max", sa.BigInteger()),
        sa.Column("stock_units_max", sa.BigInteger()),
        sa.Column("order_rupiah_max", sa.BigInteger()),
        sa.Column("until", moment, nullable=False),
        sa.Column("created_at", moment, nullable=False),
        sa.Column("ended_at", moment),
        _person("ended_by", nullable=True),
        sa.Column("end_reason", sa.String(200), nullable=False),
        sa.CheckConstraint("helper_id <> owner_id", name=op.f("ck_mandate_two_people")),
        sa.CheckConstraint(
            "recorded_by <> helper_id or witness <> ''", name=op.f("ck_mandate_witness")
        ),
        sa.CheckConstraint("consent in ('voice','thumb')", name=op.f("ck_mandate_consent")),
        sa.CheckConstraint(
            "price_percent_max between 0 and 100 and stock_units_max > 0 and order_rupiah_max > 0",
            name=op.f("ck_mandate_limits"),
        ),
    )
    op.create_index(
        "uq_mandate_open",
        "mandate",
        ["seller_id", "helper_id"],
        unique=True,
        postgresql_where="ended_at is null",
    )
    op.create_index(op.f("ix_mandate_owner_id"), "mandate", ["owner_id"])
    op.create_index(op.f("ix_mandate_helper_id"), "mandate", ["helper_id"])
    op.create_table(
        "helped_deed",
        sa.Column(
            "audit_id",
            sa.BigInteger(),
            sa.ForeignKey("audit.id", name=op.f("fk_helped_deed_audit_id_audit")),
            primary_key=True,
        ),
        sa.Column(
            "mandate_id",
            sa.BigInteger(),
            sa.ForeignKey("mandate.id", name=op.f("fk_helped_deed_mandate_id_mandate")),
            nullable=False,
        ),
        sa.Column("before", postgresql.JSONB(), nullable=False),
        sa.Column("after", postgresql.JSONB(), nullable=False),
        sa.Column("undone_at", moment),
        sa.Column(
            "undone_by",
            sa.BigInteger(),
            sa.ForeignKey("person.id", name=op.f("fk_helped_deed_undone_by_person")),
        ),
    )
    op.create_index(op.f("ix_helped_deed_mandate_id"), "helped_deed", ["mandate_id"])


def downgrade() -> None:
    op.drop_table("helped_deed")
    op.drop_table("mandate")
