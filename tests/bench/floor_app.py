"""The floor: Flask, Jinja and raw SQL with nothing of the house between them.

Every page is our own page with the values that differ put back as template expressions
(`mirror.py`), filled from one raw query, so both sides send the same HTML. The order is the bare
SQL of an order: order, contact, parcels, lines, guarded updates, holds, attempt, commit. On the way
to it the basket travels in a signed cookie and forms carry a token, as they must in any shop.
"""

import os
import uuid

from flask import Flask, redirect, render_template, request, session
from flask_wtf.csrf import CSRFProtect
from psycopg.rows import namedtuple_row
from psycopg_pool import ConnectionPool
from werkzeug.exceptions import NotFound

CARDS = """
select l.slug, l.name, s.store_name, p.key_base, p.alt, offers.price, stock.free, stock.place
from listing l
join seller s on s.id = l.seller_id
join listing_picture lp on lp.listing_id = l.id and lp.position = 0
join picture p on p.id = lp.picture_id
join lateral (select min(price) as price from variant where listing_id = l.id) offers on true
left join lateral (
    select sum(e.on_hand - e.reserved - e.counter_kept) as free, min(pl.name) as place
    from variant v join level e on e.variant_id = v.id join place pl on pl.id = e.place_id
    where v.listing_id = l.id
) stock on true
where l.state = 'live' and l.hidden_reason = ''
    and l.category_id = (select id from category where slug = 'rak-1')
order by l.published_at desc, l.id desc limit 24
"""
ONE = """
select l.slug, l.name, l.description, s.store_name, s.slug as shop, s.story, p.key_base, p.alt,
    v.id as variant, v.price, v.sku, c.name as shelf, stock.free
from listing l
join seller s on s.id = l.seller_id
join category c on c.id = l.category_id
join variant v on v.listing_id = l.id
join listing_picture lp on lp.listing_id = l.id and lp.position = 0
join picture p on p.id = lp.picture_id
left join lateral (
    select sum(e.on_hand - e.reserved - e.counter_kept) as free from level e
    where e.variant_id = v.id
) stock on true
where l.slug = %s
"""
BY_VARIANT = ONE.replace("where l.slug = %s", "where v.id = %s")
ORDER_PAGE = """
select o.number, o.total, k.name, p.state, n.name as line, n.price, n.quantity, a.gateway_key
from order_placed o
join order_contact k on k.order_id = o.id
join parcel p on p.order_id = o.id
join order_line n on n.parcel_id = p.id
join attempt a on a.order_id = o.id
where o.code = %s
"""
WANTED = """
select e.id, e.lot_id, e.place_id, v.price, l.name, o.owner_id, o.terms_id, e.variant_id
from level e join lot o on o.id = e.lot_id join variant v on v.id = e.variant_id
join listing l on l.id = v.listing_id
where e.variant_id = any(%s) order by e.id for update of e
"""


def create():
    """The floor as an app that gunicorn serves like ours."""
    app = Flask(__name__, template_folder=os.environ["LUMBUNG_FLOOR_PAGES"])
    app.config.update(
        SECRET_KEY=os.environ["SECRET_KEY"],
        SESSION_COOKIE_NAME="floor",
        WTF_CSRF_CHECK_DEFAULT=False,
        WTF_CSRF_TIME_LIMIT=None,
    )
    csrf = CSRFProtect(app)
    app.jinja_env.filters["rupiah"] = lambda amount: f"Rp\u00a0{amount:,}".replace(",", ".")
    url = os.environ["DATABASE_URL"].replace("+psycopg", "")
    pool = ConnectionPool(
        url, min_size=1, max_size=4, open=False, kwargs={"row_factory": namedtuple_row}
    )

    def rows(query, *values):
        pool.open()  # Forked workers each open their own, once.
        with pool.connection() as connection:
            connection.autocommit = True
            return connection.execute(query, values).fetchall()

    app.add_url_rule("/readyz", view_func=lambda: "ready", endpoint="ready")
    app.add_url_rule(
        "/list", view_func=lambda: render_template("list.html", rows=rows(CARDS)), endpoint="list"
    )

    @app.get("/page/<name>/<key>")
    def page(name, key):
        query = ORDER_PAGE if name == "order" else ONE
        return render_template(f"{name}.html", r=rows(query, key)[0])

    @app.post("/add")
    def add():
        csrf.protect()
        variant = int(request.form["variant"])
        if not rows(BY_VARIANT, variant):
            raise NotFound
        session["basket"] = [*session.get("basket", ()), variant]
        return redirect("/way/basket", code=303)

    @app.route("/way/<name>", methods=["GET", "POST"])
    def way(name):
        if request.method == "POST":
            csrf.protect()
        return render_template(f"{name}.html", r=rows(BY_VARIANT, session["basket"][0])[0])

    @app.post("/order")
    def order():
        pool.open()
        with pool.connection() as connection:
            connection.autocommit = False
            return place(connection, [int(value) for value in request.form.getlist("variant")])

    return app


def place(connection, variants):
    """One order of one piece of each variant, one parcel a place."""
    order_id, run = uuid.uuid4(), connection.execute
    number = run("select nextval('order_number')").fetchone()[0]
    levels = run(WANTED, [variants]).fetchall()
    for level in levels:
        guarded = (
            "update level set reserved = reserved + 1"
            " where id = %s and on_hand - reserved - counter_kept >= 1"
        )
        if run(guarded, [level.id]).rowcount != 1:
            raise AssertionError("the bench sold out")
    total = sum(level.price for level in levels)
    run(
        "insert into order_placed (id, number, code, channel, state, method, currency, goods_total,"
        " delivery_total, discount_total, total, language, placed_at, pay_by) values (%s, %s, %s,"
        " 'web', 'awaiting_payment', 'transfer', 'IDR', %s, 0, 0, %s, 'id', now(),"
        " now() + interval '1 day')",
        [order_id, f"FLOOR-{number}", order_id.hex, total, total],
    )
    run(
        "insert into order_contact (order_id, name, phone, street, rt_rw, village, district_code,"
        " district_label, postcode, landmark, note) values (%s, 'Joko', '+628400000001',"
        " 'Jl. Ukur 1', '', '', '337401', '', '', '', '')",
        [order_id],
    )
    parcels = {}
    for level in levels:
        if level.place_id not in parcels:
            parcels[level.place_id] = run(
                "insert into parcel (order_id, place_id, position, state, way, fee, weight_grams,"
                " billed_kg, service_label, tracking_number, pickup_code) values"
                " (%s, %s, %s, 'to_accept', 'ship', 0, 450, 1, '', '', '') returning id",
                [order_id, level.place_id, len(parcels)],
            ).fetchone()[0]
    for position, level in enumerate(levels):
        run(
            "insert into order_line (order_id, parcel_id, kind, position, variant_id, lot_id,"
            " seller_id, terms_id, name, quantity, given, price, total, weight_grams, maker_part,"
            " cooperative_part, kiosk_part, operator_part, affiliate_part) values (%s, %s, 'goods',"
            " %s, %s, %s, %s, %s, %s, 1, 0, %s, %s, 450, %s, 0, 0, 0, 0)",
            [order_id, parcels[level.place_id], position, level.variant_id, level.lot_id]
            + [level.owner_id, level.terms_id, level.name, level.price, level.price, level.price],
        )
        run(
            "insert into hold (lot_id, place_id, quantity, state, until, doc_type, doc_id,"
            " buyer_key, reason, created_at) values (%s, %s, 1, 'held', now() + interval '1 day',"
            " 'order', %s, 'floor', '', now())",
            [level.lot_id, level.place_id, str(order_id)],
        )
    run(
        "insert into attempt (id, order_id, number, method, state, gateway_key, amount, currency,"
        " reached, is_capture, pay_url, created_at) values (%s, %s, 1, 'transfer', 'pending', %s,"
        " %s, 'IDR', 0, false, '', now())",
        [uuid.uuid4(), order_id, f"FLOOR-{number}-1", total],
    )
    return order_id.hex
