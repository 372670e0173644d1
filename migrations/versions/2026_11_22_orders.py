"""Orders, parcels, lines, payment attempts, refunds, and what delivery costs."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "orders_0001"
down_revision = "core_0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('delivery_service',
    sa.Column('id', sa.BigInteger(), nullable=False),
    sa.Column('code', sa.String(length=30), nullable=False),
    sa.Column('label', sa.String(length=80), nullable=False),
    sa.Column('divisor', sa.BigInteger(), nullable=True),
    sa.Column('tolerance_grams', sa.BigInteger(), nullable=False),
    sa.Column('is_inclusive', sa.Boolean(), nullable=False),
    sa.Column('min_grams', sa.BigInteger(), nullable=False),
    sa.Column('step_grams', sa.BigInteger(), nullable=False),
    sa.Column('max_grams', sa.BigInteger(), nullable=False),
    sa.Column('takes_cash', sa.Boolean(), nullable=False),
    sa.Column('is_open', sa.Boolean(), nullable=False),
    sa.CheckConstraint('divisor between 1000 and 10000', name=op.f('ck_delivery_service_divisor')),
    sa.CheckConstraint('min_grams between 1 and max_grams and max_grams <= 1000000', name=op.f('ck_delivery_service_weights')),
    sa.CheckConstraint('step_grams between 1 and 100000 and tolerance_grams between 0 and step_grams - 1', name=op.f('ck_delivery_service_tolerance')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_delivery_service')),
    sa.UniqueConstraint('code', name=op.f('uq_delivery_service_code'))
    )
    op.create_table('delivery_zone',
    sa.Column('region_code', sa.String(length=6), nullable=False),
    sa.Column('zone', sa.String(length=20), nullable=False),
    sa.PrimaryKeyConstraint('region_code', name=op.f('pk_delivery_zone'))
    )
    op.create_table('delivery_rate',
    sa.Column('id', sa.BigInteger(), nullable=False),
    sa.Column('service_id', sa.BigInteger(), nullable=False),
    sa.Column('from_zone', sa.String(length=20), nullable=False),
    sa.Column('to_zone', sa.String(length=20), nullable=False),
    sa.Column('base_rupiah', sa.BigInteger(), nullable=False),
    sa.Column('step_rupiah', sa.BigInteger(), nullable=False),
    sa.Column('days_min', sa.BigInteger(), nullable=False),
    sa.Column('days_max', sa.BigInteger(), nullable=False),
    sa.Column('valid_from', sa.Date(), nullable=False),
    sa.Column('is_offered', sa.Boolean(), nullable=False),
    sa.Column('source', sa.String(length=120), nullable=False),
    sa.CheckConstraint('base_rupiah >= 0 and step_rupiah >= 0', name=op.f('ck_delivery_rate_price')),
    sa.CheckConstraint('days_min between 0 and days_max', name=op.f('ck_delivery_rate_days')),
    sa.ForeignKeyConstraint(['service_id'], ['delivery_service.id'], name=op.f('fk_delivery_rate_service_id_delivery_service')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_delivery_rate'))
    )
    op.create_index('ix_delivery_rate_lane', 'delivery_rate', ['from_zone', 'to_zone', 'service_id', 'valid_from'], unique=False)
    op.execute(
        "create trigger delivery_rate_append_only before update or delete or truncate"
        " on delivery_rate for each statement execute function refuse_change()"
    )
    op.create_table('order_placed',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('number', sa.String(length=20), nullable=False),
    sa.Column('code', sa.String(length=40), nullable=False),
    sa.Column('channel', sa.String(length=8), nullable=False),
    sa.Column('state', sa.String(length=20), nullable=False),
    sa.Column('buyer_id', sa.BigInteger(), nullable=True),
    sa.Column('method', sa.String(length=16), nullable=False),
    sa.Column('currency', sa.String(length=3), nullable=False),
    sa.Column('goods_total', sa.BigInteger(), nullable=False),
    sa.Column('delivery_total', sa.BigInteger(), nullable=False),
    sa.Column('discount_total', sa.BigInteger(), nullable=False),
    sa.Column('total', sa.BigInteger(), nullable=False),
    sa.Column('language', sa.String(length=12), nullable=False),
    sa.Column('placed_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('pay_by', sa.DateTime(timezone=True), nullable=True),
    sa.Column('paid_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('ended_at', sa.DateTime(timezone=True), nullable=True),
    sa.CheckConstraint("channel in ('web','counter','bazaar')", name=op.f('ck_order_placed_channel')),
    sa.CheckConstraint("state in ('awaiting_payment','on_delivery','paid','completed','cancelled','lapsed')", name=op.f('ck_order_placed_state')),
    sa.CheckConstraint('total = goods_total + delivery_total - discount_total and total >= 0', name=op.f('ck_order_placed_total')),
    sa.ForeignKeyConstraint(['buyer_id'], ['person.id'], name=op.f('fk_order_placed_buyer_id_person')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_order_placed')),
    sa.UniqueConstraint('code', name=op.f('uq_order_placed_code')),
    sa.UniqueConstraint('number', name=op.f('uq_order_placed_number'))
    )
    op.create_index('ix_order_placed_buyer_id', 'order_placed', ['buyer_id', 'placed_at'], unique=False)
    op.create_index('ix_order_placed_pay_by', 'order_placed', ['pay_by'], unique=False, postgresql_where="state in ('awaiting_payment','on_delivery')")
    op.create_table('attempt',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('order_id', sa.Uuid(), nullable=False),
    sa.Column('number', sa.BigInteger(), nullable=False),
    sa.Column('method', sa.String(length=16), nullable=False),
    sa.Column('state', sa.String(length=16), nullable=False),
    sa.Column('gateway_key', sa.String(length=40), nullable=False),
    sa.Column('amount', sa.BigInteger(), nullable=False),
    sa.Column('currency', sa.String(length=3), nullable=False),
    sa.Column('reached', sa.BigInteger(), nullable=False),
    sa.Column('is_capture', sa.Boolean(), nullable=False),
    sa.Column('pay_url', sa.String(length=500), nullable=False),
    sa.Column('expires_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('noted_by', sa.BigInteger(), nullable=True),
    sa.Column('confirmed_by', sa.BigInteger(), nullable=True),
    sa.Column('captured_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.CheckConstraint("state in ('created','pending','captured','failed','expired','unknown','surplus','partly_refunded','refunded','disputed')", name=op.f('ck_attempt_state')),
    sa.CheckConstraint('amount > 0 and reached >= 0', name=op.f('ck_attempt_amount')),
    sa.CheckConstraint('confirmed_by is null or confirmed_by <> noted_by', name=op.f('ck_attempt_two_people')),
    sa.ForeignKeyConstraint(['confirmed_by'], ['person.id'], name=op.f('fk_attempt_confirmed_by_person')),
    sa.ForeignKeyConstraint(['noted_by'], ['person.id'], name=op.f('fk_attempt_noted_by_person')),
    sa.ForeignKeyConstraint(['order_id'], ['order_placed.id'], name=op.f('fk_attempt_order_id_order_placed')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_attempt')),
    sa.UniqueConstraint('gateway_key', name=op.f('uq_attempt_gateway_key')),
    sa.UniqueConstraint('order_id', 'number', name=op.f('uq_attempt_order_id_number'))
    )
    op.create_index('ix_attempt_open', 'attempt', ['created_at'], unique=False, postgresql_where="state in ('created','pending','unknown')")
    op.create_index(op.f('ix_attempt_order_id'), 'attempt', ['order_id'], unique=False)
    op.create_index('uq_attempt_captured', 'attempt', ['order_id'], unique=True, postgresql_where='is_capture')
    op.create_table('order_contact',
    sa.Column('order_id', sa.Uuid(), nullable=False),
    sa.Column('name', sa.String(length=60), nullable=False),
    sa.Column('phone', sa.String(length=20), nullable=False),
    sa.Column('street', sa.String(length=200), nullable=False),
    sa.Column('rt_rw', sa.String(length=7), nullable=False),
    sa.Column('village', sa.String(length=60), nullable=False),
    sa.Column('district_code', sa.String(length=6), nullable=False),
    sa.Column('district_label', sa.String(length=160), nullable=False),
    sa.Column('postcode', sa.String(length=10), nullable=False),
    sa.Column('landmark', sa.String(length=200), nullable=False),
    sa.Column('note', sa.String(length=300), nullable=False),
    sa.Column('erased_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['order_id'], ['order_placed.id'], name=op.f('fk_order_contact_order_id_order_placed')),
    sa.PrimaryKeyConstraint('order_id', name=op.f('pk_order_contact'))
    )
    op.create_index(op.f('ix_order_contact_phone'), 'order_contact', ['phone'], unique=False)
    op.create_table('gateway_notice',
    sa.Column('id', sa.BigInteger(), nullable=False),
    sa.Column('gateway', sa.String(length=10), nullable=False),
    sa.Column('event_key', sa.String(length=120), nullable=False),
    sa.Column('attempt_id', sa.Uuid(), nullable=True),
    sa.Column('body', sa.LargeBinary(), nullable=False),
    sa.Column('headers', postgresql.JSONB(astext_type=sa.Text()), nullable=False),
    sa.Column('received_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('applied_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('outcome', sa.String(length=60), nullable=False),
    sa.ForeignKeyConstraint(['attempt_id'], ['attempt.id'], name=op.f('fk_gateway_notice_attempt_id_attempt')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_gateway_notice')),
    sa.UniqueConstraint('gateway', 'event_key', name=op.f('uq_gateway_notice_gateway_event_key'))
    )
    op.create_index(op.f('ix_gateway_notice_attempt_id'), 'gateway_notice', ['attempt_id'], unique=False)
    op.create_index('ix_gateway_notice_new', 'gateway_notice', ['received_at'], unique=False, postgresql_where='applied_at is null')
    op.create_table('refund',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('attempt_id', sa.Uuid(), nullable=False),
    sa.Column('amount', sa.BigInteger(), nullable=False),
    sa.Column('currency', sa.String(length=3), nullable=False),
    sa.Column('state', sa.String(length=8), nullable=False),
    sa.Column('reason', sa.String(length=40), nullable=False),
    sa.Column('doc_type', sa.String(length=20), nullable=False),
    sa.Column('doc_id', sa.String(length=60), nullable=False),
    sa.Column('asked_by', sa.BigInteger(), nullable=True),
    sa.Column('approved_by', sa.BigInteger(), nullable=True),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('done_at', sa.DateTime(timezone=True), nullable=True),
    sa.CheckConstraint("state in ('due','sent','done','failed')", name=op.f('ck_refund_state')),
    sa.CheckConstraint('amount > 0', name=op.f('ck_refund_amount')),
    sa.CheckConstraint('approved_by is null or approved_by <> asked_by', name=op.f('ck_refund_two_people')),
    sa.ForeignKeyConstraint(['approved_by'], ['person.id'], name=op.f('fk_refund_approved_by_person')),
    sa.ForeignKeyConstraint(['asked_by'], ['person.id'], name=op.f('fk_refund_asked_by_person')),
    sa.ForeignKeyConstraint(['attempt_id'], ['attempt.id'], name=op.f('fk_refund_attempt_id_attempt')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_refund')),
    sa.UniqueConstraint('attempt_id', 'doc_type', 'doc_id', name=op.f('uq_refund_attempt_id_doc_type_doc_id'))
    )
    op.create_index(op.f('ix_refund_attempt_id'), 'refund', ['attempt_id'], unique=False)
    op.create_table('parcel',
    sa.Column('id', sa.BigInteger(), nullable=False),
    sa.Column('order_id', sa.Uuid(), nullable=False),
    sa.Column('place_id', sa.BigInteger(), nullable=False),
    sa.Column('position', sa.BigInteger(), nullable=False),
    sa.Column('state', sa.String(length=12), nullable=False),
    sa.Column('way', sa.String(length=8), nullable=False),
    sa.Column('fee', sa.BigInteger(), nullable=False),
    sa.Column('weight_grams', sa.BigInteger(), nullable=False),
    sa.Column('billed_kg', sa.BigInteger(), nullable=False),
    sa.Column('rate_id', sa.BigInteger(), nullable=True),
    sa.Column('service_label', sa.String(length=80), nullable=False),
    sa.Column('tracking_number', sa.String(length=32), nullable=False),
    sa.Column('pickup_code', sa.String(length=6), nullable=False),
    sa.Column('pickup_tries', sa.BigInteger(), nullable=False),
    sa.Column('accept_by', sa.DateTime(timezone=True), nullable=True),
    sa.Column('accepted_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('packed_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('handed_over_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('delivered_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('quiet_until', sa.DateTime(timezone=True), nullable=True),
    sa.Column('earned_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('ended_at', sa.DateTime(timezone=True), nullable=True),
    sa.CheckConstraint("state in ('to_accept','accepted','packed','handed_over','delivered','quiet','earned','declined','refused','returned','cancelled')", name=op.f('ck_parcel_state')),
    sa.CheckConstraint("way in ('ship','pickup','counter')", name=op.f('ck_parcel_way')),
    sa.ForeignKeyConstraint(['order_id'], ['order_placed.id'], name=op.f('fk_parcel_order_id_order_placed')),
    sa.ForeignKeyConstraint(['place_id'], ['place.id'], name=op.f('fk_parcel_place_id_place')),
    sa.ForeignKeyConstraint(['rate_id'], ['delivery_rate.id'], name=op.f('fk_parcel_rate_id_delivery_rate')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_parcel')),
    sa.UniqueConstraint('order_id', 'place_id', name=op.f('uq_parcel_order_id_place_id'))
    )
    op.create_index('ix_parcel_accept_by', 'parcel', ['accept_by'], unique=False, postgresql_where="state = 'to_accept'")
    op.create_index('ix_parcel_place_id_state', 'parcel', ['place_id', 'state'], unique=False)
    op.create_index('ix_parcel_quiet_until', 'parcel', ['quiet_until'], unique=False, postgresql_where="state in ('delivered','quiet')")
    op.create_index('uq_parcel_pickup_code', 'parcel', ['place_id', 'pickup_code'], unique=True, postgresql_where="pickup_code <> '' and handed_over_at is null and ended_at is null")
    op.create_table('order_event',
    sa.Column('id', sa.BigInteger(), nullable=False),
    sa.Column('order_id', sa.Uuid(), nullable=False),
    sa.Column('parcel_id', sa.BigInteger(), nullable=True),
    sa.Column('what', sa.String(length=40), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('actor_id', sa.BigInteger(), nullable=True),
    sa.Column('facts', postgresql.JSONB(astext_type=sa.Text()), nullable=False),
    sa.ForeignKeyConstraint(['actor_id'], ['person.id'], name=op.f('fk_order_event_actor_id_person')),
    sa.ForeignKeyConstraint(['order_id'], ['order_placed.id'], name=op.f('fk_order_event_order_id_order_placed')),
    sa.ForeignKeyConstraint(['parcel_id'], ['parcel.id'], name=op.f('fk_order_event_parcel_id_parcel')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_order_event'))
    )
    op.create_index(op.f('ix_order_event_order_id'), 'order_event', ['order_id'], unique=False)
    op.create_table('order_line',
    sa.Column('id', sa.BigInteger(), nullable=False),
    sa.Column('order_id', sa.Uuid(), nullable=False),
    sa.Column('parcel_id', sa.BigInteger(), nullable=True),
    sa.Column('kind', sa.String(length=8), nullable=False),
    sa.Column('position', sa.BigInteger(), nullable=False),
    sa.Column('variant_id', sa.BigInteger(), nullable=True),
    sa.Column('lot_id', sa.BigInteger(), nullable=True),
    sa.Column('seller_id', sa.BigInteger(), nullable=True),
    sa.Column('terms_id', sa.BigInteger(), nullable=True),
    sa.Column('name', sa.String(length=200), nullable=False),
    sa.Column('quantity', sa.BigInteger(), nullable=False),
    sa.Column('given', sa.BigInteger(), nullable=False),
    sa.Column('price', sa.BigInteger(), nullable=False),
    sa.Column('total', sa.BigInteger(), nullable=False),
    sa.Column('weight_grams', sa.BigInteger(), nullable=False),
    sa.Column('maker_part', sa.BigInteger(), nullable=False),
    sa.Column('cooperative_part', sa.BigInteger(), nullable=False),
    sa.Column('kiosk_part', sa.BigInteger(), nullable=False),
    sa.Column('operator_part', sa.BigInteger(), nullable=False),
    sa.Column('affiliate_part', sa.BigInteger(), nullable=False),
    sa.Column('affiliate_id', sa.BigInteger(), nullable=True),
    sa.CheckConstraint("(kind = 'goods') = (lot_id is not null)", name=op.f('ck_order_line_goods_have_a_lot')),
    sa.CheckConstraint("kind <> 'goods' or maker_part + cooperative_part + kiosk_part + operator_part + affiliate_part = total", name=op.f('ck_order_line_parts')),
    sa.CheckConstraint("kind <> 'goods' or total = quantity * price", name=op.f('ck_order_line_total')),
    sa.CheckConstraint("kind in ('goods','delivery','discount')", name=op.f('ck_order_line_kind')),
    sa.CheckConstraint('quantity > 0 and given between 0 and quantity', name=op.f('ck_order_line_quantity')),
    sa.ForeignKeyConstraint(['affiliate_id'], ['person.id'], name=op.f('fk_order_line_affiliate_id_person')),
    sa.ForeignKeyConstraint(['lot_id'], ['lot.id'], name=op.f('fk_order_line_lot_id_lot')),
    sa.ForeignKeyConstraint(['order_id'], ['order_placed.id'], name=op.f('fk_order_line_order_id_order_placed')),
    sa.ForeignKeyConstraint(['parcel_id'], ['parcel.id'], name=op.f('fk_order_line_parcel_id_parcel')),
    sa.ForeignKeyConstraint(['seller_id'], ['seller.id'], name=op.f('fk_order_line_seller_id_seller')),
    sa.ForeignKeyConstraint(['terms_id'], ['terms.id'], name=op.f('fk_order_line_terms_id_terms')),
    sa.ForeignKeyConstraint(['variant_id'], ['variant.id'], name=op.f('fk_order_line_variant_id_variant')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_order_line'))
    )
    op.create_index(op.f('ix_order_line_order_id'), 'order_line', ['order_id'], unique=False)
    op.create_index(op.f('ix_order_line_parcel_id'), 'order_line', ['parcel_id'], unique=False)
    op.create_index(op.f('ix_order_line_seller_id'), 'order_line', ['seller_id'], unique=False)
    op.execute(
        "create trigger order_event_append_only before update or delete or truncate on order_event"
        " for each statement execute function refuse_change()"
    )
    op.execute("create sequence order_number")


def downgrade() -> None:
    op.execute("drop sequence order_number")
    op.drop_table('order_line')
    op.drop_table('order_event')
    op.drop_table('parcel')
    op.drop_table('refund')
    op.drop_table('gateway_notice')
    op.drop_table('order_contact')
    op.drop_table('attempt')
    op.drop_table('order_placed')
    op.drop_table('delivery_rate')
    op.drop_table('delivery_zone')
    op.drop_table('delivery_service')
