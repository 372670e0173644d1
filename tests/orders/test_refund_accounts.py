"""Where a refund by hand goes to: given by the buyer, sealed, fixed in time, and forgotten."""

from dataclasses import replace
from datetime import timedelta

import pytest
import time_machine
from flask import current_app
from sqlalchemy import text

from cooperatives import banks
from core import clock
from core.actors import GUEST, Actor
from core.config import settings
from core.db import db, in_transaction
from core.errors import NotFound, TooMany
from core.settings import CoreSettings
from orders import refund_accounts, refunds
from orders.models import Claim, Refund, RefundAccount
from orders.privacy import KEEPER
from orders.refund_accounts import Target
from orders.states import IllegalMove
from tests.factories import a_person
from tests.orders.claim_factories import came
from tests.orders.factories import a_market, parcels_of, rules
from tests.orders.test_claim_money import granted

pytestmark = pytest.mark.service
PHONE, NUMBER = "+6281234567890", "0123456789012"
TARGET = Target("bri", "0123-4567 8901.2", "Joko Widodo")


@pytest.fixture
def market(app):
    return a_market()


@pytest.fixture
def owed(market):
    """An order to whose buyer money has to go back by hand."""
    placed, parcel = came(market, (market.batik, 3))
    granted(market, parcel, 1)
    return placed, db.session.query(Refund).one()


def give(placed, target=TARGET, phone=PHONE):
    refund_accounts.give(actor=GUEST, order_id=placed.id, phone=phone, target=target)
    db.session.expire_all()
    return db.session.get(RefundAccount, placed.id)


def begin(market, refund, by=0):
    refund_accounts.begin(actor=market.treasurers[by], refund_id=refund.id)
    db.session.expire_all()


def opened(market, placed, refund):
    account = refund_accounts.of_order(db.session(), placed.id)
    return refund_accounts.opened(db.session(), market.treasurers[0], account, refund)


def everything_written():
    """Every text and byte the database keeps, as one string."""
    names = db.session.scalars(
        text(
            "select table_name from information_schema.tables where table_schema = 'public'"
            " and table_type = 'BASE TABLE'"
        )
    ).all()
    rows = (db.session.execute(text(f'select t::text from "{name}" t')).scalars() for name in names)
    return "\n".join(row for table in rows for row in table)


def test_the_number_is_sealed_and_only_its_end_is_kept_readable(owed):
    placed, _refund = owed
    account = give(placed)
    assert (account.bank, account.tail) == ("bri", "9012")
    kept = everything_written()
    assert NUMBER not in kept
    assert NUMBER.encode().hex() not in kept
    assert "Joko Widodo" not in kept


def test_only_a_treasurer_who_has_begun_reads_it(market, owed):
    placed, refund = owed
    give(placed)
    assert opened(market, placed, refund) is None
    begin(market, refund)
    assert opened(market, placed, refund) == Target("bri", NUMBER, "Joko Widodo")
    account = refund_accounts.of_order(db.session(), placed.id)
    for who in (market.weaves, market.keeps, GUEST):
        with pytest.raises(NotFound):
            refund_accounts.opened(db.session(), who, account, refund)
        with pytest.raises(NotFound):
            refund_accounts.begin(actor=who, refund_id=refund.id)


def test_it_can_be_changed_until_a_treasurer_has_begun(market, owed):
    placed, refund = owed
    give(placed)
    assert give(placed, Target("dana", "081234567890", "Joko")).tail == "7890"
    begin(market, refund)
    with pytest.raises(refund_accounts.BeingSent):
        give(placed)
    refund_accounts.ask_again(actor=market.treasurers[1], refund_id=refund.id)
    assert give(placed).begun_at is None


def test_what_was_sent_without_looking_is_fixed_too(market, owed):
    placed, refund = owed
    give(placed)
    refunds.send(actor=market.treasurers[0], refund_id=refund.id)
    with pytest.raises(NotFound):  # Nothing waits to be sent any more.
        give(placed)
    with pytest.raises(IllegalMove):
        begin(market, refund)


def test_the_link_alone_redirects_no_money(owed):
    placed, _refund = owed
    for phone in ("+6281299990000", "", None):
        with pytest.raises(refund_accounts.NotThatPhone):
            give(placed, phone=phone)


def test_guessing_the_phone_is_stopped(owed):
    placed, _refund = owed
    rules(refund_account_tries=2)
    for _ in range(2):
        refund_accounts.spend_try(placed.id, "10.0.0.1")
    with pytest.raises(TooMany):
        refund_accounts.spend_try(placed.id, "10.0.0.2")


def test_nothing_is_asked_where_nothing_is_owed(market):
    placed, _parcel = came(market, (market.batik, 1))
    assert not refund_accounts.is_needed(db.session(), placed.id)
    with pytest.raises(NotFound):
        give(placed)


@pytest.mark.parametrize(
    ("bank", "number"),
    [
        ("bri", "1234567"),
        ("bri", "1" * 19),
        ("bri", "11111111"),
        ("bri", "12345678a"),
        ("bri", "１２３４５６７８"),
        ("dana", "12345678901"),
        ("dana", "0812345"),
        ("bank desa", "12345678"),
        ("", "12345678"),
    ],
)
def test_a_number_no_bank_has_is_refused(owed, bank, number):
    placed, _refund = owed
    assert not banks.fits(bank, banks.plain(number))
    with pytest.raises(refund_accounts.OddNumber):
        give(placed, Target(bank, number, "Joko"))


def test_it_is_forgotten_some_days_after_the_money_went(market, owed):
    placed, refund = owed
    give(placed)
    begin(market, refund)
    with time_machine.travel(clock.now() + timedelta(days=90), tick=False):
        refund_accounts.forget_refund_accounts.run()
        assert refund_accounts.of_order(db.session(), placed.id) is not None  # Still owed.
    refunds.send(actor=market.treasurers[0], refund_id=refund.id)
    refunds.confirm(actor=market.treasurers[1], refund_id=refund.id)
    db.session.expire_all()
    assert opened(market, placed, db.session.get(Refund, refund.id)) is None
    for days, is_kept in ((29, True), (31, False)):
        with time_machine.travel(clock.now() + timedelta(days=days), tick=False):
            refund_accounts.forget_refund_accounts.run()
        db.session.expire_all()
        assert (refund_accounts.of_order(db.session(), placed.id) is not None) == is_kept
    gone = db.session.get(RefundAccount, placed.id)
    assert (gone.bank, gone.tail, gone.sealed) == ("", "", b"")


def test_after_the_key_has_changed_she_is_asked_again(market, owed, monkeypatch):
    placed, refund = owed
    give(placed)
    begin(market, refund)
    known = settings(CoreSettings)
    changed = replace(known, secret_key="another-" * 6)
    monkeypatch.setitem(current_app.extensions["settings"], CoreSettings, changed)
    assert opened(market, placed, refund) is None


def test_erasing_her_data_takes_account_and_words_along(market):
    buyer = Actor(a_person(phone="+6281299998888").id)
    placed, parcel = came(market, (market.batik, 3), actor=buyer)
    claim = granted(market, parcel, 1)
    claim.more_words = "Joko bilang rusak"
    db.session.commit()
    give(placed)
    reasons = [str(reason) for reason in KEEPER.reasons_to_wait(db.session(), buyer.person_id)]
    assert any("uang yang harus kembali" in reason for reason in reasons)
    assert KEEPER.export(db.session(), buyer.person_id)["refund_accounts"][0]["tail"] == "9012"
    erase(person_id=buyer.person_id)
    db.session.expire_all()
    gone, told = db.session.get(RefundAccount, placed.id), db.session.get(Claim, claim.id)
    assert (gone.sealed, gone.tail, told.words, told.more_words) == (b"", "", "", "")


@in_transaction()
def erase(db, *, person_id):
    KEEPER.erase(db, person_id)


def test_a_second_refund_begins_for_itself(market, owed):
    placed, refund = owed
    give(placed)
    begin(market, refund)
    refunds.send(actor=market.treasurers[0], refund_id=refund.id)
    refunds.confirm(actor=market.treasurers[1], refund_id=refund.id)
    granted(market, parcels_of(placed)[0], 1)
    second = db.session.query(Refund).filter(Refund.state == "due").one()
    assert opened(market, placed, second) is None
    assert give(placed).begun_at is None
