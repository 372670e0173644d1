"""The simulated Midtrans as people see it: paying by hand, the clerk's desk, the ledger."""

from datetime import timedelta

import pytest
import requests

from core import clock
from orders.simulators.__main__ import build
from orders.simulators.midtrans import of_desk
from orders.simulators.midtrans.desk import Desk
from orders.simulators.midtrans.papers import times
from orders.simulators.server import serving
from orders.simulators.switches import ALWAYS, Switches
from orders.simulators.world import World


@pytest.fixture
def switches():
    made = Switches()
    made.set(silent=ALWAYS)
    return made


@pytest.fixture
def desk(switches):
    return Desk(World("http://127.0.0.1", "http://127.0.0.1:9", "key", switches=switches))


@pytest.fixture
def page(desk):
    return desk.open_page(
        {
            "transaction_details": {"order_id": "LB-1", "gross_amount": 92_000},
            "item_details": [{"name": "Tiwul <b>", "price": 92_000, "quantity": 1}],
            "enabled_payments": ["other_qris", "bca_va", "credit_card"],
            "callbacks": {"finish": "http://localhost:8000/pesanan/kembali?pembayaran=LB-1"},
            "expiry": {"duration": 5},
        }
    )


@pytest.fixture
def ask(desk):
    with serving(of_desk(desk)) as url:
        yield lambda method, path, **more: requests.request(
            method, url + path, timeout=5, allow_redirects=False, **more
        )


@pytest.fixture
def press(ask, page):
    return lambda **form: ask("post", f"/snap/v2/vtweb/{page.token}", data=form)


@pytest.fixture
def shown(ask, page):
    return lambda: ask("get", f"/snap/v2/vtweb/{page.token}").text


def test_the_page_shows_the_bill_the_channels_and_that_no_money_is_real(shown):
    text = shown()
    assert "Rp 92.000" in text
    assert "Tiwul &lt;b&gt;" in text
    assert all(name in text for name in ("QRIS", "BCA Virtual Account", "Kartu"))
    assert "bukan uang sungguhan" in text


def test_paying_leads_back_to_the_shop(press, desk):
    assert press(channel="other_qris").status_code == 303
    answer = press(deed="pay")
    assert answer.headers["Location"] == (
        "http://localhost:8000/pesanan/kembali?pembayaran=LB-1&order_id=LB-1"
        "&status_code=200&transaction_status=settlement"
    )
    assert [(row["what"], row["amount"]) for row in desk.book.ledger] == [("capture", 92_000)]


def test_a_failed_card_may_be_followed_by_another_way(press, shown):
    press(channel="credit_card")
    assert "ditahan" in shown()
    press(deed="deny")
    assert "gagal" in shown()
    press(channel="bca_va")
    assert "Nomor bayar" in shown()
    assert press(deed="pay").status_code == 303
    assert "Sudah dibayar" in shown()


def test_what_is_paid_cannot_be_paid_again(press, desk):
    press(channel="other_qris")
    press(deed="pay")
    assert press(deed="pay").status_code == 409
    assert press(channel="bca_va").status_code == 409
    assert len(desk.book.ledger) == 1


def test_a_closed_page_takes_no_money(desk, page, press, shown):
    desk.cancel_page(page.token)
    assert "sudah ditutup" in shown()
    assert press(channel="other_qris").status_code == 409


def test_time_ends_what_waits_unless_late_money_is_switched_on(desk, page, press, switches):
    press(channel="other_qris")
    page.expires_at = desk.book.newest("LB-1").expires_at = clock.now() - timedelta(minutes=1)
    switches.set(late=ALWAYS)
    assert press(deed="pay").status_code == 303
    assert desk.book.newest("LB-1").status == "settlement"


def test_time_ends_what_waits(desk, page, press, shown):
    press(channel="other_qris")
    page.expires_at = desk.book.newest("LB-1").expires_at = clock.now() - timedelta(minutes=1)
    shown()
    assert desk.book.newest("LB-1").status == "expire"


@pytest.mark.parametrize("path", ["/snap/v2/vtweb/nobody", "/nothing"])
def test_what_is_not_there_is_not_there(ask, path):
    assert ask("get", path).status_code == 404


def test_the_clerks_desk_offers_what_may_be_done(ask, press, desk):
    assert "Belum ada pembayaran" in ask("get", "/").text
    press(channel="other_qris")
    press(deed="pay")
    payment = desk.book.newest("LB-1")
    assert f'action="{payment.id}/refund"' in ask("get", "/").text
    assert ask("post", f"/{payment.id}/charge_back_half").status_code == 303
    assert ask("post", f"/{payment.id}/settle").status_code == 409
    assert ask("post", f"/{payment.id}/steal").status_code == 409
    assert [row["amount"] for row in ask("get", "/ledger.json").json()] == [92_000, -46_000]


@pytest.mark.parametrize(
    ("answer", "repeats"),
    [(200, 0), (204, 0), (500, 1), (503, 4), (400, 2), (404, 2), (301, 0), (504, 5), (None, 5),
     (401, 5), (307, 5)],
)  # fmt: skip
def test_notices_are_repeated_as_the_papers_say(answer, repeats):
    assert times(answer) == repeats


CREATE = {"transaction_details": {"order_id": "LB-2", "gross_amount": 10_000}}


def bad(**changes):
    return {"transaction_details": CREATE["transaction_details"] | changes}


@pytest.mark.parametrize(
    ("wanted", "says"),
    [
        ({}, "transaction_details is required"),
        (bad(order_id="a b"), "order_id is invalid"),
        (bad(gross_amount="10000"), "gross_amount must be"),
        (bad(gross_amount=10_000.5), "gross_amount must be"),
        ({**CREATE, "item_details": [{"name": "a", "price": 1, "quantity": 1}]}, "not equal"),
        ({**CREATE, "item_details": [{"name": "a" * 51, "price": 1, "quantity": 1}]}, "too long"),
        ({**CREATE, "item_details": [{"name": "a", "price": 1.0, "quantity": 1}]}, "integer"),
        ({**CREATE, "item_details": [{"name": "a", "price": 1, "quantity": 0}]}, "at least 1"),
        ({**CREATE, "expiry": {"duration": 4}}, "expiry is invalid"),
    ],
)
def test_snap_says_no_with_its_own_words(ask, wanted, says):
    answer = ask("post", "/snap/v1/transactions", json=wanted, auth=("key", ""))
    assert answer.status_code == 400
    assert says in answer.json()["error_messages"][0]


def test_only_the_key_opens(ask):
    assert ask("post", "/snap/v1/transactions", json=CREATE).status_code == 401
    assert ask("get", "/v2/LB-1/status", auth=("another", "")).json()["status_code"] == "401"


def test_a_request_of_more_than_sixteen_kilobytes_is_refused(ask):
    huge = {**CREATE, "custom_field1": "x" * 17_000}
    answer = ask("post", "/snap/v1/transactions", json=huge, auth=("key", ""))
    assert answer.status_code == 413


def test_a_key_for_idempotence_that_is_too_long_is_ignored(ask):
    key = {"Idempotency-Key": "x" * 47}
    first = ask("post", "/snap/v1/transactions", json=CREATE, auth=("key", ""), headers=key)
    again = ask("post", "/snap/v1/transactions", json=CREATE, auth=("key", ""), headers=key)
    assert (first.status_code, again.status_code) == (201, 400)
    assert "already been taken" in again.text


def test_all_simulators_answer_on_one_port():
    env = {"MIDTRANS_SERVER_KEY": "key", "STRIPE_SECRET_KEY": "sk_test_key", "PORT": "9"}
    with serving(lambda *call: build(env, "http://127.0.0.1")(*call)) as url:
        assert "midtrans" in requests.get(f"{url}/", timeout=5).text
        for name in ("midtrans", "stripe"):
            assert requests.get(f"{url}/{name}/ledger.json", timeout=5).json() == []
        answer = requests.post(f"{url}/midtrans/snap/v1/transactions", json=CREATE, timeout=5)
        assert answer.status_code == 401
