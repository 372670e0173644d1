"""Big orders and the shares that makers are asked."""

import sqlalchemy as sa
from alembic import op

revision = "big_orders"
down_revision = "what_grows"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "big_order",
        sa.Column("id", sa.BigInteger(), primary_key=True),
        _id("organisation_id", "organisation.id"),
        _id("place_id", "place.id"),
        _id("category_id", "category.id"),
        sa.Column("what", sa.String(80), nullable=False),
        sa.Column("wanted", sa.BigInteger(), nullable=False),
        sa.Column("least", sa.BigInteger(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("skies", sa.String(31), nullable=False),
        sa.Column("state", sa.String(10), nullable=False),
        sa.Column("round", sa.BigInteger(), nullable=False),
        sa.Column("answer_by", sa.DateTime(timezone=True)),
        sa.Column("why", sa.String(200), nullable=False),
        sa.Column("gap", sa.BigInteger()),
        sa.Column("sold_as", sa.String(60)),
        _id("created_by", "person.id", nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sealed_at", sa.DateTime(timezone=True)),
        sa.Column("ended_at", sa.DateTime(timezone=True)),
        _check("big_order", "figures", "wanted > 0 and least > 0 and round >= 0"),
        _check("big_order", "days", "due_on >= starts_on"),
        _check("big_order", "skies", "length(skies) = due_on - starts_on + 1"),
        _check("big_order", "sky", "skies ~ '^[sr]+$'"),
        _check("big_order", "state", "state in ('draft','asking','agreed','done','cancelled')"),
        _check("big_order", "gap", "gap >= 0 and gap < wanted"),
        _check("big_order", "sealed", "(state in ('agreed','done')) <= (gap is not null)"),
    )
    op.create_index("ix_big_order_organisation_id", "big_order", ["organisation_id"])
    op.create_index("ix_big_order_place_id", "big_order", ["place_id"])
    _shares()


def _shares() -> None:
    op.create_table(
        "big_share",
        sa.Column("id", sa.BigInteger(), primary_key=True),
        _id("big_order_id", "big_order.id"),
        sa.Column("round", sa.BigInteger(), nullable=False),
        _id("seller_id", "seller.id"),
        _id("listing_id", "listing.id"),
        _id("variant_id", "variant.id"),
        *(
            sa.Column(name, sa.BigInteger(), nullable=False)
            for name in ("price", "strength", "taken", "lately", "proposed", "units")
        ),
        sa.Column("agreed", sa.BigInteger()),
        sa.Column("state", sa.String(10), nullable=False),
        sa.Column("ready", sa.BigInteger(), nullable=False),
        sa.Column("offer_id", sa.Uuid(), sa.ForeignKey("bring_offer.id"), unique=True),
        sa.Column("asked_at", sa.DateTime(timezone=True)),
        sa.Column("answered_at", sa.DateTime(timezone=True)),
        _id("answered_by", "person.id", nullable=True),
        sa.UniqueConstraint("big_order_id", "round", "seller_id"),
        _check(
            "big_share",
            "state",
            "state in ('proposed','asked','yes','no','late','passed','dropped')",
        ),
        _check("big_share", "figures", "units >= 0 and taken >= 0 and lately >= 0"),
        _check("big_share", "strength", "units <= greatest(strength - taken, 0)"),
        _check("big_share", "asked", "state in ('proposed','passed') or units > 0"),
        _check("big_share", "answered", "(state = 'yes') = (agreed is not null)"),
        _check("big_share", "agreed", "agreed > 0 and agreed <= units"),
        _check("big_share", "ready", "ready >= 0 and ready <= coalesce(agreed, 0)"),
    )
    op.create_index("ix_big_share_listing_id", "big_share", ["listing_id"])
    op.create_index("ix_big_share_seller_id", "big_share", ["seller_id"])


def downgrade() -> None:
    op.drop_table("big_share")
    op.drop_table("big_order")


def _id(name: str, target: str, **more: bool) -> sa.Column[int]:
    return sa.Column(name, sa.BigInteger(), sa.ForeignKey(target), **{"nullable": False, **more})


def _check(table: str, name: str, rule: str) -> sa.CheckConstraint:
    return sa.CheckConstraint(rule, name=op.f(f"ck_{table}_{name}"))
