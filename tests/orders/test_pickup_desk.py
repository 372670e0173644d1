"""The pick-up desk: the code opens one parcel, says what to take, and gives it out once."""

import pytest

from cooperatives import lot_codes
from cooperatives.rights import KEEP
from core.db import db
from orders import fulfilment, handover, transfers
from tests.cooperatives.factories import a_lot, a_place, level
from tests.factories import a_person, give, send, sign_in
from tests.orders.factories import (
    Actor,
    a_market,
    attempt_of,
    balances,
    order,
    parcels_of,
    run_jobs,
)

pytestmark = pytest.mark.service
PHONE = "+6281299998888"
DESK = "/kios-kerja/ambil"


@pytest.fixture
def market(app):
    return a_market()


@pytest.fixture
def keeper(client, market):
    """The keeper of the market's kiosk, signed in."""
    she = Actor(a_person("Wati", phone=PHONE).id)
    give(she, KEEP, market.kiosk.id)
    sign_in(client, phone=PHONE)
    return she


def waiting(market, units=2, method="cash_pickup"):
    placed = order((market.tiwul, units), pickup=market.kiosk, method=method)
    if method == "transfer":
        attempt = attempt_of(placed)
        who = market.treasurers[0]
        transfers.confirm(actor=who, attempt_id=attempt.id, amount=attempt.amount)
    run_jobs()
    return placed, parcels_of(placed)[0]


def wrong(parcel):
    return "0001" if parcel.pickup_code != "0001" else "0002"


def give_out(client, **proof):
    answer = send(client, DESK, give="1", **proof)
    assert answer.status_code == 303
    return client.get(answer.location).text


def test_the_code_shows_what_to_give_and_what_to_take(client, market, keeper):
    placed, parcel = waiting(market)
    code = f"{parcel.pickup_code[:2]} {parcel.pickup_code[2:]}"
    text = send(client, DESK, code=code).text
    assert placed.number in text
    assert "Untuk Joko" in text
    assert "2 × Tiwul Instan" in text
    assert "Rp\u00a036.000 diterima, serahkan" in text
    assert level(market.lots[1], market.kiosk) == (10, 2, 0)


def test_one_button_takes_the_cash_and_gives_it_out(client, market, keeper):
    _placed, parcel = waiting(market)
    text = give_out(client, code=parcel.pickup_code, seen="36000")
    assert "Barang sudah diserahkan" in text
    assert level(market.lots[1], market.kiosk) == (8, 0, 0)
    assert balances() == {"cash": 36_000, "held": -36_000}
    db.session.refresh(parcel)
    assert parcel.state == "delivered"


def test_what_is_paid_is_not_paid_again(client, market, keeper):
    _placed, parcel = waiting(market, method="transfer")
    text = send(client, DESK, code=parcel.pickup_code).text
    assert "Sudah dibayar" in text
    assert "Jangan minta uang lagi" in text
    give_out(client, code=parcel.pickup_code, seen="")
    assert balances() == {"bank": 36_000, "held": -36_000}


def test_an_amount_that_has_changed_is_not_booked(client, market, keeper):
    _placed, parcel = waiting(market)
    assert "baru berubah" in give_out(client, code=parcel.pickup_code, seen="54000")
    assert balances() == {}


def test_without_the_code_nothing_is_given(client, market, keeper):
    _placed, parcel = waiting(market)
    answer = send(client, DESK, give="1", code=wrong(parcel), seen="36000")
    assert answer.status_code == 200
    answer = send(client, f"/kios-kerja/paket/{parcel.id}", act="accept")
    answer = send(client, f"/kios-kerja/paket/{parcel.id}", act="send", how="self")
    assert "diambil dengan kode" in client.get(answer.location).text
    assert balances() == {}
    assert level(market.lots[1], market.kiosk) == (10, 2, 0)


def test_a_code_is_used_up(client, market, keeper):
    _placed, parcel = waiting(market)
    give_out(client, code=parcel.pickup_code, seen="36000")
    assert "tidak cocok" in send(client, DESK, code=parcel.pickup_code).text


def test_a_wrong_code_says_how_often_it_may_be_tried(client, market, keeper):
    _placed, parcel = waiting(market)
    for left in (4, 3, 2, 1):
        assert f"Masih bisa dicoba {left} kali" in send(client, DESK, code=wrong(parcel)).text
    text = send(client, DESK, code=wrong(parcel)).text
    assert "tanyakan nama" in text
    assert 'name="last_four"' in text
    assert 'name="code"' not in text
    assert 'name="code"' not in client.get(DESK).text


def test_name_and_digits_help_when_the_tries_are_gone(client, market, keeper):
    _placed, parcel = waiting(market)
    for _ in range(5):
        send(client, DESK, code=wrong(parcel))
    assert "tidak cocok dengan paket" in send(client, DESK, name="Joko", last_four="0000").text
    assert "Tulis empat angka" in send(client, DESK, name="Joko", last_four="78").text
    text = send(client, DESK, name="joko", last_four="7890").text
    assert "Untuk Joko" in text
    assert "diserahkan" in give_out(client, name="joko", last_four="7890", seen="36000")
    db.session.refresh(parcel)
    assert parcel.state == "delivered"


def test_name_and_digits_are_no_way_round_the_code(client, market, keeper):
    waiting(market)
    text = send(client, DESK, give="1", name="Joko", last_four="7890", seen="36000").text
    assert 'name="code"' in text
    with pytest.raises(handover.WrongName):
        handover.find_pickup(
            db.session(), actor=keeper, place_id=market.kiosk.id, name="Joko", last_four="7890"
        )


def test_guessing_names_is_stopped_too(client, market, keeper):
    _placed, parcel = waiting(market)
    for _ in range(5):
        send(client, DESK, code=wrong(parcel))
    for _ in range(handover.NAME_TRIES):
        send(client, DESK, name="Joko", last_four="0000")
    assert "Terlalu sering" in send(client, DESK, name="Joko", last_four="7890").text


def test_a_right_code_forgives_the_wrong_ones(client, market, keeper):
    _placed, parcel = waiting(market)
    for _ in range(4):
        send(client, DESK, code=wrong(parcel))
    send(client, DESK, code=parcel.pickup_code)
    assert handover.tries_left(db.session(), market.kiosk.id) == 5


def test_a_code_is_good_at_its_own_kiosk_only(client, market, keeper):
    other = a_place("kiosk", market.cooperative)
    give(keeper, KEEP, other.id)
    _placed, parcel = waiting(market)
    text = client.get(DESK).text
    assert "Ibu sedang di kios mana?" in text
    assert f"kios={other.slug}" in text
    here, there = (f"{DESK}?kios={kiosk.slug}" for kiosk in (market.kiosk, other))
    assert "tidak cocok" in send(client, there, code=parcel.pickup_code).text
    assert "Untuk Joko" in send(client, here, code=parcel.pickup_code).text


def test_who_keeps_two_kiosks_stays_at_the_one_she_chose(client, market, keeper):
    give(keeper, KEEP, a_place("kiosk").id)
    page = f"/kios-kerja/ambil?kios={market.kiosk.slug}"
    assert f'action="{page}"' in client.get(page).text


def test_a_kiosk_that_is_not_hers_is_not_offered(client, market, keeper):
    give(keeper, KEEP, a_place("kiosk", market.cooperative).id)
    strange = a_place("kiosk", market.cooperative)
    text = client.get(f"{DESK}?kios={strange.slug}").text
    assert "Ibu sedang di kios mana?" in text
    assert strange.slug not in text


def test_goods_of_several_makers_stand_maker_by_maker_with_their_labels(client, market, keeper):
    batik = a_lot(market.batik, market.kiosk, 3, days=300)
    placed = order((market.tiwul, 2), (market.batik, 1), pickup=market.kiosk, method="cash_pickup")
    run_jobs()
    (parcel,) = parcels_of(placed)
    text = send(client, DESK, code=parcel.pickup_code).text
    for seller, goods, lot in (
        (market.maker, "2 × Tiwul Instan", market.lots[1]),
        (market.weaver, "1 × Batik Carica", batik),
    ):
        shown = text[text.index(f"<h3>{seller.store_name}</h3>") :]
        assert goods in shown
        assert f"Label {lot_codes.code_of(lot.id)}" in shown
    assert "cetak" not in text  # The packing note comes with the answer.
    fulfilment.accept(actor=keeper, parcel_id=parcel.id)
    found = send(client, DESK, code=parcel.pickup_code).text
    note = client.get(f"/kios-kerja/paket/{parcel.id}/cetak")
    assert f"/kios-kerja/paket/{parcel.id}/cetak" in found
    assert market.weaver.store_name in note.text
