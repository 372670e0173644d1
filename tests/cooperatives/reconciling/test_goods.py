"""Goods add up for any place, owner, lot or day, and each number opens into what it is made of."""

import csv
import io
import re
from datetime import timedelta
from types import SimpleNamespace

import pytest
from sqlalchemy import text

from cooperatives import goods as moved
from cooperatives.goods import Portion
from cooperatives.lot_codes import code_of
from cooperatives.movements import reverse
from cooperatives.reconciling import goods, moves
from cooperatives.reconciling.asked import BadDays, Days, Scope, Sums, days_of
from cooperatives.rights import COORDINATE
from core import clock
from core.actors import SYSTEM, Actor
from core.db import db
from core.errors import NotFound
from tests.cooperatives.factories import (
    a_cooperative,
    a_doc,
    a_listing,
    a_lot,
    a_place,
    a_seller,
    a_variant,
)
from tests.factories import a_person, give, sign_in

pytestmark = pytest.mark.service


@pytest.fixture
def world(app):
    """Two members with goods in one kiosk, and a neighbour's goods beside them."""
    ours, theirs = a_cooperative(), a_cooperative()
    kiosk, other = a_place(cooperative=ours), a_place(cooperative=theirs)
    nur, tri, guest = a_seller(ours), a_seller(ours), a_seller(theirs)
    sizes = [a_variant(a_listing(seller)) for seller in (nur, tri, guest)]
    lots = [a_lot(size, kiosk, 10) for size in sizes]
    umi = Actor(a_person("Umi", phone="+6281355550001").id)
    give(umi, COORDINATE, ours.id)
    return SimpleNamespace(
        ours=ours, theirs=theirs, kiosk=kiosk, other=other, nur=nur, tri=tri, guest=guest,
        sizes=sizes, lots=lots, umi=umi,
    )  # fmt: skip


@pytest.fixture
def busy(world):
    """Of ten jars of Bu Nur two are carried away and one breaks."""
    lot = world.lots[0]
    moved.transfer_goods(actor=SYSTEM, from_place_id=world.kiosk.id, to_place_id=world.other.id,
                         doc=a_doc("carry"), portions=[Portion(lot.id, 2)])  # fmt: skip
    moved.write_off(actor=SYSTEM, place_id=world.kiosk.id, doc=a_doc("waste"),
                    portions=[Portion(lot.id, 1)], reason="pecah")  # fmt: skip
    return world


def today():
    return Days(clock.today(), clock.today())


def asked(actor, days=None, **about):
    return goods.account(db.session(), actor, Scope(days or today(), **about))


def rewritten(change, **values):
    """Movements are never changed: only a test may say who did one, or when."""
    db.session.execute(text("alter table movement disable trigger user"))
    db.session.execute(text(f"update movement set {change}"), values)
    db.session.execute(text("alter table movement enable trigger user"))
    db.session.commit()


def backdate(lot, days):
    rewritten(
        "posted_at = posted_at - :ago where lot_id = :lot", ago=timedelta(days=days), lot=lot.id
    )


@pytest.mark.parametrize(
    ("first", "last"),
    [
        ("x", ""),
        ("2026-02-30", ""),
        ("2026-11-02", "2026-11-01"),
        ("2020-01-01", "2026-01-01"),
        ("0001-01-01", ""),
        ("2020-01-01", ""),
    ],
)
def test_days_that_are_none_are_refused(first, last):
    with pytest.raises(BadDays):
        days_of(first, last)


def test_days_are_whole_and_end_today_where_nothing_is_said():
    one = days_of("2026-11-02", "2026-11-02")
    assert one.until - one.since == timedelta(days=1)
    yesterday = clock.today() - timedelta(days=1)
    assert days_of(yesterday.isoformat(), "") == Days(yesterday, clock.today())
    assert days_of("", "") == Days(clock.today(), clock.today())


def test_a_place_adds_up_by_owner(busy):
    found = asked(busy.umi, place_id=busy.kiosk.id)
    assert {line.owner_id: line.sums for line in found.lines} == {
        busy.nur.id: Sums(0, 10, 3, 0, 7),
        busy.tri.id: Sums(0, 10, 0, 0, 10),
        busy.guest.id: Sums(0, 10, 0, 0, 10),
    }
    assert found.total == Sums(0, 30, 3, 0, 27)
    assert found.is_whole


def test_what_came_before_the_days_is_the_opening(busy):
    backdate(busy.lots[0], 3)
    (line,) = [line for line in asked(busy.umi, place_id=busy.kiosk.id).lines
               if line.owner_id == busy.nur.id]  # fmt: skip
    assert line.sums == Sums(7, 0, 0, 0, 7)
    then = clock.today() - timedelta(days=3)
    past = asked(busy.umi, Days(then, then), place_id=busy.kiosk.id, owner_id=busy.nur.id)
    assert past.total == Sums(0, 10, 3, 0, 7)


def test_a_count_or_an_undone_step_is_an_adjustment(world):
    (movement_id,) = db.session.scalars(
        text("select id from movement where lot_id = :lot"), {"lot": world.lots[1].id}
    )
    reverse(actor=SYSTEM, movement_id=movement_id, reason="salah ketik")
    found = asked(world.umi, lot_id=world.lots[1].id)
    assert found.total == Sums(0, 10, 0, -10, 0)


def test_an_owner_adds_up_wherever_her_goods_stand(busy):
    found = asked(busy.umi, owner_id=busy.nur.id)
    assert {line.place_id: line.sums.closing for line in found.lines} == {
        busy.kiosk.id: 7,
        busy.other.id: 2,
    }
    assert {line.lot_id for line in found.lines} == {busy.lots[0].id}


def test_the_whole_is_the_sum_of_its_places(busy):
    found = asked(busy.umi)
    assert {line.place_id: line.sums.closing for line in found.lines} == {
        busy.kiosk.id: 27,
        busy.other.id: 2,
    }


def test_one_lot_is_added_up_from_its_beginning_and_compared_with_its_level(busy):
    assert asked(busy.umi, lot_id=busy.lots[0].id).is_whole
    db.session.execute(
        text("update level set on_hand = on_hand + 1 where lot_id = :lot and place_id = :place"),
        {"lot": busy.lots[0].id, "place": busy.kiosk.id},
    )
    assert not asked(busy.umi, lot_id=busy.lots[0].id).is_whole


def test_a_neighbours_goods_are_seen_at_our_kiosk_and_nowhere_else(busy):
    away = a_lot(busy.sizes[2], busy.other, 4)
    assert asked(busy.umi, lot_id=busy.lots[2].id).total.closing == 10
    with pytest.raises(NotFound):
        asked(busy.umi, lot_id=away.id)
    here = asked(busy.umi, owner_id=busy.guest.id)
    assert [line.place_id for line in here.lines] == [busy.kiosk.id]
    there = asked(busy.umi, place_id=busy.other.id)
    assert [line.owner_id for line in there.lines] == [busy.nur.id]


def test_a_strangers_place_and_owner_are_not_there(world):
    away = a_seller(world.theirs)
    for about in ({"place_id": world.other.id}, {"owner_id": away.id}, {"lot_id": 987_654}):
        with pytest.raises(NotFound):
            asked(world.umi, **about)


def test_each_number_opens_into_its_movements(busy):
    scope = Scope(today(), place_id=busy.kiosk.id, owner_id=busy.nur.id)
    found = {
        way: sum(row.Movement.quantity for row in
                 moves.list_moves(db.session(), busy.umi, scope, way=way))
        for way in (moves.CAME, moves.LEFT, moves.ADJUSTED)
    }  # fmt: skip
    assert found == {moves.CAME: 10, moves.LEFT: 3, moves.ADJUSTED: 0}


def test_a_buyer_has_no_name_and_a_keeper_has(world):
    buyer, keeper = a_person("Siti"), a_person("Wati")
    give(Actor(keeper.id), COORDINATE, world.ours.id)
    for lot, person in zip(world.lots, (buyer, keeper), strict=False):
        rewritten("actor_id = :person where lot_id = :lot", person=person.id, lot=lot.id)
    came = moves.list_moves(db.session(), world.umi, Scope(today(), place_id=world.kiosk.id))
    assert [row.doer for row in came][1:] == [keeper.call_me, ""]


@pytest.fixture
def browser(app, busy):
    found = app.test_client()
    sign_in(found, phone="081355550001")
    return found


def test_pages_lead_from_the_whole_down_to_one_movement(browser, busy):
    page = browser.get("/koord/cocok").text
    assert "Cocok" in page
    inner = re.search(rf'href="(/koord/cocok\?tempat={busy.kiosk.id}&[^"]*)"', page)[1]
    owners = browser.get(inner.replace("&amp;", "&")).text
    lots = re.search(rf'href="(/koord/cocok\?[^"]*pemilik={busy.nur.id}[^"]*)"', owners)[1]
    one = browser.get(lots.replace("&amp;", "&")).text
    assert code_of(busy.lots[0].id) in one
    behind = re.search(r'href="(/koord/cocok/gerak\?[^"]*macam=keluar[^"]*)"', one)[1]
    listed = browser.get(behind.replace("&amp;", "&")).text
    assert "Dipindah" in listed
    assert "Rusak atau hilang" in listed
    move = browser.get(re.search(r'href="(/koord/cocok/gerak/\d+)"', listed)[1]).text
    assert "Dicatat oleh" in move


def test_a_label_leads_to_its_lot_and_a_misread_one_nowhere(browser, busy):
    code = code_of(busy.lots[0].id)
    assert busy.nur.store_name in browser.get(f"/koord/cocok?q={code}").text
    assert browser.get(f"/koord/cocok?q={code[:-1]}").status_code == 404


def test_days_that_are_none_say_so_and_show_today(browser):
    answer = browser.get("/koord/cocok?dari=kemarin")
    assert answer.status_code == 200
    assert "hari pertama dan hari terakhir" in answer.text


def test_a_file_holds_the_lines_and_no_formula(browser, busy):
    busy.nur = db.session.merge(busy.nur)
    busy.nur.store_name = "=HYPERLINK(1)"
    db.session.commit()
    url = f"/koord/cocok/unduh.csv?tempat={busy.kiosk.id}"
    rows = list(csv.reader(io.StringIO(browser.get(url).data.decode("utf-8-sig"))))
    assert rows[0][:2] == ["Tempat", "Pemilik"]
    assert ["'=HYPERLINK(1)", "0", "10", "3", "0", "7"] in [[row[1], *row[5:]] for row in rows]
    book = browser.get(url.replace(".csv", ".xlsx"))
    assert book.data.startswith(b"PK")
    assert b"<f>" not in book.data


@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_movements_come_as_a_file(browser, busy, form):
    answer = browser.get(f"/koord/cocok/gerak/unduh.{form}?pemilik={busy.nur.id}")
    assert answer.status_code == 200
    assert answer.headers["Content-Disposition"].endswith(f'.{form}"')
