"""The ground floor: people, organisations, grants, sign-ins, acts, tasks, audit."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = 'core_0001'
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('organisation',
    sa.Column('id', sa.BigInteger(), nullable=False),
    sa.Column('slug', sa.String(length=80), nullable=False),
    sa.Column('name', sa.String(length=120), nullable=False),
    sa.Column('short_name', sa.String(length=60), nullable=False),
    sa.Column('kind', sa.String(length=20), nullable=False),
    sa.Column('parent_id', sa.BigInteger(), nullable=True),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('closed_at', sa.DateTime(timezone=True), nullable=True),
    sa.CheckConstraint("kind in ('cooperative','joint_group','provider','operator')", name=op.f('ck_organisation_kind')),
    sa.ForeignKeyConstraint(['parent_id'], ['organisation.id'], name=op.f('fk_organisation_parent_id_organisation')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_organisation')),
    sa.UniqueConstraint('slug', name=op.f('uq_organisation_slug'))
    )
    op.create_table('person',
    sa.Column('id', sa.BigInteger(), nullable=False),
    sa.Column('name', sa.String(length=60), nullable=False),
    sa.Column('call_me', sa.String(length=60), nullable=False),
    sa.Column('phone', sa.String(length=20), nullable=True),
    sa.Column('email', sa.String(length=254), nullable=True),
    sa.Column('languages', postgresql.ARRAY(sa.String(length=12)), nullable=False),
    sa.Column('channel', sa.String(length=10), nullable=False),
    sa.Column('quiet_from', sa.Time(), nullable=True),
    sa.Column('quiet_until', sa.Time(), nullable=True),
    sa.Column('pin_hash', sa.String(length=200), nullable=True),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('erased_at', sa.DateTime(timezone=True), nullable=True),
    sa.CheckConstraint("channel in ('whatsapp','email','sms','paper','none')", name=op.f('ck_person_channel')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_person'))
    )
    op.create_index(op.f('ix_person_phone'), 'person', ['phone'], unique=False)
    op.create_table('try_count',
    sa.Column('key', sa.String(length=200), nullable=False),
    sa.Column('window_start', sa.DateTime(timezone=True), nullable=False),
    sa.Column('tries', sa.BigInteger(), nullable=False),
    sa.PrimaryKeyConstraint('key', name=op.f('pk_try_count')),
    prefixes=['UNLOGGED']
    )
    op.create_index('ix_try_count_window_start', 'try_count', ['window_start'], unique=False)
    op.create_table('act',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('actor_id', sa.BigInteger(), nullable=True),
    sa.Column('kind', sa.String(length=40), nullable=False),
    sa.Column('content_hash', sa.LargeBinary(), nullable=False),
    sa.Column('answer', postgresql.JSONB(astext_type=sa.Text()), nullable=True),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['actor_id'], ['person.id'], name=op.f('fk_act_actor_id_person')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_act'))
    )
    op.create_table('audit',
    sa.Column('id', sa.BigInteger(), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('actor_id', sa.BigInteger(), nullable=True),
    sa.Column('on_behalf_of', sa.BigInteger(), nullable=True),
    sa.Column('is_system', sa.Boolean(), nullable=False),
    sa.Column('action', sa.String(length=60), nullable=False),
    sa.Column('object_kind', sa.String(length=40), nullable=False),
    sa.Column('object_id', sa.String(length=60), nullable=False),
    sa.Column('facts', postgresql.JSONB(astext_type=sa.Text()), nullable=False),
    sa.ForeignKeyConstraint(['actor_id'], ['person.id'], name=op.f('fk_audit_actor_id_person')),
    sa.ForeignKeyConstraint(['on_behalf_of'], ['person.id'], name=op.f('fk_audit_on_behalf_of_person')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_audit'))
    )
    op.create_index(op.f('ix_audit_actor_id'), 'audit', ['actor_id'], unique=False)
    op.create_index(op.f('ix_audit_on_behalf_of'), 'audit', ['on_behalf_of'], unique=False)
    op.create_table('grant_given',
    sa.Column('id', sa.BigInteger(), nullable=False),
    sa.Column('person_id', sa.BigInteger(), nullable=False),
    sa.Column('right_name', sa.String(length=40), nullable=False),
    sa.Column('subject_kind', sa.String(length=20), nullable=False),
    sa.Column('subject_id', sa.BigInteger(), nullable=False),
    sa.Column('until', sa.DateTime(timezone=True), nullable=True),
    sa.Column('revoked_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('evidence', sa.String(length=200), nullable=False),
    sa.Column('needs_confirmation', sa.Boolean(), nullable=False),
    sa.Column('granted_by', sa.BigInteger(), nullable=True),
    sa.Column('confirmed_by', sa.BigInteger(), nullable=True),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.CheckConstraint('confirmed_by is null or confirmed_by <> granted_by', name=op.f('ck_grant_given_two_people')),
    sa.ForeignKeyConstraint(['confirmed_by'], ['person.id'], name=op.f('fk_grant_given_confirmed_by_person')),
    sa.ForeignKeyConstraint(['granted_by'], ['person.id'], name=op.f('fk_grant_given_granted_by_person')),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_grant_given_person_id_person')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_grant_given'))
    )
    op.create_index('ix_grant_given_person_id_right_name', 'grant_given', ['person_id', 'right_name'], unique=False)
    op.create_index('ix_grant_given_right_name_subject_id', 'grant_given', ['right_name', 'subject_id'], unique=False)
    op.create_table('pin_reset',
    sa.Column('id', sa.BigInteger(), nullable=False),
    sa.Column('person_id', sa.BigInteger(), nullable=False),
    sa.Column('code_hash', sa.LargeBinary(), nullable=False),
    sa.Column('issued_by', sa.BigInteger(), nullable=False),
    sa.Column('until', sa.DateTime(timezone=True), nullable=False),
    sa.Column('used_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['issued_by'], ['person.id'], name=op.f('fk_pin_reset_issued_by_person')),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_pin_reset_person_id_person')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_pin_reset')),
    sa.UniqueConstraint('code_hash', name=op.f('uq_pin_reset_code_hash'))
    )
    op.create_index(op.f('ix_pin_reset_person_id'), 'pin_reset', ['person_id'], unique=False)
    op.create_table('sign_in',
    sa.Column('id', sa.BigInteger(), nullable=False),
    sa.Column('token_hash', sa.LargeBinary(), nullable=False),
    sa.Column('person_id', sa.BigInteger(), nullable=False),
    sa.Column('device', sa.String(length=120), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('last_seen_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('revoked_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_sign_in_person_id_person')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_sign_in')),
    sa.UniqueConstraint('token_hash', name=op.f('uq_sign_in_token_hash'))
    )
    op.create_index(op.f('ix_sign_in_person_id'), 'sign_in', ['person_id'], unique=False)
    op.create_table('task',
    sa.Column('id', sa.BigInteger(), nullable=False),
    sa.Column('kind', sa.String(length=40), nullable=False),
    sa.Column('doc_type', sa.String(length=40), nullable=False),
    sa.Column('doc_id', sa.String(length=60), nullable=False),
    sa.Column('person_id', sa.BigInteger(), nullable=True),
    sa.Column('right_name', sa.String(length=40), nullable=True),
    sa.Column('subject_id', sa.BigInteger(), nullable=True),
    sa.Column('facts', postgresql.JSONB(astext_type=sa.Text()), nullable=False),
    sa.Column('link', sa.String(length=300), nullable=False),
    sa.Column('due_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('closed_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('closed_by', sa.BigInteger(), nullable=True),
    sa.Column('reason', sa.String(length=200), nullable=False),
    sa.ForeignKeyConstraint(['closed_by'], ['person.id'], name=op.f('fk_task_closed_by_person')),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_task_person_id_person')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_task'))
    )
    op.create_index(op.f('ix_task_person_id'), 'task', ['person_id'], unique=False)
    op.create_index('ix_task_right_name_subject_id', 'task', ['right_name', 'subject_id'], unique=False)
    op.create_index('uq_task_open', 'task', ['kind', 'doc_type', 'doc_id'], unique=True, postgresql_where='closed_at is null')
    op.create_table('audit_seal',
    sa.Column('position', sa.BigInteger(), autoincrement=False, nullable=False),
    sa.Column('audit_id', sa.BigInteger(), nullable=False),
    sa.Column('hash', sa.LargeBinary(), nullable=False),
    sa.ForeignKeyConstraint(['audit_id'], ['audit.id'], name=op.f('fk_audit_seal_audit_id_audit')),
    sa.PrimaryKeyConstraint('position', name=op.f('pk_audit_seal')),
    sa.UniqueConstraint('audit_id', name=op.f('uq_audit_seal_audit_id'))
    )


def downgrade() -> None:
    op.drop_table('audit_seal')
    op.drop_index('uq_task_open', table_name='task', postgresql_where='closed_at is null')
    op.drop_index('ix_task_right_name_subject_id', table_name='task')
    op.drop_index(op.f('ix_task_person_id'), table_name='task')
    op.drop_table('task')
    op.drop_index(op.f('ix_sign_in_person_id'), table_name='sign_in')
    op.drop_table('sign_in')
    op.drop_index(op.f('ix_pin_reset_person_id'), table_name='pin_reset')
    op.drop_table('pin_reset')
    op.drop_index('ix_grant_given_right_name_subject_id', table_name='grant_given')
    op.drop_index('ix_grant_given_person_id_right_name', table_name='grant_given')
    op.drop_table('grant_given')
    op.drop_index(op.f('ix_audit_on_behalf_of'), table_name='audit')
    op.drop_index(op.f('ix_audit_actor_id'), table_name='audit')
    op.drop_table('audit')
    op.drop_table('act')
    op.drop_index('ix_try_count_window_start', table_name='try_count')
    op.drop_table('try_count')
    op.drop_index(op.f('ix_person_phone'), table_name='person')
    op.drop_table('person')
    op.drop_table('organisation')
