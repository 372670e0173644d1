"""Rivals in the books: whoever comes first, every rupiah is booked, settled and paid once."""

import random
import threading
import time
from contextlib import suppress

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app import create_app
from cooperatives import ledger, payouts, postings, promises_books, settlement
from cooperatives.ledger import NotEnough
from cooperatives.models.books import (
    Account,
    Entry,
    Journal,
    Kind,
    Payee,
    Payout,
    Settlement,
    SettlementEntry,
)
from cooperatives.models.settling import SettlementRound
from cooperatives.payouts import NotNow
from cooperatives.settling import rounds
from cooperatives.sharing import split_line
from core import doctor
from core.actors import SYSTEM
from core.db import db, in_transaction
from tests.conftest import environ
from tests.cooperatives.books_factories import (
    WEB,
    a_treasurer,
    account_of,
    bank,
    book,
    closed,
    earned_sale,
    maker_page,
    paid_sale,
    parties,
    sent_payout,
    stands,
    wait_until_decided,
)
from tests.cooperatives.factories import a_cooperative
from tests.crowd import tried_at_once

pytestmark = [pytest.mark.service, pytest.mark.race]
ROUNDS = 10


@pytest.fixture
def crowd(own_database):
    """An app with room for many at once, on a database of its own."""
    app = create_app(environ(own_database, LUMBUNG_THREADS="16"))
    with app.app_context():
        yield app
        db.session.remove()
        known = {promise.id: promise for promise in promises_books.ALL}
        assert doctor.examine_on(db.session(), known) == []
        db.session.remove()
        db.engine.dispose()


def errors(answers):
    return [answer for answer in answers if isinstance(answer, BaseException)]


def count(model):
    return db.session.scalar(select(func.count()).select_from(model))


@in_transaction(retries=3)
def earn(db, *, sharing, doc_id, amount, pause=0.0):
    """Something for the maker, from a transaction that takes its time to commit."""
    lines = [(maker_page(sharing), -amount), (bank(), amount)]
    journal = ledger.post(db, actor=SYSTEM, kind="test", doc=("thing", doc_id), lines=lines)
    time.sleep(pause)
    return journal.id


def entries(sharing):
    query = select(Entry.id, Entry.amount, Journal.posted_at).join(Journal)
    query = query.where(Entry.account_id == account_of(maker_page(sharing)))
    return {row.id: row for row in db.session.execute(query.order_by(Entry.id))}


def test_cuts_by_id_or_clock_skip_an_older_transaction_and_ours_does_not(crowd):
    sharing = parties()
    treasurer, page = a_treasurer(sharing.cooperative_id), maker_page(sharing)
    account_id = account_of(page)
    lines = [(page, -7_000), (bank(), 7_000)]
    account_of(bank())
    with Session(db.engine) as older:  # It has its ids and its time, and commits late.
        journal = ledger.post(older, actor=SYSTEM, kind="test", doc=("thing", 1), lines=lines)
        older.flush()
        earn(sharing=sharing, doc_id=2, amount=5_000)
        first = entries(sharing)
        by_id, by_clock = max(first), max(row.posted_at for row in first.values())
        db.session.rollback()
        assert settlement.close(actor=treasurer, account_id=account_id) is None
        assert journal.posted_at < by_clock
        older.commit()

    earn(sharing=sharing, doc_id=3, amount=3_000)
    later = entries(sharing)
    second_by_id = [row.amount for row in later.values() if row.id > by_id]
    second_by_clock = [row.amount for row in later.values() if row.posted_at > by_clock]
    taken_naively = sum(row.amount for row in first.values())
    for naive in (second_by_id, second_by_clock):
        assert taken_naively + sum(naive) == -8_000  # The older 7,000 are in neither.

    assert closed(sharing, treasurer).total == 15_000


def test_a_cut_that_was_taken_waits_for_whoever_was_older(crowd):
    sharing = parties()
    treasurer, page = a_treasurer(sharing.cooperative_id), maker_page(sharing)
    account_id = account_of(page)
    account_of(bank())
    earn(sharing=sharing, doc_id=1, amount=1_000)
    wait_until_decided()
    with Session(db.engine) as older:
        lines = [(page, -7_000), (bank(), 7_000)]
        ledger.post(older, actor=SYSTEM, kind="test", doc=("thing", 2), lines=lines)
        earn(sharing=sharing, doc_id=3, amount=5_000)
        taken = settlement.close(actor=treasurer, account_id=account_id)
        assert taken.total == 1_000  # What was decided before the older one began, and no more.
        older.commit()
    assert closed(sharing, treasurer).total == 12_000


def test_every_entry_is_settled_once_while_sales_run_and_two_treasurers_close(crowd):
    sharing = parties()
    treasurers = [a_treasurer(sharing.cooperative_id) for _ in range(2)]
    account_id = account_of(maker_page(sharing))
    account_of(bank())
    settled, tills_shut = [], threading.Semaphore(0)
    deadline = time.monotonic() + 60

    def sell(till):
        """Sell until the treasurers have closed three times in between."""
        chance, number = random.Random(till), 0
        while number < 10 or (len(settled) < 3 and time.monotonic() < deadline):
            amount = chance.randint(-400, 1_000) or 1
            pause = chance.choice([0, 0, 0.001, 0.02])
            number += 1
            earn(sharing=sharing, doc_id=f"{till}-{number}", amount=amount, pause=pause)
        tills_shut.release()

    def close(treasurer):
        while tills_shut._value < 3 and time.monotonic() < deadline + 5:
            done = settlement.close(actor=treasurer, account_id=account_id)
            settled.extend([done.id] if done else [])

    answers = tried_at_once(
        crowd,
        *(lambda till=till: sell(till) for till in range(3)),
        *(lambda treasurer=treasurer: close(treasurer) for treasurer in treasurers),
    )
    assert errors(answers) == []
    assert len(settled) >= 3, "the treasurers never met the sales"
    earn(sharing=sharing, doc_id="last", amount=50_000)  # So that nothing negative is left.
    assert closed(sharing, treasurers[0])
    taken = db.session.scalars(select(SettlementEntry.entry_id)).all()
    assert sorted(taken) == sorted(entries(sharing))
    totals = db.session.scalar(select(func.sum(Settlement.total)))
    assert totals == -stands(maker_page(sharing))


def test_two_treasurers_who_close_at_once_give_one_settlement(crowd):
    sharing = parties()
    treasurers = [a_treasurer(sharing.cooperative_id) for _ in range(4)]
    account_id = account_of(maker_page(sharing))
    for number in range(ROUNDS):
        earn(sharing=sharing, doc_id=number, amount=1_000)
        wait_until_decided()
        answers = tried_at_once(
            crowd,
            *(
                lambda who=who: settlement.close(actor=who, account_id=account_id)
                for who in treasurers
            ),
        )
        assert errors(answers) == []
        assert [answer.total for answer in answers if answer] == [1_000]


def test_two_treasurers_begin_one_round_while_sales_and_refunds_run(crowd):
    """A15: every entry stands in exactly one settlement, and what began together is one round."""
    cooperative_id = a_cooperative().id
    makers = [parties(cooperative_id=cooperative_id) for _ in range(4)]
    treasurers = [a_treasurer(cooperative_id) for _ in range(3)]
    account_of(bank())
    deadline, tills_shut, begun = time.monotonic() + 60, threading.Semaphore(0), []

    def sell(till):
        chance, number = random.Random(till), 0
        while number < 20 or (len(set(begun)) < 3 and time.monotonic() < deadline):
            number += 1
            amount = chance.choice([700, 900, 1_000, -300])  # A minus is a refund.
            earn(sharing=chance.choice(makers), doc_id=f"{till}-{number}", amount=amount)
        tills_shut.release()

    def close(treasurer):
        while tills_shut._value < 3 and time.monotonic() < deadline + 5:
            with suppress(rounds.NothingDue):
                found = rounds.begin(actor=treasurer, organisation_id=cooperative_id)
                begun.append(found.id)
                rounds.settle.run(found.id)

    answers = tried_at_once(
        crowd,
        *(lambda till=till: sell(till) for till in range(3)),
        *(lambda treasurer=treasurer: close(treasurer) for treasurer in treasurers),
    )
    assert errors(answers) == []
    assert len(set(begun)) >= 3, "the treasurers never met the sales"
    for number, sharing in enumerate(makers):  # So that nothing negative is left.
        earn(sharing=sharing, doc_id=f"last-{number}", amount=50_000)
    wait_until_decided()
    rounds.settle.run(rounds.begin(actor=treasurers[0], organisation_id=cooperative_id).id)
    posted = {entry_id for sharing in makers for entry_id in entries(sharing)}
    taken = db.session.scalars(select(SettlementEntry.entry_id)).all()
    assert sorted(taken) == sorted(posted)
    totals = db.session.scalar(select(func.sum(Settlement.total)))
    assert totals == -sum(stands(maker_page(sharing)) for sharing in makers)
    counted = db.session.scalar(select(func.sum(SettlementRound.settled)))
    assert counted == count(Settlement)


def test_treasurers_who_press_at_once_begin_one_round(crowd):
    sharing = parties()
    treasurers = [a_treasurer(sharing.cooperative_id) for _ in range(4)]
    for number in range(ROUNDS):
        earn(sharing=sharing, doc_id=number, amount=1_000)
        wait_until_decided()
        answers = tried_at_once(
            crowd,
            *(
                lambda who=who: rounds.begin(actor=who, organisation_id=sharing.cooperative_id).id
                for who in treasurers
            ),
        )
        assert errors(answers) == []
        assert len(set(answers)) == 1
        rounds.settle.run(answers[0])
    assert count(Settlement) == count(SettlementRound) == ROUNDS


def test_a_posting_does_not_wait_for_a_closer(crowd):
    sharing = parties()
    account_id = account_of(maker_page(sharing))
    earn(sharing=sharing, doc_id=1, amount=1_000)
    wait_until_decided()
    with Session(db.engine) as closer:
        closer.info["command"] = "close"
        assert settlement.close.within(closer, actor=SYSTEM, account_id=account_id)
        earn(sharing=sharing, doc_id=2, amount=5_000)  # It would end in Busy.
        closer.commit()
    assert stands(maker_page(sharing)) == -6_000


def test_the_same_page_is_opened_once_by_many(crowd):
    for _ in range(ROUNDS):
        sharing = parties()
        pages = sharing.lines(split_line(10_000, WEB))
        db.session.rollback()

        def open_all(db, actor, pages=pages):
            shuffled = random.sample([page for page, _amount in pages], len(pages))
            return {f.account_id for f in ledger.open_folios(db, shuffled).values()}

        answers = tried_at_once(crowd, *[lambda step=open_all: book(step=step)] * 6)
        assert errors(answers) == []
        assert all(answer == answers[0] for answer in answers)
    assert count(Account) == ROUNDS * 2 + 1
    assert count(Payee) == ROUNDS * 2 + 1


def test_the_same_fact_is_booked_once_by_many(crowd):
    sharing = parties()
    answers = tried_at_once(crowd, *[lambda: earn(sharing=sharing, doc_id=1, amount=1_000)] * 10)
    assert errors(answers) == []
    assert len(set(answers)) == 1
    assert count(Journal) == 1


def test_held_money_is_refunded_or_earned_and_never_both(crowd):
    sharing, shares = parties(), split_line(10_000, WEB)
    for number in range(ROUNDS):
        sale = paid_sale(10_000)
        facts = {"sale": sale}
        answers = tried_at_once(
            crowd,
            lambda n=number, f=facts: book(
                step=postings.earned, parcel_id=n, shared=[(sharing, shares)], **f
            ),
            lambda n=number, f=facts: book(step=postings.refunded, refund_id=n, amount=10_000, **f),
        )
        assert [type(error) for error in errors(answers)] == [NotEnough]
        assert stands(sale.page(Kind.HELD)) == 0


def test_a_settlement_gets_one_payout_and_its_money_leaves_once(crowd):
    sharing = parties()
    crew = [a_treasurer(sharing.cooperative_id) for _ in range(4)]
    earned_sale((sharing, 36_000))
    owed, source_id = closed(sharing, crew[0]), account_of(bank())
    facts = {"settlement_id": owed.id, "source_id": source_id}
    for _ in range(ROUNDS):
        answers = tried_at_once(
            crowd, *(lambda who=who: payouts.prepare(actor=who, **facts) for who in crew)
        )
        assert [type(error) for error in errors(answers)] == [NotNow] * 3
        (payout,) = (answer for answer in answers if isinstance(answer, Payout))
        payouts.cancel(actor=crew[0], payout_id=payout.id, reason="sekali lagi")
    payout = sent_payout(owed, crew[0], crew[1])
    confirmations = [lambda: payouts.confirm(actor=crew[0], payout_id=payout.id)] * 6
    assert errors(tried_at_once(crowd, *confirmations)) == []
    assert stands(bank()) == -33_480


def test_confirming_and_losing_at_once_books_what_was_decided(crowd):
    sharing = parties()
    first, second = (a_treasurer(sharing.cooperative_id) for _ in range(2))
    paid = 0
    for _ in range(ROUNDS):
        earned_sale((sharing, 36_000))
        payout_id = sent_payout(closed(sharing, first), first, second).id
        facts = {"actor": first, "payout_id": payout_id}
        answers = tried_at_once(
            crowd,
            lambda f=facts: payouts.confirm(**f),
            lambda f=facts: payouts.lose(reason="tidak ada kabar", **f),
        )
        assert [type(error) for error in errors(answers)] == [NotNow]
        state = db.session.scalar(select(Payout.state).where(Payout.id == payout_id))
        paid += state == "paid"
        assert stands(bank()) == -33_480 * paid
