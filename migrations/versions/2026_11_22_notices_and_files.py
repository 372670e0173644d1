"""Notices to people, and private files."""

import sqlalchemy as sa
from alembic import op

revision = "core_0004"
down_revision = "cooperatives_0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('attachment',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('doc_type', sa.String(length=20), nullable=False),
    sa.Column('doc_id', sa.String(length=60), nullable=False),
    sa.Column('key', sa.String(length=80), nullable=False),
    sa.Column('content_type', sa.String(length=40), nullable=False),
    sa.Column('bytes', sa.BigInteger(), nullable=False),
    sa.Column('sent_by', sa.BigInteger(), nullable=True),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.CheckConstraint('bytes > 0', name=op.f('ck_attachment_bytes')),
    sa.ForeignKeyConstraint(['sent_by'], ['person.id'], name=op.f('fk_attachment_sent_by_person')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_attachment')),
    sa.UniqueConstraint('key', name=op.f('uq_attachment_key'))
    )
    op.create_index('ix_attachment_doc_type_doc_id', 'attachment', ['doc_type', 'doc_id'], unique=False)
    op.create_table('notice',
    sa.Column('id', sa.BigInteger(), nullable=False),
    sa.Column('event_key', sa.String(length=120), nullable=False),
    sa.Column('person_id', sa.BigInteger(), nullable=False),
    sa.Column('title', sa.String(length=160), nullable=False),
    sa.Column('text', sa.Text(), nullable=False),
    sa.Column('link', sa.String(length=300), nullable=False),
    sa.Column('state', sa.String(length=10), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('sent_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('read_at', sa.DateTime(timezone=True), nullable=True),
    sa.CheckConstraint("state in ('waiting','sent','page_only')", name=op.f('ck_notice_state')),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_notice_person_id_person')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_notice')),
    sa.UniqueConstraint('event_key', 'person_id', name=op.f('uq_notice_event_key_person_id'))
    )
    op.create_index('ix_notice_person_id_created_at', 'notice', ['person_id', 'created_at'], unique=False)


def downgrade() -> None:
    op.drop_table('notice')
    op.drop_table('attachment')
