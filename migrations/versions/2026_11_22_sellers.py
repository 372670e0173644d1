"""Sellers, listings, permits and the training history."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "sellers_0001"
down_revision = "core_0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('category',
    sa.Column('id', sa.BigInteger(), nullable=False),
    sa.Column('slug', sa.String(length=80), nullable=False),
    sa.Column('name', sa.String(length=80), nullable=False),
    sa.Column('name_en', sa.String(length=80), nullable=False),
    sa.Column('is_food', sa.Boolean(), nullable=False),
    sa.Column('is_herbal', sa.Boolean(), nullable=False),
    sa.Column('position', sa.BigInteger(), nullable=False),
    sa.Column('closed_reason', sa.String(length=200), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_category')),
    sa.UniqueConstraint('slug', name=op.f('uq_category_slug'))
    )
    op.create_table('programme',
    sa.Column('id', sa.BigInteger(), nullable=False),
    sa.Column('slug', sa.String(length=80), nullable=False),
    sa.Column('provider_id', sa.BigInteger(), nullable=False),
    sa.Column('name', sa.String(length=120), nullable=False),
    sa.Column('name_en', sa.String(length=120), nullable=False),
    sa.Column('kind', sa.String(length=60), nullable=False),
    sa.Column('topic', sa.String(length=60), nullable=False),
    sa.Column('description', sa.Text(), nullable=False),
    sa.Column('opening', sa.String(length=300), nullable=False),
    sa.Column('fee', sa.BigInteger(), nullable=False),
    sa.Column('has_childcare', sa.Boolean(), nullable=False),
    sa.Column('prerequisite_id', sa.BigInteger(), nullable=True),
    sa.Column('unlocks', postgresql.ARRAY(sa.String(length=80)), nullable=False),
    sa.Column('gives_certificate', sa.Boolean(), nullable=False),
    sa.Column('pass_percent', sa.BigInteger(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.CheckConstraint('fee between 0 and 1000000000', name=op.f('ck_programme_fee')),
    sa.CheckConstraint('pass_percent between 1 and 100', name=op.f('ck_programme_pass_percent')),
    sa.CheckConstraint('prerequisite_id <> id', name=op.f('ck_programme_prerequisite')),
    sa.ForeignKeyConstraint(['prerequisite_id'], ['programme.id'], name=op.f('fk_programme_prerequisite_id_programme')),
    sa.ForeignKeyConstraint(['provider_id'], ['organisation.id'], name=op.f('fk_programme_provider_id_organisation')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_programme')),
    sa.UniqueConstraint('slug', name=op.f('uq_programme_slug'))
    )
    op.create_index(op.f('ix_programme_provider_id'), 'programme', ['provider_id'], unique=False)
    op.create_table('cohort',
    sa.Column('id', sa.BigInteger(), nullable=False),
    sa.Column('programme_id', sa.BigInteger(), nullable=False),
    sa.Column('name', sa.String(length=40), nullable=False),
    sa.Column('seats', sa.BigInteger(), nullable=False),
    sa.Column('selection', sa.String(length=200), nullable=False),
    sa.Column('facilitator_id', sa.BigInteger(), nullable=True),
    sa.Column('follow_up_on', sa.Date(), nullable=True),
    sa.Column('followed_up_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('closed_at', sa.DateTime(timezone=True), nullable=True),
    sa.CheckConstraint('closed_at is null or follow_up_on is not null', name=op.f('ck_cohort_follow_up')),
    sa.CheckConstraint('seats between 1 and 500', name=op.f('ck_cohort_seats')),
    sa.ForeignKeyConstraint(['facilitator_id'], ['person.id'], name=op.f('fk_cohort_facilitator_id_person')),
    sa.ForeignKeyConstraint(['programme_id'], ['programme.id'], name=op.f('fk_cohort_programme_id_programme')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_cohort')),
    sa.UniqueConstraint('programme_id', 'name', name=op.f('uq_cohort_programme_id_name'))
    )
    op.create_index(op.f('ix_cohort_programme_id'), 'cohort', ['programme_id'], unique=False)
    op.create_table('seller',
    sa.Column('id', sa.BigInteger(), nullable=False),
    sa.Column('slug', sa.String(length=80), nullable=False),
    sa.Column('kind', sa.String(length=12), nullable=False),
    sa.Column('person_id', sa.BigInteger(), nullable=True),
    sa.Column('organisation_id', sa.BigInteger(), nullable=False),
    sa.Column('store_name', sa.String(length=80), nullable=False),
    sa.Column('call_me', sa.String(length=60), nullable=False),
    sa.Column('story', sa.Text(), nullable=False),
    sa.Column('story_en', sa.Text(), nullable=False),
    sa.Column('mission', sa.String(length=200), nullable=False),
    sa.Column('difference', sa.String(length=300), nullable=False),
    sa.Column('languages', postgresql.ARRAY(sa.String(length=12)), nullable=False),
    sa.Column('district_code', sa.String(length=6), nullable=False),
    sa.Column('returned_from', postgresql.ARRAY(sa.String(length=2)), nullable=False),
    sa.Column('away_from_year', sa.BigInteger(), nullable=True),
    sa.Column('away_until_year', sa.BigInteger(), nullable=True),
    sa.Column('language_gained', sa.String(length=40), nullable=False),
    sa.Column('shows_return', sa.Boolean(), nullable=False),
    sa.Column('cutoff', sa.Time(), nullable=True),
    sa.Column('resting', sa.Boolean(), nullable=False),
    sa.Column('resting_until', sa.Date(), nullable=True),
    sa.Column('rest_note', sa.String(length=160), nullable=False),
    sa.Column('device', sa.String(length=60), nullable=False),
    sa.Column('signal', sa.String(length=60), nullable=False),
    sa.Column('turnover_statement_year', sa.BigInteger(), nullable=True),
    sa.Column('picture_id', sa.BigInteger(), nullable=True),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('closed_at', sa.DateTime(timezone=True), nullable=True),
    sa.CheckConstraint("(kind = 'home') = (person_id is not null)", name=op.f('ck_seller_person')),
    sa.CheckConstraint("kind in ('home','cooperative')", name=op.f('ck_seller_kind')),
    sa.CheckConstraint('away_until_year >= away_from_year', name=op.f('ck_seller_away')),
    sa.ForeignKeyConstraint(['organisation_id'], ['organisation.id'], name=op.f('fk_seller_organisation_id_organisation')),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_seller_person_id_person')),
    sa.ForeignKeyConstraint(['picture_id'], ['picture.id'], name=op.f('fk_seller_picture_id_picture')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_seller')),
    sa.UniqueConstraint('slug', name=op.f('uq_seller_slug'))
    )
    op.create_index(op.f('ix_seller_organisation_id'), 'seller', ['organisation_id'], unique=False)
    op.create_index(op.f('ix_seller_person_id'), 'seller', ['person_id'], unique=False)
    op.create_index('uq_seller_open', 'seller', ['organisation_id', 'person_id'], unique=True, postgresql_where='closed_at is null', postgresql_nulls_not_distinct=True)
    op.create_table('enrolment',
    sa.Column('id', sa.BigInteger(), nullable=False),
    sa.Column('cohort_id', sa.BigInteger(), nullable=False),
    sa.Column('person_id', sa.BigInteger(), nullable=False),
    sa.Column('state', sa.String(length=10), nullable=False),
    sa.Column('enrolled_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('left_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('is_shown', sa.Boolean(), nullable=False),
    sa.CheckConstraint("(state = 'left') = (left_at is not null)", name=op.f('ck_enrolment_left')),
    sa.CheckConstraint("state in ('waiting','enrolled','left')", name=op.f('ck_enrolment_state')),
    sa.ForeignKeyConstraint(['cohort_id'], ['cohort.id'], name=op.f('fk_enrolment_cohort_id_cohort')),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_enrolment_person_id_person')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_enrolment')),
    sa.UniqueConstraint('cohort_id', 'person_id', name=op.f('uq_enrolment_cohort_id_person_id'))
    )
    op.create_index(op.f('ix_enrolment_cohort_id'), 'enrolment', ['cohort_id'], unique=False)
    op.create_index(op.f('ix_enrolment_person_id'), 'enrolment', ['person_id'], unique=False)
    op.create_table('listing',
    sa.Column('id', sa.BigInteger(), nullable=False),
    sa.Column('slug', sa.String(length=80), nullable=False),
    sa.Column('seller_id', sa.BigInteger(), nullable=False),
    sa.Column('category_id', sa.BigInteger(), nullable=True),
    sa.Column('state', sa.String(length=10), nullable=False),
    sa.Column('hidden_reason', sa.String(length=200), nullable=False),
    sa.Column('name', sa.String(length=120), nullable=False),
    sa.Column('name_en', sa.String(length=120), nullable=False),
    sa.Column('description', sa.Text(), nullable=False),
    sa.Column('description_en', sa.Text(), nullable=False),
    sa.Column('translations', postgresql.JSONB(astext_type=sa.Text()), nullable=False),
    sa.Column('ingredients', sa.Text(), nullable=False),
    sa.Column('ingredients_en', sa.Text(), nullable=False),
    sa.Column('allergens', postgresql.ARRAY(sa.String(length=30)), nullable=False),
    sa.Column('storage', sa.String(length=300), nullable=False),
    sa.Column('storage_en', sa.String(length=300), nullable=False),
    sa.Column('shelf_life_days', sa.BigInteger(), nullable=True),
    sa.Column('halal', sa.String(length=12), nullable=False),
    sa.Column('made_to_order', sa.Boolean(), nullable=False),
    sa.Column('lead_days', sa.BigInteger(), nullable=False),
    sa.Column('capacity_sunny', sa.BigInteger(), nullable=True),
    sa.Column('capacity_rainy', sa.BigInteger(), nullable=True),
    sa.Column('sample_price', sa.BigInteger(), nullable=True),
    sa.Column('tags', postgresql.ARRAY(sa.String(length=30)), nullable=False),
    sa.Column('export_to', postgresql.ARRAY(sa.String(length=2)), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('published_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('words', postgresql.TSVECTOR(), sa.Computed("setweight(to_tsvector('simple', name || ' ' || name_en), 'A') || setweight(to_tsvector('simple', description || ' ' || ingredients), 'C')", persisted=True), nullable=False),
    sa.CheckConstraint("halal in ('certified','in_process','not_halal','none','not_food')", name=op.f('ck_listing_halal')),
    sa.CheckConstraint("state in ('draft','live','archived')", name=op.f('ck_listing_state')),
    sa.CheckConstraint("state <> 'live' or category_id is not null", name=op.f('ck_listing_live_has_category')),
    sa.CheckConstraint('shelf_life_days > 0 and lead_days >= 0 and sample_price > 0 and capacity_sunny >= 0 and capacity_rainy >= 0', name=op.f('ck_listing_figures')),
    sa.ForeignKeyConstraint(['category_id'], ['category.id'], name=op.f('fk_listing_category_id_category')),
    sa.ForeignKeyConstraint(['seller_id'], ['seller.id'], name=op.f('fk_listing_seller_id_seller')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_listing')),
    sa.UniqueConstraint('slug', name=op.f('uq_listing_slug'))
    )
    op.create_index('ix_listing_live_newest', 'listing', ['category_id', 'published_at', 'id'], unique=False, postgresql_where="state = 'live' and hidden_reason = ''")
    op.create_index('ix_listing_newest', 'listing', ['published_at', 'id'], unique=False, postgresql_where="state = 'live' and hidden_reason = ''")
    op.create_index(op.f('ix_listing_seller_id'), 'listing', ['seller_id'], unique=False)
    op.create_index('ix_listing_words', 'listing', ['words'], unique=False, postgresql_using='gin')
    op.create_table('permit',
    sa.Column('id', sa.BigInteger(), nullable=False),
    sa.Column('seller_id', sa.BigInteger(), nullable=False),
    sa.Column('kind', sa.String(length=8), nullable=False),
    sa.Column('number', sa.String(length=40), nullable=True),
    sa.Column('valid_until', sa.Date(), nullable=True),
    sa.Column('is_sample', sa.Boolean(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.CheckConstraint("kind in ('nib','pirt','md','tr','halal')", name=op.f('ck_permit_kind')),
    sa.CheckConstraint("number <> ''", name=op.f('ck_permit_number')),
    sa.ForeignKeyConstraint(['seller_id'], ['seller.id'], name=op.f('fk_permit_seller_id_seller')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_permit')),
    sa.UniqueConstraint('seller_id', 'kind', 'number', name=op.f('uq_permit_seller_id_kind_number'))
    )
    op.create_table('training_session',
    sa.Column('id', sa.BigInteger(), nullable=False),
    sa.Column('cohort_id', sa.BigInteger(), nullable=False),
    sa.Column('number', sa.BigInteger(), nullable=False),
    sa.Column('title', sa.String(length=120), nullable=False),
    sa.Column('starts_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('minutes', sa.BigInteger(), nullable=False),
    sa.Column('place', sa.String(length=120), nullable=False),
    sa.Column('data_mb', sa.BigInteger(), nullable=False),
    sa.Column('has_recording', sa.Boolean(), nullable=False),
    sa.Column('audio_summary_seconds', sa.BigInteger(), nullable=False),
    sa.Column('is_required', sa.Boolean(), nullable=False),
    sa.Column('opening_said_at', sa.DateTime(timezone=True), nullable=True),
    sa.CheckConstraint('data_mb >= 0 and audio_summary_seconds >= 0', name=op.f('ck_training_session_sizes')),
    sa.CheckConstraint('minutes between 1 and 1440', name=op.f('ck_training_session_minutes')),
    sa.ForeignKeyConstraint(['cohort_id'], ['cohort.id'], name=op.f('fk_training_session_cohort_id_cohort')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_training_session')),
    sa.UniqueConstraint('cohort_id', 'number', name=op.f('uq_training_session_cohort_id_number'))
    )
    op.create_index(op.f('ix_training_session_cohort_id'), 'training_session', ['cohort_id'], unique=False)
    op.create_table('attendance_note',
    sa.Column('id', sa.BigInteger(), nullable=False),
    sa.Column('session_id', sa.BigInteger(), nullable=False),
    sa.Column('enrolment_id', sa.BigInteger(), nullable=False),
    sa.Column('was_there', sa.Boolean(), nullable=False),
    sa.Column('noted_by', sa.BigInteger(), nullable=True),
    sa.Column('noted_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('seen_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['enrolment_id'], ['enrolment.id'], name=op.f('fk_attendance_note_enrolment_id_enrolment')),
    sa.ForeignKeyConstraint(['noted_by'], ['person.id'], name=op.f('fk_attendance_note_noted_by_person')),
    sa.ForeignKeyConstraint(['session_id'], ['training_session.id'], name=op.f('fk_attendance_note_session_id_training_session')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_attendance_note'))
    )
    op.create_index('ix_attendance_note_newest', 'attendance_note', ['enrolment_id', 'session_id', 'id'], unique=False)
    op.create_index(op.f('ix_attendance_note_session_id'), 'attendance_note', ['session_id'], unique=False)
    op.create_table('certificate',
    sa.Column('id', sa.BigInteger(), nullable=False),
    sa.Column('code', sa.String(length=20), nullable=False),
    sa.Column('enrolment_id', sa.BigInteger(), nullable=False),
    sa.Column('person_id', sa.BigInteger(), nullable=False),
    sa.Column('issued_by', sa.BigInteger(), nullable=False),
    sa.Column('issued_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('valid_until', sa.Date(), nullable=True),
    sa.Column('attended', sa.BigInteger(), nullable=False),
    sa.Column('required', sa.BigInteger(), nullable=False),
    sa.Column('pass_percent', sa.BigInteger(), nullable=False),
    sa.Column('exception', sa.String(length=200), nullable=False),
    sa.Column('replaces_id', sa.BigInteger(), nullable=True),
    sa.Column('withdrawn_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('withdrawn_by', sa.BigInteger(), nullable=True),
    sa.Column('withdrawn_reason', sa.String(length=200), nullable=False),
    sa.CheckConstraint("(withdrawn_at is null) = (withdrawn_reason = '')", name=op.f('ck_certificate_withdrawn')),
    sa.CheckConstraint("exception <> '' or (required > 0 and attended * 100 >= required * pass_percent)", name=op.f('ck_certificate_completed')),
    sa.CheckConstraint('issued_by <> person_id', name=op.f('ck_certificate_not_self')),
    sa.ForeignKeyConstraint(['enrolment_id'], ['enrolment.id'], name=op.f('fk_certificate_enrolment_id_enrolment')),
    sa.ForeignKeyConstraint(['issued_by'], ['person.id'], name=op.f('fk_certificate_issued_by_person')),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_certificate_person_id_person')),
    sa.ForeignKeyConstraint(['replaces_id'], ['certificate.id'], name=op.f('fk_certificate_replaces_id_certificate')),
    sa.ForeignKeyConstraint(['withdrawn_by'], ['person.id'], name=op.f('fk_certificate_withdrawn_by_person')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_certificate')),
    sa.UniqueConstraint('code', name=op.f('uq_certificate_code')),
    sa.UniqueConstraint('replaces_id', name=op.f('uq_certificate_replaces_id'))
    )
    op.create_index(op.f('ix_certificate_enrolment_id'), 'certificate', ['enrolment_id'], unique=False)
    op.create_index('uq_certificate_living', 'certificate', ['enrolment_id'], unique=True, postgresql_where='withdrawn_at is null')
    op.create_table('listing_permit',
    sa.Column('listing_id', sa.BigInteger(), nullable=False),
    sa.Column('permit_id', sa.BigInteger(), nullable=False),
    sa.ForeignKeyConstraint(['listing_id'], ['listing.id'], name=op.f('fk_listing_permit_listing_id_listing')),
    sa.ForeignKeyConstraint(['permit_id'], ['permit.id'], name=op.f('fk_listing_permit_permit_id_permit')),
    sa.PrimaryKeyConstraint('listing_id', 'permit_id', name=op.f('pk_listing_permit'))
    )
    op.create_index(op.f('ix_listing_permit_permit_id'), 'listing_permit', ['permit_id'], unique=False)
    op.create_table('listing_picture',
    sa.Column('picture_id', sa.BigInteger(), nullable=False),
    sa.Column('listing_id', sa.BigInteger(), nullable=False),
    sa.Column('position', sa.BigInteger(), nullable=False),
    sa.ForeignKeyConstraint(['listing_id'], ['listing.id'], name=op.f('fk_listing_picture_listing_id_listing')),
    sa.ForeignKeyConstraint(['picture_id'], ['picture.id'], name=op.f('fk_listing_picture_picture_id_picture')),
    sa.PrimaryKeyConstraint('picture_id', name=op.f('pk_listing_picture')),
    sa.UniqueConstraint('listing_id', 'position', deferrable=True, name=op.f('uq_listing_picture_listing_id_position'))
    )
    op.create_index(op.f('ix_listing_picture_listing_id'), 'listing_picture', ['listing_id'], unique=False)
    op.create_table('listing_training',
    sa.Column('listing_id', sa.BigInteger(), nullable=False),
    sa.Column('enrolment_id', sa.BigInteger(), nullable=False),
    sa.ForeignKeyConstraint(['enrolment_id'], ['enrolment.id'], name=op.f('fk_listing_training_enrolment_id_enrolment')),
    sa.ForeignKeyConstraint(['listing_id'], ['listing.id'], name=op.f('fk_listing_training_listing_id_listing')),
    sa.PrimaryKeyConstraint('listing_id', 'enrolment_id', name=op.f('pk_listing_training'))
    )
    op.create_index(op.f('ix_listing_training_enrolment_id'), 'listing_training', ['enrolment_id'], unique=False)
    op.create_table('variant',
    sa.Column('id', sa.BigInteger(), nullable=False),
    sa.Column('listing_id', sa.BigInteger(), nullable=False),
    sa.Column('sku', sa.String(length=40), nullable=False),
    sa.Column('name', sa.String(length=60), nullable=False),
    sa.Column('unit', sa.String(length=20), nullable=False),
    sa.Column('price', sa.BigInteger(), nullable=False),
    sa.Column('production_cost', sa.BigInteger(), nullable=True),
    sa.Column('net_weight_grams', sa.BigInteger(), nullable=True),
    sa.Column('weight_grams', sa.BigInteger(), nullable=False),
    sa.Column('length_cm', sa.BigInteger(), nullable=True),
    sa.Column('width_cm', sa.BigInteger(), nullable=True),
    sa.Column('height_cm', sa.BigInteger(), nullable=True),
    sa.Column('position', sa.BigInteger(), nullable=False),
    sa.Column('archived_at', sa.DateTime(timezone=True), nullable=True),
    sa.CheckConstraint('price > 0 and price <= 1000000000', name=op.f('ck_variant_price')),
    sa.CheckConstraint('weight_grams > 0', name=op.f('ck_variant_weight')),
    sa.CheckConstraint('production_cost >= 0', name=op.f('ck_variant_production_cost')),
    sa.ForeignKeyConstraint(['listing_id'], ['listing.id'], name=op.f('fk_variant_listing_id_listing')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_variant')),
    sa.UniqueConstraint('sku', name=op.f('uq_variant_sku'))
    )
    op.create_index(op.f('ix_variant_listing_id'), 'variant', ['listing_id'], unique=False)
    op.execute(
        "create trigger attendance_note_append_only before update or delete or truncate"
        " on attendance_note for each statement execute function refuse_change()"
    )
    # A certificate is withdrawn once or left alone: nobody can rewrite what was proved.
    op.execute(
        "create function keep_certificate() returns trigger language plpgsql as $$"
        " begin if old.withdrawn_at is not null or new.withdrawn_at is null"
        " or (to_jsonb(new) - '{withdrawn_at,withdrawn_by,withdrawn_reason}'::text[])"
        " <> (to_jsonb(old) - '{withdrawn_at,withdrawn_by,withdrawn_reason}'::text[])"
        " then raise exception 'a certificate is never edited'"
        " using errcode = 'integrity_constraint_violation'; end if; return new; end $$"
    )
    op.execute(
        "create trigger certificate_is_kept before update on certificate"
        " for each row execute function keep_certificate()"
    )
    op.execute(
        "create trigger certificate_stays before delete or truncate on certificate"
        " for each statement execute function refuse_change()"
    )
    op.execute("create extension if not exists pg_trgm")


def downgrade() -> None:
    op.drop_table('variant')
    op.drop_table('listing_training')
    op.drop_table('listing_picture')
    op.drop_table('listing_permit')
    op.drop_table('certificate')
    op.execute("drop function keep_certificate()")
    op.drop_table('attendance_note')
    op.drop_table('training_session')
    op.drop_table('permit')
    op.drop_table('listing')
    op.drop_table('enrolment')
    op.drop_table('seller')
    op.drop_table('cohort')
    op.drop_table('programme')
    op.drop_table('category')
