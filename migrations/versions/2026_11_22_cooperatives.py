"""Members and terms, stock, and the books."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from cooperatives.models.stock import Xid8

revision = "cooperatives_0001"
down_revision = "sellers_0001"
branch_labels = None
depends_on = None

APPEND_ONLY = (
    "terms", "terms_rate", "movement",
    "payee", "account", "journal", "entry", "settlement_entry",
)
ACCOUNT_KINDS = (
    "'clearing','cash','bank','receivable','held','refund_due','surplus_due','maker','cooperative',"
    "'kiosk','operator','affiliate','courier','risk_fund','savings','advance','gateway_fee',"
    "'expense','over_short'"
)
PAYOUT_STATES = "'created','approved','sent','paid','failed','unknown','cancelled','returned'"


def upgrade() -> None:
    op.create_table('cooperative',
    sa.Column('id', sa.BigInteger(), autoincrement=False, nullable=False),
    sa.Column('founded_on', sa.Date(), nullable=True),
    sa.Column('village', sa.String(length=60), nullable=False),
    sa.Column('district_code', sa.String(length=6), nullable=False),
    sa.Column('landmark', sa.String(length=120), nullable=False),
    sa.Column('group_values', postgresql.ARRAY(sa.String(length=30)), nullable=False),
    sa.Column('story', sa.Text(), nullable=False),
    sa.Column('story_en', sa.Text(), nullable=False),
    sa.ForeignKeyConstraint(['id'], ['organisation.id'], name=op.f('fk_cooperative_id_organisation')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_cooperative'))
    )
    op.create_table('journal',
    sa.Column('id', sa.BigInteger(), nullable=False),
    sa.Column('kind', sa.String(length=20), nullable=False),
    sa.Column('doc_type', sa.String(length=20), nullable=False),
    sa.Column('doc_id', sa.String(length=60), nullable=False),
    sa.Column('memo', sa.String(length=200), nullable=False),
    sa.Column('actor_id', sa.BigInteger(), nullable=True),
    sa.Column('happened_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('posted_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('xid', Xid8(), server_default=sa.text('pg_current_xact_id()'), nullable=False),
    sa.ForeignKeyConstraint(['actor_id'], ['person.id'], name=op.f('fk_journal_actor_id_person')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_journal')),
    sa.UniqueConstraint('kind', 'doc_type', 'doc_id', name=op.f('uq_journal_kind_doc_type_doc_id'))
    )
    op.create_table('payee',
    sa.Column('id', sa.BigInteger(), nullable=False),
    sa.Column('person_id', sa.BigInteger(), nullable=True),
    sa.Column('organisation_id', sa.BigInteger(), nullable=True),
    sa.CheckConstraint('(person_id is null) <> (organisation_id is null)', name=op.f('ck_payee_one')),
    sa.ForeignKeyConstraint(['organisation_id'], ['organisation.id'], name=op.f('fk_payee_organisation_id_organisation')),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_payee_person_id_person')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_payee')),
    sa.UniqueConstraint('organisation_id', name=op.f('uq_payee_organisation_id')),
    sa.UniqueConstraint('person_id', name=op.f('uq_payee_person_id'))
    )
    op.create_table('terms',
    sa.Column('id', sa.BigInteger(), nullable=False),
    sa.Column('organisation_id', sa.BigInteger(), nullable=False),
    sa.Column('version', sa.BigInteger(), nullable=False),
    sa.Column('valid_from', sa.Date(), nullable=False),
    sa.Column('note', sa.String(length=200), nullable=False),
    sa.Column('written_by', sa.BigInteger(), nullable=True),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['organisation_id'], ['organisation.id'], name=op.f('fk_terms_organisation_id_organisation')),
    sa.ForeignKeyConstraint(['written_by'], ['person.id'], name=op.f('fk_terms_written_by_person')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_terms')),
    sa.UniqueConstraint('organisation_id', 'version', name=op.f('uq_terms_organisation_id_version'))
    )
    op.create_table('account',
    sa.Column('id', sa.BigInteger(), nullable=False),
    sa.Column('organisation_id', sa.BigInteger(), nullable=False),
    sa.Column('kind', sa.String(length=16), nullable=False),
    sa.Column('payee_id', sa.BigInteger(), nullable=False),
    sa.Column('label', sa.String(length=60), nullable=False),
    sa.Column('currency', sa.String(length=3), nullable=False),
    sa.ForeignKeyConstraint(['organisation_id'], ['organisation.id'], name=op.f('fk_account_organisation_id_organisation')),
    sa.CheckConstraint(f"kind in ({ACCOUNT_KINDS})", name=op.f('ck_account_kind')),
    sa.ForeignKeyConstraint(['payee_id'], ['payee.id'], name=op.f('fk_account_payee_id_payee')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_account')),
    sa.UniqueConstraint('payee_id', 'kind', 'organisation_id', 'label', 'currency', name=op.f('uq_account_payee_id_kind_organisation_id_label_currency'))
    )
    op.create_index('ix_account_organisation_id_kind', 'account', ['organisation_id', 'kind'], unique=False)
    op.create_table('membership',
    sa.Column('id', sa.BigInteger(), nullable=False),
    sa.Column('cooperative_id', sa.BigInteger(), nullable=False),
    sa.Column('person_id', sa.BigInteger(), nullable=False),
    sa.Column('joined_on', sa.Date(), nullable=False),
    sa.Column('left_on', sa.Date(), nullable=True),
    sa.CheckConstraint('left_on >= joined_on', name=op.f('ck_membership_left_after_joining')),
    sa.ForeignKeyConstraint(['cooperative_id'], ['cooperative.id'], name=op.f('fk_membership_cooperative_id_cooperative')),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_membership_person_id_person')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_membership'))
    )
    op.create_index(op.f('ix_membership_cooperative_id'), 'membership', ['cooperative_id'], unique=False)
    op.create_index(op.f('ix_membership_person_id'), 'membership', ['person_id'], unique=False)
    op.create_index('uq_membership_open', 'membership', ['cooperative_id', 'person_id'], unique=True, postgresql_where='left_on is null')
    op.create_table('terms_rate',
    sa.Column('terms_id', sa.BigInteger(), nullable=False),
    sa.Column('channel', sa.String(length=8), nullable=False),
    sa.Column('place_kind', sa.String(length=8), nullable=False),
    sa.Column('cooperative_bp', sa.BigInteger(), nullable=False),
    sa.Column('kiosk_bp', sa.BigInteger(), nullable=False),
    sa.Column('operator_bp', sa.BigInteger(), nullable=False),
    sa.Column('fee_payer', sa.String(length=12), nullable=False),
    sa.Column('pull_days', sa.BigInteger(), nullable=False),
    sa.CheckConstraint("channel in ('web','counter','bazaar')", name=op.f('ck_terms_rate_channel')),
    sa.CheckConstraint("place_kind in ('home','kiosk','bazaar')", name=op.f('ck_terms_rate_place_kind')),
    sa.CheckConstraint("fee_payer in ('operator','cooperative','maker')", name=op.f('ck_terms_rate_fee_payer')),
    sa.CheckConstraint('pull_days between 0 and 365', name=op.f('ck_terms_rate_pull_days')),
    sa.CheckConstraint('least(cooperative_bp, kiosk_bp, operator_bp) >= 0 and cooperative_bp + kiosk_bp + operator_bp <= 10000', name=op.f('ck_terms_rate_shares')),
    sa.ForeignKeyConstraint(['terms_id'], ['terms.id'], name=op.f('fk_terms_rate_terms_id_terms')),
    sa.PrimaryKeyConstraint('terms_id', 'channel', 'place_kind', name=op.f('pk_terms_rate'))
    )
    op.create_table('entry',
    sa.Column('id', sa.BigInteger(), nullable=False),
    sa.Column('journal_id', sa.BigInteger(), nullable=False),
    sa.Column('account_id', sa.BigInteger(), nullable=False),
    sa.Column('amount', sa.BigInteger(), nullable=False),
    sa.CheckConstraint('amount <> 0', name=op.f('ck_entry_amount')),
    sa.ForeignKeyConstraint(['account_id'], ['account.id'], name=op.f('fk_entry_account_id_account')),
    sa.ForeignKeyConstraint(['journal_id'], ['journal.id'], name=op.f('fk_entry_journal_id_journal')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_entry')),
    sa.UniqueConstraint('journal_id', 'account_id', name=op.f('uq_entry_journal_id_account_id'))
    )
    op.create_index('ix_entry_account_id_id', 'entry', ['account_id', 'id'], unique=False, postgresql_include=['amount'])
    op.create_table('place',
    sa.Column('id', sa.BigInteger(), nullable=False),
    sa.Column('kind', sa.String(length=12), nullable=False),
    sa.Column('organisation_id', sa.BigInteger(), nullable=False),
    sa.Column('seller_id', sa.BigInteger(), nullable=True),
    sa.Column('slug', sa.String(length=80), nullable=False),
    sa.Column('name', sa.String(length=80), nullable=False),
    sa.Column('district_code', sa.String(length=6), nullable=False),
    sa.Column('village', sa.String(length=60), nullable=False),
    sa.Column('landmark', sa.String(length=120), nullable=False),
    sa.Column('opening_hours', postgresql.JSONB(astext_type=sa.Text()), nullable=False),
    sa.Column('is_pickup', sa.Boolean(), nullable=False),
    sa.Column('kept_bp', sa.BigInteger(), nullable=False),
    sa.Column('closed_at', sa.DateTime(timezone=True), nullable=True),
    sa.CheckConstraint("(kind = 'home') = (seller_id is not null)", name=op.f('ck_place_home_has_seller')),
    sa.CheckConstraint("kind in ('home','kiosk','bazaar','transit','consignor','customer','shrinkage','adjustment')", name=op.f('ck_place_kind')),
    sa.CheckConstraint('kept_bp between 0 and 10000', name=op.f('ck_place_kept')),
    sa.ForeignKeyConstraint(['organisation_id'], ['organisation.id'], name=op.f('fk_place_organisation_id_organisation')),
    sa.ForeignKeyConstraint(['seller_id'], ['seller.id'], name=op.f('fk_place_seller_id_seller')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_place')),
    sa.UniqueConstraint('slug', name=op.f('uq_place_slug'))
    )
    op.create_index(op.f('ix_place_organisation_id'), 'place', ['organisation_id'], unique=False)
    op.create_index('uq_place_home', 'place', ['seller_id'], unique=True, postgresql_where="kind = 'home'")
    op.create_index('uq_place_virtual', 'place', ['kind'], unique=True, postgresql_where="kind in ('consignor','customer','shrinkage','adjustment')")
    op.create_index('uq_place_transit', 'place', ['organisation_id'], unique=True, postgresql_where="kind = 'transit'")
    op.create_table('settlement',
    sa.Column('id', sa.BigInteger(), nullable=False),
    sa.Column('account_id', sa.BigInteger(), nullable=False),
    sa.Column('cut', sa.BigInteger(), nullable=False),
    sa.Column('closed_on', sa.Date(), nullable=False),
    sa.Column('total', sa.BigInteger(), nullable=False),
    sa.Column('state', sa.String(length=8), nullable=False),
    sa.Column('closed_by', sa.BigInteger(), nullable=True),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.CheckConstraint("state in ('closed','paid')", name=op.f('ck_settlement_state')),
    sa.CheckConstraint('total > 0', name=op.f('ck_settlement_total')),
    sa.ForeignKeyConstraint(['account_id'], ['account.id'], name=op.f('fk_settlement_account_id_account')),
    sa.ForeignKeyConstraint(['closed_by'], ['person.id'], name=op.f('fk_settlement_closed_by_person')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_settlement'))
    )
    op.create_index(op.f('ix_settlement_account_id'), 'settlement', ['account_id'], unique=False)
    op.create_table('counter_lease',
    sa.Column('place_id', sa.BigInteger(), autoincrement=False, nullable=False),
    sa.Column('device_id', sa.Uuid(), nullable=False),
    sa.Column('holder_id', sa.BigInteger(), nullable=False),
    sa.Column('taken_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('until', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['holder_id'], ['person.id'], name=op.f('fk_counter_lease_holder_id_person')),
    sa.ForeignKeyConstraint(['place_id'], ['place.id'], name=op.f('fk_counter_lease_place_id_place')),
    sa.PrimaryKeyConstraint('place_id', name=op.f('pk_counter_lease'))
    )
    op.create_table('payout',
    sa.Column('id', sa.BigInteger(), nullable=False),
    sa.Column('settlement_id', sa.BigInteger(), nullable=False),
    sa.Column('source_id', sa.BigInteger(), nullable=False),
    sa.Column('reference_no', sa.String(length=80), nullable=False),
    sa.Column('state', sa.String(length=10), nullable=False),
    sa.Column('made_by', sa.BigInteger(), nullable=False),
    sa.Column('approved_by', sa.BigInteger(), nullable=True),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.CheckConstraint("state in ('created','cancelled') or approved_by is not null", name=op.f('ck_payout_approved')),
    sa.CheckConstraint(f"state in ({PAYOUT_STATES})", name=op.f('ck_payout_state')),
    sa.CheckConstraint('approved_by is null or approved_by <> made_by', name=op.f('ck_payout_two_people')),
    sa.ForeignKeyConstraint(['approved_by'], ['person.id'], name=op.f('fk_payout_approved_by_person')),
    sa.ForeignKeyConstraint(['made_by'], ['person.id'], name=op.f('fk_payout_made_by_person')),
    sa.ForeignKeyConstraint(['settlement_id'], ['settlement.id'], name=op.f('fk_payout_settlement_id_settlement')),
    sa.ForeignKeyConstraint(['source_id'], ['account.id'], name=op.f('fk_payout_source_id_account')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_payout'))
    )
    op.create_index(op.f('ix_payout_settlement_id'), 'payout', ['settlement_id'], unique=False)
    op.create_index('uq_payout_open', 'payout', ['settlement_id'], unique=True, postgresql_where="state not in ('failed','cancelled','returned')")
    op.create_table('settlement_entry',
    sa.Column('entry_id', sa.BigInteger(), autoincrement=False, nullable=False),
    sa.Column('settlement_id', sa.BigInteger(), nullable=False),
    sa.ForeignKeyConstraint(['entry_id'], ['entry.id'], name=op.f('fk_settlement_entry_entry_id_entry')),
    sa.ForeignKeyConstraint(['settlement_id'], ['settlement.id'], name=op.f('fk_settlement_entry_settlement_id_settlement')),
    sa.PrimaryKeyConstraint('entry_id', name=op.f('pk_settlement_entry'))
    )
    op.create_index(op.f('ix_settlement_entry_settlement_id'), 'settlement_entry', ['settlement_id'], unique=False)
    op.create_table('lot',
    sa.Column('id', sa.BigInteger(), nullable=False),
    sa.Column('variant_id', sa.BigInteger(), nullable=False),
    sa.Column('owner_id', sa.BigInteger(), nullable=False),
    sa.Column('organisation_id', sa.BigInteger(), nullable=False),
    sa.Column('terms_id', sa.BigInteger(), nullable=False),
    sa.Column('batch', sa.String(length=40), nullable=False),
    sa.Column('best_before', sa.Date(), nullable=True),
    sa.Column('received_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['organisation_id'], ['organisation.id'], name=op.f('fk_lot_organisation_id_organisation')),
    sa.ForeignKeyConstraint(['owner_id'], ['seller.id'], name=op.f('fk_lot_owner_id_seller')),
    sa.ForeignKeyConstraint(['terms_id'], ['terms.id'], name=op.f('fk_lot_terms_id_terms')),
    sa.ForeignKeyConstraint(['variant_id'], ['variant.id'], name=op.f('fk_lot_variant_id_variant')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_lot')),
    sa.UniqueConstraint('id', 'variant_id', name=op.f('uq_lot_id_variant_id'))
    )
    op.create_index(op.f('ix_lot_organisation_id'), 'lot', ['organisation_id'], unique=False)
    op.create_index(op.f('ix_lot_owner_id'), 'lot', ['owner_id'], unique=False)
    op.create_index(op.f('ix_lot_variant_id'), 'lot', ['variant_id'], unique=False)
    op.create_table('level',
    sa.Column('id', sa.BigInteger(), nullable=False),
    sa.Column('lot_id', sa.BigInteger(), nullable=False),
    sa.Column('place_id', sa.BigInteger(), nullable=False),
    sa.Column('variant_id', sa.BigInteger(), nullable=False),
    sa.Column('on_hand', sa.BigInteger(), nullable=False),
    sa.Column('reserved', sa.BigInteger(), nullable=False),
    sa.Column('counter_kept', sa.BigInteger(), nullable=False),
    sa.CheckConstraint('counter_kept between 0 and on_hand - reserved', name=op.f('ck_level_counter_kept')),
    sa.CheckConstraint('on_hand >= 0', name=op.f('ck_level_on_hand')),
    sa.CheckConstraint('reserved between 0 and on_hand', name=op.f('ck_level_reserved')),
    sa.ForeignKeyConstraint(['lot_id', 'variant_id'], ['lot.id', 'lot.variant_id'], name=op.f('fk_level_lot_id_variant_id_lot')),
    sa.ForeignKeyConstraint(['place_id'], ['place.id'], name=op.f('fk_level_place_id_place')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_level')),
    sa.UniqueConstraint('lot_id', 'place_id', name=op.f('uq_level_lot_id_place_id'))
    )
    op.create_index('ix_level_place_id_on_hand', 'level', ['place_id'], unique=False, postgresql_where='on_hand > 0')
    op.create_index(op.f('ix_level_variant_id'), 'level', ['variant_id'], unique=False)
    op.create_table('movement',
    sa.Column('id', sa.BigInteger(), nullable=False),
    sa.Column('kind', sa.String(length=10), nullable=False),
    sa.Column('lot_id', sa.BigInteger(), nullable=False),
    sa.Column('from_place_id', sa.BigInteger(), nullable=False),
    sa.Column('to_place_id', sa.BigInteger(), nullable=False),
    sa.Column('quantity', sa.BigInteger(), nullable=False),
    sa.Column('doc_type', sa.String(length=20), nullable=False),
    sa.Column('doc_id', sa.String(length=60), nullable=False),
    sa.Column('line', sa.BigInteger(), nullable=False),
    sa.Column('reverses_id', sa.BigInteger(), nullable=True),
    sa.Column('reason', sa.String(length=200), nullable=False),
    sa.Column('actor_id', sa.BigInteger(), nullable=True),
    sa.Column('on_behalf_of', sa.BigInteger(), nullable=True),
    sa.Column('device_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('posted_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('is_flagged', sa.Boolean(), nullable=False),
    sa.Column('xid', Xid8(), server_default=sa.text('pg_current_xact_id()'), nullable=False),
    sa.CheckConstraint("(kind = 'reversal') = (reverses_id is not null)", name=op.f('ck_movement_reverses')),
    sa.CheckConstraint("kind in ('receive','transfer','sale','return','count','waste','sample','reversal')", name=op.f('ck_movement_kind')),
    sa.CheckConstraint('from_place_id <> to_place_id', name=op.f('ck_movement_moves')),
    sa.CheckConstraint('quantity > 0', name=op.f('ck_movement_quantity')),
    sa.ForeignKeyConstraint(['actor_id'], ['person.id'], name=op.f('fk_movement_actor_id_person')),
    sa.ForeignKeyConstraint(['from_place_id'], ['place.id'], name=op.f('fk_movement_from_place_id_place')),
    sa.ForeignKeyConstraint(['lot_id'], ['lot.id'], name=op.f('fk_movement_lot_id_lot')),
    sa.ForeignKeyConstraint(['on_behalf_of'], ['person.id'], name=op.f('fk_movement_on_behalf_of_person')),
    sa.ForeignKeyConstraint(['reverses_id'], ['movement.id'], name=op.f('fk_movement_reverses_id_movement')),
    sa.ForeignKeyConstraint(['to_place_id'], ['place.id'], name=op.f('fk_movement_to_place_id_place')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_movement')),
    sa.UniqueConstraint('doc_type', 'doc_id', 'line', 'kind', name=op.f('uq_movement_doc_type_doc_id_line_kind')),
    sa.UniqueConstraint('reverses_id', name=op.f('uq_movement_reverses_id'))
    )
    op.create_index('ix_movement_lot_id_posted', 'movement', ['lot_id', 'id'], unique=False)
    op.create_index('ix_movement_xid', 'movement', ['xid'], unique=False)
    op.create_table('hold',
    sa.Column('id', sa.BigInteger(), nullable=False),
    sa.Column('lot_id', sa.BigInteger(), nullable=False),
    sa.Column('place_id', sa.BigInteger(), nullable=False),
    sa.Column('quantity', sa.BigInteger(), nullable=False),
    sa.Column('state', sa.String(length=10), nullable=False),
    sa.Column('until', sa.DateTime(timezone=True), nullable=True),
    sa.Column('doc_type', sa.String(length=20), nullable=False),
    sa.Column('doc_id', sa.String(length=60), nullable=False),
    sa.Column('buyer_key', sa.String(length=80), nullable=False),
    sa.Column('reason', sa.String(length=60), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.CheckConstraint("state <> 'held' or until is not null", name=op.f('ck_hold_until')),
    sa.CheckConstraint("state <> 'allocated' or until is null", name=op.f('ck_hold_lasting')),
    sa.CheckConstraint("state in ('held','allocated','used','released')", name=op.f('ck_hold_state')),
    sa.CheckConstraint('quantity > 0', name=op.f('ck_hold_quantity')),
    sa.ForeignKeyConstraint(['lot_id', 'place_id'], ['level.lot_id', 'level.place_id'], name=op.f('fk_hold_lot_id_place_id_level')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_hold'))
    )
    op.create_index('ix_hold_buyer_key', 'hold', ['buyer_key'], unique=False, postgresql_where="state = 'held'")
    op.create_index('ix_hold_doc_type_doc_id', 'hold', ['doc_type', 'doc_id'], unique=False)
    op.create_index('ix_hold_open', 'hold', ['lot_id', 'place_id'], unique=False, postgresql_where="state in ('held','allocated')")
    op.create_index('ix_hold_until', 'hold', ['until'], unique=False, postgresql_where="state = 'held'")
    op.create_table('shortfall',
    sa.Column('id', sa.BigInteger(), nullable=False),
    sa.Column('hold_id', sa.BigInteger(), nullable=False),
    sa.Column('lot_id', sa.BigInteger(), nullable=False),
    sa.Column('place_id', sa.BigInteger(), nullable=False),
    sa.Column('quantity', sa.BigInteger(), nullable=False),
    sa.Column('cause', sa.String(length=60), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('mended_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('mended_how', sa.String(length=60), nullable=False),
    sa.CheckConstraint('quantity > 0', name=op.f('ck_shortfall_quantity')),
    sa.ForeignKeyConstraint(['hold_id'], ['hold.id'], name=op.f('fk_shortfall_hold_id_hold')),
    sa.ForeignKeyConstraint(['lot_id'], ['lot.id'], name=op.f('fk_shortfall_lot_id_lot')),
    sa.ForeignKeyConstraint(['place_id'], ['place.id'], name=op.f('fk_shortfall_place_id_place')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_shortfall')),
    sa.UniqueConstraint('hold_id', name=op.f('uq_shortfall_hold_id'))
    )
    op.create_index('ix_shortfall_open', 'shortfall', ['place_id', 'id'], unique=False, postgresql_where='mended_at is null')
    for table in APPEND_ONLY:
        op.execute(
            f"create trigger {table}_append_only before update or delete or truncate on {table}"
            " for each statement execute function refuse_change()"
        )
    op.execute(  # At commit, once per journal.
        "create function journal_is_balanced() returns trigger language plpgsql as $$"
        " begin if (select count(*) < 2 from entry where journal_id = new.id) or exists"
        "   (select from entry e join account a on a.id = e.account_id where e.journal_id = new.id"
        "    group by a.currency having sum(e.amount) <> 0) then"
        "   raise exception 'journal % does not sum to zero', new.id"
        "   using errcode = 'integrity_constraint_violation'; end if; return null; end $$"
    )
    op.execute(
        "create constraint trigger journal_is_balanced after insert on journal"
        " deferrable initially deferred for each row execute function journal_is_balanced()"
    )
    op.execute(  # Else a late entry could slip into a journal that is balanced, cut and settled.
        "create function entry_joins_its_journal() returns trigger language plpgsql as $$"
        " begin if exists (select from written w join journal j on j.id = w.journal_id"
        "   where j.xid <> pg_current_xact_id()) then"
        "   raise exception 'an entry is written together with its journal'"
        "   using errcode = 'integrity_constraint_violation'; end if; return null; end $$"
    )
    op.execute(
        "create trigger entry_joins_its_journal after insert on entry"
        " referencing new table as written"
        " for each statement execute function entry_joins_its_journal()"
    )
    op.execute(
        "insert into place (kind, organisation_id, slug, name, district_code, village, landmark,"
        " opening_hours, is_pickup, kept_bp)"
        " select v.kind, o.id, v.kind, v.name, '', '', '', '{}', false, 0 from organisation o,"
        " (values ('consignor', 'Penitip'), ('customer', 'Pembeli'), ('shrinkage', 'Susut'),"
        " ('adjustment', 'Koreksi')) v (kind, name) where o.kind = 'operator'"
    )


def downgrade() -> None:
    op.drop_table('shortfall')
    op.drop_table('hold')
    op.drop_table('movement')
    op.drop_table('level')
    op.drop_table('lot')
    op.drop_table('settlement_entry')
    op.drop_table('payout')
    op.drop_table('counter_lease')
    op.drop_table('settlement')
    op.drop_table('place')
    op.drop_table('entry')
    op.drop_table('terms_rate')
    op.drop_table('membership')
    op.drop_table('account')
    op.drop_table('terms')
    op.drop_table('payee')
    op.drop_table('journal')
    op.drop_table('cooperative')
    op.execute("drop function journal_is_balanced()")
    op.execute("drop function entry_joins_its_journal()")
