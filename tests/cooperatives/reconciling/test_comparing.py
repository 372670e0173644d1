"""What does not agree asks somebody, once; when it agrees again, the task closes by itself."""

import pytest
from sqlalchemy import select, text

from cooperatives import goods, ledger, places
from cooperatives.accounts import own
from cooperatives.goods import Portion
from cooperatives.models.books import Kind
from cooperatives.reconciling import comparing
from core.actors import SYSTEM
from core.db import db, in_transaction
from core.tasks import Task
from tests.cooperatives.books_factories import (
    a_treasurer,
    closed,
    earned_sale,
    parties,
)
from tests.cooperatives.factories import (
    a_cooperative,
    a_doc,
    a_listing,
    a_lot,
    a_place,
    a_seller,
    a_variant,
)

pytestmark = pytest.mark.service


@pytest.fixture
def shelf(app):
    """Ten jars in a kiosk."""
    cooperative = a_cooperative()
    kiosk = a_place(cooperative=cooperative)
    return kiosk, a_lot(a_variant(a_listing(a_seller(cooperative))), kiosk)


def change(statement, **values):
    db.session.execute(text(statement), values)
    db.session.commit()


def asked(kind):
    """Open tasks of a kind: whose, about what, and where they lead."""
    query = select(Task).where(Task.kind == kind.name, Task.closed_at.is_(None))
    return [(task.right_name, task.subject_id, task.link) for task in db.session.scalars(query)]


def test_nothing_is_asked_where_all_agrees(shelf):
    comparing.compare_all.run()
    assert db.session.scalars(select(Task)).all() == []


def test_a_wrong_level_asks_the_coordinator_once_and_ends_by_itself(shelf):
    kiosk, lot = shelf
    change("update level set on_hand = 12 where lot_id = :lot", lot=lot.id)
    for _night in range(2):
        comparing.compare_all.run()
    link = f"/koord/cocok?tempat={kiosk.id}"
    assert asked(comparing.STOCK) == [("coordinate", kiosk.organisation_id, link)]
    change("update level set on_hand = 10 where lot_id = :lot", lot=lot.id)
    comparing.compare_all.run()
    assert asked(comparing.STOCK) == []


def test_goods_long_on_the_way_ask_and_fresh_ones_do_not(shelf):
    kiosk, lot = shelf
    transit = in_transaction()(places.transit_of)(organisation_id=kiosk.organisation_id)
    goods.transfer_goods(actor=SYSTEM, from_place_id=kiosk.id, to_place_id=transit.id,
                         doc=a_doc("carry"), portions=[Portion(lot.id, 4)])  # fmt: skip
    comparing.compare_all.run()
    assert asked(comparing.TRANSIT) == []
    change("alter table movement disable trigger user")
    change("update movement set posted_at = posted_at - interval '4 days'")
    change("alter table movement enable trigger user")
    comparing.compare_all.run()
    (task,) = db.session.scalars(select(Task).where(Task.kind == comparing.TRANSIT.name))
    assert task.facts == {"units": 4, "days": 3}


def test_a_drawer_below_nothing_asks_its_treasurer(shelf):
    kiosk, _lot = shelf
    from_drawer = own(Kind.CASH, kiosk.organisation_id, kiosk.slug)
    to_bank = own(Kind.BANK, kiosk.organisation_id, "bri")
    in_transaction()(ledger.post)(actor=SYSTEM, kind="moved", doc=("cash_count", "1"),
                                  lines=[(from_drawer, -5_000), (to_bank, 5_000)])  # fmt: skip
    comparing.compare_all.run()
    assert [row[:2] for row in asked(comparing.DRAWER)] == [("treasure", kiosk.organisation_id)]


def test_a_settlement_of_another_sum_asks_its_treasurer(app):
    sharing = parties()
    earned_sale((sharing, 36_000))
    settled = closed(sharing, a_treasurer(sharing.cooperative_id))
    comparing.compare_all.run()
    assert asked(comparing.SETTLED) == []
    change("update settlement set total = total + 1 where id = :id", id=settled.id)
    comparing.compare_all.run()
    assert [row[:2] for row in asked(comparing.SETTLED)] == [("treasure", sharing.cooperative_id)]
