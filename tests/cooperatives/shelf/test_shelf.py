"""The shelf: whose, until when, what must leave it, what runs out, and what is done with it."""

import uuid
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from cooperatives.goods import BadGoods
from cooperatives.models import Movement, Shortfall, Terms, TermsRate
from cooperatives.movements import NotReversible, NotSoMany
from cooperatives.rights import KEEP
from cooperatives.shelf import deeds, restock, standing
from core import clock
from core.actors import SYSTEM
from core.db import db
from core.errors import NotFound
from core.notices import Notice
from sellers.rights import SELL
from tests.cooperatives.factories import (
    a_listing,
    a_lot,
    a_place,
    a_seller,
    a_variant,
    level,
    owner_of,
    promised,
    saved,
)
from tests.cooperatives.receiving.factories import a_note, act
from tests.cooperatives.shelf.factories import thrown_away
from tests.factories import an_actor, give

pytestmark = pytest.mark.service


@pytest.fixture
def kiosk(session):
    return a_place("kiosk")


@pytest.fixture
def keeper(kiosk):
    actor = an_actor()
    give(actor, KEEP, kiosk.id)
    return actor


@pytest.fixture
def owner(session):
    return a_seller()


@pytest.fixture
def hers(owner):
    actor = an_actor(phone="0812-1111-2222")
    give(actor, SELL, owner.id)
    return actor


@pytest.fixture
def variant(owner):
    return a_variant(a_listing(owner, published_at=clock.now()))


def taken(keeper, kiosk, lot, why, units=2, act_id=None):
    content = {"place": kiosk.id, "lot": lot.id, "units": units, "why": why}
    return act(deeds.ACT, keeper, content, act_id)


def test_each_row_says_whose_until_when_and_what_she_gets(session, kiosk, owner, variant):
    day = clock.today() + timedelta(days=90)
    lot = a_lot(variant, kiosk, 10, best_before=day, batch="B-7")
    promised(wishes=[(variant, 3)])
    (row,) = standing.of_place(session, kiosk)
    assert (row.owner_id, row.batch, row.best_before) == (owner.id, "B-7", day)
    assert (row.on_hand, row.promised, row.free, row.for_owner) == (10, 3, 7, 12_750)
    assert (row.pull_on, row.state) == (day - timedelta(days=14), "good")
    assert row.lot_id == lot.id


@pytest.mark.parametrize(("days", "state"), [(15, "good"), (14, "pull"), (0, "pull")])
def test_goods_leave_when_their_own_terms_say_so(session, kiosk, variant, days, state):
    a_lot(variant, kiosk, days=days)
    (row,) = standing.of_place(session, kiosk)
    assert row.state == state
    pulled = standing.of_place(session, kiosk, order="pull")
    assert bool(pulled) is (state == "pull")


def test_the_pull_days_are_those_of_the_lot(session, kiosk, variant):
    a_lot(variant, kiosk, days=20)
    said = {"organisation_id": owner_of(variant).organisation_id, "valid_from": clock.today()}
    later = saved(Terms(version=2, **said))
    shares = {"cooperative_bp": 0, "kiosk_bp": 0, "operator_bp": 0, "pull_days": 21}
    saved(TermsRate(terms_id=later.id, channel="counter", place_kind="kiosk", **shares))
    lot = a_lot(variant, kiosk, days=20)
    assert [row.lot_id for row in standing.of_place(session, kiosk, order="pull")] == [lot.id]


def test_two_women_with_the_same_keripik_stay_two_rows(session, kiosk):
    first, second = a_seller(), a_seller()
    lots = [a_lot(a_variant(a_listing(s, name="Keripik")), kiosk, 5) for s in (first, second)]
    rows = standing.of_place(session, kiosk)
    assert {(row.owner_id, row.lot_id) for row in rows} == {
        (first.id, lots[0].id), (second.id, lots[1].id)
    }  # fmt: skip
    (row,) = standing.of_place(session, kiosk, owner_id=second.id)
    assert row.lot_id == lots[1].id


def test_a_label_finds_its_lot(session, kiosk, variant):
    lots = [a_lot(variant, kiosk) for _n in range(2)]
    code = standing.of_place(session, kiosk)[1].code
    assert [row.code for row in standing.of_place(session, kiosk, words=code.lower())] == [code]
    assert len(lots) == 2
    assert standing.of_place(session, kiosk, words="L1111") == []


def test_what_expires_first_comes_first(session, kiosk, variant):
    for days in (None, 30, 5):
        a_lot(variant, kiosk, days=days)
    found = [row.best_before for row in standing.of_place(session, kiosk, order="expiry")]
    today = clock.today()
    assert found == [today + timedelta(days=5), today + timedelta(days=30), None]


@pytest.mark.parametrize(
    ("why", "kind"),
    [("waste:broken", "waste"), ("sample:tasted", "sample"), ("return:pulled", "return")],
)
def test_what_leaves_is_a_movement_with_its_reason_and_the_owner_hears(
    session, kiosk, keeper, variant, hers, why, kind
):
    lot, act_id = a_lot(variant, kiosk, 10), uuid.uuid4()
    assert taken(keeper, kiosk, lot, why, act_id=act_id) == taken(
        keeper, kiosk, lot, why, act_id=act_id
    )
    assert level(lot, kiosk) == (8, 0, 0)
    movement = session.query(Movement).filter_by(kind=kind).one()
    assert movement.reason == why.partition(":")[2]
    notice = session.query(Notice).filter_by(person_id=hers.person_id).one()
    assert str(deeds.WORDS[why]) in notice.text


def test_waste_is_a_fact_even_where_goods_were_promised(session, kiosk, keeper, variant):
    lot = a_lot(variant, kiosk, 3)
    promised(wishes=[(variant, 3)])
    taken(keeper, kiosk, lot, "waste:broken", 2)
    assert session.scalar(select(func.sum(Shortfall.quantity))) == 2


@pytest.mark.parametrize("why", ["sample:tasted", "return:asked"])
def test_promised_goods_are_no_samples_and_do_not_go_back(session, kiosk, keeper, variant, why):
    lot = a_lot(variant, kiosk, 3)
    promised(wishes=[(variant, 3)])
    with pytest.raises(NotSoMany):
        taken(keeper, kiosk, lot, why, 1)


@pytest.mark.parametrize("why", ["", "waste", "waste:nix", "nix:broken", "sample:broken", "None"])
def test_nothing_leaves_without_a_reason(session, kiosk, keeper, variant, why):
    with pytest.raises(deeds.NoWhy):
        taken(keeper, kiosk, a_lot(variant, kiosk), why)


@pytest.mark.parametrize("units", ["", "0", "x", "-1", "²"])
def test_no_number_is_no_deed(session, kiosk, keeper, variant, units):
    with pytest.raises(BadGoods):
        taken(keeper, kiosk, a_lot(variant, kiosk), "waste:broken", units)


def test_a_move_goes_to_another_place_of_hers_only(session, kiosk, keeper, variant):
    lot, mine, other = a_lot(variant, kiosk, 5), a_place("bazaar"), a_place("kiosk")
    give(keeper, KEEP, mine.id)
    taken(keeper, kiosk, lot, f"move:{mine.id}")
    assert (level(lot, kiosk), level(lot, mine)) == ((3, 0, 0), (2, 0, 0))
    with pytest.raises(NotFound):
        taken(keeper, kiosk, lot, f"move:{other.id}")


def test_a_mistake_is_undone_once(session, kiosk, keeper, variant):
    lot = a_lot(variant, kiosk, 5)
    movement_id = thrown_away(kiosk, lot, 2)
    deeds.undo(actor=keeper, movement_id=movement_id)
    assert level(lot, kiosk) == (5, 0, 0)
    assert deeds.latest(session, kiosk)[0].undone is not None
    with pytest.raises(NotReversible):
        deeds.undo(actor=keeper, movement_id=movement_id)


def test_only_what_left_the_shelf_is_undone_here(session, kiosk, keeper, variant):
    a_lot(variant, kiosk)
    receipt = session.query(Movement.id).filter_by(kind="receive").scalar()
    with pytest.raises(NotFound):
        deeds.undo(actor=keeper, movement_id=receipt)


def test_a_maker_is_asked_for_more_once_a_day(session, kiosk, keeper, owner, variant, hers):
    a_note(kiosk, owner, variant, 3)
    (row,) = standing.few(session, kiosk)
    assert (row.variant_id, row.left) == (variant.id, 3)
    said = {"place_id": kiosk.id, "variant_id": variant.id, "owner_id": owner.id}
    restock.ask(actor=keeper, **said)
    with pytest.raises(restock.AskedToday):
        restock.ask(actor=keeper, **said)
    assert restock.asked_today(session, kiosk, [row]) == {(variant.id, owner.id)}
    titles = [one.title for one in session.query(Notice).filter_by(person_id=hers.person_id)]
    assert titles.count("Kios minta barang lagi") == 1


def test_a_full_shelf_asks_for_nothing(session, kiosk, owner, variant):
    a_note(kiosk, owner, variant, 4)
    assert standing.few(session, kiosk) == []


def test_what_is_gone_is_still_asked_for(session, kiosk, owner, variant):
    note = a_note(kiosk, owner, variant, 2)
    lot_id = session.query(Movement.lot_id).filter_by(doc_id=str(note.id)).scalar()
    act(deeds.ACT, SYSTEM, {"place": kiosk.id, "lot": lot_id, "units": 2, "why": "waste:lost"})
    (row,) = standing.few(session, kiosk)
    assert row.left == 0


def test_a_shop_without_people_hears_nothing(session, kiosk, keeper, owner, variant):
    with pytest.raises(restock.NobodyHears):
        restock.ask(actor=keeper, place_id=kiosk.id, variant_id=variant.id, owner_id=owner.id)


def test_a_stranger_touches_no_shelf(session, kiosk, owner, variant, hers):
    lot, stranger = a_lot(variant, kiosk), an_actor(phone="0812-9999-8888")
    with pytest.raises(NotFound):
        taken(stranger, kiosk, lot, "waste:broken")
    with pytest.raises(NotFound):
        restock.ask(actor=stranger, place_id=kiosk.id, variant_id=variant.id, owner_id=owner.id)
    with pytest.raises(NotFound):
        deeds.undo(actor=stranger, movement_id=thrown_away(kiosk, lot))
    assert db.session.query(Movement).filter_by(kind="reversal").count() == 0
