"""Rivals over transfers, statement lines and carried cash: each rupiah is taken in once."""

import uuid

import pytest

from app import create_app
from core import doctor
from core.db import db
from core.errors import DomainError
from orders import cash_desk, handover, money_pages, statement_matching, statements
from orders.cash_desk import NotThatMuch
from orders.models import Attempt, BankFile, BankLine, Refund
from orders.states import IllegalMove
from tests.conftest import environ
from tests.cooperatives.books_factories import stands
from tests.crowd import tried_at_once
from tests.orders.bank_factories import a_file, a_line
from tests.orders.factories import a_market, attempt_of, order
from tests.orders.test_cash import on_the_way

pytestmark = [pytest.mark.service, pytest.mark.race]


@pytest.fixture
def crowd(own_database):
    more = {"LUMBUNG_THREADS": "12", "LUMBUNG_TRANSFER_CODE_RUPIAH_MAX": "12"}
    app = create_app(environ(own_database, **more))
    with app.app_context():
        yield app
        db.session.remove()
        assert doctor.examine() == []
        db.session.remove()
        db.engine.dispose()


def test_orders_of_one_moment_ask_for_different_sums(crowd):
    market = a_market(units=60)
    answers = tried_at_once(crowd, *(lambda: order((market.tiwul, 1)).id for _ in range(8)))
    assert {type(answer) for answer in answers} == {uuid.UUID}
    asked = [attempt.amount for attempt in db.session.query(Attempt)]
    assert len(set(asked)) == len(asked) == 8


def test_a_line_that_many_match_is_taken_in_once(crowd):
    market = a_market()
    first, second = order((market.tiwul, 1)), order((market.tiwul, 1))
    amount = attempt_of(first).amount
    line_id = a_line(amount=amount, actor=market.treasurers[0]).id
    targets = [attempt_of(first).id, attempt_of(second).id]

    def match(actor, attempt_id):
        return statement_matching.match(actor=actor, line_id=line_id, attempt_id=attempt_id)

    answers = tried_at_once(
        crowd,
        *(
            lambda a=actor, t=target: match(a, t)
            for actor in market.treasurers
            for target in targets
        ),
    )
    assert sorted(map(str, map(type, answers))) == sorted(
        map(str, [bool, IllegalMove, IllegalMove, IllegalMove])
    )
    house = market.house
    assert stands(money_pages.bank(house)) == amount
    assert db.session.query(BankLine).filter_by(state="matched").count() == 1


def test_a_file_that_many_bring_is_kept_once(crowd):
    market = a_market()
    content = a_file((5_000, "a"), (5_000, "a"), (7_000, "b"))
    sheet = statements.read(content)

    def keep(actor):
        return statements.keep(actor=actor, content=content, sheet=sheet).id

    answers = tried_at_once(crowd, *(lambda a=actor: keep(a) for actor in market.treasurers * 2))
    assert {answer for answer in answers if isinstance(answer, int)} == {
        file.id for file in db.session.query(BankFile)
    }
    assert not [a for a in answers if not isinstance(a, int | DomainError)]
    assert (db.session.query(BankFile).count(), db.session.query(BankLine).count()) == (1, 3)


def test_cash_that_many_hand_in_is_booked_no_more_than_it_is(crowd):
    market = a_market()
    placed, parcel = on_the_way(market)
    handover.deliver(actor=market.weaves, parcel_id=parcel.id, cash_taken=True)
    total, house, seller_id = placed.total, market.house, market.weaver.id

    def hand_in(actor):
        return cash_desk.hand_in(
            actor=actor, act_id=uuid.uuid4(), seller_id=seller_id, amount=total
        )

    answers = tried_at_once(crowd, *(lambda a=actor: hand_in(a) for actor in market.treasurers * 2))
    assert [type(answer) for answer in answers].count(NotThatMuch) == 3
    assert stands(money_pages.carried(house, seller_id)) == 0
    assert db.session.query(Refund).count() == 0
