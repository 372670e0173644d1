"""A member contests a line of the closing; the decision is recorded, and booked where it pays."""

from datetime import timedelta

import pytest
from sqlalchemy import text

from cooperatives import promises_books, promises_stock
from cooperatives.accounts import own
from cooperatives.bazaars import contesting, statement
from cooperatives.bazaars.bazaar_news import CONTESTED
from cooperatives.bazaars.contesting import (
    NotHersToDecide,
    SaysNothing,
    TooLate,
    TooManyUnits,
    unpaid,
)
from cooperatives.bazaars.promises import ALL
from cooperatives.ledger import balance
from cooperatives.models import Bazaar, BazaarLine
from cooperatives.models.books import Kind
from cooperatives.rights import COORDINATE
from core import tasks
from core.db import db
from core.errors import NotFound
from core.notices import Notice
from sellers.rights import SELL
from tests.cooperatives.bazaars.factories import a_trip
from tests.cooperatives.factories import broken
from tests.factories import an_actor, give, send, sign_in
from tests.orders.factories import holder
from tests.orders.till.factories import line, sell
from tests.orders.till.test_bazaar import all_back, closed, rows, stands

pytestmark = pytest.mark.service
UNIT = 12_000 * 95 // 100


@pytest.fixture
def trip(session):
    """Bu Nur sold four of ten; six came back by the count, and she saw three more go."""
    trip = a_trip()
    sell(trip, line(trip.keripik, 4, lot=trip.lots[0]))
    all_back(trip, 6, 10, 10)
    closed(trip)
    trip.hers = holder(SELL, trip.nur.id)
    trip.second = holder(COORDINATE, trip.host.id)
    return trip


def contest(trip, words="Saya lihat tujuh laku.", **more):
    values = {"actor": trip.hers, "seller_id": trip.nur.id, "lot_id": trip.lots[0].id, **more}
    contesting.contest(bazaar_id=trip.bazaar.id, words=words, **values)
    db.session.expire_all()


def decide(trip, units, words="Tiga kuitansi belum dicatat.", actor=None):
    contesting.decide(
        actor=actor or trip.second, bazaar_id=trip.bazaar.id, lot_id=trip.lots[0].id,
        units=units, words=words,
    )  # fmt: skip
    db.session.expire_all()


@pytest.mark.parametrize(
    ("figures", "host_bears", "units"),
    [
        ((10, 0, 4, 0, 0, 6), False, 6),
        ((10, 2, 12, 0, 0, 0), False, 0),
        ((10, 0, 4, 1, 3, 2), False, 6),
        ((10, 0, 4, 1, 3, 2), True, 3),
        ((10, 1, 4, 0, 3, 4), True, 5),
    ],
)
def test_what_she_was_not_paid_for(figures, host_bears, units):
    names = ("brought", "found", "sold", "given", "lost", "returned")
    frozen = BazaarLine(**dict(zip(names, figures, strict=True)))
    assert unpaid(frozen, host_bears=host_bears) == units


def test_units_that_are_hers_after_all_are_paid_and_stand_on_her_paper(trip):
    before = stands(trip, trip.nur)
    contest(trip)
    doc = ("bazaar_line", f"{trip.bazaar.id}:{trip.lots[0].id}")
    assert tasks.is_open(db.session, CONTESTED, doc=doc)
    decide(trip, 3)
    assert not tasks.is_open(db.session, CONTESTED, doc=doc)
    found = rows(trip, trip.nur)[0]
    assert stands(trip, trip.nur) == found.total == before + 3 * UNIT
    assert balance(db.session, own(Kind.RISK_FUND, trip.host.id)) == 3 * UNIT
    assert "Dibayar setelah Ibu tidak setuju" in statement.as_text(found)
    assert rows(trip, trip.nur)[1] == [(10, 4, 0, 0, 6)]  # What was frozen stays.
    assert not broken([*ALL, *promises_books.ALL, *promises_stock.ALL])
    db.session.execute(text("update bazaar_line set paid = paid + 1 where paid > 0"))
    assert broken(ALL) == {"Z4"}


def test_the_line_stays_with_a_reason_and_once(trip):
    contest(trip)
    with pytest.raises(SaysNothing):
        decide(trip, 0, " ")
    with pytest.raises(TooManyUnits):
        decide(trip, 7)
    decide(trip, 0, "Dihitung dua kali.")
    for again in (contest, lambda trip: decide(trip, 1)):
        with pytest.raises(TooLate):
            again(trip)
    (one,) = rows(trip, trip.nur)[0].contested
    assert (one.line.outcome, one.line.answer, one.line.paid) == ("kept", "Dihitung dua kali.", 0)


def test_who_counted_or_owns_the_goods_does_not_decide(trip):
    contest(trip)
    both = holder(COORDINATE, trip.host.id)
    trip.nur.person_id = both.person_id
    db.session.commit()
    for actor in (trip.leads, both):  # She counted it back; she owns it.
        with pytest.raises(NotHersToDecide):
            decide(trip, 1, actor=actor)
    with pytest.raises(NotFound):
        decide(trip, 1, actor=trip.guest_leads)


def test_only_its_owner_contests_and_only_in_time(trip):
    with pytest.raises(SaysNothing):
        contest(trip, " ")
    with pytest.raises(NotFound):
        contest(trip, lot_id=trip.lots[1].id)
    with pytest.raises(NotFound):
        contest(trip, actor=trip.sells)
    bazaar = db.session.get(Bazaar, trip.bazaar.id)
    bazaar.closed_at -= timedelta(days=15)
    db.session.commit()
    with pytest.raises(TooLate):
        contest(trip)


def test_both_read_it_on_their_pages(trip, client):
    me = an_actor()
    give(me, SELL, trip.nur.id)
    give(me, COORDINATE, trip.host.id)
    sign_in(client)
    here, desk = f"/ibu/bazar/{trip.bazaar.id}", f"/koord/bazar/{trip.bazaar.id}"
    assert "Dibawa 10, laku 4, dicicipi 0, hilang 0, kembali 6." in client.get(here).text
    sent = {"deed": "contest", "lot": trip.lots[0].id}
    assert "Tulis dulu alasannya." in send(client, here, **sent, words="").text
    send(client, here, **sent, words="Saya lihat tujuh laku.")
    assert "Menunggu keputusan" in client.get(here).text
    assert "Saya lihat tujuh laku." in client.get(desk).text
    said = {"deed": "decide", "lot": trip.lots[0].id, "words": "Benar."}
    refused = send(client, desk, **said, units="9").text
    assert "Paling banyak 6 yang belum dibayar." in refused
    assert 'value="Benar."' in refused
    send(client, desk, **said, units="3")
    for page in (here, desk, f"{desk}/nota/{trip.nur.id}"):
        assert "Dibayar 3 barang: Benar." in " ".join(client.get(page).text.split()), page
    told = db.session.query(Notice.title).filter(Notice.link.startswith(here)).all()
    assert told
