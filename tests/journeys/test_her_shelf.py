"""She looks at her goods while the kiosk sells: the figures follow by themselves."""

import pytest
from playwright.sync_api import expect

from cooperatives.counter import Scan
from core.actors import SYSTEM
from tests.cooperatives.factories import (
    a_cooperative,
    a_doc,
    a_listing,
    a_lot,
    a_place,
    a_variant,
    sell,
)
from tests.orders.till.factories import a_kiosk, line
from tests.orders.till.factories import sell as at_the_till
from tests.sellers.factories import a_shop

pytestmark = pytest.mark.browser


def test_a_sale_at_the_counter_shows_on_her_open_page_within_five_seconds(committed, phone):
    cooperative = a_cooperative()
    shop, _ = a_shop(organisation=cooperative)
    kiosk, size = a_place(cooperative=cooperative), a_variant(a_listing(shop))
    a_lot(size, kiosk, 10)
    page = phone.sign_in()
    phone.go("/ibu/titip").must_be_usable()
    on_shelf, sold = (page.locator(f'[data-figure="{name}"]') for name in ("shelf", "sold"))
    expect(on_shelf).to_have_text("10")
    sell(actor=SYSTEM, place_id=kiosk.id, doc=a_doc("order"), lines=[Scan(size.id, 3)])
    expect(sold).to_have_text("3", timeout=5_000)
    expect(on_shelf).to_have_text("7")
    expect(page.locator("[data-level]")).to_have_text("7")
    phone.keep("titip")


def test_her_first_page_follows_the_till_within_five_seconds(committed, phone):
    kiosk = a_kiosk()
    shop, _ = a_shop(organisation=kiosk.cooperative)
    size = a_variant(a_listing(shop), price=20_000)
    a_lot(size, kiosk.kiosk, 10)
    page = phone.sign_in()
    phone.go("/ibu").must_be_usable()
    shelf, sold, due = (
        page.locator(f'[data-figure="{name}"]') for name in ("shelf", "sold", "due")
    )
    expect(sold).to_have_text("0")
    at_the_till(kiosk, line(size, 3, owner=shop))
    expect(sold).to_have_text("3", timeout=5_000)
    expect(shelf).to_have_text("7")
    expect(due).to_have_text("Rp 51.000")  # She has shown her PIN a moment ago.
    phone.keep("ibu")
