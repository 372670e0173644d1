"""Withheld tax is handed over to the state: never more, with proof, by two people, booked once."""

from uuid import uuid4

import pytest
from flask import current_app

from cooperatives import ledger
from cooperatives.accounts import own
from cooperatives.membership import promises, vouchers
from cooperatives.models.books import Kind
from cooperatives.settling import tax_paying
from cooperatives.settling.tax_settings import TaxSettings
from core import clock, files
from core.db import db
from core.errors import NotFound
from tests.cooperatives.books_factories import (
    a_treasurer,
    bank,
    book,
    closed,
    earned_sale,
    house_id,
    parties,
    stands,
)
from tests.cooperatives.factories import broken
from tests.cooperatives.test_books_pages import browser_of
from tests.factories import send

pytestmark = pytest.mark.service


@pytest.fixture
def maker(session):
    return parties()


@pytest.fixture
def treasurer(maker):
    return a_treasurer(maker.cooperative_id)


@pytest.fixture
def withheld(session, maker, treasurer):
    """Rp 180 was withheld of a settlement."""
    current_app.extensions["settings"][TaxSettings] = TaxSettings(pph22_from="2026-01-01")
    earned_sale((maker, 36_000))
    closed(maker, treasurer)
    return tax_paying.to_hand_over(db.session())


def handed_over(actor, amount, **more):
    told = {
        "act_id": uuid4(), "money": "bank:bri", "happened_on": clock.today(),
        "words": "PPh 22 Oktober, NTPN 1", "proof": files.store(b"%PDF-1.7 bukti"),
    }  # fmt: skip
    return tax_paying.hand_over(actor=actor, amount=amount, **(told | more))


def test_withheld_tax_is_handed_over_by_two_people_with_proof(withheld):
    house = house_id()
    first, second = a_treasurer(house), a_treasurer(house)
    assert withheld == 180
    with pytest.raises(tax_paying.ProofNeeded):
        handed_over(first, 180, proof=None)
    with pytest.raises(vouchers.TooMuch):
        handed_over(first, 181)
    voucher = handed_over(first, 180)
    with pytest.raises(vouchers.SecondPerson):
        vouchers.agree(actor=first, voucher_id=voucher.id)
    assert tax_paying.to_hand_over(db.session()) == 180
    vouchers.agree(actor=second, voucher_id=voucher.id)
    assert tax_paying.to_hand_over(db.session()) == 0
    assert stands(bank()) == -180
    assert files.list_of(db.session(), ("voucher", voucher.id))
    vouchers.undo(actor=first, voucher_id=voucher.id, reason="salah bulan")
    assert tax_paying.to_hand_over(db.session()) == 180
    assert broken(promises.ALL) == set()


def test_more_tax_handed_over_than_was_withheld_is_found(withheld):
    tax_page, bank_page = own(Kind.TAX, house_id()), bank()
    book(step=ledger.post, kind="planted", doc=("thing", 1),
         lines=[(tax_page, 181), (bank_page, -181)])  # fmt: skip
    assert broken(promises.ALL) == {"V5"}


def test_only_the_house_hands_tax_over_and_a_form_keeps_what_was_typed(app, withheld, treasurer):
    with pytest.raises(NotFound):
        handed_over(treasurer, 180)
    browser = browser_of(app, house_id())
    page = browser.get("/kas/pajak/setor")
    assert "Rp\xa0180" in page.text
    answer = send(browser, "/kas/pajak/setor", act_id=uuid4(), amount="180", money="cash:kas",
                  month="Oktober", number="NTPN-7", day=clock.today().isoformat())  # fmt: skip
    assert "Sertakan foto" in answer.text
    assert "NTPN-7" in answer.text
