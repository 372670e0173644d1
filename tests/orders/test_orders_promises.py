"""Each promise is silent on a healthy house and fires on the corruption planted for it."""

import pytest
from sqlalchemy import text

from core.db import db
from orders import fulfilment, handover, promises, transfers
from tests.cooperatives.factories import broken
from tests.orders.factories import a_market, attempt_of, order, parcels_of, run_jobs

pytestmark = pytest.mark.service


@pytest.fixture
def paid(app):
    """A paid order, its parcel handed over and delivered."""
    market = a_market()
    placed = order((market.batik, 2))
    attempt = attempt_of(placed)
    transfers.confirm(actor=market.treasurers[0], attempt_id=attempt.id, amount=attempt.amount)
    run_jobs()
    (parcel,) = parcels_of(placed)
    fulfilment.accept(actor=market.weaves, parcel_id=parcel.id)
    handover.hand_over(actor=market.weaves, parcel_id=parcel.id)
    handover.deliver(actor=market.weaves, parcel_id=parcel.id)
    order((market.tiwul, 1))
    assert broken(promises.ALL) == set()
    return placed


CORRUPTIONS = [
    ("M4", "update attempt set is_capture = false where is_capture"),
    ("M4", "update order_placed set paid_at = now() where state = 'awaiting_payment'"),
    ("M4", "update attempt set currency = 'USD' where is_capture"),
    (
        "M5",
        "insert into refund (id, attempt_id, amount, currency, state, reason, doc_type, doc_id,"
        " created_at) select gen_random_uuid(), id, reached + 1, currency, 'due', 'x', 'x', 'x',"
        " now() from attempt where is_capture",
    ),
    ("M6", "update attempt set state = 'surplus' where is_capture"),
    ("M7", "update attempt set reached = 5 where state = 'created'"),
    ("M4", "update attempt set unique_code = 5 where is_capture"),
    ("M13", "update attempt set state = 'joined', reached = 5 where state = 'created'"),
    ("M13", "update attempt set state = 'part', reached = 5, is_capture = false where is_capture"),
    (
        "M14",
        "insert into account (organisation_id, kind, payee_id, label, currency)"
        " select organisation_id, 'expense', payee_id, 'kode transfer', currency from account"
        " where kind = 'bank';"
        "insert into journal (kind, doc_type, doc_id, memo, happened_at, posted_at)"
        " select 'refunded', 'planted', '1', id, now(), now() from order_placed"
        " where paid_at is not null;"
        "insert into entry (journal_id, account_id, amount) select j.id, a.id,"
        " case a.kind when 'bank' then -7 else 7 end from journal j, account a"
        " where j.doc_type = 'planted' and (a.kind = 'bank' or a.label = 'kode transfer')",
    ),
    (
        "M19",
        "insert into bank_file (account, layout, digest, lines, new_lines, flaws, asides,"
        " created_at) values ('x', 'x', 'x', 1, 1, '[]', '[]', now());"
        "insert into bank_line (file_id, file_line, account, day, amount, text, text_hash, running,"
        " state, attempt_id, reason) select f.id, 1, 'x', now(), a.reached + 1, '', '', 1,"
        " 'matched', a.id, '' from attempt a, bank_file f where a.is_capture",
    ),
    ("M8", "update order_line set price = price + 1, total = total + 1 where kind = 'delivery'"),
    ("M12", "update parcel set earned_at = now() where handed_over_at is not null"),
    ("M15", "update attempt set state = 'reversed' where is_capture"),
    ("M15", "update attempt set state = 'disputed' where is_capture"),
    (
        "M16",
        "insert into refund (id, attempt_id, amount, currency, state, reason, doc_type, doc_id,"
        " created_at) select gen_random_uuid(), id, 1, currency, 'done', 'x', 'x', 'x',"
        " now() from attempt where is_capture",
    ),
    (
        "M21",
        "insert into trading_day (place_id, number, day, opened_at, opening, entries_from) select"
        " min(id), 1, now(), now(), 0, 0 from place; insert into counter_sale (order_id, place_id,"
        " device_id, keeper_id, day_id, is_late, sold_at, posted_at, cash, qris, tendered, flags,"
        " undone_why) select o.id, p.place_id, o.id, e.id, (select id from trading_day), false,"
        " now(), now(), o.total, 0, 0, '{}', '' from order_placed o"
        " join parcel p on p.order_id = o.id"
        " cross join (select min(id) id from person) e where o.paid_at is not null",
    ),
    ("S11", "update order_line set given = 1 where given = 2"),
    ("S12", "update hold set state = 'released', until = null where state = 'held'"),
    (
        "P3",
        "insert into joint_package (organisation_id, slug, name, story, price, created_at)"
        " select min(id), 'x', 'x', '', 1, now() from organisation;"
        "update order_line set package_id = (select id from joint_package) where kind = 'goods'",
    ),
    (
        "X2",
        "insert into gateway_notice (gateway, event_key, body, headers, received_at, outcome)"
        " values ('x', 'x', '', '{}', now() - interval '11 minutes', '')",
    ),
]


@pytest.mark.parametrize(("promise", "corruption"), CORRUPTIONS)
def test_a_planted_corruption_is_found(paid, promise, corruption):
    db.session.execute(text("set constraints all deferred"))
    db.session.execute(text(corruption))
    assert promise in broken(promises.ALL)


def test_every_promise_is_proved():
    assert {promise for promise, _corruption in CORRUPTIONS} == {p.id for p in promises.ALL}
