"""Money adds up for any page, person, place or day, and each figure opens into its journals."""

import csv
import io
import re
from datetime import timedelta
from types import SimpleNamespace

import pytest

from cooperatives import ledger, payouts
from cooperatives.accounts import own
from cooperatives.models.books import Kind
from cooperatives.reconciling import comparing, journals, money
from cooperatives.reconciling.asked import Days, Sums
from cooperatives.reconciling.books import Asked
from cooperatives.reconciling.moves import ADJUSTED, CAME, LEFT
from cooperatives.rights import TREASURE
from core import clock, orgs, tasks
from core.actors import SYSTEM, Actor
from core.db import db, in_transaction
from core.errors import NotFound
from tests.cooperatives.books_factories import (
    a_treasurer,
    account_of,
    bank,
    book,
    closed,
    earned_sale,
    house_id,
    maker_page,
    parties,
    sent_payout,
)
from tests.cooperatives.factories import a_cooperative, a_place
from tests.factories import a_person, give, sign_in

pytestmark = pytest.mark.service


@pytest.fixture
def world(app):
    """Two members of a cooperative who sold, one who was paid, and a neighbour's books."""
    ours, theirs = a_cooperative(), a_cooperative()
    nur, tri = parties(cooperative_id=ours.id), parties(cooperative_id=ours.id)
    guest = parties(cooperative_id=theirs.id)
    earned_sale((nur, 36_000), (tri, 42_000), (guest, 10_000))
    umi = Actor(a_person("Umi", phone="+6281355550009").id)
    give(umi, TREASURE, ours.id)
    return SimpleNamespace(ours=ours, theirs=theirs, nur=nur, tri=tri, guest=guest, umi=umi)


@pytest.fixture
def paid(world):
    """Bu Nur has been paid what she earned."""
    second = a_treasurer(world.ours.id)
    source = bank(world.ours.id)
    sent = sent_payout(closed(world.nur, world.umi), world.umi, second, source=source)
    payouts.confirm(actor=world.umi, payout_id=sent.id)
    return world


def today():
    return Days(clock.today(), clock.today())


def asked(actor, days=None, **about):
    return money.account(db.session(), actor, Asked(days or today(), **about))


def of_page(sharing):
    return account_of(maker_page(sharing))


def test_a_member_adds_up_to_what_is_owed_to_her(paid):
    found = asked(paid.umi, person_id=paid.nur.maker.person_id)
    assert [(line.kind, line.sums) for line in found.lines] == [
        ("maker", Sums(0, 33_480, 33_480, 0, 0))
    ]
    (line,) = asked(paid.umi, person_id=paid.tri.maker.person_id).lines
    assert line.sums == Sums(0, 39_060, 0, 0, 39_060)


def test_what_came_before_the_days_is_the_opening(paid):
    tomorrow = Days(*[clock.today() + timedelta(days=1)] * 2)
    (line,) = asked(paid.umi, tomorrow, account_id=of_page(paid.tri)).lines
    assert line.sums == Sums(39_060, 0, 0, 0, 39_060)


def test_books_add_up_by_kind_and_a_kind_by_page(paid):
    whole = {line.kind: line.sums for line in asked(paid.umi).lines}
    assert whole["maker"] == Sums(0, 72_540, 33_480, 0, 39_060)
    assert whole["bank"] == Sums(0, 0, 33_480, 0, -33_480)
    by_page = asked(paid.umi, kind="maker")
    assert by_page.total == whole["maker"]
    assert {line.account_id for line in by_page.lines} == {of_page(paid.nur), of_page(paid.tri)}


def test_what_puts_a_record_right_is_a_correction(world):
    (entry,) = journals.list_entries(
        db.session(), world.umi, Asked(today(), account_id=of_page(world.tri))
    )
    in_transaction()(ledger.undo)(actor=SYSTEM, journal_id=entry.Journal.id, reason="salah")
    (line,) = asked(world.umi, account_id=of_page(world.tri)).lines
    assert line.sums == Sums(0, 39_060, 0, -39_060, 0)


def test_a_page_is_added_up_from_its_beginning_and_compared(paid):
    assert asked(paid.umi, account_id=of_page(paid.tri)).is_whole
    assert asked(paid.umi, kind="maker").is_whole is None


def test_a_place_has_its_drawer_its_sheet_and_nothing_of_others(world):
    kiosk = a_place(cooperative=world.ours)
    drawer = own(Kind.CASH, world.ours.id, kiosk.slug)
    sheet = own(Kind.CLEARING, house_id(), f"qris:{kiosk.slug}")
    book(step=ledger.post, kind="moved", doc=("cash", "1"),
         lines=[(drawer, 5_000), (bank(world.ours.id), -5_000)])  # fmt: skip
    book(step=ledger.post, kind="moved", doc=("till", "1"),
         lines=[(sheet, 2_000), (drawer, -2_000)])  # fmt: skip
    found = {line.kind: line.sums for line in asked(world.umi, place_id=kiosk.id).lines}
    assert found == {
        "cash": Sums(0, 5_000, 2_000, 0, 3_000),
        "clearing": Sums(0, 2_000, 0, 0, 2_000),
    }


def test_a_neighbours_books_are_not_there(paid):
    away = a_place(cooperative=paid.theirs)
    for about in (
        {"book_id": paid.theirs.id},
        {"account_id": of_page(paid.guest)},
        {"person_id": paid.guest.maker.person_id},
        {"place_id": away.id},
    ):
        with pytest.raises(NotFound):
            asked(paid.umi, **about)
    stranger = a_treasurer(a_cooperative().id)
    assert asked(stranger).lines == []
    entry = journals.list_entries(db.session(), paid.umi, Asked(today()))[0]
    with pytest.raises(NotFound):
        journals.get_journal(db.session(), stranger, entry.Journal.id)


def test_each_figure_opens_into_its_journals(paid):
    about = Asked(today(), account_id=of_page(paid.nur))

    def behind(way):
        return sum(
            row.amount for row in journals.list_entries(db.session(), paid.umi, about, way=way)
        )

    found = {way: behind(way) for way in (CAME, LEFT, ADJUSTED)}
    assert found == {CAME: 33_480, LEFT: -33_480, ADJUSTED: 0}


def test_lists_go_on_where_they_ended(paid):
    about, session = Asked(today()), db.session()
    every = [row.entry_id for row in journals.list_entries(session, paid.umi, about)]
    again, last = [], None
    while page := journals.list_entries(session, paid.umi, about, before=last, most=2):
        again += [row.entry_id for row in page]
        last = again[-1]
    assert again == every
    assert len(every) > 4


def test_the_house_opens_a_whole_journal_and_a_cooperative_its_own_lines(world):
    (entry,) = journals.list_entries(
        db.session(), world.umi, Asked(today(), account_id=of_page(world.tri))
    )
    hers = journals.get_journal(db.session(), world.umi, entry.Journal.id)
    assert {line.page_kind for line in hers.lines} == {"maker", "cooperative"}
    assert hers.elsewhere == 4
    whole = journals.get_journal(db.session(), a_treasurer(house_id()), entry.Journal.id)
    assert whole.elsewhere == 0
    assert {line.is_hers for line in whole.lines} == {True, False}


@pytest.fixture
def browser(app, paid):
    found = app.test_client()
    sign_in(found, phone="081355550009")
    return found


def link(page, pattern):
    return re.search(pattern, page)[1].replace("&amp;", "&")


def test_pages_lead_from_the_whole_down_to_a_paper_and_its_people(browser, paid):
    page = browser.get("/kas/cocok").text
    kinds = browser.get(link(page, r'href="(/kas/cocok\?[^"]*jenis=maker[^"]*)"')).text
    one = browser.get(link(kinds, rf'href="(/kas/cocok\?rekening={of_page(paid.nur)}[^"]*)"')).text
    assert "sama dengan angka di bawah" in one
    listed = browser.get(link(one, r'href="(/kas/cocok/catatan\?[^"]*macam=keluar[^"]*)"')).text
    assert "Pencairan nomor" in listed
    journal = browser.get(link(listed, r'href="(/kas/cocok/catatan/\d+)"')).text
    assert "Disetujui oleh" in journal
    assert link(journal, r'href="(/kas/bayar/\d+)"')


def test_files_hold_the_lines_and_no_formula(browser, paid):
    paid.ours = db.session.merge(paid.ours)
    organisation = db.session.get(orgs.Organisation, paid.ours.id)
    organisation.short_name = "=HYPERLINK(1)"
    db.session.commit()
    rows = list(
        csv.reader(io.StringIO(browser.get("/kas/cocok/unduh.csv").data.decode("utf-8-sig")))
    )
    assert rows[0][0] == "Buku"
    assert ["'=HYPERLINK(1)", "0", "72540", "33480", "0", "39060"] in [
        [row[0], *row[5:]] for row in rows
    ]
    for name in ("unduh.xlsx", "catatan/unduh.xlsx", "catatan/unduh.csv"):
        book = browser.get(f"/kas/cocok/{name}")
        assert book.status_code == 200
        assert book.data.startswith(b"PK") == name.endswith("xlsx")
        assert b"<f>" not in book.data


def test_what_is_no_question_is_answered_all_the_same(browser):
    assert browser.get("/kas/cocok?dari=kemarin&jenis=x&rekening=a").status_code == 200
    assert browser.get("/kas/cocok/catatan/999999999999").status_code == 404
    assert browser.get("/kas/cocok?q=%00%25").status_code == 200


def test_the_page_says_what_the_night_found(browser, paid):
    assert "tidak menemukan selisih" in browser.get("/kas/cocok").text
    in_transaction()(tasks.write)(
        comparing.DRAWER, doc=("account", 1), link="/kas/akun/1",
        holders=(TREASURE, paid.ours.id), facts={"drawer": "kas"},
    )  # fmt: skip
    assert "1 hal belum cocok" in browser.get("/kas/cocok").text
