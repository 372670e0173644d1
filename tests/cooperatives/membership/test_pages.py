"""The pages of what members share, as a treasurer, a coordinator and a member use them."""

import io
from datetime import datetime, timedelta
from uuid import uuid4

import pytest
import time_machine

from cooperatives import members
from cooperatives.accounts import Owner
from cooperatives.membership import surplus, surplus_booking
from cooperatives.models import Advance, Membership, Unit, Voucher
from cooperatives.models.surplus import PARTS, Surplus
from cooperatives.models.vouchers import VoucherState
from cooperatives.rights import COORDINATE, TREASURE
from core import access, clock
from core.actors import SYSTEM, Actor
from core.clock import WIB
from core.people import Person
from tests.cooperatives.books_factories import earned_sale, parties
from tests.cooperatives.factories import a_cooperative
from tests.cooperatives.membership.factories import a_board, a_member, lent, saved, withdrawn
from tests.factories import an_actor, give, send, sign_in, token_in
from tests.sellers.factories import a_shop

pytestmark = pytest.mark.service
OGG = b"OggS" + bytes(60)


@pytest.fixture
def group(client):
    """A group whose treasurer and coordinator is signed in."""
    board = a_board(a_cooperative("sendang"))
    board.me = an_actor()
    for right in (TREASURE, COORDINATE):
        give(board.me, right, board.id)
    sign_in(client)
    return board


def test_savings_are_written_down_and_stand_on_both_pages(client, group, session):
    member = a_member(group)
    url = f"/kas/simpanan/{member.id}"
    answer = send(
        client, url, way="saved", sort="mandatory", amount="10rb", money="cash:kas",
        day=clock.today().isoformat(), act_id=str(uuid4()),
    )  # fmt: skip
    assert answer.status_code == 303
    assert "10.000" in client.get("/kas/simpanan").text
    assert "10.000" in client.get(url).text
    assert "Simpanan wajib" in client.get(answer.location).text


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"amount": "banyak"}, "Tulis angkanya saja"),
        ({"amount": ""}, "Angkanya belum diisi"),
        ({"day": "besok"}, "Tulis tanggal seperti"),
        ({"money": "cash:lain"}, "Pilih salah satu dari daftar"),
        ({"way": "withdrawn", "sort": "principal"}, "kembali saat anggota keluar"),
        ({"way": "withdrawn", "sort": "voluntary"}, "lebih besar dari yang tercatat"),
    ],
)
def test_what_is_wrong_is_said_and_what_was_typed_stays(client, group, wrong, sentence):
    member = a_member(group)
    right = {
        "way": "saved", "sort": "mandatory", "amount": "12345", "money": "cash:kas",
        "day": clock.today().isoformat(), "act_id": str(uuid4()),
    }  # fmt: skip
    answer = send(client, f"/kas/simpanan/{member.id}", **(right | wrong))
    assert answer.status_code == 200
    assert sentence in answer.text
    assert wrong.get("amount", "12345") in answer.text


def test_a_plan_makes_late_savings_seen_and_found(client, group):
    a_member(group)
    answer = send(
        client, "/kas/simpanan/aturan", principal="100rb", mandatory="10rb",
        valid_from=clock.today().isoformat(),
    )  # fmt: skip
    assert answer.status_code == 303
    assert "Kurang Rp" in client.get("/kas/simpanan?saring=terlambat").text
    again = send(
        client, "/kas/simpanan/aturan", principal="1", mandatory="1", valid_from="2020-01-01"
    )
    assert "mulai hari ini" in again.text


def test_who_wrote_a_voucher_waits_and_another_agrees_on_its_page(client, group, session):
    member = a_member(group)
    saved(group, member, 50_000)
    asked = withdrawn(group, member, 20_000)
    page = f"/kas/bukti/{asked.id}"
    assert "Menunggu orang kedua" in client.get(page).text
    assert send(client, f"{page}/setuju", page).status_code == 303
    session.expire_all()
    assert session.get(Voucher, asked.id).state == VoucherState.BOOKED
    undone = send(client, f"{page}/batal", page, reason="Salah orang")
    assert undone.status_code == 303
    assert "Salah orang" in client.get(page).text


def test_a_reason_is_asked_for_before_a_voucher_is_refused(client, group, session):
    member = a_member(group)
    saved(group, member, 50_000)
    asked = withdrawn(group, member, 20_000)
    page = f"/kas/bukti/{asked.id}"
    assert "Alasannya" in send(client, f"{page}/tolak", page, reason="").text
    assert send(client, f"{page}/tolak", page, reason="Belum perlu").status_code == 303
    session.expire_all()
    assert session.get(Voucher, asked.id).state == VoucherState.REFUSED


def cost(client, **more):
    form = {
        "way": "cost", "amount": "25rb", "money": "cash:kas", "category": "packaging", "unit": "",
        "payer": "", "words": "Plastik", "day": clock.today().isoformat(), "act_id": str(uuid4()),
    }  # fmt: skip
    return send(client, "/kas/biaya/baru", **(form | more))


def test_a_cost_keeps_its_receipt_for_the_board_only(client, group):
    paper = io.BytesIO(b"%PDF-1.4 nota")
    answer = cost(client, receipt=(paper, "nota.pdf"))
    assert answer.status_code == 303
    receipt = client.get(f"{answer.location}/nota")
    assert receipt.data == b"%PDF-1.4 nota"
    assert "no-store" in receipt.headers["Cache-Control"]
    assert "Plastik" in client.get("/kas/biaya").text


def test_a_large_cost_wants_a_receipt_and_a_second_person(client, group, session):
    refused = cost(client, amount="600rb")
    assert "perlu foto nota" in refused.text
    answer = cost(client, amount="600rb", receipt=(io.BytesIO(b"%PDF-1.4 nota"), "nota.pdf"))
    assert "Menunggu orang kedua" in client.get(answer.location).text


def test_a_receipt_that_is_no_picture_is_refused_in_words(client, group):
    answer = cost(client, receipt=(io.BytesIO(b"halo"), "nota.jpg"))
    assert answer.status_code == 200
    assert "Plastik" in answer.text
    assert "foto" in answer.text.lower()


def test_units_have_costs_of_their_own_and_members_in_several(client, group, session):
    member = a_member(group)
    for name in ("Dapur bersama", "Kebun"):
        assert send(client, "/kas/unit", name=name).status_code == 303
    assert "sudah ada" in send(client, "/kas/unit", name="Kebun").text
    one, two = session.query(Unit).order_by(Unit.id)
    for unit in (one, two):
        answer = send(client, f"/kas/unit/{unit.id}", anggota=str(member.id))
        assert answer.status_code == 303
    cost(client, unit=str(one.id), amount="40rb")
    cost(client, unit=str(two.id), amount="70rb", way="income")
    page = client.get("/kas/unit").text
    assert "40.000" in page
    assert "70.000" in page
    assert "Plastik" in client.get(f"/kas/biaya?unit={one.id}").text
    send(client, f"/kas/unit/{one.id}", tutup="1")
    assert "Ditutup" in client.get("/kas/unit").text


def deal_of(member, **more):
    form = {
        "member": str(member.person_id), "amount": "200rb", "what": "Singkong 40 kg",
        "money": "cash:kas", "due_on": (clock.today() + timedelta(days=60)).isoformat(),
        "percent": "20", "floor": "50rb", "witness": "", "act_id": str(uuid4()),
    }  # fmt: skip
    return form | more


def test_an_advance_is_read_aloud_then_kept_with_her_voice(client, group, session):
    member = a_member(group)
    form = deal_of(member)
    read = send(client, "/kas/pinjaman/baru", **form)
    assert "Bacakan pelan-pelan" in read.text
    assert "20 persen" in read.text
    assert session.query(Advance).count() == 0
    silent = send(client, "/kas/pinjaman/baru", **form, agreed="y")
    assert "Kirim rekaman suara" in silent.text
    voice = (io.BytesIO(OGG), "suara.ogg")
    kept = send(client, "/kas/pinjaman/baru", **form, agreed="y", proof=voice)
    assert kept.status_code == 303
    (advance,) = session.query(Advance)
    assert client.get(f"/kas/pinjaman/{advance.id}/bukti").data == OGG
    assert "Singkong" in client.get("/kas/pinjaman").text


def test_an_advance_due_yesterday_is_refused_beside_its_box(client, group):
    form = deal_of(a_member(group), due_on="2020-01-01")
    answer = send(client, "/kas/pinjaman/baru", **form)
    assert "jatuh tempo" in answer.text
    assert "Singkong 40 kg" in answer.text


def test_it_is_paid_back_in_cash_on_its_page(client, group):
    page = f"/kas/pinjaman/{lent(group, a_member(group))}"
    form = {"money": "cash:kas", "act_id": str(uuid4())}
    assert "lebih besar" in send(client, page, amount="300rb", **form).text
    assert send(client, page, amount="200rb", **form).status_code == 303
    assert "Tidak ada sisa" in client.get("/kas/pinjaman").text


def test_somebody_without_a_phone_becomes_a_member(client, group, session):
    form = {"call_me": "", "phone": "", "who": "", "joined_on": "2024-05-01"}
    answer = send(client, "/koord/anggota/baru", name="Wagiyem", skills="Opak, Opak ,tikar", **form)
    assert answer.status_code == 303
    (member,) = session.query(Membership).filter_by(cooperative_id=group.id)
    assert (member.number, member.skills) == (1, ["opak", "tikar"])
    assert session.get(Person, member.person_id).phone is None
    page = client.get("/koord/anggota?q=tikar")
    assert "Wagiyem" in page.text
    assert "Tanpa HP" in page.text
    assert "Wagiyem" not in client.get("/koord/anggota?hp=ada").text


def test_a_known_number_is_never_taken_for_somebody_else(client, group, session):
    phone = "0812-3456-7890"  # The coordinator's own.
    form = {"call_me": "", "phone": phone, "joined_on": "2024-05-01", "skills": ""}
    asked = send(client, "/koord/anggota/baru", name="Orang Baru", who="", **form)
    assert "sudah terdaftar" in asked.text
    chosen = send(
        client, "/koord/anggota/baru", name="Orang Baru", who=str(group.me.person_id), **form
    )
    assert chosen.status_code == 303
    (member,) = session.query(Membership).filter_by(cooperative_id=group.id)
    assert member.person_id == group.me.person_id


def test_an_office_is_told_and_gives_no_right(client, group, session):
    member = a_member(group)
    page = f"/koord/anggota/{member.id}"
    assert send(client, page, skills="batik", office="chair").status_code == 303
    assert "Ketua" in client.get("/koord/anggota").text
    assert access.rights_of(session, Actor(member.person_id)) == frozenset()


def test_who_leaves_is_asked_for_and_keeps_her_money(client, group, session):
    member = a_member(group)
    saved(group, member, 100_000, "principal")
    page = f"/koord/anggota/{member.id}/keluar"
    assert "100.000" in client.get(page).text
    assert send(client, page).status_code == 303
    assert "Sudah keluar" in client.get("/kas/simpanan").text


def test_she_reads_her_savings_and_stops_a_share_with_one_tap(client, session):
    board = a_board()
    _shop, actor = a_shop()
    member = members.join(actor=SYSTEM, cooperative_id=board.id, person_id=actor.person_id)
    saved(board, member, 70_000)
    advance_id = lent(board, member)
    sign_in(client)
    page = client.get("/ibu/uang/simpanan")
    assert "70.000" in page.text
    assert "200.000" in page.text
    stop = f"/ibu/uang/simpanan/pinjaman/{advance_id}/berhenti"
    assert send(client, stop, "/ibu/uang/simpanan").status_code == 303
    session.expire_all()
    assert session.get(Advance, advance_id).ended_at is not None
    assert stop not in client.get("/ibu/uang/simpanan").text


def test_the_desk_leads_to_every_page(client, group):
    page = client.get("/kas").text
    for url in ("/kas/simpanan", "/kas/pinjaman", "/kas/biaya", "/kas/unit"):
        assert f'href="{url}"' in page
        assert client.get(url).status_code == 200
    assert client.get("/koord/jaringan").status_code == 200


def decided(client, **more):
    percents = {
        "reserve": "40", "business": "25", "capital": "15", "board": "5", "staff": "5",
        "education": "5", "social": "5", "decided_on": clock.today().isoformat(),
    }  # fmt: skip
    return send(client, "/kas/shu/aturan", **(percents | more))


def test_the_meetings_percentages_must_be_whole(client, group):
    assert "harus 100 persen" in decided(client, reserve="39").text
    assert "Tulis persen" in decided(client, reserve="banyak").text
    assert decided(client, reserve="39,5", social="5,5").status_code == 303
    assert "39,5" in client.get("/kas/shu").text


def test_a_year_is_proposed_with_minutes_and_agreed_to_by_another(client, group, session):
    year = clock.today().year - 1
    with time_machine.travel(datetime(year, 6, 1, 10, tzinfo=WIB)):
        member = a_member(group)
        earned_sale((parties(Owner(person_id=member.person_id), group.id), 1_000_000))
    decided(client)
    page = f"/kas/shu?tahun={year}"
    assert "1.000.000" in client.get(page).text
    assert "Kirim risalah rapat dulu" in send(client, page).text
    paper = (io.BytesIO(b"%PDF-1.4 risalah"), "risalah.pdf")
    answer = send(client, page, minutes=paper)
    assert answer.status_code == 303
    assert client.get(f"{answer.location}/risalah").data == b"%PDF-1.4 risalah"
    refused = client.get(answer.location)
    assert "Menunggu orang kedua" in refused.text
    token = token_in(client.get(page))
    mine = client.post(f"{answer.location}/setuju", data={"csrf_token": token})
    assert "disetujui orang lain" in mine.text
    surplus_booking.agree(actor=group.second, surplus_id=session.query(Surplus).one().id)
    assert "Sudah masuk ke buku" in client.get(answer.location).text


def test_a_month_is_closed_once_and_says_when(client, group):
    assert "Tutup bulan" in client.get("/kas/tutup-bulan").text
    assert send(client, "/kas/tutup-bulan").status_code == 303
    assert "sudah ditutup pada" in client.get("/kas/tutup-bulan").text
    this = f"{clock.today():%Y-%m}"
    page = client.get(f"/kas/tutup-bulan?bulan={this}")
    assert "belum selesai" in page.text
    assert client.get("/kas/tutup-bulan?bulan=2026-99").status_code == 200


def test_she_sees_her_part_of_the_surplus_today(client, session):
    board = a_board()
    _shop, actor = a_shop()
    members.join(actor=SYSTEM, cooperative_id=board.id, person_id=actor.person_id)
    earned_sale((parties(Owner(person_id=actor.person_id), board.id), 1_000_000))
    whole = dict.fromkeys(PARTS, 0) | {"business": 10_000}
    surplus.write_policy(
        actor=board.treasurer, organisation_id=board.id, decided_on=clock.today(), parts=whole
    )
    sign_in(client)
    page = client.get("/ibu/uang/simpanan").text
    assert "SHU hari ini" in page
    assert "50.000" in page
