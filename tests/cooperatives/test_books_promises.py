"""The doctor of the books: silent on a healthy ledger, and each promise fires on its corruption."""

import uuid

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from app import create_app
from cooperatives import ledger, payouts, postings, promises_books
from core.db import db
from tests.conftest import environ, make_database, server_url
from tests.cooperatives.books_factories import (
    a_treasurer,
    bank,
    book,
    clearing,
    closed,
    earned_sale,
    house_id,
    parties,
    sent_payout,
)
from tests.cooperatives.factories import found_by

pytestmark = pytest.mark.service
KNOWN = {promise.id: promise for promise in promises_books.ALL}


@pytest.fixture(scope="module")
def books(template_database):
    """A ledger with everything in it: sales, settlements paid, open and returned, a reversal."""
    name = f"books_{uuid.uuid4().hex[:12]}"
    make_database(name, template_database)
    app = create_app(environ(server_url(name)))
    with app.app_context():
        live_a_little()
        db.session.remove()
        yield db.engine
        db.engine.dispose()


def live_a_little():
    paid, waiting, returned = parties(), parties(), parties()
    for _ in range(2):
        earned_sale((paid, 36_000), (waiting, 42_000), (returned, 20_000))
    for number in (1, 2):
        move = {"giving": clearing(), "taking": bank(), "amount": 90_000}
        book(step=postings.moved, doc=("report", number), **move)
    wrong = book(step=postings.moved, doc=("report", "wrong"), **move)
    ledger.reverse(actor=a_treasurer(house_id()), journal_id=wrong.id, reason="dua kali")
    closed(waiting, a_treasurer(waiting.cooperative_id))
    for sharing in (paid, returned):
        treasurer, second = (a_treasurer(sharing.cooperative_id) for _ in range(2))
        payout = sent_payout(closed(sharing, treasurer), treasurer, second)
        payouts.confirm(actor=treasurer, payout_id=payout.id)
    payouts.bring_back(actor=treasurer, payout_id=payout.id, reason="salah rekening")
    earned_sale((paid, 10_000), (waiting, 10_000), (returned, 10_000))


@pytest.fixture
def hand(books):
    """A hand in the database that goes past triggers and foreign keys; undone afterwards."""
    with books.connect() as connection, connection.begin() as plan:
        connection.execute(text("set local session_replication_role = replica"))
        yield connection
        plan.rollback()


def fired(connection):
    found = found_by(Session(bind=connection), KNOWN.values())
    return [promise for promise in KNOWN if promise in found]


def test_a_healthy_ledger_breaks_no_promise(hand):
    counts = hand.execute(
        text(
            "select (select count(*) from journal where kind = 'reversal'),"
            " (select count(*) from settlement where state = 'paid'),"
            " (select count(*) from settlement where state = 'closed'),"
            " (select count(*) from payout where state = 'returned'),"
            " (select count(*) from settlement_entry)"
        )
    ).one()
    assert tuple(counts) == (1, 1, 2, 1, 9)
    assert fired(hand) == []


MOVES = "(select id from journal where kind = 'moved' order by id limit 1)"
NEXT_MOVE = "(select id from journal where kind = 'moved' order by id limit 1 offset 1)"
CAPTURE = "(select id from journal where kind = 'captured' order by id limit 1)"
REVERSAL = "(select id from journal where kind = 'reversal')"
BANK = "(select id from account where kind = 'bank')"
HELD = "(select id from account where kind = 'held' order by id limit 1)"
COOPERATIVE = "(select min(organisation_id) from account where kind = 'cooperative')"
WAITING = (
    "(select id from settlement where state = 'closed'"
    " and not exists (select from payout where settlement_id = settlement.id))"
)
PAID = "(select id from settlement where state = 'paid')"
JOURNAL = (
    "insert into journal (id, kind, doc_type, doc_id, memo, happened_at, posted_at)"
    " values (9999, '{kind}', '{doc_type}', '9999', '', now(), now())"
)
PLANTED = {
    "a journal out of balance, another the other way": (
        "M1",
        f"update entry set amount = amount + 5 where journal_id = {MOVES} and account_id = {BANK}",
        f"update entry set amount = amount - 5"
        f" where journal_id = {NEXT_MOVE} and account_id = {BANK}",
    ),
    "a journal of nothing": ("M2", JOURNAL.format(kind="moved", doc_type="x")),
    "an entry of no journal": (
        "M3",
        f"insert into entry (journal_id, account_id, amount) values (9999, {BANK}, 5)",
    ),
    "a capture that is no money": (
        "M7-books",
        "insert into account (id, organisation_id, kind, payee_id, label, currency)"
        " select 9999, organisation_id, 'expense', payee_id, '', 'IDR' from account"
        " where kind = 'operator'",
        f"update entry set account_id = 9999 where journal_id = {CAPTURE} and amount > 0",
    ),
    "a capture that is the operator's at once": (
        "M7-books",
        "update entry set account_id = (select id from account where kind = 'operator')"
        " where id = (select e.id from entry e join journal j on j.id = e.journal_id"
        "  join account a on a.id = e.account_id where a.kind = 'held' and j.kind = 'captured'"
        "  order by e.id limit 1)",
        # So that the page is not overdrawn by the parcel that was earned out of it:
        JOURNAL.format(kind="mend", doc_type="x"),
        f"insert into entry (journal_id, account_id, amount) values (9999, {HELD}, -98000),"
        f" (9999, {BANK}, 98000)",
    ),
    "an order's page overdrawn": (
        "M9",
        JOURNAL.format(kind="moved", doc_type="x"),
        f"insert into entry (journal_id, account_id, amount) values (9999, {HELD}, 5),"
        f" (9999, {BANK}, -5)",
    ),
    "a journal twice on one page": (
        "M10",
        "alter table entry drop constraint uq_entry_journal_id_account_id",
        f"update entry set amount = amount - 5 where journal_id = {MOVES} and account_id = {BANK}",
        f"insert into entry (journal_id, account_id, amount) values ({MOVES}, {BANK}, 5)",
    ),
    "a reversal of too little": (
        "M11",
        f"update entry set amount = amount - sign(amount) where journal_id = {REVERSAL}",
    ),
    "a reversal of nothing": (
        "M11",
        f"update journal set doc_id = '9999' where id = {REVERSAL}",
    ),
    "a cut that nobody got": ("M20", "update cut set cooperative = cooperative + 1"),
    "a cut that was forgotten": (
        "M20",
        "update cut set operator = 0 where operator > 0",
    ),
    "a settlement of too much": (
        "T1",
        f"update settlement set total = total + 1 where id = {WAITING}",
    ),
    "a settlement without entries": (
        "T1",
        "insert into settlement (id, account_id, cut, closed_on, total, state, created_at)"
        " select 9999, account_id, 0, now(), 5, 'closed', now() from settlement"
        f" where id = {WAITING}",
    ),
    "somebody else's entries": (
        "T2",
        "update settlement set account_id = (select min(a.id) from account a"
        f"  where a.kind = 'maker' and a.id <> account_id) where id = {WAITING}",
    ),
    "a settlement of what is never paid out": (
        "T2",
        "update account set kind = 'savings' where id = (select account_id from settlement"
        f" where id = {WAITING})",
    ),
    "paid without a payout": ("T3", f"update settlement set state = 'paid' where id = {WAITING}"),
    "a payout that paid nothing": (
        "T3",
        f"update settlement set state = 'paid' where id = {WAITING}",
        "insert into payout (settlement_id, source_id, reference_no, state, made_by, approved_by,"
        " created_at) select s.id, p.source_id, '', 'paid', p.made_by, p.approved_by, now()"
        " from payout p, settlement s where p.state = 'paid' and s.state = 'paid'"
        " and not exists (select from payout o where o.settlement_id = s.id)",
    ),
    "a payout nobody else approved": (
        "T3",
        "alter table payout drop constraint ck_payout_two_people",
        "update payout set approved_by = made_by where state = 'paid'",
    ),
    "a paid settlement that says it is open": (
        "T3",
        f"update settlement set state = 'closed' where id = {PAID}",
    ),
    "an entry skipped by the cut": (
        "T4",
        f"with gone as (delete from settlement_entry where entry_id = (select min(entry_id)"
        f"  from settlement_entry where settlement_id = {WAITING}) returning entry_id)"
        " update settlement set total = total + (select amount from entry join gone"
        f"  on entry.id = gone.entry_id) where id = {WAITING}",
    ),
    "a gateway in a cooperative's books": (
        "X1-books",
        "insert into account (organisation_id, kind, payee_id, label, currency)"
        f" select {COOPERATIVE}, 'clearing', id, '', 'IDR' from payee"
        f" where organisation_id = {COOPERATIVE}",
    ),
    "a drawer that is somebody else's": (
        "X1-books",
        "insert into account (organisation_id, kind, payee_id, label, currency)"
        f" select {COOPERATIVE}, 'cash', id, '', 'IDR' from payee where person_id is not null"
        " limit 1",
    ),
    "paid from another cooperative's drawer": (
        "X1-books",
        "insert into account (id, organisation_id, kind, payee_id, label, currency)"
        " select 9999, p.organisation_id, 'cash', p.id, '', 'IDR' from payee p"
        " where p.organisation_id is not null and p.organisation_id not in"
        "  (select organisation_id from account where kind = 'operator' union"
        f"  select a.organisation_id from account a join settlement s on s.account_id = a.id"
        f"  where s.id = {PAID}) limit 1",
        "update payout set source_id = 9999 where state = 'paid'",
    ),
}


@pytest.mark.parametrize("corruption", PLANTED)
def test_a_planted_corruption_breaks_its_promise_and_no_other(hand, corruption):
    promise, *deeds = PLANTED[corruption]
    for deed in deeds:
        assert hand.execute(text(deed)).rowcount != 0, deed
    assert fired(hand) == [promise]


def test_every_promise_has_its_corruption():
    assert {promise for promise, *_deeds in PLANTED.values()} == set(KNOWN)
