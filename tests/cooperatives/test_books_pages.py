"""The treasurer's books on the screen: hers only, in words, to the rupiah; payouts by two."""

import re
from types import SimpleNamespace

import pytest
from sqlalchemy import select, text

from cooperatives import entry_words, statements, treasury
from cooperatives.carrying import sums
from cooperatives.models import SettlementRound
from cooperatives.models.books import Kind, Payout, Settlement
from cooperatives.rights import COORDINATE, TREASURE
from cooperatives.settling import rounds
from core.actors import Actor
from core.db import db
from core.tasks import Task
from tests.cooperatives.books_factories import (
    account_of,
    bank,
    earned_sale,
    house_id,
    maker_page,
    parties,
    stands,
    wait_until_decided,
)
from tests.cooperatives.factories import a_cooperative
from tests.factories import a_person, give, send, sign_in

pytestmark = pytest.mark.service
PHONES = iter(range(1_000, 9_999))


def browser_of(app, organisation_id, right=TREASURE):
    """A signed-in browser of somebody new who holds a right."""
    phone = f"08137777{next(PHONES)}"
    actor = Actor(a_person("Rini", phone="+62" + phone[1:]).id)
    give(actor, right, organisation_id)
    browser = app.test_client()
    sign_in(browser, phone=phone)
    browser.actor = actor
    return browser


@pytest.fixture
def world(app):
    """A cooperative that owes a maker, two treasurers, its coordinator, and the house's bank."""
    sharing = parties()
    earned_sale((sharing, 36_000))
    cooperative_id = sharing.cooperative_id
    return SimpleNamespace(
        sharing=sharing,
        cooperative_id=cooperative_id,
        page=account_of(maker_page(sharing)),
        bank=account_of(bank()),
        rini=browser_of(app, cooperative_id),
        wati=browser_of(app, cooperative_id),
        umi=browser_of(app, cooperative_id, COORDINATE),
    )


def amounts_in(table):
    """The signed amounts of a notebook."""
    return [
        int(digits.replace(".", "")) * (-1 if sign == "−" else 1)
        for sign, digits in re.findall(r"([−+])Rp\xa0([\d.]+)", table)
    ]


def foot_of(table):
    sign, digits = re.search(r"<tfoot>.*?(-?)Rp\xa0([\d.]+)", table, re.DOTALL).groups()
    return int(digits.replace(".", "")) * (-1 if sign else 1)


def test_home_shows_what_stands_in_her_books(world):
    home = world.rini.get("/kas").text
    assert "Bagian pembuat" in home
    assert "Rp\xa033.480" in home
    assert "Uang pesanan yang dijaga" not in home  # That is the operator's book.
    assert 'href="/kas/transfer"' not in home


def test_pages_are_listed_by_owner_and_found_by_name(world):
    page = world.rini.get("/kas/akun").text
    assert f'href="/kas/akun/{world.page}"' in page
    owner = treasury.get_account(db.session(), world.rini.actor, world.page).owner
    found = world.rini.get("/kas/akun", query_string={"q": owner.upper()}).text
    assert f'href="/kas/akun/{world.page}"' in found
    assert (
        f'href="/kas/akun/{world.page}"' not in world.rini.get("/kas/akun?jenis=cooperative").text
    )
    assert "Tidak ketemu" in world.rini.get("/kas/akun?q=%25").text


@pytest.mark.parametrize(
    "query", ["jenis=x", "sesudah=-1", "sesudah=99999999999999999999", "q=%00"]
)
def test_odd_questions_do_no_harm(world, query):
    assert world.rini.get(f"/kas/akun?{query}").status_code == 200


def test_the_notebook_adds_up_to_what_the_ledger_says(world):
    earned_sale((world.sharing, 12_345))
    page = world.rini.get(f"/kas/akun/{world.page}").text
    owed = -sums.balances(db.session(), [world.page])[world.page]
    assert owed == -stands(maker_page(world.sharing)) == 33_480 + 11_481
    assert sum(amounts_in(page)) == foot_of(page) == owed


def test_a_month_carries_over_what_stood_before(world):
    for _ in range(3):
        earned_sale((world.sharing, 10_000))
    actor = world.rini.actor
    lines = statements.statement(db.session(), actor, world.page, most=2)
    (month,) = entry_words.notebook(db.session(), Kind.MAKER, lines)
    assert [row.amount for row in month.rows] == [33_480 + 9_300, 9_300, 9_300]
    assert sum(row.amount for row in month.rows) == month.total == 33_480 + 3 * 9_300


def test_money_that_is_there_reads_as_it_stands(app, world):
    keeper = browser_of(app, house_id())
    clearing = next(
        page for page in treasury.list_accounts(db.session(), keeper.actor, kind="clearing")
    )
    page = keeper.get(f"/kas/akun/{clearing.id}").text
    assert sum(amounts_in(page)) == foot_of(page) == clearing.balance == 36_000


def test_every_kind_of_page_and_entry_has_words():
    assert set(entry_words.KIND_WORDS) == set(Kind)
    for kind in Kind:
        for journal in (*entry_words.ENTRY_WORDS, "new"):
            assert ("LMB-1" in entry_words.told(kind, journal, "LMB-1")) == (
                journal in entry_words.ABOUT_ORDERS
            )
        assert entry_words.sign(kind) in (1, -1)


def test_other_organisations_pages_are_not_there(app, world):
    other = browser_of(app, a_cooperative().id)
    assert other.get(f"/kas/akun/{world.page}").status_code == 404
    assert f"/kas/akun/{world.page}" not in other.get("/kas/akun").text
    assert world.rini.get(f"/kas/akun/{world.bank}").status_code == 404
    assert world.umi.get("/kas/akun").status_code == 403


def counted(world):
    """Add up what is owed, on the page; returns the settlement of the maker."""
    wait_until_decided()
    send(world.rini, f"/kas/bayar/hitung/{world.cooperative_id}", "/kas/bayar")
    begun = db.session.scalars(select(SettlementRound).where(SettlementRound.done_at.is_(None)))
    rounds.settle.run(begun.one().id)
    query = select(Settlement).where(Settlement.account_id == world.page)
    return db.session.scalars(query).one()


def prepared(world):
    made = counted(world)
    answer = send(world.rini, f"/kas/bayar/hitungan/{made.id}", source=str(world.bank))
    assert answer.status_code == 303, answer.text
    return db.session.scalars(select(Payout)).one()


def open_tasks():
    query = select(Task.kind).where(Task.doc_type == "payout", Task.closed_at.is_(None))
    return sorted(db.session.scalars(query))


def test_what_is_owed_is_shown_before_it_is_added_up(world):
    page = world.rini.get("/kas/bayar").text
    assert "Rp\xa033.480" in page
    assert "Hitung sampai sekarang" in page
    made = counted(world)
    assert made.total == 33_480
    assert f"/kas/bayar/hitungan/{made.id}" in world.rini.get("/kas/bayar").text
    assert "Rp\xa033.480" in world.rini.get(f"/kas/bayar/hitungan/{made.id}").text


def test_a_payout_by_two_people_from_the_count_to_the_books(world):
    payout = prepared(world)
    page = f"/kas/bayar/{payout.id}"
    assert open_tasks() == ["payout.agree", "payout.agree_too"]
    assert "1 menunggu" in world.rini.get("/kas").text
    assert "Saya setuju" not in world.rini.get(page).text
    refused = send(world.rini, f"{page}/setuju", "/pesanan")
    assert "Pencairan harus disetujui orang lain." in refused.text
    assert send(world.wati, f"{page}/setuju", page).status_code == 303
    assert open_tasks() == ["payout.send"]
    assert "Isian ini belum diisi." in send(world.rini, f"{page}/kirim", page, reference_no="").text
    assert send(world.rini, f"{page}/kirim", page, reference_no="TRX-1").status_code == 303
    assert open_tasks() == ["payout.see_come"]
    assert send(world.rini, f"{page}/sampai", page).status_code == 303
    assert open_tasks() == []
    assert stands(maker_page(world.sharing)) == 0
    assert "TRX-1" in world.rini.get(f"/kas/akun/{world.page}").text
    assert "Sudah sampai" in world.rini.get("/kas/bayar").text


def test_the_coordinator_may_agree_and_do_no_more(world):
    payout = prepared(world)
    page = f"/kas/bayar/{payout.id}"
    assert page in world.umi.get("/kas/bayar").text
    assert send(world.umi, f"{page}/setuju", page).status_code == 303
    assert "Langkah berikutnya ada pada bendahara." in world.umi.get(page).text
    assert send(world.umi, f"{page}/kirim", "/pesanan", reference_no="TRX-1").status_code == 403
    assert world.umi.get(f"/kas/bayar/hitungan/{payout.settlement_id}").status_code == 403


@pytest.mark.parametrize("word", ["ditolak", "belum-jelas"])
def test_a_payout_that_goes_wrong_keeps_its_reason(world, word):
    payout = prepared(world)
    page = f"/kas/bayar/{payout.id}"
    assert world.rini.get(f"{page}/{word}").status_code == 409
    send(world.wati, f"{page}/setuju", page)
    send(world.rini, f"{page}/kirim", page, reference_no="TRX-1")
    assert f"{page}/{word}" in world.rini.get(page).text
    assert "Isian ini belum diisi." in send(world.rini, f"{page}/{word}", reason="").text
    assert send(world.rini, f"{page}/{word}", reason="rekening tutup").status_code == 303
    assert open_tasks() == (["payout.ask_bank"] if word == "belum-jelas" else [])
    reasons = db.session.scalar(text("select facts->>'reason' from audit order by id desc limit 1"))
    assert reasons == "rekening tutup"


def test_a_cancelled_payout_may_be_prepared_again(world):
    payout = prepared(world)
    assert (
        send(world.rini, f"/kas/bayar/{payout.id}/batal", reason="salah rekening").status_code
        == 303
    )
    assert open_tasks() == []
    assert f"/kas/bayar/hitungan/{payout.settlement_id}" in world.rini.get("/kas/bayar").text


def test_money_that_came_back_is_owed_again(world):
    payout = prepared(world)
    page = f"/kas/bayar/{payout.id}"
    send(world.wati, f"{page}/setuju", page)
    send(world.rini, f"{page}/kirim", page, reference_no="TRX-1")
    send(world.rini, f"{page}/sampai", page)
    assert send(world.rini, f"{page}/kembali", reason="rekening salah").status_code == 303
    assert stands(maker_page(world.sharing)) == -33_480
    assert f"/kas/bayar/hitungan/{payout.settlement_id}" in world.rini.get("/kas/bayar").text


def test_a_settlement_is_prepared_once_and_from_our_own_money_only(world):
    foreign = account_of(bank(a_cooperative().id))
    made = counted(world)
    page = f"/kas/bayar/hitungan/{made.id}"
    for source in (str(foreign), "", "x", "99999999999999999999"):
        answer = send(world.rini, page, source=source)
        assert answer.status_code == 200
        assert "Pilih salah satu dari daftar." in answer.text
    send(world.rini, page, source=str(world.bank))
    assert "Lihat pencairannya" in world.rini.get(page).text
    assert db.session.scalar(select(Payout.source_id)) == world.bank


def test_strangers_find_no_payout_and_no_settlement(app, world):
    payout = prepared(world)
    other = browser_of(app, a_cooperative().id)
    page = f"/kas/bayar/{payout.id}"
    for path in (page, f"{page}/batal", f"/kas/bayar/hitungan/{payout.settlement_id}"):
        assert other.get(path).status_code == 404
    for step in ("setuju", "sampai"):
        assert send(other, f"{page}/{step}", "/pesanan").status_code == 404
    assert send(other, f"{page}/kirim", "/pesanan", reference_no="X").status_code == 404
    closing = send(other, f"/kas/bayar/hitung/{world.cooperative_id}", "/pesanan")
    assert closing.status_code == 404
    assert page not in other.get("/kas/bayar").text


def test_an_empty_desk_says_so(app):
    keeper = browser_of(app, a_cooperative().id)
    assert "Belum ada catatan di buku ini." in keeper.get("/kas").text
    assert "Belum ada catatan" in keeper.get("/kas/akun").text
    assert "Tidak ada bagian baru yang harus dibayar." in keeper.get("/kas/bayar").text
