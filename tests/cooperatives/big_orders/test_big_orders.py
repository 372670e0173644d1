"""A big order from its wish to the shelf: asked, agreed, made, brought under each owner's name."""

import pytest

from cooperatives.big_orders import asking, hands, keeping, making, planning, promises
from cooperatives.big_orders.asking import BadAnswer, GapNotTold, NotAllAnswered, TooLate
from cooperatives.big_orders.planning import (
    MoreThanWanted,
    NobodyChosen,
    NoWhy,
    OneEach,
    TooMuch,
    WrongDays,
)
from cooperatives.big_orders.states import NotNow
from cooperatives.models import BigOrder, Lot
from cooperatives.receiving import intake, offers
from cooperatives.rights import COORDINATE
from core import tasks
from core.actors import SYSTEM
from core.db import db
from core.errors import NotFound
from sellers.rights import SELL
from tests.cooperatives.big_orders.factories import (
    a_big_order,
    a_group,
    a_kitchen,
    a_wish,
    answered,
    asked,
    brought,
    over,
    proposed,
    sealed,
    shares,
    units,
)
from tests.cooperatives.factories import a_cooperative, a_place, a_variant, broken, level
from tests.orders.factories import holder

pytestmark = pytest.mark.service


def states_of(order):
    return [share.state for share in shares(order)]


def test_days_are_checked(session):
    group = a_group()
    for wrong in ({"days": 0}, {"days": 32}, {"begins": -1}, {"begins": 400}):
        with pytest.raises(WrongDays):
            planning.write_down(
                actor=SYSTEM,
                organisation_id=group.cooperative.id,
                wish=a_wish(group, **wrong),
            )


def test_it_is_brought_to_a_kiosk(session):
    group = a_group()
    group.kiosk = a_place("bazaar", group.cooperative)
    with pytest.raises(NotFound):
        a_big_order(group)


def test_only_members_with_strength_are_asked_and_rain_counts(session):
    group = a_group((70, 35), (70, 0))
    silent = a_kitchen(group.cooperative, group.category, None, None)
    a_kitchen(a_cooperative(), group.category)
    order = proposed(a_big_order(group, 200), group, [a_wish(group).starts_on])
    assert order.skies == "rssssss"
    one, two = (kitchen.seller.id for kitchen in group.kitchens)
    assert units(order) == {one: 65, two: 60}
    assert hands.untold(session, order) == [silent.seller.store_name]


def test_who_had_least_of_big_orders_gets_the_piece_left_over(session):
    group = a_group((70, 70), (70, 70))
    answered(asked(group, 1), 1)
    (had,) = [share.seller_id for share in shares(db.session.query(BigOrder).one()) if share.agreed]
    order = proposed(a_big_order(group, 41, begins=20), group)
    mine = units(order)
    assert mine.pop(had) == 20
    assert list(mine.values()) == [21]


def test_one_kind_of_goods_for_each_maker(session):
    group = a_group((70, 70))
    more = a_variant(group.kitchens[0].listing)
    order = a_big_order(group)
    with pytest.raises(OneEach):
        planning.propose(
            actor=SYSTEM,
            order_id=order.id,
            variant_ids=[group.kitchens[0].variant.id, more.id],
            rainy=[],
        )


def test_by_hand_with_a_reason_and_never_above_strength(session):
    group = a_group((70, 70), (70, 70))
    order = proposed(a_big_order(group, 100), group)
    one, two = (kitchen.seller.id for kitchen in group.kitchens)

    def by_hand(changed, why=""):
        planning.adjust(actor=SYSTEM, order_id=order.id, units=changed, why=why)

    with pytest.raises(TooMuch):
        by_hand({one: 71}, "Sudah sepakat")
    with pytest.raises(MoreThanWanted):
        by_hand({one: 70}, "Sudah sepakat")
    with pytest.raises(NoWhy):
        by_hand({one: 60, two: 40})
    by_hand({one: 60, two: 40}, "Bu Tri sedang hajatan")
    assert units(order) == {one: 60, two: 40}
    assert db.session.get(BigOrder, order.id).why == "Bu Tri sedang hajatan"


def test_what_is_declined_goes_round_again_and_the_gap_is_told(session):
    group = a_group((70, 70), (70, 70), (70, 70))
    order = asked(group, 90)
    answered(order, 30, 10, 0)
    with pytest.raises(GapNotTold):
        asking.seal(actor=SYSTEM, order_id=order.id)
    proposed(order, group)
    asking.ask(actor=SYSTEM, order_id=order.id, hours=5)
    assert [share.units for share in shares(order) if share.round == 2] == [40]
    answered(order, 35)
    asking.seal(actor=SYSTEM, order_id=order.id, gap_is_told=True)
    assert db.session.get(BigOrder, order.id).gap == 15
    assert broken(promises.ALL) == set()


def test_after_the_deadline_she_is_not_counted_on(session):
    group = a_group((70, 70), (70, 70))
    order = asked(group, 60)
    first, second = shares(order)
    asking.answer(actor=SYSTEM, share_id=first.id, units=30)
    with pytest.raises(NotAllAnswered):
        asking.seal(actor=SYSTEM, order_id=order.id, gap_is_told=True)
    over(order)
    with pytest.raises(TooLate):
        asking.answer(actor=SYSTEM, share_id=second.id, units=30)
    asking.seal(actor=SYSTEM, order_id=order.id, gap_is_told=True)
    assert states_of(order) == ["yes", "late"]


def test_answers_are_hers_or_her_coordinators_and_once(session):
    group = a_group((70, 70))
    order = asked(group, 60)
    (share,) = shares(order)
    stranger = holder(COORDINATE, a_cooperative().id)
    with pytest.raises(NotFound):
        asking.answer(actor=stranger, share_id=share.id, units=1)
    hers = holder(SELL, share.seller_id)
    assert [task.kind for task in tasks.list_for(session, hers)] == ["big_order.asked"]
    for wrong in (-1, 61):
        with pytest.raises(BadAnswer):
            asking.answer(actor=hers, share_id=share.id, units=wrong)
    asking.answer(actor=hers, share_id=share.id, units=60)
    assert tasks.list_for(session, hers) == []
    with pytest.raises(NotNow):
        asking.answer(actor=hers, share_id=share.id, units=0)


def test_her_strength_is_counted_over_all_orders_of_these_days(session):
    group = a_group((70, 70))
    asked(group, 50)
    order = proposed(a_big_order(group, 50, begins=3), group)
    assert [share.units for share in shares(order)] == [20]
    later = proposed(a_big_order(group, 50, begins=30), group)
    assert [share.units for share in shares(later)] == [50]


def test_an_order_asked_meanwhile_is_seen(session):
    group = a_group((70, 70))
    late = proposed(a_big_order(group, 50), group)
    asked(group, 50)
    with pytest.raises(TooMuch):
        asking.ask(actor=SYSTEM, order_id=late.id, hours=5)
    assert db.session.get(BigOrder, late.id).state == "draft"


def test_goods_come_as_lots_of_each_owner_and_are_kept(session):
    group = a_group((70, 70), (70, 70))
    order = sealed(group, 100)
    for share in shares(order):
        making.say_ready(actor=SYSTEM, share_id=share.id, ready=share.agreed)
        brought(order, share, 30)
    assert set(keeping.collected(db.session, [order.id]).values()) == {30}
    assert keeping.kept(db.session, order.id) == 60
    for share in shares(order):  # The kiosk still expects the other 20.
        (line,) = offers.lines_of(db.session, [share.offer_id])[share.offer_id]
        assert line.quantity == 20
        brought(order, share, 25)
    assert keeping.kept(db.session, order.id) == 100
    owners = {lot.owner_id for lot in db.session.query(Lot)}
    assert owners == {kitchen.seller.id for kitchen in group.kitchens}
    assert offers.open_at(db.session, order.place_id) == []
    assert broken(promises.ALL) == set()
    making.finish(actor=SYSTEM, order_id=order.id)
    assert keeping.kept(db.session, order.id) == 0
    assert broken(promises.ALL) == set()


def test_a_note_that_was_written_down_wrongly_is_mended(session):
    group = a_group((70, 70))
    order = sealed(group, 60)
    (share,) = shares(order)
    note = brought(order, share, 60)
    intake.correct(actor=SYSTEM, note_id=note.id, line=0, quantity=50)
    lot = db.session.query(Lot).one()
    assert level(lot, group.kiosk) == (50, 50, 0)
    assert keeping.collected(db.session, [order.id]) == {share.id: 50}
    assert broken(promises.ALL) == set()


def test_who_falls_ill_keeps_what_she_brought_and_the_rest_looks_for_hands(session):
    group = a_group((70, 70), (70, 70))
    order = sealed(group, 100)
    first, second = shares(order)
    brought(order, first, 20)
    making.drop(actor=SYSTEM, share_id=first.id, why="Sakit")
    assert db.session.get(BigOrder, order.id).state == "asking"
    assert [share.agreed for share in shares(order)] == [20, 50]
    with pytest.raises(NobodyChosen):  # Who fell out is not asked again.
        proposed(
            order,
            group,
            kitchens=[one for one in group.kitchens if one.seller.id == first.seller_id],
        )
    proposed(order, group, kitchens=group.kitchens)
    asking.ask(actor=SYSTEM, order_id=order.id, hours=5)
    answered(order, 20)
    asking.seal(actor=SYSTEM, order_id=order.id, gap_is_told=True)
    making.drop(actor=SYSTEM, share_id=second.id, why="Sakit juga")
    assert sorted(states_of(order)) == ["dropped", "yes", "yes"]
    assert broken(promises.ALL) == set()


def test_a_binding_share_is_neither_withdrawn_nor_declined(session):
    order = sealed(a_group((70, 70)), 60)
    (share,) = shares(order)
    hers = holder(SELL, share.seller_id)
    with pytest.raises(offers.Promised):
        offers.withdraw(actor=hers, offer_id=share.offer_id)
    with pytest.raises(offers.Promised):
        offers.decline(actor=SYSTEM, offer_id=share.offer_id, reason="full")
    assert [one.id for one in offers.open_at(session, order.place_id)] == [share.offer_id]


def test_a_cancelled_order_frees_everything(session):
    group = a_group((70, 70))
    order = sealed(group, 60)
    (share,) = shares(order)
    brought(order, share, 10)
    making.cancel(actor=SYSTEM, order_id=order.id, why="Pernikahan ditunda")
    assert keeping.kept(db.session, order.id) == 0
    assert offers.open_at(db.session, order.place_id) == []
    with pytest.raises(NotNow):
        making.say_ready(actor=SYSTEM, share_id=share.id, ready=1)
    again = proposed(a_big_order(group, 70), group)
    assert [one.units for one in shares(again)] == [70]
    assert broken(promises.ALL) == set()
