-- One kiosk's trade, day after day: 500 members, 100 lots and 200 orders a day, and every week of
-- five days settled and paid. Each part is run by tests/bench/trade.py; `flask doctor` is silent.

-- part: members
insert into person (id, name, call_me, phone, languages, channel, created_at)
select 1000 + m, 'Pembuat ' || m, 'Bu ' || m, '+62840' || lpad(m::text, 7, '0'), array['id'],
    'none', now()
from generate_series(0, %(members)s - 1) m;

insert into membership (cooperative_id, person_id, joined_on, number)
select %(cooperative)s, 1000 + m, %(today)s::date - 2000, m + 1
from generate_series(0, %(members)s - 1) m;

insert into seller (id, slug, kind, person_id, organisation_id, store_name, call_me, story,
    story_en, mission, difference, languages, district_code, returned_from, language_gained,
    shows_return, resting, rest_note, device, signal, created_at)
select 1000 + m, 'toko-' || m, 'home', 1000 + m, %(cooperative)s, 'Dapur Ibu ' || m, 'Bu ' || m,
    '', '', '', '', array['id'], '330709', '{}', '', false, false, '', '', '', now()
from generate_series(0, %(members)s - 1) m;

insert into place (id, kind, organisation_id, seller_id, slug, name, district_code, village,
    landmark, opening_hours, is_pickup, kept_bp)
values (%(kiosk)s, 'kiosk', %(cooperative)s, null, 'kios-ukur', 'Kios Ukur', '330709', '', '',
    '{}'::jsonb, true, 7000);

insert into category (id, slug, name, name_en, is_food, is_herbal, position, closed_reason)
values (900, 'rak', 'Rak', 'Shelf', false, false, 1, '');

insert into listing (id, slug, seller_id, category_id, state, hidden_reason, name, name_en,
    description, description_en, translations, ingredients, ingredients_en, allergens, storage,
    storage_en, shelf_life_days, halal, made_to_order, lead_days, tags, export_to, created_at,
    published_at)
select 1000 + v, 'barang-' || v, 1000 + v / 2, 900, 'live', '',
    (array['Keripik Pisang', 'Tiwul Instan', 'Dodol Salak', 'Kopi Bubuk', 'Gula Semut'])[1 + v %% 5]
        || ' ' || v, '', '', '', '{}', '', '', '{}', '', '', 120, 'certified', false, 1, '{}', '{}',
    now(), now()
from generate_series(0, 2 * %(members)s - 1) v;

insert into variant (id, listing_id, sku, name, unit, price, net_weight_grams, weight_grams,
    length_cm, width_cm, height_cm, position)
select 1000 + v, 1000 + v, 'UKUR-' || v, '', 'bungkus', 10000 + v %% 20 * 1000, 400, 450, 24, 16,
    6, 0
from generate_series(0, 2 * %(members)s - 1) v;

insert into payee (id, person_id)
select 1000 + m, 1000 + m from generate_series(0, %(members)s - 1) m
union all select 902, %(keeper)s;
insert into payee (id, organisation_id) values (900, %(cooperative)s), (901, %(house)s);

insert into account (id, organisation_id, kind, payee_id, label, currency)
select 1000 + m, %(cooperative)s, 'maker', 1000 + m, '', 'IDR'
from generate_series(0, %(members)s - 1) m
union all values
    (900, %(cooperative)s, 'cooperative', 900, '', 'IDR'),
    (901, %(cooperative)s, 'kiosk', 900, 'kios-ukur', 'IDR'),
    (902, %(cooperative)s, 'cash', 900, 'kios-ukur', 'IDR'),
    (903, %(house)s, 'clearing', 901, 'qris:kios-ukur', 'IDR'),
    (904, %(house)s, 'operator', 901, '', 'IDR'),
    (905, %(house)s, 'clearing', 901, 'midtrans', 'IDR'),
    (906, %(cooperative)s, 'bank', 900, 'utama', 'IDR'),
    (907, %(cooperative)s, 'receivable', 902, 'setoran:kios-ukur', 'IDR');

-- part: days
create temp table lots_of on commit drop as
select k, d, 1 + k lot_id, k %% %(members)s m, 1000 + 2 * (k %% %(members)s)
        + k / %(members)s %% 2 variant_id, md5('note' || k)::uuid note_id,
    (%(today)s::date - (%(days)s - 1 - d))::timestamp at time zone 'Asia/Jakarta' midnight
from (select k, k / 100 d from generate_series(%(first)s * 100, %(last)s * 100 + 99) k) l;

create temp table sold on commit drop as
select d, g, n, i, md5('order' || g)::uuid order_id, n %% 5 = 4 is_web,
    n %% 5 <> 4 and n %% 4 = 3 is_qris, l.lot_id, l.m, l.variant_id, v.price,
    v.price / 20 cooperative, case when n %% 5 = 4 then 0 else v.price / 10 end kiosk,
    case when n %% 5 = 4 then v.price / 50 else 0 end house,
    l.midnight + n * interval '2 seconds' as at
from generate_series(%(first)s, %(last)s) o_day
cross join generate_series(0, 199) n cross join generate_series(0, 3) i
cross join lateral (select o_day * 200 + n) o(g)
join lots_of l on l.d = o_day
join variant v on v.id = l.variant_id
where l.k %% 100 = (n * 4 + i) %% 100;

create temp table orders_of on commit drop as
select d, n, g, order_id, is_web, is_qris, at, sum(price) total, sum(cooperative) cooperative,
    sum(kiosk) kiosk, sum(house) house
from sold group by 1, 2, 3, 4, 5, 6, 7;

create temp table days_of on commit drop as
select d, %(today)s::date - (%(days)s - 1 - d) as day,
    coalesce(sum(total) filter (where not is_web and not is_qris), 0) cash,
    coalesce(sum(total) filter (where is_qris), 0) qris
from orders_of group by 1, 2;

insert into lot (id, variant_id, owner_id, organisation_id, terms_id, batch, best_before,
    received_at)
select lot_id, variant_id, 1000 + m, %(cooperative)s, %(terms)s, '', midnight::date + 120, midnight
from lots_of;

insert into level (lot_id, place_id, variant_id, on_hand, reserved, counter_kept)
select lot_id, %(kiosk)s, variant_id, 0, 0, 0 from lots_of;

insert into consign_note (id, place_id, serial, owner_id, terms_id, received_by, received_at,
    posted_at, agreed_how, agreed_at, dispute, answer)
select note_id, %(kiosk)s, 1 + k, 1000 + m, %(terms)s, %(keeper)s, midnight, midnight, 'phone',
    midnight, '', ''
from lots_of;

insert into consign_note_line (note_id, line, variant_id, lot_id, price, refused, reason)
select l.note_id, 0, l.variant_id, l.lot_id, v.price, 0, ''
from lots_of l join variant v on v.id = l.variant_id;

insert into trading_day (id, place_id, number, day, opened_at, since, opening, entries_from,
    closed_at, closed_by, closing, entries_until)
select 1 + d, %(kiosk)s, 1 + d, day, t, case when d > 0 then t - interval '1 hour' end, 0,
    case when d > 0 then (d - 1) * 20000 + 8029 else 0 end,
    case when is_over then t + interval '23 hours' end, case when is_over then %(keeper)s end,
    case when is_over then 0 end, case when is_over then d * 20000 + 8029 end
from (select d, day, day::timestamp at time zone 'Asia/Jakarta' t, d < %(days)s - 1 is_over
    from days_of) o;

insert into drawer_count (id, day_id, way, why, expected, counted, pieces, reason, words,
    counted_by, counted_at, refusal)
select md5(way || d)::uuid, 1 + d, way, 'close', amount, amount, '{}', '', '', %(keeper)s,
    day::timestamp at time zone 'Asia/Jakarta' + interval '23 hours', ''
from days_of cross join lateral (values ('cash', cash), ('qris', qris)) w(way, amount)
where d < %(days)s - 1;

insert into order_placed (id, number, code, channel, state, method, currency, goods_total,
    delivery_total, discount_total, total, language, placed_at, paid_at, ended_at)
select order_id, case when is_web then 'LMB-' else 'K1-' end || g, md5('code' || g),
    case when is_web then 'web' else 'counter' end, 'completed',
    case when is_web then 'midtrans' else 'cash_counter' end, 'IDR', total, 0, 0, total, 'id', at,
    at, at
from orders_of;

insert into order_contact (order_id, name, phone, email, street, rt_rw, village, district_code,
    district_label, postcode, landmark, note)
select order_id, 'Pembeli ' || g, '+62840' || lpad((g %% 5000)::text, 7, '0'), '', '', '', '', '',
    '', '', '', ''
from orders_of where is_web;

insert into attempt (id, order_id, number, method, state, gateway_key, amount, currency, reached,
    is_capture, pay_url, captured_at, created_at)
select md5('attempt' || g)::uuid, order_id, 1,
    case when is_web then 'midtrans' else 'cash_counter' end, 'captured', 'UKUR-' || g, total,
    'IDR', total, true, '', at, at
from orders_of;

insert into parcel (id, order_id, place_id, position, state, way, fee, weight_grams, billed_kg,
    service_label, tracking_number, pickup_code, accepted_at, packed_at, handed_over_at,
    delivered_at, quiet_until, earned_at)
select 1 + g, order_id, %(kiosk)s, 0, 'earned', case when is_web then 'pickup' else 'counter' end,
    0, 1800, 0, '', '', case when is_web then lpad((g %% 1000000)::text, 6, '0') else '' end, at,
    at, at, at, at, at
from orders_of;

insert into order_line (id, order_id, parcel_id, kind, position, variant_id, lot_id, seller_id,
    terms_id, name, quantity, given, price, total, weight_grams, maker_part, cooperative_part,
    kiosk_part, operator_part, affiliate_part)
select g * 4 + i + 1, order_id, 1 + g, 'goods', i, variant_id, lot_id, 1000 + m, %(terms)s,
    'Barang', 1, 1, price, price, 450, price - cooperative - kiosk - house, cooperative, kiosk,
    house, 0
from sold;

insert into order_event (order_id, parcel_id, what, at, facts)
select order_id, 1 + g, case when is_web then 'completed' else 'sold_at_till' end, at, '{}'
from orders_of;

insert into counter_sale (order_id, place_id, device_id, keeper_id, day_id, is_late, sold_at,
    posted_at, cash, qris, tendered, flags, undone_why)
select order_id, %(kiosk)s, md5('till')::uuid, %(keeper)s, 1 + d, false, at, at,
    case when is_qris then 0 else total end, case when is_qris then total else 0 end, 0, '{}', ''
from orders_of where not is_web;

insert into counter_line (line_id, listed_price, label_price, discount, is_scanned)
select g * 4 + i + 1, price, price, 0, true from sold where not is_web;

insert into hold (id, lot_id, place_id, quantity, state, until, doc_type, doc_id, buyer_key,
    reason, created_at)
select g * 4 + i + 1, lot_id, %(kiosk)s, 1, 'used', null, 'order', order_id::text, '', '', at
from sold where is_web;

insert into movement (kind, lot_id, from_place_id, to_place_id, quantity, doc_type, doc_id, line,
    reason, actor_id, posted_at, is_flagged)
select kind, lot_id, from_id, to_id, quantity, doc_type, doc_id, line, reason, %(keeper)s, at,
    false
from (
    select 'receive' kind, lot_id, %(consignor)s from_id, %(kiosk)s to_id, 10 quantity,
        'consign_note' doc_type, note_id::text doc_id, 0 line, '' reason, midnight as at
    from lots_of
    union all select 'sale', lot_id, %(kiosk)s, %(customer)s, 1, 'order', order_id::text,
        case when is_web then g * 4 + i + 1 else i end, '', at
    from sold
    union all select (array['waste', 'sample', 'return'])[1 + k %% 3], lot_id, %(kiosk)s,
        case when k %% 3 = 2 then %(consignor)s else %(shrinkage)s end, 2, 'shelf',
        md5('off' || k)::uuid::text, 0, (array['broken', 'tasted', 'unsold'])[1 + k %% 3],
        midnight + interval '500 seconds'
    from lots_of
) moved order by at, kind, lot_id;

insert into account (id, organisation_id, kind, payee_id, label, currency)
select 1000000 + g, %(house)s, 'held', 901, order_id::text, 'IDR' from orders_of;

insert into journal (id, kind, doc_type, doc_id, memo, happened_at, posted_at)
select d * 2000 + 2 * n + 1, 'captured', 'attempt', md5('attempt' || g)::uuid::text,
    order_id::text, at, at from orders_of
union all select d * 2000 + 2 * n + 2, 'earned', 'parcel', (1 + g)::text, order_id::text, at, at
from orders_of
union all select d * 2000 + number, kind, 'bag', md5('bag' || d)::uuid::text, '', t, t
from days_of cross join (values (801, 'moved'), (802, 'bag_seen')) b(number, kind)
cross join lateral (select day::timestamp at time zone 'Asia/Jakarta' + interval '23 hours') o(t)
where d < %(days)s - 1
order by 1;

insert into entry (id, journal_id, account_id, amount)
select journal_id * 10 + slot, journal_id, account_id, amount from (
    select d * 2000 + 2 * n + 1 journal_id, slot, account_id, amount from orders_of
    cross join lateral (values
        (0, case when is_web then 905 when is_qris then 903 else 902 end, total),
        (1, 1000000 + g, -total)) e(slot, account_id, amount)
    union all select d * 2000 + 2 * n + 2, slot, account_id, amount from orders_of
    cross join lateral (values (0, 1000000 + g, total), (5, 900, -cooperative),
        (6, case when is_web then 904 else 901 end, -kiosk - house)) e(slot, account_id, amount)
    union all select d * 2000 + 2 * n + 2, 1 + i, 1000 + m, cooperative + kiosk + house - price
    from sold
    union all select d * 2000 + number, slot, account_id, amount from days_of
    cross join lateral (values (801, 0, 907, cash), (801, 1, 902, -cash), (802, 0, 906, cash),
        (802, 1, 907, -cash)) e(number, slot, account_id, amount)
    where d < %(days)s - 1
) e order by 1;

insert into cut (journal_id, account_id, cooperative, kiosk, operator, affiliate)
select d * 2000 + 2 * n + 2, 1000 + m, cooperative, kiosk, house, 0 from sold;

insert into bag (id, place_id, day_id, amount, carried_by, packed_at, brought_at, confirmed_by,
    confirmed_at, received)
select md5('bag' || d)::uuid, %(kiosk)s, 1 + d, cash, %(keeper)s, t, t, %(treasurer)s, t, cash
from days_of
cross join lateral (select day::timestamp at time zone 'Asia/Jakarta' + interval '23 hours') o(t)
where d < %(days)s - 1;

-- part: settled
create temp table owed on commit drop as
select e.account_id, %(round)s * 1000 + row_number() over (order by e.account_id) id,
    %(last)s * 2000 + 1000 + row_number() over (order by e.account_id) journal_id,
    -sum(e.amount)::bigint total,
    (%(today)s::date - (%(days)s - 1 - %(last)s))::timestamp at time zone 'Asia/Jakarta'
        + interval '23 hours 30 minutes' as at
from entry e join account a on a.id = e.account_id and a.kind in ('maker', 'cooperative', 'kiosk')
where e.journal_id between %(first)s * 2000 and %(last)s * 2000 + 999
group by 1;

insert into settlement_round (id, organisation_id, cut, begun_at, done_at, settled, total)
select %(round)s + 1, %(cooperative)s, pg_current_xact_id()::text::bigint, max(at), max(at),
    count(*), sum(total) from owed;

insert into settlement (id, account_id, cut, closed_on, total, state, created_at, round_id)
select id, account_id, pg_current_xact_id()::text::bigint, (at at time zone 'Asia/Jakarta')::date,
    total, 'paid', at, %(round)s + 1 from owed;

insert into payout (id, settlement_id, source_id, reference_no, state, made_by, approved_by,
    created_at)
select id, id, 906, 'UKUR-' || id, 'paid', %(treasurer)s, %(coordinator)s, at from owed;

insert into journal (id, kind, doc_type, doc_id, memo, happened_at, posted_at)
select journal_id, 'payout', 'payout', id::text, '', at, at from owed;

insert into entry (id, journal_id, account_id, amount)
select journal_id * 10, journal_id, account_id, total from owed
union all select journal_id * 10 + 1, journal_id, 906, -total from owed order by 1;

insert into settlement_entry (entry_id, settlement_id)
select e.id, o.id from owed o join entry e on e.account_id = o.account_id
    and e.journal_id between %(first)s * 2000 and %(last)s * 2000 + 999
union all select journal_id * 10, id from owed;

-- part: today
insert into lot (id, variant_id, owner_id, organisation_id, terms_id, batch, best_before,
    received_at)
select 10000000 + j, 1000 + 2 * j, 1000 + j, %(cooperative)s, %(terms)s, '',
    %(today)s::date + 5 + j %% 60, now() - interval '1 day'
from generate_series(0, %(standing)s - 1) j;

insert into level (lot_id, place_id, variant_id, on_hand, reserved, counter_kept)
select 10000000 + j, %(kiosk)s, 1000 + 2 * j, 12, case when j < 2 * %(waiting)s then 1 else 0 end, 0
from generate_series(0, %(standing)s - 1) j;

insert into movement (kind, lot_id, from_place_id, to_place_id, quantity, doc_type, doc_id, line,
    reason, posted_at, is_flagged)
select 'receive', 10000000 + j, %(consignor)s, %(kiosk)s, 12, 'consign_note',
    md5('today' || j)::uuid::text, 0, '', now() - interval '1 day', false
from generate_series(0, %(standing)s - 1) j;

create temp table open_order on commit drop as
select w, %(days)s * 200 + w g, md5('order' || %(days)s * 200 + w)::uuid order_id,
    a.price + b.price total
from generate_series(0, %(waiting)s - 1) w
join variant a on a.id = 1000 + 4 * w join variant b on b.id = 1002 + 4 * w;

insert into order_placed (id, number, code, channel, state, method, currency, goods_total,
    delivery_total, discount_total, total, language, placed_at, paid_at)
select order_id, 'LMB-' || g, md5('code' || g), 'web', 'paid', 'midtrans', 'IDR', total, 0, 0,
    total, 'id', now(), now() from open_order;

insert into order_contact (order_id, name, phone, email, street, rt_rw, village, district_code,
    district_label, postcode, landmark, note)
select order_id, 'Pembeli ' || w, '+62840' || lpad(w::text, 7, '0'), '', '', '', '', '', '', '',
    '', ''
from open_order;

insert into attempt (id, order_id, number, method, state, gateway_key, amount, currency, reached,
    is_capture, pay_url, captured_at, created_at)
select md5('attempt' || g)::uuid, order_id, 1, 'midtrans', 'captured', 'UKUR-' || g, total, 'IDR',
    total, true, '', now(), now() from open_order;

insert into parcel (id, order_id, place_id, position, state, way, fee, weight_grams, billed_kg,
    service_label, tracking_number, pickup_code, accepted_at, packed_at)
select 1 + g, order_id, %(kiosk)s, 0, 'packed', 'pickup', 0, 900, 0, '', '',
    lpad((500000 + w)::text, 6, '0'), now(), now() from open_order;

insert into order_line (id, order_id, parcel_id, kind, position, variant_id, lot_id, seller_id,
    terms_id, name, quantity, given, price, total, weight_grams, maker_part, cooperative_part,
    kiosk_part, operator_part, affiliate_part)
select g * 4 + i + 1, order_id, 1 + g, 'goods', i, v.id, 10000000 + 2 * w + i, 1000 + 2 * w + i,
    %(terms)s, 'Barang', 1, 1, price, price, 450, price - price / 20 - price / 50, price / 20, 0,
    price / 50, 0
from open_order cross join generate_series(0, 1) i join variant v on v.id = 1000 + 2 * (2 * w + i);

insert into hold (id, lot_id, place_id, quantity, state, doc_type, doc_id, buyer_key, reason,
    created_at)
select g * 4 + i + 1, 10000000 + 2 * w + i, %(kiosk)s, 1, 'allocated', 'order', order_id::text, '',
    '', now()
from open_order cross join generate_series(0, 1) i;

insert into account (id, organisation_id, kind, payee_id, label, currency)
select 1000000 + g, %(house)s, 'held', 901, order_id::text, 'IDR' from open_order;

insert into journal (id, kind, doc_type, doc_id, memo, happened_at, posted_at)
select %(days)s * 2000 + w, 'captured', 'attempt', md5('attempt' || g)::uuid::text, order_id::text,
    now(), now() from open_order;

insert into entry (id, journal_id, account_id, amount)
select (%(days)s * 2000 + w) * 10 + slot, %(days)s * 2000 + w, account_id, amount
from open_order cross join lateral (values (0, 905, total), (1, 1000000 + g, -total))
    e(slot, account_id, amount);

-- part: nights
insert into book_mark (at, entry_id, carried_to)
select (%(today)s::date - (%(days)s - 2 - d))::timestamp at time zone 'Asia/Jakarta'
    + interval '5 minutes', d * 20000 + 19999, 0
from generate_series(0, %(days)s - 2) d;
