"""A box goes to a bazaar: several tills sell out of it, it comes back, and everybody is settled."""

import uuid
from datetime import timedelta

import pytest
from sqlalchemy import text

from cooperatives import promises_books, promises_stock
from cooperatives.accounts import own
from cooperatives.bazaars import closing, coming_back, costs, statement
from cooperatives.bazaars.coming_back import Counted, SayWhy
from cooperatives.bazaars.promises import ALL
from cooperatives.ledger import balance
from cooperatives.models.books import Kind
from core import clock
from core.db import db
from core.errors import NotFound
from core.words import rupiah
from tests.cooperatives.bazaars.factories import a_trip
from tests.cooperatives.counts.factories import posted_short
from tests.cooperatives.factories import broken
from tests.cooperatives.shelf import factories as shelf
from tests.orders.till.factories import line, sell, send, told

pytestmark = pytest.mark.service


def stands(trip, seller):
    """What stands on her page: what she is owed."""
    db.session.expire_all()
    return -balance(db.session, closing.pages_of(db.session, [seller.id])[seller.id])


def back(trip, seller, lot, returned, given=0, reason="", **more):
    coming_back.bring_back(
        actor=trip.leads,
        act_id=uuid.uuid4(),
        bazaar_id=trip.bazaar.id,
        seller_id=seller.id,
        counted={lot.id: Counted(returned, given)},
        reason=reason,
        **more,
    )
    db.session.expire_all()


def all_back(trip, *returned):
    sellers = (trip.nur, trip.tri, trip.sri)
    for seller, lot, units in zip(sellers, trip.lots, returned, strict=True):
        back(trip, seller, lot, units, reason="hilang di jalan")


def costs_of(trip, amount=100_000):
    costs.write(
        actor=trip.leads,
        cost_id=uuid.uuid4(),
        bazaar_id=trip.bazaar.id,
        what="Sewa lapak",
        amount=amount,
    )


def closed(trip):
    closing.close(actor=trip.leads, bazaar_id=trip.bazaar.id)
    db.session.expire_all()


def rows(trip, seller):
    found = statement.for_board(
        db.session,
        trip.leads if seller is not trip.sri else trip.guest_leads,
        trip.bazaar.id,
        seller.id,
    )
    return found, [
        (r.figures.brought, r.figures.sold, r.figures.given, r.figures.lost, r.figures.returned)
        for r in found.rows
    ]


def test_a_bazaar_is_closed_to_the_piece_and_to_the_rupiah(session):
    trip = a_trip()
    sell(trip, line(trip.keripik, 4, lot=trip.lots[0]), line(trip.gula, 5, lot=trip.lots[2]))
    back(trip, trip.nur, trip.lots[0], 5, given=1)
    back(trip, trip.tri, trip.lots[1], 10, to_place_id=trip.shelf.id)
    back(trip, trip.sri, trip.lots[2], 4, reason="satu pecah")
    costs_of(trip, 100_000)
    closed(trip)
    found, hers = rows(trip, trip.nur)
    assert hers == [(10, 4, 1, 0, 5)]
    assert rows(trip, trip.tri)[1] == [(10, 0, 0, 0, 10)]
    assert rows(trip, trip.sri)[1] == [(10, 5, 0, 1, 4)]
    shares = [rows(trip, s)[0].cost for s in (trip.nur, trip.tri, trip.sri)]
    assert (sum(shares), max(shares) - min(shares)) == (100_000, 1)
    assert stands(trip, trip.nur) == found.total == 4 * 12_000 * 95 // 100 - found.cost
    assert stands(trip, trip.tri) == -rows(trip, trip.tri)[0].cost
    sum_ = f"{rupiah(100_000)} × 1 ÷ 3 = {rupiah(found.cost)}"
    assert statement.share_in_words(found) == sum_
    expense = own(Kind.EXPENSE, trip.host.id, f"bazaar:{trip.bazaar.id}")
    assert balance(db.session, expense) == -100_000
    assert not broken([*ALL, *promises_stock.ALL, *promises_books.ALL])
    closed(trip)  # Again changes nothing.


def test_costs_shared_by_sales_are_borne_by_who_sold(session):
    trip = a_trip(shared_by="sales")
    sell(trip, line(trip.keripik, 5, lot=trip.lots[0]), line(trip.gula, 2, lot=trip.lots[2]))
    all_back(trip, 5, 10, 8)
    costs_of(trip, 50_000)
    closed(trip)
    assert [rows(trip, s)[0].cost for s in (trip.nur, trip.tri, trip.sri)] == [30_000, 0, 20_000]


def test_lost_goods_are_made_good_where_the_host_bears_them(session):
    trip = a_trip(lost_by="host")
    with pytest.raises(SayWhy):
        back(trip, trip.nur, trip.lots[0], 8)
    all_back(trip, 8, 10, 10)
    closed(trip)
    assert stands(trip, trip.nur) == 2 * 12_000 * 95 // 100
    assert balance(db.session, own(Kind.RISK_FUND, trip.host.id)) == 22_800
    assert not broken(ALL)


@pytest.mark.parametrize(("lost_by", "made_good"), [("owner", 0), ("host", 2)])
def test_what_a_count_of_the_box_misses_is_borne_once_as_was_agreed(session, lost_by, made_good):
    trip = a_trip(lost_by=lost_by)
    posted_short(trip.kiosk, trip.lots[0], trip.keeps, 2)
    assert stands(trip, trip.nur) == 0
    all_back(trip, 8, 10, 10)
    closed(trip)
    assert stands(trip, trip.nur) == made_good * 12_000 * 95 // 100
    assert not broken(ALL)


def test_nothing_is_closed_while_a_jar_is_unexplained(session):
    trip = a_trip()
    all_back(trip, 10, 10, 10)
    sell(trip, line(trip.keripik, 1, lot=trip.lots[0]))  # Beyond its record: booked in and sold.
    closed(trip)
    other = a_trip()
    with pytest.raises(closing.GoodsLeft):
        closed(other)


def test_nothing_is_closed_while_a_shipment_is_on_its_way_there_or_from_there(session):
    trip = a_trip()
    back_home = shelf.a_shipment(trip.kiosk, trip.shelf, trip.lots[0], 4)
    more = shelf.a_shipment(trip.shelf, trip.kiosk, trip.lots[1], 3)
    all_back(trip, 6, 10, 10)
    for shipment, lot, how in ((back_home, 0, {"datang": 4}), (more, 1, {"kembali": 3})):
        with pytest.raises(closing.GoodsLeft):
            closed(trip)
        shelf.arrived(shipment, trip.lots[lot], **how)
    closed(trip)
    assert not broken([*ALL, *promises_stock.ALL])


def test_what_two_tills_sold_without_signal_comes_in_after_the_closing(session):
    """The box was counted and closed; one phone was in the valley all day."""
    trip = a_trip()
    sold_at = clock.now() - timedelta(hours=5)
    sell(trip, line(trip.keripik, 6, lot=trip.lots[0]), at=sold_at)  # The first till.
    back(trip, trip.nur, trip.lots[0], 1, reason="tiga tidak ada")  # Three are gone: sold by the
    all_back(trip, 0, 10, 10)  # other till, which nobody knows yet.
    costs_of(trip)
    closed(trip)
    before = rows(trip, trip.nur)[0]
    second = {"device": str(uuid.uuid4()), "number": "K2-1"}
    _sale_id, answer = send(
        trip, told(trip, line(trip.keripik, 3, lot=trip.lots[0]), **second), at=sold_at
    )
    assert answer["flags"] == ["beyond"]
    found = rows(trip, trip.nur)[0]
    assert [(r.figures.found, r.figures.sold, r.taking.gross) for r in found.late] == [
        (3, 3, 36_000)
    ]
    assert found.cost == before.cost  # Nobody's share changes any more.
    assert found.total == before.total + 34_200 == stands(trip, trip.nur)
    assert not broken([*ALL, *promises_stock.ALL, *promises_books.ALL])


def test_a_box_that_sold_more_than_it_held_pays_the_right_owner(session):
    trip = a_trip()
    sale = sell(trip, line(trip.keripik, 12, lot=trip.lots[1]))
    assert sale.flags == ["beyond"]
    assert stands(trip, trip.tri) == 12 * 12_000 * 95 // 100
    assert stands(trip, trip.nur) == 0
    found = rows(trip, trip.tri)[0].rows[0].figures
    assert (found.brought, found.found, found.sold, found.left) == (10, 2, 12, 0)
    assert not broken([*ALL, *promises_stock.ALL, *promises_books.ALL])


def test_each_cooperative_sees_its_own_members_only(session):
    trip = a_trip()
    for actor, hers, strange in (
        (trip.leads, trip.nur, trip.sri),
        (trip.guest_leads, trip.sri, trip.nur),
        (trip.guest_counts, trip.sri, trip.tri),
    ):
        assert statement.for_board(db.session, actor, trip.bazaar.id, hers.id)
        with pytest.raises(NotFound):
            statement.for_board(db.session, actor, trip.bazaar.id, strange.id)
    named = [s.seller.id for s in statement.list_of(db.session, trip.guest_leads, trip.bazaar.id)]
    assert named == [trip.sri.id]


def test_the_doctor_sees_a_broken_bazaar(session):
    trip = a_trip()
    sell(trip, line(trip.keripik, 4, lot=trip.lots[0]))
    all_back(trip, 6, 10, 10)
    costs_of(trip)
    closed(trip)
    assert not broken(ALL)
    db.session.execute(text("update bazaar_line set sold = 3, lost = 1 where sold = 4"))
    db.session.execute(text("update bazaar_share set cost = cost + 1"))
    db.session.execute(text("update bazaar_load set settled_at = null"))
    assert broken(ALL) == {"Z1", "Z2", "Z3"}


def test_the_message_for_whatsapp_says_what_she_gets(session):
    trip = a_trip()
    sell(trip, line(trip.keripik, 4, lot=trip.lots[0]))
    told_her = statement.as_text(rows(trip, trip.nur)[0])
    assert "Keripik Pisang: dibawa 10, laku 4, kembali 0" in told_her
    assert told_her.endswith(f"Jumlah untuk Ibu {rupiah(45_600)}")
