"""A big order on the screens: the coordinator's desk and each maker's page."""

import pytest

from cooperatives.big_orders import making
from cooperatives.models import BigOrder
from cooperatives.rights import COORDINATE
from core import clock
from core.actors import SYSTEM
from core.db import db
from sellers.rights import SELL
from tests.cooperatives.bazaars.test_pages import body, me, post  # noqa: F401  (a fixture)
from tests.cooperatives.big_orders.factories import (
    a_big_order,
    a_group,
    asked,
    proposed,
    sealed,
    shares,
)
from tests.factories import give

pytestmark = pytest.mark.service


def test_a_coordinator_shares_out_a_wedding(client, me):  # noqa: F811
    group = a_group((70, 35), (70, 35))
    give(me, COORDINATE, group.cooperative.id)
    assert "Belum ada pesanan besar" in body(client.get("/koord/bagi"))
    day = clock.today().isoformat()
    sent = {
        "group": group.cooperative.id, "what": "Kotak snack nikahan", "wanted": "60",
        "category": group.category.id,
        "starts_on": day, "due_on": "2020-01-01", "place": group.kiosk.id, "least": "1",
    }  # fmt: skip
    wrong = post(client, "/koord/bagi/baru", sent)
    assert "paling lama 31 hari" in body(wrong)
    assert 'value="Kotak snack nikahan"' in body(wrong)
    made = post(client, "/koord/bagi/baru", {**sent, "due_on": day})
    page = made.location
    (order,) = db.session.query(BigOrder)
    goods = [one.variant.id for one in group.kitchens]
    post(client, page, {"deed": "propose", "goods": goods, "rain": day})
    assert "Masih kurang 50" in body(client.get(page))
    first, second = shares(order)
    assert (first.units, second.units) == (5, 5)
    refused = post(
        client, page, {"deed": "adjust", f"units-{first.seller_id}": "77", "why": "Bisa"}
    )
    assert refused.status_code == 422
    assert 'value="77"' in body(refused)
    assert 'value="Bisa"' in body(refused)
    assert post(client, page, {"deed": "ask", "hours": "24"}).status_code == 303
    for share in (first, second):
        told = {"deed": "answer", "share": share.id, "units": "5"}
        assert post(client, page, told).status_code == 303
    assert "Centang dulu" in body(post(client, page, {"deed": "seal"}))
    post(client, page, {"deed": "seal", "gap": "1"})
    assert "Kurang 50. Pemesan sudah diberi tahu." in body(client.get(page))
    assert "Sedang dibuat" in body(client.get("/koord/bagi?q=snack"))


def test_her_page_from_question_to_shelf(client, me):  # noqa: F811
    group = a_group((70, 70), (70, 70))
    order = asked(group, 40)
    share, other = shares(order)
    give(me, SELL, share.seller_id)
    page = f"/ibu/bagian/{order.id}"
    assert "Ibu sanggup membuat 20?" in body(client.get(page))
    wrong = post(client, page, {"deed": "part", "share": share.id, "units": "21"})
    assert "Tulis angka dari 0 sampai 20." in body(wrong)
    assert post(client, page, {"deed": "all", "share": other.id}).status_code == 404
    post(client, page, {"deed": "part", "share": share.id, "units": "15"})
    assert "Sanggup sebagian" in body(client.get(page))
    assert "Kotak snack nikahan" in body(client.get("/ibu/bagian"))


def test_she_tells_what_is_ready_and_hears_why_it_was_cancelled(client, me):  # noqa: F811
    order = sealed(a_group((70, 70)), 40)
    (share,) = shares(order)
    give(me, SELL, share.seller_id)
    page = f"/ibu/bagian/{order.id}"
    post(client, page, {"deed": "ready", "share": share.id, "units": "30"})
    assert shares(order)[0].ready == 30
    wrong = post(client, page, {"deed": "ready", "share": share.id, "units": "empat"})
    assert "Tulis angkanya saja" in body(wrong)
    assert 'value="empat"' in body(wrong)
    making.cancel(actor=SYSTEM, order_id=order.id, why="Pernikahan ditunda")
    assert "Pernikahan ditunda" in body(client.get(page))


def test_a_proposal_is_nobodys_page_yet(client, me):  # noqa: F811
    group = a_group((70, 70))
    order = proposed(a_big_order(group, 40), group)
    give(me, SELL, group.kitchens[0].seller.id)
    assert client.get(f"/ibu/bagian/{order.id}").status_code == 404
    give(me, COORDINATE, a_group().cooperative.id)
    assert client.get(f"/koord/bagi/{order.id}").status_code == 404
