"""Public pictures and the state of their redrawing."""

import sqlalchemy as sa
from alembic import op

revision = "core_0003"
down_revision = "core_0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('picture',
    sa.Column('id', sa.BigInteger(), nullable=False),
    sa.Column('state', sa.String(length=8), nullable=False),
    sa.Column('sent_key', sa.String(length=80), nullable=False),
    sa.Column('key_base', sa.String(length=80), nullable=False),
    sa.Column('width', sa.BigInteger(), nullable=False),
    sa.Column('height', sa.BigInteger(), nullable=False),
    sa.Column('colour', sa.String(length=7), nullable=False),
    sa.Column('alt', sa.String(length=200), nullable=False),
    sa.Column('refused_reason', sa.String(length=200), nullable=False),
    sa.Column('sent_by', sa.BigInteger(), nullable=True),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.CheckConstraint("state in ('waiting','ready','refused')", name=op.f('ck_picture_state')),
    sa.ForeignKeyConstraint(['sent_by'], ['person.id'], name=op.f('fk_picture_sent_by_person')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_picture'))
    )


def downgrade() -> None:
    op.drop_table('picture')
