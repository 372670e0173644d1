"""The static QRIS of a place: read to the last digit, and changed by two treasurers only."""

import pytest

from cooperatives.rights import TREASURE
from core.access import SamePerson
from core.db import db
from core.errors import NotFound
from core.tasks import Task
from orders.till import catalogue, qris
from tests.factories import an_actor, give, send, sign_in
from tests.orders.factories import holder
from tests.orders.till.factories import a_kiosk, a_payload

pytestmark = pytest.mark.service


@pytest.fixture
def shop(app):
    shop = a_kiosk()
    shop.treasurers = [holder(TREASURE, shop.cooperative.id) for _ in range(2)]
    return shop


def propose(shop, payload, by=0):
    qris.propose(actor=shop.treasurers[by], place_id=shop.kiosk.id, payload=payload)
    return qris.list_of(db.session(), shop.treasurers[by])[0].waiting_id


def test_the_check_sum_of_a_known_text():
    assert qris.check_sum("123456789") == 0x29B1


def test_a_whole_text_names_its_merchant():
    assert qris.merchant_of(a_payload("Kios Terminal")) == "Kios Terminal"


@pytest.mark.parametrize(
    "payload",
    [
        "",
        "x",
        "kios",
        a_payload()[:-1],
        a_payload()[:-4] + "0000",
        a_payload().replace("Wonosobo", "Wonosobp"),
        a_payload(kind="12"),
        a_payload(more="540510000"),
        a_payload(" "),
        "000201" * 80,
        "00\u0660\u066101",
    ],
)
def test_what_is_cut_mistyped_or_dynamic_is_none(payload):
    with pytest.raises(qris.NotQris):
        qris.merchant_of(payload)


def test_it_counts_once_another_treasurer_has_agreed(shop):
    first = propose(shop, a_payload("Satu"))
    assert qris.in_force(db.session(), shop.kiosk.id) is None
    with pytest.raises(SamePerson):
        qris.confirm(actor=shop.treasurers[0], qris_id=first)
    qris.confirm(actor=shop.treasurers[1], qris_id=first)
    qris.confirm(actor=shop.treasurers[1], qris_id=first)  # Pressed twice.
    second = propose(shop, a_payload("Dua"), by=1)
    assert qris.in_force(db.session(), shop.kiosk.id).merchant == "Satu"
    qris.confirm(actor=shop.treasurers[0], qris_id=second)
    shown = catalogue.of_place(db.session(), shop.kiosk)["qris"]
    assert shown == {"text": a_payload("Dua"), "name": "Dua"}


def test_another_proposal_takes_the_place_of_the_one_before(shop):
    first = propose(shop, a_payload("Satu"))
    second = propose(shop, a_payload("Dua"), by=1)
    with pytest.raises(NotFound):
        qris.confirm(actor=shop.treasurers[1], qris_id=first)
    qris.confirm(actor=shop.treasurers[0], qris_id=second)
    assert all(task.closed_at for task in db.session.query(Task).filter_by(kind="qris.confirm"))


def test_a_treasurer_of_another_house_changes_nothing(shop):
    waiting = propose(shop, a_payload())
    stranger = holder(TREASURE, a_kiosk().cooperative.id)
    with pytest.raises(NotFound):
        qris.confirm(actor=stranger, qris_id=waiting)
    with pytest.raises(NotFound):
        qris.propose(actor=stranger, place_id=shop.kiosk.id, payload=a_payload())


def test_the_page_says_what_is_wrong_and_keeps_what_was_typed(client, shop):
    she = an_actor()
    give(she, TREASURE, shop.cooperative.id)
    sign_in(client)
    wrong = send(client, "/kas/qris", place=str(shop.kiosk.id), payload="halo")
    assert "Ini bukan isi QRIS statis yang utuh" in wrong.text
    assert ">halo</textarea>" in wrong.text.replace("\r\n", "")
    done = send(client, "/kas/qris", place=str(shop.kiosk.id), payload=a_payload("Kios Baru"))
    assert done.status_code == 303
    page = client.get("/kas/qris").text
    assert "Menunggu disahkan: Kios Baru" in page
    assert "Sahkan QRIS ini" not in page  # Another one does.
