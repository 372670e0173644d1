"""Goods that come to a kiosk: what makers offer to bring, and the notes of what came."""

import sqlalchemy as sa
from alembic import op

revision = "consign_notes"
down_revision = "kiosk_drawer_counts"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "bring_offer",
        sa.Column("id", sa.Uuid(), primary_key=True),
        _id("seller_id", "seller.id", index=True),
        _id("place_id", "place.id"),
        sa.Column("comes_on", sa.Date(), nullable=False),
        sa.Column("state", sa.String(10), nullable=False),
        sa.Column("reason", sa.String(20), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True)),
        sa.CheckConstraint(
            "state in ('open','taken','declined','withdrawn')", name=op.f("ck_bring_offer_state")
        ),
        sa.CheckConstraint(
            "(state = 'open') = (ended_at is null)", name=op.f("ck_bring_offer_ended")
        ),
    )
    op.create_index(
        "ix_bring_offer_open",
        "bring_offer",
        ["place_id", "comes_on"],
        postgresql_where="state = 'open'",
    )
    op.create_table(
        "bring_offer_line",
        _made("offer_id", "bring_offer.id", primary_key=True),
        _id("variant_id", "variant.id", primary_key=True),
        sa.Column("quantity", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("quantity > 0", name=op.f("ck_bring_offer_line_quantity")),
    )
    _notes()


def _notes() -> None:
    op.create_table(
        "consign_note",
        sa.Column("id", sa.Uuid(), primary_key=True),
        _id("place_id", "place.id"),
        sa.Column("serial", sa.BigInteger(), nullable=False),
        _id("owner_id", "seller.id", index=True),
        _id("terms_id", "terms.id"),
        _made("offer_id", "bring_offer.id", nullable=True),
        _id("received_by", "person.id", nullable=True),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("posted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("agreed_how", sa.String(8), nullable=False),
        sa.Column("agreed_at", sa.DateTime(timezone=True)),
        sa.Column("dispute", sa.String(200), nullable=False),
        sa.Column("disputed_at", sa.DateTime(timezone=True)),
        sa.Column("answer", sa.String(200), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True)),
        sa.UniqueConstraint("place_id", "serial"),
        sa.CheckConstraint(
            "(agreed_at is null) = (agreed_how = '')", name=op.f("ck_consign_note_agreed")
        ),
        sa.CheckConstraint("agreed_how in ('','phone','paper')", name=op.f("ck_consign_note_how")),
        sa.CheckConstraint(
            "answered_at is null or disputed_at is not null", name=op.f("ck_consign_note_answered")
        ),
    )
    op.create_table(
        "consign_note_line",
        _made("note_id", "consign_note.id", primary_key=True),
        sa.Column("line", sa.BigInteger(), primary_key=True, autoincrement=False),
        _id("variant_id", "variant.id"),
        _id("lot_id", "lot.id", nullable=True, unique=True),
        sa.Column("price", sa.BigInteger(), nullable=False),
        sa.Column("offered", sa.BigInteger()),
        sa.Column("refused", sa.BigInteger(), nullable=False),
        sa.Column("reason", sa.String(20), nullable=False),
        sa.CheckConstraint("refused >= 0", name=op.f("ck_consign_note_line_refused")),
        sa.CheckConstraint(
            "lot_id is not null or refused > 0", name=op.f("ck_consign_note_line_something")
        ),
        sa.CheckConstraint(
            "(refused > 0) = (reason <> '')", name=op.f("ck_consign_note_line_reason")
        ),
    )
    op.create_table(
        "consign_photo",
        _id("person_id", "person.id", primary_key=True, autoincrement=False),
        sa.Column("photo_id", sa.Uuid(), primary_key=True),
        _made("note_id", "consign_note.id", index=True),
        _id("picture_id", "picture.id", nullable=True),
    )


def downgrade() -> None:
    for table in (
        "consign_photo",
        "consign_note_line",
        "consign_note",
        "bring_offer_line",
        "bring_offer",
    ):
        op.drop_table(table)


def _id(name: str, target: str, **more: bool) -> sa.Column[int]:
    return sa.Column(
        name, sa.BigInteger(), sa.ForeignKey(target), **{"nullable": False, **more}
    )


def _made(name: str, target: str, **more: bool) -> sa.Column[sa.Uuid]:
    return sa.Column(name, sa.Uuid(), sa.ForeignKey(target), **{"nullable": False, **more})
