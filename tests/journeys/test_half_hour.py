"""The coordinator's half hour at the bus terminal: she works down the list, and it grows empty."""

import pytest
from playwright.sync_api import expect

from cooperatives.accounts import Owner
from cooperatives.half_hour import fairness
from cooperatives.reconciling import comparing
from cooperatives.rights import COORDINATE
from core.actors import SYSTEM, Actor
from core.db import db
from core.people import Person
from tests.cooperatives.books_factories import earned_sale, parties
from tests.cooperatives.factories import a_seller
from tests.cooperatives.half_hour.factories import (
    a_member_on_paper,
    a_short_drawer,
    a_silent_member,
    a_village,
    an_ending_permit,
    joins,
)
from tests.factories import a_person, give

pytestmark = pytest.mark.browser
UMI = "081366662222"


def a_morning():
    """A drawer that lacks money, a member without news, a permit, a paper, and uneven sales."""
    village = a_village()
    give(Actor(a_person("Umi", phone="+62" + UMI[1:]).id), COORDINATE, village.id)
    a_short_drawer(village)
    a_silent_member(village)
    an_ending_permit(village)
    a_member_on_paper(village)
    db.session.get(Person, village.shop.person_id).phone = "+6281277776666"
    shops = [a_seller(village.cooperative) for _ in range(5)]
    for shop, sold in zip(shops, (80_000, 10_000, 0, 0, 0), strict=True):
        joins(village, shop.person_id, days=1)
        if sold:
            earned_sale((parties(Owner(person_id=shop.person_id), village.id), sold))
    db.session.commit()
    (comparison,) = (one for one in comparing.COMPARISONS if one.kind is fairness.UNEVEN)
    comparing.compare(actor=SYSTEM, comparison=comparison)
    return village


def test_she_works_down_the_list_until_nothing_waits(committed, phone, desk):
    village = a_morning()
    paid_to = village.kiosk.name
    db.session.remove()
    umi = phone.sign_in(UMI)
    lines = umi.locator(".day > li")
    phone.go("/koord").must_be_usable()
    phone.keep("half-hour")
    expect(lines).to_have_count(5)

    lines.filter(has_text=f"Uang di {paid_to} kurang").get_by_role("link").click()
    expect(umi.get_by_text("Menurut buku")).to_be_visible()
    phone.must_be_usable()
    phone.keep("half-hour-drawer")
    umi.get_by_label("Catatan").fill("Salah kembalian, sudah diganti")
    umi.get_by_role("button", name="Sudah saya urus").click()
    expect(lines).to_have_count(4)

    lines.filter(has_text="Lama tidak ada kabar").get_by_role("link").click()
    expect(umi.get_by_role("link", name="0812-7777-6666")).to_be_visible()
    phone.must_be_usable()
    umi.get_by_role("button", name="Sudah saya hubungi").click()
    expect(lines).to_have_count(3)

    lines.filter(has_text="menunggu kertasnya").get_by_role("link").click()
    phone.must_be_usable()
    phone.keep("letters")
    umi.get_by_role("button", name="Semua sudah dibagikan").click()
    expect(umi.get_by_text("Semua kertas sudah dibagikan.")).to_be_visible()

    phone.go("/koord")
    lines.filter(has_text="Izin ").get_by_role("link").click()
    umi.get_by_role("button", name="Sudah dibicarakan").click()
    expect(lines).to_have_count(1)

    lines.filter(has_text="Ajak yang lain").get_by_role("link").click()
    expect(umi.get_by_text("Seperlima anggota teratas menjual lebih")).to_be_visible()
    phone.must_be_usable()
    phone.keep("fairness")
    umi.get_by_role("link", name="Rp 80.000").click()
    phone.must_be_usable()
    umi.go_back()
    umi.get_by_role("button", name="Sudah ada rencana").click()
    expect(umi.get_by_text("Tidak ada yang menunggu sekarang")).to_be_visible()
    phone.must_be_usable()

    desk.sign_in(UMI)
    for page in ("/koord", "/koord/adil", "/koord/tanpa-hp", "/koord/urusan/silent"):
        desk.go(page).must_be_usable()
