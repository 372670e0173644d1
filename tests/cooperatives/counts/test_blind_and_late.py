"""A blind count shows nothing too early; what comes in too late asks for another count."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from cooperatives.counts import closing, counting
from cooperatives.counts.closing import StillBlind
from cooperatives.counts.late import AGAIN
from cooperatives.rights import KEEP
from core import clock
from core.db import db
from core.tasks import Task
from tests.cooperatives.counts.factories import a_keeper, decide, opened, post, rows, sold, write
from tests.cooperatives.factories import a_lot, a_place, a_variant, level
from tests.factories import an_actor, give, sign_in, token_in

pytestmark = pytest.mark.service


@pytest.fixture
def kiosk(session):
    return a_place("kiosk")


@pytest.fixture
def keeper(kiosk):
    return a_keeper(kiosk)


@pytest.fixture
def lot(kiosk):
    return a_lot(a_variant(), kiosk, 10)


def asked_again():
    db.session.expire_all()
    query = select(Task).where(Task.kind == AGAIN.name).order_by(Task.id)
    return [(task.doc_id, task.closed_at is None) for task in db.session.scalars(query)]


def test_a_blind_count_shows_its_record_once_both_have_counted(client, kiosk, keeper, lot):
    me = an_actor()
    give(me, KEEP, kiosk.id)
    sign_in(client)
    other = a_lot(a_variant(), kiosk, 37)
    count_id = opened(kiosk, keeper, is_blind=True)
    check = f"/kios-kerja/hitung/{count_id}/periksa"
    write(count_id, keeper, numbers={lot: 8})
    write(count_id, me, numbers={other: 33})
    page = client.get(check).text
    assert ">33<" in page.replace(" ", "").replace("\n", "")  # Her own number, and nothing else.
    for secret in ("Catatan saat mulai", "Dihitung Penjaga", "Alasan selisih", 'value="post"'):
        assert secret not in page
    write(count_id, me, numbers={lot: 8})
    page = client.get(check).text
    assert page.count("Catatan saat mulai") == page.count("Alasan selisih") == 1
    with pytest.raises(StillBlind):
        post(count_id, me)
    data = {"csrf_token": token_in(client.get(check)), "do": "show", "saw": "0"}
    page = client.post(check, data=data, follow_redirects=True).text
    assert page.count("Catatan saat mulai") == 2
    assert 'value="ask"' in page  # The difference is large.


def test_one_person_alone_says_that_she_is_done(kiosk, keeper, lot):
    count_id = opened(kiosk, keeper, is_blind=True)
    write(count_id, keeper, numbers={lot: 9})
    decide(count_id, keeper, reasons={lot: "lost"})
    with pytest.raises(StillBlind):
        post(count_id, keeper)
    counting.show_record(actor=keeper, count_id=count_id)
    post(count_id, keeper)
    assert level(lot, kiosk)[0] == 9


def test_a_late_sale_that_changes_a_settled_difference_asks_for_another_count(kiosk, keeper, lot):
    count_id, then = opened(kiosk, keeper), clock.now()
    write(count_id, keeper, numbers={lot: 9})
    decide(count_id, keeper, reasons={lot: "unsold"})
    post(count_id, keeper)
    assert asked_again() == []
    sold(lot, kiosk)  # Online and after the end: nothing that the count could have meant.
    sold(lot, kiosk, at=clock.now())
    assert asked_again() == []
    sold(lot, kiosk, at=then)
    sold(lot, kiosk, at=then)  # Two sales of one lot are one task.
    assert asked_again() == [(f"{kiosk.id}:{lot.id}", True)]
    again = opened(kiosk, keeper)
    write(again, keeper, numbers={lot: 7})
    decide(again, keeper, reasons={lot: "found"})
    post(again, keeper)
    assert level(lot, kiosk)[0] == 7
    assert asked_again() == [(f"{kiosk.id}:{lot.id}", False)]


def test_what_nobody_counted_or_moved_elsewhere_asks_nobody(kiosk, keeper, lot):
    beside, elsewhere = a_lot(a_variant(), kiosk, 5), a_place("kiosk")
    far = a_lot(a_variant(), elsewhere, 5)
    count_id, then = opened(kiosk, keeper), clock.now()
    write(count_id, keeper, numbers={lot: 10})
    post(count_id, keeper)
    for one, place in ((beside, kiosk), (far, elsewhere)):
        sold(one, place, at=then)
    write(count_id, keeper, numbers={beside: 5}, at=then + timedelta(seconds=1))
    assert asked_again() == []
    assert rows(count_id)[beside.id].line.difference is None
    assert closing.worth(list(rows(count_id).values())) == 0
