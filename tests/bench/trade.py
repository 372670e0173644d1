"""A kiosk that has traded for days or for years: the same shelf, the same day, another past.

`trade.sql` writes it straight into the tables, and every promise of `flask doctor` holds on it.
"""

from pathlib import Path

import psycopg
from flask_migrate import upgrade

from app import create_app
from cooperatives import members
from cooperatives.carrying import nightly
from cooperatives.rights import COORDINATE, KEEP, TREASURE
from core import access, clock, examinations, orgs, signin
from core.actors import SYSTEM
from core.db import db
from sellers.rights import SELL

MOVEMENTS_A_DAY = 1000  # And 200 orders, in 100 lots.
MEMBERS = 500
WEEK = 5  # Days that are settled together.
KIOSK = 90
PIN = "274951"
PHONES = {"boss": "+6281234567890", "maker": "+6281234567891"}
NUMBERED = (
    "person", "membership", "seller", "place", "category", "listing", "variant", "lot", "level",
    "movement", "hold", "parcel", "order_line", "order_event", "trading_day", "payee", "account",
    "journal", "entry", "settlement_round", "settlement", "payout",
)  # fmt: skip


def environment(url):
    return {"DATABASE_URL": url, "SECRET_KEY": "bench-" * 8, "LUMBUNG_DEMO": "no"}


def fill(url, days, *, checked=False):
    """Migrate a database and let the kiosk trade there so many days, the last of which is today.

    `checked` leaves the database's own triggers and foreign keys on, which takes long.
    """
    assert days in range(2 * WEEK, 10_000, WEEK), days
    app = create_app(environment(url))
    with app.app_context():
        upgrade()
        values = _people() | {"days": days, "today": clock.today()}
        db.session.remove()
        db.engine.dispose()
    with psycopg.connect(url.replace("+psycopg", ""), autocommit=True) as connection:
        values |= _found(connection, values["cooperative"])
        _write(connection, values, days, checked)
        connection.execute("vacuum analyze")
        connection.execute("checkpoint")
    with app.app_context():
        nightly.carry()  # As every night would have done.
        examinations.note(
            actor=SYSTEM, xid=examinations.present(db.session()), is_full=True, findings=0
        )  # Which is true: the bench asks for it.
        _sign_up_maker(values)
        db.session.remove()
        db.engine.dispose()


def _people():
    """The cooperative, and who keeps, coordinates and does the books: one for pages, two more."""
    founding = members.Founding(slug="ukur", name="Koperasi Ukur", short_name="Ukur")
    cooperative = members.found(actor=SYSTEM, founding=founding).id
    ids = {}
    for number, name in enumerate(("keeper", "treasurer", "coordinator")):
        phone = PHONES["boss"] if name == "keeper" else f"+628123456780{number}"
        named = {"name": name.title(), "call_me": name}
        ids[name] = signin.register(actor=SYSTEM, phone=phone, pin=PIN, **named).id
    for right in (COORDINATE, TREASURE):
        access.give(actor=SYSTEM, person_id=ids["keeper"], right=right, subject_id=cooperative)
    access.give(actor=SYSTEM, person_id=ids["keeper"], right=KEEP, subject_id=KIOSK)
    house = orgs.operator(db.session()).id
    return ids | {"cooperative": cooperative, "house": house, "kiosk": KIOSK}


def _found(connection, cooperative):
    query = "select id from terms where organisation_id = %s order by version desc limit 1"
    places = connection.execute("select kind, id from place where kind in"
        " ('consignor', 'customer', 'shrinkage')").fetchall()  # fmt: skip
    terms = connection.execute(query, [cooperative]).fetchone()[0]
    sizes = {"members": MEMBERS, "standing": 250, "waiting": 10}
    return dict(places) | sizes | {"terms": terms}


def _write(connection, values, days, checked):
    parts = _parts()
    cursor = psycopg.ClientCursor(connection)
    cursor.execute(parts["members"], values)
    if not checked:
        cursor.execute("set session_replication_role = replica")
    for week in range(days // WEEK):
        stretch = values | {"round": week, "first": week * WEEK, "last": week * WEEK + WEEK - 1}
        cursor.execute(parts["days"], stretch)
        if week < days // WEEK - 1:  # This week's money is still to be settled.
            cursor.execute(parts["settled"], stretch)
        if week % 20 == 0:
            cursor.execute("analyze entry; analyze account; analyze variant")
    cursor.execute(parts["nights"], values)
    cursor.execute(parts["today"], values)
    cursor.execute("reset session_replication_role")
    for table in NUMBERED:
        cursor.execute(
            f"select setval(pg_get_serial_sequence('{table}', 'id'), (select max(id) from {table}))"
        )


def _parts():
    """The parts of the script by name; each is one transaction."""
    text = Path(__file__).with_suffix(".sql").read_text()
    found = [part.partition("\n") for part in text.split("-- part: ")[1:]]
    return {name.strip(): f"begin;\n{body}\ncommit;" for name, _, body in found}


def _sign_up_maker(values):
    """The first member can sign in."""
    session = db.session()
    keeper = session.get_one(signin.Person, values["keeper"])
    maker = session.get_one(signin.Person, 1000)
    maker.phone, maker.pin_hash = PHONES["maker"], keeper.pin_hash
    session.commit()
    access.give(actor=SYSTEM, person_id=1000, right=SELL, subject_id=1000)
