"""A count or a loss is never denied; promises that break are told and mended."""

import pytest
from sqlalchemy import select, text

from cooperatives import goods, promises_stock, shortfalls
from cooperatives.counter import Scan
from cooperatives.goods import Portion
from cooperatives.models import Hold, Shortfall
from core import news
from core.actors import SYSTEM
from core.errors import NotFound
from core.jobs import job
from tests.cooperatives.factories import (
    a_doc,
    a_lot,
    a_place,
    a_variant,
    broken,
    confirm,
    level,
    mend,
    promised,
    sell,
)

pytestmark = pytest.mark.service


@job("test.hear_shortfall", key="shortfall_id")
def hear(shortfall_id):
    """Only ever deferred."""


@pytest.fixture
def variant(session):
    return a_variant()


@pytest.fixture
def kiosk(session):
    return a_place("kiosk")


def at_till(kiosk, *lines, **more):
    values = {"actor": SYSTEM, "doc": a_doc("till"), "place_id": kiosk.id}
    return sell(lines=[Scan(*line) for line in lines], **{**values, **more})


def throw_away(lot, place, units):
    return goods.write_off(
        actor=SYSTEM,
        doc=a_doc("waste"),
        place_id=place.id,
        portions=[Portion(lot.id, units)],
        reason="tumpah",
    )


def all_shortfalls(session):
    return session.execute(
        select(Hold.doc_id, Shortfall.quantity, Shortfall.cause)
        .join(Hold, Hold.id == Shortfall.hold_id)
        .order_by(Shortfall.id)
    ).all()


def test_promised_goods_sold_over_the_counter_become_a_shortfall(session, variant, kiosk):
    lot, doc = a_lot(variant, kiosk, 3), a_doc()
    promised(wishes=[(variant, 3)], doc=doc)
    at_till(kiosk, (variant.id, 2))
    assert level(lot, kiosk) == (1, 1, 0)
    assert all_shortfalls(session) == [(doc.id, 2, "sale")]
    assert broken(promises_stock.ALL) == set()


def test_unpaid_promises_break_first_and_the_newest_before_the_older(session, variant, kiosk):
    a_lot(variant, kiosk, 4)
    paid, old, new, last = (a_doc() for _ in range(4))
    for doc in (paid, old, new, last):
        promised(wishes=[(variant, 1)], doc=doc)
    confirm(paid)
    confirm(last)
    at_till(kiosk, (variant.id, 3))
    assert [row.doc_id for row in all_shortfalls(session)] == [new.id, old.id, last.id]


def test_what_spoiled_is_gone_even_if_it_was_promised(session, variant, kiosk):
    lot, doc = a_lot(variant, kiosk, 3), a_doc()
    promised(wishes=[(variant, 2)], doc=doc)
    throw_away(lot, kiosk, 2)
    assert level(lot, kiosk) == (1, 1, 0)
    assert all_shortfalls(session) == [(doc.id, 1, "waste")]


def test_more_may_spoil_than_was_on_record(session, variant, kiosk):
    lot = a_lot(variant, kiosk, 3)
    throw_away(lot, kiosk, 5)
    assert level(lot, kiosk) == (0, 0, 0)
    assert broken(promises_stock.ALL) == set()


def test_a_count_may_break_a_promise(session, variant, kiosk):
    lot, doc = a_lot(variant, kiosk, 3), a_doc()
    promised(wishes=[(variant, 3)], doc=doc)
    goods.correct_after_count(
        actor=SYSTEM, doc=a_doc("count"), place_id=kiosk.id, differences=[Portion(lot.id, -1)]
    )
    assert level(lot, kiosk) == (2, 2, 0)
    assert all_shortfalls(session) == [(doc.id, 1, "count")]


def test_a_shortfall_is_told_once_for_each_broken_promise(session, app, variant, kiosk):
    news.subscribe(app, "stock_shortfall", hear)
    a_lot(variant, kiosk, 2)
    for _ in range(2):
        promised(wishes=[(variant, 1)])
    at_till(kiosk, (variant.id, 2))
    app.extensions["news"]["stock_shortfall"].remove(hear)
    told = text(
        "select (args->>'shortfall_id')::bigint from procrastinate_jobs"
        f" where task_name = '{hear.name}' order by id"
    )
    ids = session.scalars(select(Shortfall.id).order_by(Shortfall.id)).all()
    assert len(ids) == 2
    assert session.scalars(told).all() == ids


def test_a_shortfall_stays_open_until_it_is_mended(session, variant, kiosk):
    a_lot(variant, kiosk, 2)
    doc = a_doc()
    promised(wishes=[(variant, 2)], doc=doc)
    at_till(kiosk, (variant.id, 2))
    (open_one,) = shortfalls.list_open(session, kiosk.id)
    found, hold = shortfalls.get_shortfall(session, open_one.id)
    assert (found.quantity, hold.doc_id, hold.buyer_key) == (2, doc.id, "Siti")
    mend(actor=SYSTEM, shortfall_id=open_one.id, how="refunded")
    mend(actor=SYSTEM, shortfall_id=open_one.id, how="substituted")
    assert shortfalls.list_open(session, kiosk.id) == []
    assert session.get(Shortfall, open_one.id).mended_how == "refunded"


def test_a_shortfall_that_never_was_is_not_found(session):
    with pytest.raises(NotFound):
        shortfalls.get_shortfall(session, 404)
    with pytest.raises(NotFound):
        mend(actor=SYSTEM, shortfall_id=404, how="refunded")
