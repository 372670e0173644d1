"""A big order on the web: its buyer pays once, and each maker is paid for what she brought."""

import uuid

import pytest

from cooperatives import promises_stock
from cooperatives.big_orders import keeping, making, promises
from cooperatives.big_orders.states import NotNow
from cooperatives.models import BigOrder, Hold, Movement
from cooperatives.rights import COORDINATE, TREASURE
from core import orgs
from core.actors import SYSTEM
from core.db import db
from core.errors import NotFound
from orders import big_orders, endings, transfers
from orders.big_orders import NothingKept, StillOpen
from orders.checkout import Receiver, order_doc
from orders.models import Line, Order
from tests.cooperatives.bazaars.test_pages import body, me, post  # noqa: F401  (a fixture)
from tests.cooperatives.big_orders.factories import a_group, brought, sealed, shares
from tests.cooperatives.factories import a_cooperative, a_lot, broken, hand_over, level
from tests.factories import give
from tests.orders.factories import KERTEK, attempt_of, holder, run_jobs

pytestmark = pytest.mark.service
BUYER = Receiver(name="Bu Ratna", phone="+6281234567890")


@pytest.fixture
def wedding(app):
    """Two makers have brought 30 boxes each; the first has older ones of her own on the shelf."""
    group = a_group((70, 70), (70, 70))
    group.kiosk.is_pickup, group.kiosk.district_code = True, KERTEK
    db.session.commit()
    group.order = sealed(group, 60)
    group.old = a_lot(group.kitchens[0].variant, group.kiosk, 5, days=3)
    for share in shares(group.order):
        brought(group.order, share, 30)
    group.leads = holder(COORDINATE, group.cooperative.id)
    return group


def sold(group, actor=None, order_id=None, method="transfer"):
    placed = big_orders.sell(
        actor=actor or group.leads,
        order_id=order_id or uuid.uuid4(),
        big_order_id=group.order.id,
        receiver=BUYER,
        method_code=method,
    )
    db.session.expire_all()
    return db.session.get(Order, placed.order_id)


def test_the_order_takes_what_was_brought_for_it_and_nothing_else(wedding):
    key = uuid.uuid4()
    order = sold(wedding, order_id=key)
    assert sold(wedding, order_id=key).id == order.id
    lines = db.session.query(Line).filter_by(order_id=order.id).all()
    assert {(line.seller_id, line.quantity) for line in lines} == {
        (kitchen.seller.id, 30) for kitchen in wedding.kitchens
    }
    assert order.buyer_id is None
    assert order.total == 60 * 5_000
    assert level(wedding.old, wedding.kiosk) == (5, 0, 0)
    attempt = attempt_of(order)
    treasurer = holder(TREASURE, orgs.operator_id(db.session))
    transfers.confirm(actor=treasurer, attempt_id=attempt.id, amount=attempt.amount)
    run_jobs()
    hand_over(actor=SYSTEM, doc=order_doc(order.id))
    gone = db.session.query(Movement).filter_by(kind="sale").all()
    assert sorted(movement.quantity for movement in gone) == [30, 30]
    making.finish(actor=SYSTEM, order_id=wedding.order.id)
    assert broken((*promises.ALL, *promises_stock.ALL)) == set()


def test_what_the_buyer_did_not_pay_is_kept_again(wedding):
    order = sold(wedding)
    with pytest.raises(NotNow):
        big_orders.keep_again(actor=wedding.leads, big_order_id=wedding.order.id)
    with pytest.raises((NothingKept, StillOpen)):
        sold(wedding)
    endings.cancel(actor=SYSTEM, order_id=order.id)
    run_jobs()
    assert db.session.get(Order, order.id).state == "cancelled"
    big_orders.keep_again(actor=wedding.leads, big_order_id=wedding.order.id)
    assert keeping.kept(db.session, wedding.order.id) == 60
    assert sold(wedding).total == order.total
    assert broken((*promises.ALL, *promises_stock.ALL)) == set()


def test_only_her_coordinator_sells_it_and_only_what_is_there(wedding):
    with pytest.raises(NotFound):
        sold(wedding, holder(COORDINATE, a_cooperative().id))
    making.finish(actor=SYSTEM, order_id=wedding.order.id)
    with pytest.raises(NotNow):
        sold(wedding)


def test_the_coordinator_makes_the_order_on_her_page(wedding, client, me):  # noqa: F811
    give(me, COORDINATE, wedding.cooperative.id)
    page = f"/koord/bagi/{wedding.order.id}/pesanan"
    assert f'href="{page}"' in body(client.get(f"/koord/bagi/{wedding.order.id}"))
    sent = {"name": "Bu Ratna", "phone": "0812", "method": "transfer", "act_id": str(uuid.uuid4())}
    wrong = post(client, page, sent)
    assert wrong.status_code == 422
    assert 'value="Bu Ratna"' in body(wrong)
    assert post(client, page, {**sent, "phone": "081234567890"}).status_code == 303
    big = db.session.get(BigOrder, wedding.order.id)
    order = db.session.get(Order, uuid.UUID(big.sold_as))
    shown = body(client.get(page))
    assert order.number in shown
    assert "Bu Ratna" not in shown
    assert order.code not in shown
    assert db.session.query(Hold).filter_by(doc_type="order").count() == 2
