"""Checkout: two steps, nothing lost on the way, and exactly one order at the end."""

import pytest
from sqlalchemy import select

from cooperatives.bazaars import fetching
from core.actors import GUEST
from core.db import db
from orders import checkout
from orders.models import Contact, Order
from sellers.models import Listing, Variant
from tests.cooperatives.bazaars.factories import a_stand
from tests.cooperatives.factories import counted, promised
from tests.factories import a_person, sign_in
from tests.orders.factories import Actor, a_market, asked, order, rules
from tests.shop.buying import check, fill, hidden, post, press, typed

pytestmark = pytest.mark.service


@pytest.fixture
def market(app):
    return a_market()


def orders():
    db.session.expire_all()
    return list(db.session.scalars(select(Order)))


def test_an_empty_basket_leads_back_to_the_basket(client):
    assert client.get("/beli").location == "/keranjang"


def test_a_short_basket_is_mended_first(client, market):
    fill(client, (market.tiwul, 25))
    assert client.get("/beli").location == "/keranjang"


def test_a_guest_orders_goods_of_two_makers_in_two_steps(client, market):
    fill(client, (market.tiwul, 2), (market.batik, 1))
    first = client.get("/beli")
    assert 'name="act_id"' in first.text
    second = check(client, (market.tiwul, 2), (market.batik, 1))
    assert second.status_code == 200
    assert "Pedurungan, Kota Semarang, Jawa Tengah" in second.text
    assert "0812-3456-7890" in second.text
    answer = press(client, second)
    (placed,) = orders()
    assert (answer.status_code, answer.location) == (303, f"/pesanan/{placed.code}")
    assert placed.total == placed.goods_total + placed.delivery_total
    contact = db.session.get(Contact, placed.id)
    assert (contact.name, contact.rt_rw, contact.district_code) == ("Slamet", "02/03", "337406")
    assert placed.language == "id"
    assert "Keranjang masih kosong" in client.get("/keranjang").text


def test_an_e_mail_is_welcome_and_never_asked_for(client, market):
    fill(client, (market.batik, 2))
    assert "Kabar pesanan kami kirim ke sini." in client.get("/beli").text
    second = check(client, (market.batik, 1), email="slamet@contoh.id")
    assert "slamet@contoh.id" in second.text
    press(client, second)
    press(client, check(client, (market.batik, 1)))
    kept = [db.session.get(Contact, placed.id).email for placed in orders()]
    assert sorted(kept) == ["", "slamet@contoh.id"]


@pytest.mark.parametrize("typed", ["slamet@", "a@b.id, c@d.id", "a@b.id\r\nBcc: c@d.id"])
def test_a_wrong_e_mail_is_told_beside_its_box(client, market, typed):
    page = check(client, (market.batik, 1), email=typed)
    assert page.status_code == 422
    assert "Tulis e-mail lengkap, contoh nama@contoh.id." in page.text
    assert "Dusun Krajan nomor 7" in page.text


def test_what_was_not_bought_stays_in_the_basket(client, market):
    fill(client, (market.tiwul, 2), (market.batik, 1))
    press(client, check(client, (market.batik, 1), **{f"goods-{market.tiwul.id}": "0"}))
    with client.session_transaction() as session:
        assert session["basket"] == [[market.tiwul.id, 2]]


def test_the_order_speaks_the_language_of_the_page(client, market):
    client.set_cookie("bahasa", "en")
    press(client, check(client, (market.batik, 1)))
    assert orders()[0].language == "en"


def test_pick_up_at_the_kiosk_needs_no_address_and_is_paid_there(client, market):
    kiosk = f"pickup-{market.kiosk.id}"
    blank = dict.fromkeys(("street", "rt_rw", "village", "district"), "")
    second = check(client, (market.tiwul, 1), way=kiosk, **blank)
    assert "Bayar tunai di kios" in second.text
    press(client, second, method="cash_pickup")
    (placed,) = orders()
    assert (placed.state, placed.delivery_total) == ("on_delivery", 0)
    assert db.session.get(Contact, placed.id).district_code == ""


def test_an_address_typed_before_pick_up_was_chosen_is_not_kept(client, market):
    press(client, check(client, (market.tiwul, 1), way=f"pickup-{market.kiosk.id}"))
    contact = db.session.get(Contact, orders()[0].id)
    assert (contact.street, contact.village, contact.landmark) == ("", "", "")


def test_only_kiosks_that_hold_everything_are_offered_and_the_rest_is_told(client, market):
    fill(client, (market.tiwul, 1))
    offered = f'value="pickup-{market.kiosk.id}"'
    assert offered in client.get("/beli").text
    fill(client, (market.batik, 1))
    text = client.get("/beli").text
    assert offered not in text
    assert "Batik Carica belum cukup di sana" in text


def test_goods_for_a_bazaar_are_paid_first_and_brought_there(client, market):
    stand = a_stand()
    way, where = f"pickup-{stand.box.id}", fetching.named(db.session, stand.box.id).words
    fill(client, (stand.opak, 2))
    page = client.get("/beli").text
    assert f'value="{way}"' in page
    assert "dibayar dulu" in page
    second = check(client, (stand.opak, 2), way=way)
    assert where in second.text
    assert "Bayar tunai di kios" not in second.text
    press(client, second, method="transfer")
    (placed,) = orders()
    assert (placed.state, placed.delivery_total) == ("awaiting_payment", 0)
    assert where in client.get(f"/pesanan/{placed.code}").text
    assert "lalu pilih Ambil di bazar ini" in client.get(f"/bazar/{stand.bazaar.id}").text
    fill(client, (stand.emping, 1))  # Her maker does not join.
    assert way not in client.get("/beli").text


@pytest.mark.parametrize("place", ["home", "nowhere", "huge"])
def test_goods_are_not_fetched_at_a_home_or_nowhere(client, market, place):
    way = {"home": market.homes[1].id, "nowhere": 999_999, "huge": "9" * 30}[place]
    second = check(client, (market.batik, 1), way=f"pickup-{way}")
    assert second.status_code in (409, 422)
    sent = {**typed((market.batik, 1), way=f"pickup-{way}"), "method": "cash_pickup"}
    answer = post(client, "/beli", go="order", total_seen="185000", **sent)
    assert answer.status_code in (409, 422)
    assert orders() == []


def test_every_wrong_box_has_its_sentence_and_keeps_what_was_typed(client, market):
    wrong = {"name": "", "phone": "12", "street": "", "rt_rw": "dua", "district": "xyzxyz"}
    answer = check(client, (market.batik, 1), village="Reco", **wrong)
    assert answer.status_code == 422
    for sentence in (
        "Nama belum diisi",
        "Nomor HP belum benar",
        "Jalan atau dusun belum diisi",
        "Tulis RT dan RW",
        "Kecamatan ini belum ketemu",
    ):
        assert sentence in answer.text
    for value in ("12", "dua", "xyzxyz", "Reco"):
        assert f'value="{value}"' in answer.text


def test_an_ambiguous_district_is_chosen_from_full_names(client, market):
    sent = typed((market.batik, 1), district="semarang")
    unclear = post(client, "/beli", go="check", **sent)
    assert unclear.status_code == 422
    assert 'value="337401"' in unclear.text
    sent = {**sent, "district": ["semarang", "337401"]}
    assert "Semarang Tengah, Kota Semarang" in post(client, "/beli", **sent).text


def test_a_choice_counts_only_for_what_the_text_may_mean(client, market):
    sent = {**typed((market.batik, 1)), "district": ["semarang", "330710"]}
    assert post(client, "/beli", **sent).status_code == 422
    sent = {**typed((market.batik, 1)), "district": ["Kertek, Wonosobo", "337401"]}
    assert "Kertek, Kabupaten Wonosobo" in post(client, "/beli", **sent).text


@pytest.mark.parametrize(
    "phone", ["+62 812-3456-7890", "62812 3456 7890", "0812.3456.7890", "+852 9123 4567"]
)
def test_phones_come_as_people_write_them_also_from_abroad(client, market, phone):
    assert check(client, (market.batik, 1), phone=phone).status_code == 200


def test_change_keeps_everything_typed_and_the_id(client, market):
    second = check(client, (market.batik, 1))
    first = client.post("/beli", data={**hidden(second), "go": "edit"})
    assert first.status_code == 200
    for value in ("Slamet", "Dusun Krajan nomor 7", "Pedurungan Kidul", "pagar hijau"):
        assert f'value="{value}"' in first.text
    assert 'value="Pedurungan, Kota Semarang, Jawa Tengah"' in first.text
    assert hidden(first)["act_id"] == hidden(second)["act_id"]


def test_a_service_is_chosen_for_each_parcel(client, market):
    second = check(client, (market.batik, 1))
    cheapest = hidden(second)[f"service-{market.homes[1].id}"]
    others = {
        code
        for code in ("reguler", "express", "kargo", "hemat", "kilat")
        if f'value="{code}"' in second.text
    } - {cheapest}
    assert f'name="service-{market.homes[1].id}"' in second.text
    for other in others:
        dearer = press(client, second, **{f"service-{market.homes[1].id}": other})
        assert dearer.status_code == 409
        assert orders() == []
        again = press(client, dearer)
        assert again.status_code == 303
        break


def test_a_total_from_the_client_is_only_compared(client, market):
    second = check(client, (market.batik, 1))
    answer = press(client, second, total_seen="1")
    assert answer.status_code == 409
    assert "Totalnya berubah" in answer.text
    assert "Jumlah yang baru" in answer.text
    assert orders() == []
    assert press(client, answer).status_code == 303


def test_a_price_that_rose_is_shown_before_anything_is_ordered(client, market):
    second = check(client, (market.batik, 1))
    db.session.get(Variant, market.batik.id).price = 200_000
    db.session.commit()
    answer = press(client, second)
    assert answer.status_code == 409
    assert "200.000" in answer.text
    assert orders() == []


def test_what_is_gone_is_told_and_what_is_left_can_be_taken(client, market):
    second = check(client, (market.tiwul, 3), (market.batik, 1))
    promised(wishes=[(market.tiwul, 18)])
    answer = press(client, second)
    assert answer.status_code == 409
    assert "Stok tinggal 2. Anda minta 3." in answer.text
    assert "Pesan sekarang" not in answer.text
    taken = client.post("/beli", data={**hidden(answer), "go": "take"})
    assert taken.status_code == 200
    assert press(client, taken).status_code == 303
    assert orders()[0].goods_total == 2 * 18_000 + 185_000


def test_when_nothing_is_left_the_way_leads_back(client, market):
    second = check(client, (market.batik, 10))
    promised(wishes=[(market.batik, 10)])
    answer = press(client, second)
    assert answer.status_code == 409
    assert "Stok sudah habis. Anda minta 10." in answer.text
    assert "Ambil yang masih ada" not in answer.text


def test_goods_taken_off_the_shop_cannot_be_ordered(client, market):
    second = check(client, (market.batik, 1))
    db.session.get(Listing, market.batik.listing_id).hidden_reason = "klaim"
    db.session.commit()
    answer = press(client, second)
    assert answer.status_code == 409
    assert "Barang ini tidak dijual lagi." in answer.text
    assert orders() == []


def test_the_same_form_again_is_the_same_order(client, market):
    fill(client, (market.batik, 1))
    second = check(client, (market.batik, 1))
    first, again = press(client, second), press(client, second)
    assert first.location == again.location
    assert len(orders()) == 1


def test_another_wish_under_the_same_id_is_a_question_and_not_an_order(client, market):
    second = check(client, (market.batik, 1))
    press(client, second)
    answer = press(client, second, name="Joko")
    assert answer.status_code == 409
    assert "sudah kami terima" in answer.text
    assert len(orders()) == 1
    assert hidden(answer)["act_id"] != hidden(second)["act_id"]
    assert hidden(answer)["name"] == "Joko"


def test_who_holds_too_much_unpaid_is_told_so_and_loses_nothing(client, market):
    press(client, check(client, (market.tiwul, 20)))
    press(client, check(client, (market.batik, 10)))
    more = a_market(units=60)
    answer = press(client, check(client, (more.tiwul, 31)))
    assert answer.status_code == 422
    assert "belum dibayar" in answer.text
    assert hidden(answer)["name"] == "Slamet"


def test_one_address_cannot_take_the_whole_shelf_with_many_numbers(client, market):
    rules(placing_tries=2)
    for n in range(2):
        press(client, check(client, (market.tiwul, 1), phone=f"08123456789{n}"))
    answer = press(client, check(client, (market.tiwul, 1), phone="081234567899"))
    assert answer.status_code == 429
    assert "Terlalu sering" in answer.text
    assert len(orders()) == 2


def test_a_way_to_pay_that_does_not_fit_is_refused_in_place(client, market):
    answer = press(client, check(client, (market.batik, 1)), method="cash_pickup")
    assert answer.status_code == 422
    assert "Cara bayar ini tidak tersedia" in answer.text
    assert orders() == []


def test_a_signed_in_buyer_is_known_and_her_last_address_is_one_touch_away(client, market):
    person = a_person("Sumirah", phone="+6281299998888")
    order((market.batik, 1), actor=Actor(person.id))
    sign_in(client, phone="081299998888")
    fill(client, (market.tiwul, 1))
    first = client.get("/beli")
    assert 'value="Sumirah"' in first.text
    assert 'value="0812-9999-8888"' in first.text
    assert "Pakai alamat ini" in first.text
    filled = client.post("/beli", data={**hidden(first), **typed((market.tiwul, 1)), "go": "last"})
    assert 'value="Jl. Contoh 7"' in filled.text
    assert 'value="05/02"' in filled.text
    assert "Semarang Tengah, Kota Semarang" in filled.text


def test_a_guest_never_sees_an_address_of_somebody(client, market):
    order((market.batik, 1))
    fill(client, (market.tiwul, 1))
    text = client.get("/beli").text
    assert "Jl. Contoh 7" not in text
    assert "Pakai alamat ini" not in text


def test_pages_with_an_address_are_kept_nowhere(client, market):
    assert check(client, (market.batik, 1)).headers["Cache-Control"] == "private, no-store"


@pytest.mark.parametrize(
    "broken",
    [
        {"act_id": "x"},
        {"goods-x": "1", "goods-": "2"},
        {"way": "kapal"},
        {"service-1": "x" * 500, "service-99999999999999999": "y"},
        {"district": "\x00\x00"},
        {"note": "n" * 2000},
        {"total_seen": "9" * 13, "method": "\ud83e"},
    ],
)
def test_whatever_is_sent_ends_in_words(client, market, broken):
    for go in ("check", "order", "take", "edit", "last", "?"):
        sent = typed((market.batik, 1)) | {"go": go} | broken
        sent = {k: v.encode("utf-8", "replace").decode() for k, v in sent.items()}
        assert post(client, "/beli", **sent).status_code < 500


@pytest.mark.parametrize("units", ["-1", "1.5", "1" + "0" * 30, "dua", "61", ""])
def test_a_wrong_quantity_has_its_sentence(client, market, units):
    answer = check(client, **{f"goods-{market.batik.id}": units})
    assert answer.status_code == 422
    assert "Jumlahnya dari 1 sampai 60." in answer.text


def test_nothing_at_all_leads_back_to_the_basket(client, market):
    zero = check(client, **{f"goods-{market.batik.id}": "0"})
    assert (zero.status_code, "Keranjang masih kosong" in zero.text) == (422, True)
    assert check(client).location == "/keranjang"


def test_placing_asks_twice_more_than_the_noun_does_for_a_pause_and_to_count_the_press(
    client, market
):
    second = check(client, (market.batik, 1))
    total = int(hidden(second)["total_seen"])
    wanted = asked((market.batik, 1), total=total)
    db.session.commit()
    with counted() as noun:
        checkout.place_order(actor=GUEST, asked=wanted)
    with counted() as page:
        assert press(client, second).status_code == 303
    work = [[s for s in sent if "savepoint" not in s.lower()] for sent in (noun, page)]
    assert len(work[1]) == len(work[0]) + 2
