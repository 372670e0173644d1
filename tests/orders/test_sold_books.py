"""What was sold against what left the shelf and what the books gave: each asks when it differs."""

import pytest
from sqlalchemy import select, text

from cooperatives import ledger
from cooperatives.reconciling import comparing
from core.actors import SYSTEM
from core.db import db
from core.tasks import Task
from orders.reports.compared import REPORTS
from orders.sold_books import SOLD_IS_BOOKED, SOLD_LINES
from orders.till.compared import SOLD
from tests.cooperatives.books_factories import bank, book, clearing, house_id
from tests.cooperatives.factories import broken
from tests.orders.factories import a_market
from tests.orders.reports.writing import m_paid, m_row, midtrans, paid, upload
from tests.orders.till.factories import a_kiosk, line, sell

pytestmark = pytest.mark.service


def night(kind):
    """One night's look at one thing: whom it asks, and where it leads."""
    (one,) = [found for found in comparing.COMPARISONS if found.kind is kind]
    comparing.compare(actor=SYSTEM, comparison=one)
    query = select(Task).where(Task.kind == kind.name, Task.closed_at.is_(None))
    return [(task.right_name, task.subject_id, task.link) for task in db.session.scalars(query)]


def unguarded(table, statement, **values):
    """Past the database's own guards: a hand that had no business there."""
    db.session.execute(text(f"alter table {table} disable trigger user"))
    db.session.execute(text(statement), values)
    db.session.execute(text(f"alter table {table} enable trigger user"))
    db.session.commit()


@pytest.fixture
def shop(app):
    """Two jars of Bu Nur sold at the till."""
    shop = a_kiosk()
    sell(shop, line(shop.keripik, 2, owner=shop.nur))
    return shop


def test_goods_that_did_not_leave_as_sold_ask_the_coordinator(shop):
    assert night(SOLD) == []
    more = "update movement set quantity = quantity + :by where kind = 'sale'"
    unguarded("movement", more, by=1)
    for _night in range(2):
        assert night(SOLD) == [
            ("coordinate", shop.cooperative.id, f"/koord/cocok/gerak?tempat={shop.kiosk.id}")
        ]
    unguarded("movement", more, by=-1)
    assert night(SOLD) == []


@pytest.mark.parametrize(
    ("planted", "mended"),
    [
        ("seller_id = :tri", "seller_id = :nur"),  # The wrong woman is paid.
        ("given = 1", "given = 2"),
    ],
)
def test_a_part_in_the_books_that_is_not_of_the_goods_asks_the_treasurer(shop, planted, mended):
    women = {"nur": shop.nur.id, "tri": shop.tri.id}
    change = "update order_line set {} where kind = 'goods' and :nur <> :tri"
    assert night(SOLD_LINES) == []
    unguarded("order_line", change.format(planted), **women)
    assert broken([SOLD_IS_BOOKED]) == {"M26"}
    ((right, organisation_id, link),) = night(SOLD_LINES)
    assert (right, organisation_id) == ("treasure", shop.cooperative.id)
    assert link.startswith("/kas/cocok")
    unguarded("order_line", change.format(mended), **women)
    assert broken([SOLD_IS_BOOKED]) == set()
    assert night(SOLD_LINES) == []


def test_a_gateways_page_that_no_report_could_explain_asks_the_house(app, gateway):
    market = a_market()
    attempt = paid(market, gateway)
    upload(market, midtrans(m_paid(attempt, 300), m_row("payout", -10_000, theirs="wd-1")))
    paid(market, gateway)  # Not reported yet: that is no difference.
    assert night(REPORTS) == []
    lines = [(bank(), 5_000), (clearing(), -5_000)]
    wrong = book(step=ledger.post, kind="moved", doc=("cash", "1"), lines=lines)
    assert night(REPORTS) == [("treasure", house_id(), "/kas/cocokkan")]
    book(step=ledger.undo, journal_id=wrong.id, reason="salah")
    assert night(REPORTS) == []
