"""Packages of several makers at one price, and the order lines that were sold as part of one."""

import sqlalchemy as sa
from alembic import op

revision = "joint_packages"
down_revision = "product_drafts"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "joint_package",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("organisation_id", sa.BigInteger(), nullable=False),
        sa.Column("slug", sa.String(80), nullable=False),
        sa.Column("name", sa.String(60), nullable=False),
        sa.Column("story", sa.String(300), nullable=False),
        sa.Column("price", sa.BigInteger(), nullable=False),
        sa.Column("made_by", sa.BigInteger()),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True)),
        sa.CheckConstraint("price > 0", name=op.f("ck_joint_package_price")),
        _to("joint_package", "organisation_id", "organisation"),
        _to("joint_package", "made_by", "person"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_joint_package")),
        sa.UniqueConstraint("slug", name=op.f("uq_joint_package_slug")),
    )
    op.create_index(op.f("ix_joint_package_organisation_id"), "joint_package", ["organisation_id"])
    op.create_table(
        "joint_part",
        sa.Column("package_id", sa.BigInteger(), nullable=False),
        sa.Column("variant_id", sa.BigInteger(), nullable=False),
        sa.Column("seller_id", sa.BigInteger(), nullable=False),
        sa.Column("units", sa.BigInteger(), nullable=False),
        sa.Column("piece_price", sa.BigInteger(), nullable=False),
        sa.Column("agreed_at", sa.DateTime(timezone=True)),
        sa.Column("agreed_by", sa.BigInteger()),
        sa.CheckConstraint("units > 0 and piece_price > 0", name=op.f("ck_joint_part_amounts")),
        _to("joint_part", "package_id", "joint_package"),
        _to("joint_part", "variant_id", "variant"),
        _to("joint_part", "seller_id", "seller"),
        _to("joint_part", "agreed_by", "person"),
        sa.PrimaryKeyConstraint("package_id", "variant_id", name=op.f("pk_joint_part")),
    )
    for column in ("variant_id", "seller_id"):
        op.create_index(op.f(f"ix_joint_part_{column}"), "joint_part", [column])
    op.add_column("order_line", sa.Column("package_id", sa.BigInteger(), nullable=True))
    op.create_foreign_key(
        op.f("fk_order_line_package_id_joint_package"),
        "order_line",
        "joint_package",
        ["package_id"],
        ["id"],
    )


def downgrade() -> None:
    op.drop_column("order_line", "package_id")
    op.drop_table("joint_part")
    op.drop_table("joint_package")


def _to(table: str, column: str, other: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        [column], [f"{other}.id"], name=op.f(f"fk_{table}_{column}_{other}")
    )
