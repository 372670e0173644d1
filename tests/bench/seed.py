"""A market of any size, written straight into the tables: it is the load that is measured."""

import psycopg
from flask_migrate import upgrade

from app import create_app
from cooperatives import members
from core.actors import SYSTEM
from core.db import db
from orders import rates
from shop import vocabulary

ORDERS = 50_000  # Without a past, foreign keys are planned as on empty tables; some goods are held.
SELLERS_PER_LISTINGS = 25
CATEGORIES = 20

# Goods stand on the disk as they came, but for one in eleven, which was published again since.
GOODS = """
insert into category (slug, name, name_en, is_food, is_herbal, position, closed_reason)
select 'rak-' || n, 'Rak ' || n, 'Shelf ' || n, false, false, n, ''
from generate_series(1, %(categories)s) n;

insert into picture (id, state, sent_key, key_base, width, height, colour, alt, refused_reason,
    created_at)
select n, 'ready', '', 'public/photo/' || md5(n::text), 1280, 1280, '#F2B705', 'Foto barang ' || n,
    '', now()
from generate_series(1, %(listings)s) n;

insert into person (id, name, call_me, languages, channel, created_at)
select 1000 + n, 'Pembuat ' || n, 'Bu ' || n, array['id'], 'none', now()
from generate_series(1, %(sellers)s) n;

insert into seller (id, slug, kind, person_id, organisation_id, store_name, call_me, story,
    story_en, mission, difference, languages, district_code, returned_from, language_gained,
    shows_return, resting, rest_note, device, signal, created_at)
select n, 'toko-' || n, 'home', 1000 + n, %(cooperative)s, 'Dapur Ibu ' || n, 'Bu ' || n,
    repeat('Cerita dapur kami di lereng gunung. ', 6), '', 'Dari kebun ke meja', 'Tanpa buru-buru',
    array['id'], (array['330710', '330706', '330711'])[1 + n %% 3], '{}', '', false, false, '', '',
    '', now()
from generate_series(1, %(sellers)s) n;

insert into place (id, kind, organisation_id, seller_id, slug, name, district_code, village,
    landmark, opening_hours, is_pickup, kept_bp)
select 100 + n, 'home', %(cooperative)s, n, 'rumah-' || n, 'Dapur Ibu ' || n,
    (array['330710', '330706', '330711'])[1 + n %% 3], '', '', '{}'::jsonb, false, 7000
from generate_series(1, %(sellers)s) n
union all
select 99, 'kiosk', %(cooperative)s, null, 'kios-ukur', 'Kios Ukur', '330709', '', '',
    '{}'::jsonb, true, 7000;

insert into listing (id, slug, seller_id, category_id, state, hidden_reason, name, name_en,
    description, description_en, translations, ingredients, ingredients_en, allergens, storage,
    storage_en, shelf_life_days, halal, made_to_order, lead_days, tags, export_to, created_at,
    published_at)
select n, 'barang-' || n, 1 + n %% %(sellers)s, 1 + n %% %(categories)s, 'live', '',
    (array['Keripik Pisang', 'Tiwul Instan', 'Dodol Salak', 'Kopi Bubuk', 'Gula Semut',
        'Opak Singkong', 'Jamur Renyah', 'Teh Melati', 'Batik Carica', 'Tas Rajut'])[1 + n %% 10]
        || ' ' || (array['Manis', 'Asin', 'Pedas', 'Asli', 'Gurih'])[1 + n / 10 %% 5] || ' ' || n,
    '', repeat('Dibuat pagi hari dari bahan kebun sendiri dan dikemas rapi. ', 3), '', '{}',
    'singkong, gula aren, garam', '', array['kacang'], 'Simpan di tempat kering', '', 180,
    'certified', false, 1, '{}', '{}', now() - (1 + %(listings)s - n) * interval '1 minute',
    now() - case when n %% 11 = 0 then n * 7919 %% %(listings)s else %(listings)s - n end
        * interval '1 minute'
from generate_series(1, %(listings)s) n;

insert into listing_picture (picture_id, listing_id, position)
select n, n, 0 from generate_series(1, %(listings)s) n;

insert into variant (id, listing_id, sku, name, unit, price, net_weight_grams, weight_grams,
    length_cm, width_cm, height_cm, position)
select n, n, 'UKUR-' || n, '', 'bungkus', 10000 + n %% 90 * 500, 400, 450, 24, 16, 6, 0
from generate_series(1, %(listings)s) n;

insert into lot (id, variant_id, owner_id, organisation_id, terms_id, batch, best_before,
    received_at)
select n, n, 1 + n %% %(sellers)s, %(cooperative)s, %(terms)s, '', current_date + 200, now()
from generate_series(1, %(listings)s) n;

insert into level (lot_id, place_id, variant_id, on_hand, reserved, counter_kept)
select n, case when n %% 4 = 0 then 99 else 101 + n %% %(sellers)s end, n,
    case when n %% 10 = 0 then 0 else 1000000 end, 0, 0
from generate_series(1, %(listings)s) n;
"""

PAST = """
insert into order_placed (id, number, code, channel, state, method, currency, goods_total,
    delivery_total, discount_total, total, language, placed_at, paid_at, ended_at)
select md5('order' || n)::uuid, 'LMB-2501-' || n, md5('code' || n), 'web', 'completed', 'transfer',
    'IDR', 30000, 14000, 0, 44000, 'id', now() - interval '100 days', now() - interval '99 days',
    now() - interval '90 days'
from generate_series(1, %(orders)s) n;

insert into order_contact (order_id, name, phone, street, rt_rw, village, district_code,
    district_label, postcode, landmark, note)
select md5('order' || n)::uuid, 'Pembeli ' || n, '+62840' || lpad(n::text, 7, '0'), '', '', '',
    '337401', '', '', '', ''
from generate_series(1, %(orders)s) n;

insert into parcel (id, order_id, place_id, position, state, way, fee, weight_grams, billed_kg,
    service_label, tracking_number, pickup_code, handed_over_at, earned_at)
select n, md5('order' || n)::uuid, 101 + n %% %(sellers)s, 0, 'earned', 'ship', 14000, 900, 1,
    'Ukur', '', '', now(), now()
from generate_series(1, %(orders)s) n;

insert into order_line (order_id, parcel_id, kind, position, variant_id, lot_id, seller_id,
    terms_id, name, quantity, given, price, total, weight_grams, maker_part, cooperative_part,
    kiosk_part, operator_part, affiliate_part)
select md5('order' || n)::uuid, n, 'goods', 0, 1 + n %% %(listings)s, 1 + n %% %(listings)s,
    1 + n %% %(sellers)s, %(terms)s, 'Barang', 2, 2, 15000, 30000, 450, 27900, 1500, 0, 600, 0
from generate_series(1, %(orders)s) n;

insert into attempt (id, order_id, number, method, state, gateway_key, amount, currency, reached,
    is_capture, pay_url, created_at)
select md5('attempt' || n)::uuid, md5('order' || n)::uuid, 1, 'transfer', 'captured', 'UKUR-' || n,
    44000, 'IDR', 44000, true, '', now()
from generate_series(1, %(orders)s) n;

insert into order_event (order_id, what, at, facts)
select md5('order' || n)::uuid, 'placed', now(), '{}' from generate_series(1, %(orders)s) n;

insert into hold (lot_id, place_id, quantity, state, until, doc_type, doc_id, buyer_key, reason,
    created_at)
select l.lot_id, l.place_id, 2, case when n %% 25 = 0 then 'held' else 'used' end,
    now() + interval '1 day', 'order', md5('order' || n)::uuid::text, 'bench-' || n, '', now()
from generate_series(1, %(orders)s) n join level l on l.lot_id = 1 + n %% %(listings)s;
"""

NUMBERED = (
    "category", "picture", "person", "seller", "place", "listing", "variant", "lot", "parcel",
)  # fmt: skip


def fill(url, listings):
    """Migrate a database and fill it with so many listings and a past."""
    app = create_app({"DATABASE_URL": url, "SECRET_KEY": "bench-" * 8, "LUMBUNG_DEMO": "no"})
    with app.app_context():
        upgrade()
        rates.load_sample_rates(actor=SYSTEM)
        founding = members.Founding(slug="ukur", name="Koperasi Ukur", short_name="Ukur")
        cooperative = members.found(actor=SYSTEM, founding=founding).id
        db.session.remove()
        with psycopg.connect(url.replace("+psycopg", ""), autocommit=True) as connection:
            _write(connection, listings, cooperative)
        vocabulary.recount(actor=SYSTEM)
        db.engine.dispose()
    with psycopg.connect(url.replace("+psycopg", ""), autocommit=True) as connection:
        connection.execute("vacuum analyze")
        connection.execute("checkpoint")


def _write(connection, listings, cooperative):
    terms = connection.execute(
        "select id from terms where organisation_id = %s order by version desc limit 1",
        [cooperative],
    ).fetchone()[0]
    values = {
        "listings": listings,
        "sellers": max(1, listings // SELLERS_PER_LISTINGS),
        "categories": CATEGORIES,
        "cooperative": cooperative,
        "terms": terms,
        "orders": ORDERS,
    }
    cursor = psycopg.ClientCursor(connection)
    for script in (GOODS, PAST):
        cursor.execute(script, values)
    for table in NUMBERED:
        cursor.execute(
            f"select setval(pg_get_serial_sequence('{table}', 'id'), (select max(id) from {table}))"
        )
