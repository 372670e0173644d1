"""What it takes to settle a whole cooperative: the round's job, alone, with PPh 22 switched on.

Every second member has a letter, so that her turnover of the year is added up as well.
"""

import time
from contextlib import closing

import psycopg

from app import create_app
from cooperatives.settling import rounds, stating
from core import orgs
from core.actors import SYSTEM
from core.db import db

MEMBERS, SALES = 500, 40
BUDGET_SECONDS = 30.0
FIRST = 900_000  # Ids of what is made here, beyond all that is seeded.

BOOKS = """
insert into person (id, name, call_me, languages, channel, created_at)
select %(first)s + n, 'Anggota ' || n, 'Bu ' || n, array['id'], 'none', now()
from generate_series(1, %(members)s) n;

insert into tax_letter (person_id, year, kind, tail, sealed, noted_at)
select %(first)s + n, extract(year from now() at time zone 'Asia/Jakarta'), 'below', '', '', now()
from generate_series(2, %(members)s, 2) n;

insert into payee (id, person_id) select %(first)s + n, %(first)s + n
from generate_series(1, %(members)s) n;
insert into payee (id, organisation_id) values (%(first)s, %(cooperative)s);

insert into account (id, organisation_id, kind, payee_id, label, currency)
select %(first)s + n, %(cooperative)s, 'maker', %(first)s + n, '', 'IDR'
from generate_series(1, %(members)s) n;
insert into account (id, organisation_id, kind, payee_id, label, currency)
values (%(first)s, %(cooperative)s, 'cooperative', %(first)s, 'ukur', 'IDR'),
    (%(first)s - 1, %(cooperative)s, 'bank', %(first)s, 'ukur', 'IDR');

insert into journal (id, kind, doc_type, doc_id, memo, happened_at, posted_at)
select %(first)s + n, 'earned', 'parcel', 'ukur-' || n, '', now(), now()
from generate_series(1, %(members)s * %(sales)s) n;

insert into entry (journal_id, account_id, amount)
select %(first)s + n, %(first)s + 1 + n %% %(members)s, -17100
from generate_series(1, %(members)s * %(sales)s) n;
insert into entry (journal_id, account_id, amount)
select %(first)s + n, %(first)s, -900 from generate_series(1, %(members)s * %(sales)s) n;
insert into entry (journal_id, account_id, amount)
select %(first)s + n, %(first)s - 1, 18000 from generate_series(1, %(members)s * %(sales)s) n;

insert into cut (journal_id, account_id, cooperative, kiosk, operator, affiliate)
select %(first)s + n, %(first)s + 1 + n %% %(members)s, 900, 0, 0, 0
from generate_series(1, %(members)s * %(sales)s) n;
"""


def round_seconds(url):
    """How long the job of a round takes, and one member's statement, in seconds."""
    env = {"DATABASE_URL": url, "SECRET_KEY": "bench-" * 8, "LUMBUNG_PPH22_FROM": "2020-01-01"}
    app = create_app({**env, "LUMBUNG_DEMO": "no"})
    with app.app_context():
        cooperative = db.session.scalar(db.text("select min(id) from cooperative"))
        assert orgs.operator(db.session())
        _fill(url, cooperative)
        begun = rounds.begin(actor=SYSTEM, organisation_id=cooperative)
        started = time.perf_counter()
        rounds.settle.run(begun.id)
        taken = time.perf_counter() - started
        db.session.expire_all()
        settled = db.session.get(rounds.SettlementRound, begun.id).settled
        assert settled >= MEMBERS, f"{settled} settled"
        return taken, _statement_seconds()


def _fill(url, cooperative):
    facts = {"first": FIRST, "members": MEMBERS, "sales": SALES, "cooperative": cooperative}
    with closing(psycopg.connect(url.replace("+psycopg", ""))) as books, books.transaction():
        for statement in BOOKS.split(";\n"):
            if statement.strip():
                books.execute(statement, facts)
    with closing(psycopg.connect(url.replace("+psycopg", ""), autocommit=True)) as books:
        books.execute("vacuum analyze")  # As autovacuum would have done long ago.


def _statement_seconds():
    settlement_id = db.session.scalar(
        db.text("select min(id) from settlement where account_id > :first"), {"first": FIRST}
    )
    started = time.perf_counter()
    found = stating.of_person(db.session(), _person_of(settlement_id), settlement_id)
    taken = time.perf_counter() - started
    assert found.adds_up
    return taken


def _person_of(settlement_id):
    query = (
        "select p.person_id from settlement s join account a on a.id = s.account_id"
        " join payee p on p.id = a.payee_id where s.id = :id"
    )
    return db.session.scalar(db.text(query), {"id": settlement_id})
