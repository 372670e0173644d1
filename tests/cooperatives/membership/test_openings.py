"""Moving in: every row shown, what was shown is written, a file once, and nothing doubled."""

import base64
import io
from datetime import timedelta

import pytest

from cooperatives import home_stock, ledger, places, promises_stock
from cooperatives.accounts import own
from cooperatives.membership import openings, promises, savings
from cooperatives.membership.openings import KINDS
from cooperatives.models import BroughtTable, Level, Lot, Membership
from cooperatives.models.books import Kind
from cooperatives.rights import COORDINATE, TREASURE
from core import clock, workbooks
from core.bringing import AlreadyBrought, Changed, NothingNew
from core.db import db
from core.errors import NotFound
from core.notices import Notice
from core.people import Person
from sellers.models import Listing
from tests.cooperatives.factories import (
    a_cooperative,
    a_listing,
    a_place,
    a_seller,
    a_variant,
    broken,
)
from tests.cooperatives.membership.factories import a_board, a_member, saved
from tests.factories import an_actor, give, send, sign_in, token_in

pytestmark = pytest.mark.service
ROLL, SAVED, SHELF = KINDS["anggota"], KINDS["simpanan"], KINDS["stok"]


def roll_of(*rows):
    return workbooks.written(["Nama", "Panggilan", "HP", "Masuk", "Keahlian"], rows)


def bring(board, kind, content, actor=None):
    actor = actor or (board.treasurer if kind is SAVED else board.coordinator)
    preview = openings.look(db.session(), actor, board.id, kind, content)
    facts = {"actor": actor, "group_id": board.id, "kind": kind, "content": content}
    return openings.bring_in(seal=preview.seal, **facts)


def states(session, board, kind, content):
    actor = board.treasurer if kind is SAVED else board.coordinator
    return [line.state for line in openings.look(session, actor, board.id, kind, content).lines]


@pytest.fixture
def board(session):
    return a_board()


def test_members_come_in_with_or_without_a_phone(session, board):
    content = roll_of(
        ("Siti Aminah", "Bu Siti", 81234567890, "2024-05-01", "keripik, batik"),
        ("Wagiyem", "", "", "", ""),
        ("", "", "", "", "x"),
        ("Wagiyem", "", "", "", ""),
        ("Nur", "", "bukan nomor", "", ""),
        ("Tri", "", "", "2999-01-01", ""),
    )
    assert states(session, board, ROLL, content) == ["new", "new", *["wrong"] * 4]
    assert session.query(Membership).filter_by(cooperative_id=board.id).count() == 0
    assert bring(board, ROLL, content) == 2
    found = session.query(Membership).filter_by(cooperative_id=board.id)
    one, two = found.order_by(Membership.number)
    assert (one.number, str(one.joined_on), one.skills) == (1, "2024-05-01", ["keripik", "batik"])
    assert session.get(Person, one.person_id).phone == "+6281234567890"
    assert session.get(Person, two.person_id).phone is None


def test_a_file_is_brought_in_once_and_another_one_doubles_nobody(session, board):
    content = roll_of(("Siti Aminah", "", "", "", ""), ("Nur", "", "", "", ""))
    bring(board, ROLL, content)
    with pytest.raises(AlreadyBrought):
        bring(board, ROLL, content)
    again = roll_of(("Siti  aminah", "", "", "", ""), ("Tri", "", "", "", ""))
    assert states(session, board, ROLL, again) == ["same", "new"]
    assert bring(board, ROLL, again) == 1
    with pytest.raises(NothingNew):
        bring(board, ROLL, roll_of(("Nur", "", "", "", "")))


def test_whoever_is_known_by_number_and_name_is_the_same_person(session, board):
    known = Person(name="Siti Aminah", call_me="Bu Siti", phone="+6281234567890")
    session.add(known)
    session.commit()
    bring(board, ROLL, roll_of(
        ("Siti Aminah", "", "0812-3456-7890", "", ""), ("Anak Siti", "", "0812-3456-7890", "", ""),
    ))  # fmt: skip
    found = session.query(Membership.person_id).filter_by(cooperative_id=board.id)
    people = [row.person_id for row in found.order_by(Membership.number)]
    assert people[0] == known.id
    assert people[1] != known.id


def test_what_changed_since_it_was_shown_is_shown_again(session, board):
    content = roll_of(("Siti Aminah", "", "", "", ""))
    preview = openings.look(session, board.coordinator, board.id, ROLL, content)
    bring(board, ROLL, roll_of(("Siti Aminah", "", "", "2020-01-01", "")))
    with pytest.raises(Changed):
        openings.bring_in(
            actor=board.coordinator, group_id=board.id, kind=ROLL, content=content,
            seal=preview.seal,
        )  # fmt: skip


def balances_of(*rows):
    return workbooks.written(["Nama", "Nomor", "Pokok", "Wajib", "Sukarela"], rows)


def test_savings_stand_against_the_opening_of_the_books(session, board):
    one, two = a_member(board), a_member(board)
    names = [session.get(Person, each.person_id).name for each in (one, two)]
    content = balances_of(
        (names[0], one.number, 100_000, 240_000, ""),
        (names[1], "", 100_000, "", "25rb"),
        (names[0], two.number, 1, "", ""),
        ("Bukan anggota", "", 1, "", ""),
        (names[1], "", 5, "", ""),
    )
    assert states(session, board, SAVED, content) == ["new", "new", *["wrong"] * 3]
    assert bring(board, SAVED, content) == 2
    found = savings.standings(session, board.treasurer, board.id)
    assert [each.total for each in found] == [340_000, 125_000]
    assert ledger.balance(session, own(Kind.FUND, board.id, "opening")) == 465_000
    assert ledger.balance(session, own(Kind.CASH, board.id, "kas")) == 0
    assert broken(promises.ALL) == set()
    assert states(session, board, SAVED, balances_of((names[0], "", 9, "", ""))) == ["same"]
    saved(board, one, 1_000)  # Savings of today say nothing of the opening.


def shelf_of(*rows):
    header = ["Pemilik", "Barang", "Jumlah", "Baik sebelum", "Kode buatan", "Tempat"]
    return workbooks.written(header, rows)


def test_goods_come_in_by_owner_and_name_on_the_shelf(session):
    cooperative = a_cooperative()
    board = a_board(cooperative)
    kiosk = a_place("kiosk", cooperative)
    seller = a_seller(cooperative)
    variant = a_variant(a_listing(seller))
    name = session.get(Listing, variant.listing_id).name
    good, past = clock.today() + timedelta(days=90), clock.today() - timedelta(days=1)
    content = shelf_of(
        (seller.store_name, name, 12, good, "A1", ""),
        (seller.store_name, name, 0, good, "", ""),
        (seller.store_name, "Tidak ada", 1, good, "", ""),
        ("Orang lain", name, 1, good, "", ""),
        (seller.store_name, name, 3, past, "", ""),
        (seller.store_name, name, 3, good, "", "Kios lain"),
    )
    assert states(session, board, SHELF, content) == ["new", *["wrong"] * 5]
    assert bring(board, SHELF, content) == 1
    (lot,) = session.query(Lot).filter_by(variant_id=variant.id)
    assert (lot.owner_id, lot.batch, lot.best_before) == (seller.id, "A1", good)
    assert session.query(Level).filter_by(lot_id=lot.id, place_id=kiosk.id).one().on_hand == 12


def test_goods_at_home_are_brought_in_as_long_as_she_has_not_counted_them(session):
    cooperative = a_cooperative()
    board, seller = a_board(cooperative), a_seller(cooperative)
    first, second = (a_variant(a_listing(seller, name=name)) for name in ("Opak", "Sale"))
    content = shelf_of(
        (seller.store_name, "Opak", 5, "", "", "Rumah"),
        (seller.store_name, "Sale", 7, "", "", "di rumah"),
    )
    assert bring(board, SHELF, content) == 2
    home = places.home_of(session, seller.id)
    for variant, units in ((first, 5), (second, 7)):
        assert home_stock.at_home(session, home, variant.id).left == units
    told = session.query(Notice).filter_by(person_id=seller.person_id).one()
    assert told.link == "/ibu/produk"
    again = shelf_of((seller.store_name, "Opak", 9, "", "", "rumah"))
    assert states(session, board, SHELF, again) == ["wrong"]
    stranger = shelf_of((a_seller().store_name, "Opak", 9, "", "", "rumah"))
    assert states(session, board, SHELF, stranger) == ["wrong"]
    assert broken(promises_stock.ALL) == set()


def test_each_table_is_brought_by_its_own_right_and_group(session, board):
    content = roll_of(("Nur", "", "", "", ""))
    for actor in (board.treasurer, a_board().coordinator):
        with pytest.raises(NotFound):
            openings.look(session, actor, board.id, ROLL, content)


def test_the_page_shows_every_row_and_writes_on_the_second_press(client, session):
    board = a_board(a_cooperative("sendang"))
    me = an_actor()
    for right in (TREASURE, COORDINATE):
        give(me, right, board.id)
    sign_in(client)
    assert client.get("/koord/pindahan").status_code == 200
    url = "/koord/pindahan/anggota"
    content = roll_of(("Nur", "", "", "", ""), ("", "", "", "", "x"))
    shown = send(client, url, file=(io.BytesIO(content), "anggota.xlsx"))
    assert "Akan ditulis" in shown.text
    assert "Dilewati" in shown.text
    seal = shown.text.split('name="seal"')[1].split('value="')[1].split('"')[0]
    form = {"csrf_token": token_in(shown), "seal": seal}
    form["content"] = base64.b64encode(content).decode()
    assert client.post(url, data=form).status_code == 303
    assert session.query(BroughtTable).one().added == 1
    assert "sudah pernah dimasukkan" in client.post(url, data=form).text


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "Berkas belum dipilih"),
        (b"PK\x03\x04", "Excel ini tidak bisa dibaca"),
        (b"a;b\n1;2\n", "Judul kolomnya tidak dikenal"),
        (b"Nama;Masuk\n", "Tidak ada baris"),
    ],
)
def test_a_file_that_says_nothing_is_refused_in_words(client, content, sentence):
    board = a_board(a_cooperative("sendang"))
    give(an_actor(), COORDINATE, board.id)
    sign_in(client)
    answer = send(client, "/koord/pindahan/anggota", file=(io.BytesIO(content), "x.csv"))
    assert answer.status_code == 200
    assert sentence in answer.text


def test_the_example_is_a_table_that_reads(client, session):
    board = a_board(a_cooperative("sendang"))
    me = an_actor()
    for right in (TREASURE, COORDINATE):
        give(me, right, board.id)
    sign_in(client)
    for word, kind in KINDS.items():
        content = client.get(f"/koord/pindahan/{word}/contoh.xlsx").data
        assert len(openings.look(session, me, board.id, kind, content).lines) >= 1
