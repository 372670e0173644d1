"""Photos on their way from a phone, piece by piece, and who waits for them."""

import sqlalchemy as sa
from alembic import op

revision = "arrivals"
down_revision = "training_prospectus"
branch_labels = None
depends_on = None


def moment(name: str, **kw: object) -> sa.Column:
    return sa.Column(name, sa.DateTime(timezone=True), **kw)


def upgrade() -> None:
    op.create_table(
        "arrival",
        sa.Column("id", sa.BigInteger(), primary_key=True),
        sa.Column("person_id", sa.BigInteger(), sa.ForeignKey("person.id"), nullable=False),
        sa.Column("photo_id", sa.Uuid(), nullable=False),
        sa.Column("bytes", sa.BigInteger(), nullable=False),
        sa.Column("got", sa.BigInteger(), nullable=False),
        sa.Column("pieces", sa.BigInteger(), nullable=False),
        sa.Column("content_type", sa.String(20), nullable=False),
        sa.Column("sha256", sa.String(44), nullable=False),
        sa.Column("state", sa.String(8), nullable=False),
        sa.Column("raw_key", sa.String(80), nullable=False),
        sa.Column("reason", sa.String(200), nullable=False),
        sa.Column("picture_id", sa.BigInteger(), sa.ForeignKey("picture.id")),
        sa.Column("taken", sa.Boolean(), nullable=False),
        moment("created_at", nullable=False),
        moment("whole_at"),
        moment("expires_at", nullable=False),
        sa.UniqueConstraint("person_id", "photo_id"),
        sa.CheckConstraint(
            "state in ('coming','whole','arrived','refused','dropped')",
            name=op.f("ck_arrival_state"),
        ),
        sa.CheckConstraint("bytes > 0 and got between 0 and bytes", name=op.f("ck_arrival_bytes")),
        sa.CheckConstraint("state <> 'coming' or got < bytes", name=op.f("ck_arrival_coming")),
        sa.CheckConstraint(
            "state <> 'arrived' or picture_id is not null", name=op.f("ck_arrival_arrived")
        ),
    )
    op.create_index("ix_arrival_expires_at", "arrival", ["expires_at"])
    op.create_table(
        "arrival_piece",
        sa.Column(
            "arrival_id",
            sa.BigInteger(),
            sa.ForeignKey("arrival.id", ondelete="CASCADE"),
            primary_key=True,
        ),
        sa.Column("start", sa.BigInteger(), primary_key=True, autoincrement=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
    )
    op.create_table(
        "expected_photo",
        sa.Column("person_id", sa.BigInteger(), sa.ForeignKey("person.id"), primary_key=True),
        sa.Column("photo_id", sa.Uuid(), primary_key=True),
        sa.Column("listing_id", sa.BigInteger(), sa.ForeignKey("listing.id"), nullable=False),
        sa.Column("position", sa.BigInteger(), nullable=False),
        sa.Column("alt", sa.String(200), nullable=False),
        sa.Column("picture_id", sa.BigInteger(), sa.ForeignKey("picture.id"), unique=True),
        moment("created_at", nullable=False),
    )
    op.create_index("ix_expected_photo_listing_id", "expected_photo", ["listing_id"])


def downgrade() -> None:
    op.drop_table("expected_photo")
    op.drop_table("arrival_piece")
    op.drop_table("arrival")
