"""Builders for the books: who shares, what was sold, and who may open which page."""

import itertools
import time

from sqlalchemy import text

from cooperatives import ledger, pay_ways, payouts, postings, settlement
from cooperatives.accounts import Owner, own
from cooperatives.consignment import DEFAULT_RATES
from cooperatives.models.books import Kind
from cooperatives.postings import Parties, Sale
from cooperatives.rights import TREASURE
from cooperatives.settling import batches
from cooperatives.sharing import split_line
from core import access, orgs
from core.actors import SYSTEM, Actor
from core.db import db, in_transaction
from core.people import Person
from tests.cooperatives.factories import a_cooperative

numbers = itertools.count(1)
WEB = DEFAULT_RATES["web", "home"]
COUNTER = DEFAULT_RATES["counter", "kiosk"]


def house_id():
    return orgs.operator(db.session()).id


@in_transaction(retries=3)
def book(db, *, step, **facts):
    """Run one posting function in a transaction of its own, as the house."""
    return step(db, **{"actor": SYSTEM, **facts})


def clearing(gateway="midtrans"):
    return own(Kind.CLEARING, house_id(), gateway)


def bank(organisation_id=None):
    return own(Kind.BANK, organisation_id or house_id(), "bri")


def somebody():
    """A person who never signs in: hashing her PIN would cost more than the whole test."""
    name = f"Orang {next(numbers)}"
    person = Person(name=name, call_me=name)
    db.session.add(person)
    db.session.commit()
    return person.id


def a_maker():
    return Owner(person_id=somebody())


def parties(maker=None, cooperative_id=None, **more):
    return Parties(
        house_id=house_id(),
        maker=maker or a_maker(),
        cooperative_id=cooperative_id or a_cooperative().id,
        **more,
    )


def a_sale():
    return Sale(house_id(), f"order-{next(numbers)}")


def paid_sale(amount, *, money=None):
    """An order whose buyer has paid."""
    sale, attempt_id = a_sale(), next(numbers)
    money = money or clearing()
    book(step=postings.captured, sale=sale, attempt_id=attempt_id, money=money, amount=amount)
    return sale


def earned_sale(*lines, rate=WEB):
    """An order of one parcel that has run its whole course; lines are (parties, gross)."""
    sale = paid_sale(sum(gross for _parties, gross in lines))
    shared = [(sharing, split_line(gross, rate)) for sharing, gross in lines]
    book(step=postings.earned, sale=sale, parcel_id=f"parcel-{next(numbers)}", shared=shared)
    return sale


def stands(page):
    return ledger.balance(db.session(), page)


def maker_page(sharing):
    return sharing.lines(split_line(0, WEB))[0][0]


def account_of(page):
    """The account behind a page, opened if need be."""
    return book(step=lambda db, actor: ledger.open_folios(db, [page])[page].account_id)


def a_treasurer(*organisation_ids):
    actor = Actor(somebody())
    for organisation_id in organisation_ids:
        access.give(
            actor=SYSTEM, person_id=actor.person_id, right=TREASURE, subject_id=organisation_id
        )
    return actor


def closed(sharing, treasurer):
    """Close the maker's account as soon as nobody older can still write to it."""
    wait_until_decided()
    return settlement.close(actor=treasurer, account_id=account_of(maker_page(sharing)))


DECIDED_SECONDS = 400


def wait_until_decided():
    """Wait for other tests' transactions: the cut waits for every open writer on the server.

    A test that is rolled back is one open writer from beginning to end, and the matrix of the house
    is such a test for minutes: that long a test on another worker may have to wait here.
    """
    newest = "select coalesce(max(xid::text::bigint), 0) from journal"
    deadline = time.monotonic() + DECIDED_SECONDS
    while db.session.scalar(text(newest)) >= settlement.present_cut(db.session()):
        if db.session.scalar(text("select pg_current_xact_id_if_assigned() is not null")):
            return  # In a test that is rolled back, what is posted is our own.
        assert time.monotonic() < deadline, "somebody never commits"
        db.session.rollback()
        time.sleep(0.02)
    db.session.rollback()


def sent_payout(owed, maker, approver, *, source=None):
    """A payout of a settlement, approved by another person and on its way."""
    source_id = account_of(source or bank())
    payout = payouts.prepare(actor=maker, settlement_id=owed.id, source_id=source_id)
    payouts.approve(actor=approver, payout_id=payout.id)
    return payouts.send(actor=maker, payout_id=payout.id, reference_no=f"TRX-{payout.id}")


def owed_without_an_order(sharing, amount, kind="test"):
    """Something for the maker against the bank, where no order may be invented."""
    lines = [(maker_page(sharing), -amount), (bank(), amount)]
    book(step=ledger.post, kind=kind, doc=("thing", next(numbers)), lines=lines)


def an_account_for(sharing, number="012345678901", bank="bri", name="Nur Aini"):
    """She is paid to an account, and the wait is over."""
    target = pay_ways.Target(bank, number, name)
    way = pay_ways.change(actor=Actor(sharing.maker.person_id), target=target)
    past = "update pay_way set asked_at = now() - interval '9 days',"
    past += " in_force_at = now() - interval '6 days' where id = :id"
    db.session.execute(text(past), {"id": way.id})
    db.session.commit()
    db.session.expire_all()
    return way


def a_sent_batch(cooperative_id, makers, maker, approver):
    """A list of transfers to these makers, agreed to and taken by the bank."""
    for sharing in makers:
        an_account_for(sharing)
        owed_without_an_order(sharing, 9_300)
        closed(sharing, maker)
    source_id = account_of(bank())
    batch = batches.prepare(actor=maker, organisation_id=cooperative_id, source_id=source_id)
    batches.approve(actor=approver, batch_id=batch.id)
    batches.begin(actor=maker, batch_id=batch.id)
    batches.send(actor=maker, batch_id=batch.id, reference_no="BRI-77")
    return batch
