"""Rounds, statements and lists of payouts on the screen, from the count to the bank's file."""

import io

import pytest
from sqlalchemy import select

from cooperatives import payouts
from cooperatives.accounts import Owner, own
from cooperatives.models import Payout, PayoutBatch, Settlement, SettlementRound
from cooperatives.models.books import Kind
from cooperatives.rights import COORDINATE
from cooperatives.settling import batches, rounds
from core.db import db
from tests.cooperatives.books_factories import (
    a_treasurer,
    account_of,
    an_account_for,
    bank,
    closed,
    earned_sale,
    maker_page,
    parties,
    sent_payout,
    stands,
    wait_until_decided,
)
from tests.cooperatives.factories import a_cooperative
from tests.cooperatives.test_books_pages import browser_of
from tests.factories import send, sign_in
from tests.sellers.factories import a_shop

pytestmark = pytest.mark.service


@pytest.fixture
def board(app):
    """A cooperative that owes two members, two treasurers and a coordinator."""
    cooperative_id = a_cooperative().id
    makers = [parties(cooperative_id=cooperative_id) for _ in range(2)]
    earned_sale(*((one, 10_000) for one in makers))
    rini, wati = (browser_of(app, cooperative_id) for _ in range(2))
    umi = browser_of(app, cooperative_id, COORDINATE)
    return cooperative_id, makers, rini, wati, umi


def newest(model):
    db.session.expire_all()
    return db.session.scalars(select(model).order_by(model.id.desc()).limit(1)).one()


def counted(cooperative_id, browser):
    wait_until_decided()
    answer = send(browser, f"/kas/bayar/hitung/{cooperative_id}", "/kas/bayar")
    found = newest(SettlementRound)
    assert answer.location.endswith(f"/kas/bayar/putaran/{found.id}")
    return found


def test_a_round_says_how_far_it_is_and_prints_everybodys_statement(board):
    cooperative_id, _makers, rini, _wati, umi = board
    found = counted(cooperative_id, rini)
    assert "Sedang dihitung" in rini.get(f"/kas/bayar/putaran/{found.id}").text
    rounds.settle.run(found.id)
    page = umi.get(f"/kas/bayar/putaran/{found.id}").text
    assert "3 hitungan, semuanya Rp\xa019.600." in page
    paper = umi.get(f"/kas/bayar/putaran/{found.id}/lembar-1.pdf")
    assert (paper.mimetype, paper.data[:5]) == ("application/pdf", b"%PDF-")
    again = send(rini, f"/kas/bayar/hitung/{cooperative_id}", "/kas/bayar")
    assert again.location.endswith("/kas/bayar")


def test_a_list_from_two_people_to_the_file_and_the_books(board):
    cooperative_id, makers, rini, wati, _umi = board
    for sharing in makers:
        an_account_for(sharing)
    rounds.settle.run(counted(cooperative_id, rini).id)
    source = str(account_of(bank()))
    form = f"/kas/bayar/kumpulan/baru/{cooperative_id}"
    assert send(rini, form, source=source).status_code == 303
    batch = newest(PayoutBatch)
    page = f"/kas/bayar/kumpulan/{batch.id}"
    assert page in rini.get("/kas/bayar").text
    assert "Belum ada hitungan anggota" in send(rini, form, source=source).text
    mine, theirs = rini.get(page).text, wati.get(page).text
    assert ("Saya setuju" in mine, "Saya setuju" in theirs) == (False, True)
    assert "BRI ••••8901" in theirs
    assert "012345678901" not in theirs
    refused = send(rini, f"{page}/setuju", "/kas/bayar")
    assert "Pencairan harus disetujui orang lain." in refused.text
    struck = newest(Payout)
    assert send(wati, f"{page}/setuju", page, struck=str(struck.id)).status_code == 303
    assert newest(Payout).state == "cancelled"
    odd = send(rini, f"{page}/berkas", page, layout="xx").text
    assert "Pilih dulu untuk bank yang mana." in odd
    file = send(rini, f"{page}/berkas", page, layout="bri")
    assert file.headers["Cache-Control"] == "private, no-store"
    assert b"012345678901,9300," in file.data
    assert "Isian ini belum diisi." in send(rini, f"{page}/kirim", page, reference_no="").text
    assert send(rini, f"{page}/kirim", page, reference_no="BRI-1").status_code == 303
    assert send(rini, f"{page}/sampai", page).status_code == 303
    batches.pay_batch.run(batch.id)
    assert stands(maker_page(makers[0])) == 0
    assert "Sudah sampai" in rini.get(page).text


def test_cash_is_handed_over_with_a_receipt(board):
    cooperative_id, makers, rini, _wati, umi = board
    rounds.settle.run(counted(cooperative_id, rini).id)
    source = str(account_of(own(Kind.CASH, cooperative_id)))
    send(rini, f"/kas/bayar/kumpulan/baru/{cooperative_id}", source=source)
    page = f"/kas/bayar/kumpulan/{newest(PayoutBatch).id}"
    assert rini.get(f"{page}/kuitansi.pdf").status_code == 404  # Nobody has agreed yet.
    assert send(umi, f"{page}/setuju", page).status_code == 303
    assert "Langkah berikutnya ada pada bendahara." in umi.get(page).text
    assert rini.get(f"{page}/kuitansi.pdf").data[:5] == b"%PDF-"
    first = db.session.scalars(select(Payout.id).order_by(Payout.id)).first()
    hand = f"/kas/bayar/{first}/terima"
    assert (hand in rini.get(page).text, umi.get(hand).status_code) == (True, 403)
    assert "Foto dulu tanda tangan" in send(rini, hand).text
    photo = {"signed": (io.BytesIO(b"\xff\xd8\xff\xe0ink"), "kuitansi.jpg")}
    assert send(rini, hand, **photo).location.endswith(page)
    assert stands(maker_page(makers[0])) == 0
    assert rini.get(hand).status_code == 404
    assert f"{first}/tanda" in umi.get(f"/kas/bayar/{first}").text
    assert "Rp\xa09.300" in rini.get(page).text


def test_the_banks_answer_is_noted_with_who_gave_it(board):
    cooperative_id, makers, rini, _wati, _umi = board
    first, second = (a_treasurer(cooperative_id) for _ in range(2))
    payout = sent_payout(closed(makers[0], first), first, second)
    page = f"/kas/bayar/{payout.id}"
    assert rini.get(f"{page}/jawaban").status_code == 409
    payouts.lose(actor=first, payout_id=payout.id, reason="tidak ada kabar")
    assert f"{page}/jawaban" in rini.get(page).text
    assert "belum diisi" in send(rini, f"{page}/jawaban", said="paid", evidence="").text
    answered = {"said": "open", "evidence": "CS BRI, belum tahu"}
    assert send(rini, f"{page}/jawaban", **answered).status_code == 303
    assert newest(Payout).state == "unknown"
    answered = {"said": "failed", "evidence": "CS BRI Bu Rani, 24 November"}
    assert send(rini, f"{page}/jawaban", **answered).status_code == 303
    assert newest(Payout).state == "failed"


def test_she_reads_her_settlement_and_nobody_elses(client):
    shop, actor = a_shop(organisation=a_cooperative())
    sign_in(client)
    hers = parties(Owner(person_id=actor.person_id), shop.organisation_id)
    other = parties(cooperative_id=shop.organisation_id)
    treasurer = a_treasurer(shop.organisation_id)
    earned_sale((hers, 36_000), (other, 10_000))
    mine, theirs = closed(hers, treasurer), closed(other, treasurer)
    assert f"/ibu/uang/hitungan/{mine.id}" in client.get("/ibu/uang").text
    page = client.get(f"/ibu/uang/hitungan/{mine.id}").text
    assert "36.000 − 1.800 − 720 = 33.480" in page
    assert "Rp\xa033.480" in page
    assert client.get(f"/ibu/uang/hitungan/{mine.id}.pdf").data[:5] == b"%PDF-"
    for address in (f"{theirs.id}", f"{theirs.id}.pdf"):
        assert client.get(f"/ibu/uang/hitungan/{address}").status_code == 404
    assert db.session.get(Settlement, theirs.id)
