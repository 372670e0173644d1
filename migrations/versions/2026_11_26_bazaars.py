"""Joint bazaars: groups, seats, costs, loads, what became of the goods, and notes."""

import sqlalchemy as sa
from alembic import op

revision = "bazaars"
down_revision = "tax_letters"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "bazaar",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("organisation_id", sa.BigInteger(), nullable=False),
        sa.Column("place_id", sa.BigInteger(), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("spot", sa.String(length=120), nullable=False),
        sa.Column("district_code", sa.String(length=6), nullable=False),
        sa.Column("hours", sa.String(length=40), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.Column("slots", sa.BigInteger(), nullable=False),
        sa.Column("shared_by", sa.String(length=8), nullable=False),
        sa.Column("lost_by", sa.String(length=8), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_by", sa.BigInteger(), nullable=True),
        sa.CheckConstraint("lost_by in ('owner','host')", name=op.f("ck_bazaar_lost_by")),
        sa.CheckConstraint("shared_by in ('slots','sales')", name=op.f("ck_bazaar_shared_by")),
        sa.CheckConstraint("ends_on >= starts_on", name=op.f("ck_bazaar_days")),
        sa.CheckConstraint("slots > 0", name=op.f("ck_bazaar_slots")),
        sa.ForeignKeyConstraint(
            ["closed_by"], ["person.id"], name=op.f("fk_bazaar_closed_by_person")
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisation.id"],
            name=op.f("fk_bazaar_organisation_id_organisation"),
        ),
        sa.ForeignKeyConstraint(["place_id"], ["place.id"], name=op.f("fk_bazaar_place_id_place")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bazaar")),
        sa.UniqueConstraint("place_id", name=op.f("uq_bazaar_place_id")),
    )
    op.create_index(op.f("ix_bazaar_organisation_id"), "bazaar", ["organisation_id"], unique=False)
    op.create_table(
        "bazaar_group",
        sa.Column("bazaar_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("organisation_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("quota", sa.BigInteger(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "state in ('invited','accepted','declined')", name=op.f("ck_bazaar_group_state")
        ),
        sa.CheckConstraint("quota >= 0", name=op.f("ck_bazaar_group_quota")),
        sa.ForeignKeyConstraint(
            ["bazaar_id"], ["bazaar.id"], name=op.f("fk_bazaar_group_bazaar_id_bazaar")
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisation.id"],
            name=op.f("fk_bazaar_group_organisation_id_organisation"),
        ),
        sa.PrimaryKeyConstraint("bazaar_id", "organisation_id", name=op.f("pk_bazaar_group")),
    )
    op.create_table(
        "bazaar_seat",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("bazaar_id", sa.BigInteger(), nullable=False),
        sa.Column("seller_id", sa.BigInteger(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("slots", sa.BigInteger(), nullable=False),
        sa.Column("why", sa.String(length=200), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("chosen_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "state in ('wants','joined','reserve','withdrawn')", name=op.f("ck_bazaar_seat_state")
        ),
        sa.CheckConstraint("slots > 0", name=op.f("ck_bazaar_seat_slots")),
        sa.ForeignKeyConstraint(
            ["bazaar_id"], ["bazaar.id"], name=op.f("fk_bazaar_seat_bazaar_id_bazaar")
        ),
        sa.ForeignKeyConstraint(
            ["seller_id"], ["seller.id"], name=op.f("fk_bazaar_seat_seller_id_seller")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bazaar_seat")),
        sa.UniqueConstraint(
            "bazaar_id", "seller_id", name=op.f("uq_bazaar_seat_bazaar_id_seller_id")
        ),
    )
    op.create_index("ix_bazaar_seat_seller_id", "bazaar_seat", ["seller_id"], unique=False)
    op.create_table(
        "bazaar_cost",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("bazaar_id", sa.BigInteger(), nullable=False),
        sa.Column("what", sa.String(length=60), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("struck_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("amount > 0", name=op.f("ck_bazaar_cost_amount")),
        sa.ForeignKeyConstraint(
            ["bazaar_id"], ["bazaar.id"], name=op.f("fk_bazaar_cost_bazaar_id_bazaar")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bazaar_cost")),
    )
    op.create_index(op.f("ix_bazaar_cost_bazaar_id"), "bazaar_cost", ["bazaar_id"], unique=False)
    op.create_table(
        "bazaar_load",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("bazaar_id", sa.BigInteger(), nullable=False),
        sa.Column("seller_id", sa.BigInteger(), nullable=False),
        sa.Column("from_place_id", sa.BigInteger(), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("taken_in_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["bazaar_id"], ["bazaar.id"], name=op.f("fk_bazaar_load_bazaar_id_bazaar")
        ),
        sa.ForeignKeyConstraint(
            ["from_place_id"], ["place.id"], name=op.f("fk_bazaar_load_from_place_id_place")
        ),
        sa.ForeignKeyConstraint(
            ["seller_id"], ["seller.id"], name=op.f("fk_bazaar_load_seller_id_seller")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bazaar_load")),
    )
    op.create_index(op.f("ix_bazaar_load_bazaar_id"), "bazaar_load", ["bazaar_id"], unique=False)
    op.create_table(
        "bazaar_load_line",
        sa.Column("load_id", sa.Uuid(), nullable=False),
        sa.Column("lot_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("sent", sa.BigInteger(), nullable=False),
        sa.Column("arrived", sa.BigInteger(), nullable=True),
        sa.CheckConstraint(
            "sent > 0 and (arrived is null or arrived between 0 and sent)",
            name=op.f("ck_bazaar_load_line_sum"),
        ),
        sa.ForeignKeyConstraint(
            ["load_id"], ["bazaar_load.id"], name=op.f("fk_bazaar_load_line_load_id_bazaar_load")
        ),
        sa.ForeignKeyConstraint(
            ["lot_id"], ["lot.id"], name=op.f("fk_bazaar_load_line_lot_id_lot")
        ),
        sa.PrimaryKeyConstraint("load_id", "lot_id", name=op.f("pk_bazaar_load_line")),
    )
    op.create_table(
        "bazaar_line",
        sa.Column("bazaar_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("lot_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("seller_id", sa.BigInteger(), nullable=False),
        sa.Column("brought", sa.BigInteger(), nullable=False),
        sa.Column("found", sa.BigInteger(), nullable=False),
        sa.Column("sold", sa.BigInteger(), nullable=False),
        sa.Column("given", sa.BigInteger(), nullable=False),
        sa.Column("lost", sa.BigInteger(), nullable=False),
        sa.Column("returned", sa.BigInteger(), nullable=False),
        sa.Column("gross", sa.BigInteger(), nullable=False),
        sa.Column("hers", sa.BigInteger(), nullable=False),
        sa.CheckConstraint(
            "brought + found = sold + given + lost + returned",
            name=op.f("ck_bazaar_line_explained"),
        ),
        sa.CheckConstraint(
            "least(brought, found, sold, given, lost, returned, gross, hers) >= 0",
            name=op.f("ck_bazaar_line_counts"),
        ),
        sa.ForeignKeyConstraint(
            ["bazaar_id"], ["bazaar.id"], name=op.f("fk_bazaar_line_bazaar_id_bazaar")
        ),
        sa.ForeignKeyConstraint(["lot_id"], ["lot.id"], name=op.f("fk_bazaar_line_lot_id_lot")),
        sa.ForeignKeyConstraint(
            ["seller_id"], ["seller.id"], name=op.f("fk_bazaar_line_seller_id_seller")
        ),
        sa.PrimaryKeyConstraint("bazaar_id", "lot_id", name=op.f("pk_bazaar_line")),
    )
    op.create_table(
        "bazaar_share",
        sa.Column("bazaar_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("seller_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("weight", sa.BigInteger(), nullable=False),
        sa.Column("cost", sa.BigInteger(), nullable=False),
        sa.Column("made_good", sa.BigInteger(), nullable=False),
        sa.CheckConstraint(
            "least(weight, cost, made_good) >= 0", name=op.f("ck_bazaar_share_parts")
        ),
        sa.ForeignKeyConstraint(
            ["bazaar_id"], ["bazaar.id"], name=op.f("fk_bazaar_share_bazaar_id_bazaar")
        ),
        sa.ForeignKeyConstraint(
            ["seller_id"], ["seller.id"], name=op.f("fk_bazaar_share_seller_id_seller")
        ),
        sa.PrimaryKeyConstraint("bazaar_id", "seller_id", name=op.f("pk_bazaar_share")),
    )
    op.create_table(
        "bazaar_note",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("bazaar_id", sa.BigInteger(), nullable=False),
        sa.Column("seller_id", sa.BigInteger(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["bazaar_id"], ["bazaar.id"], name=op.f("fk_bazaar_note_bazaar_id_bazaar")
        ),
        sa.ForeignKeyConstraint(
            ["seller_id"], ["seller.id"], name=op.f("fk_bazaar_note_seller_id_seller")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bazaar_note")),
        sa.UniqueConstraint(
            "bazaar_id", "seller_id", name=op.f("uq_bazaar_note_bazaar_id_seller_id")
        ),
    )
    op.create_index(op.f("ix_bazaar_note_seller_id"), "bazaar_note", ["seller_id"], unique=False)


def downgrade() -> None:
    for table in (
        "bazaar_note",
        "bazaar_share",
        "bazaar_line",
        "bazaar_load_line",
        "bazaar_load",
        "bazaar_cost",
        "bazaar_seat",
        "bazaar_group",
        "bazaar",
    ):
        op.drop_table(table)
