"""The barn against a plain model: whatever people do, in whatever order, both say the same.

Who gets which jar is checked by rule; how much stands where, for whom it is set aside and what is
kept for the till must agree with `paper` after every step, and every promise of the doctor holds.
"""

from collections import Counter
from uuid import uuid4

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    consumes,
    initialize,
    invariant,
    multiple,
    rule,
    run_state_machine_as_test,
)

from cooperatives import goods, holds, lease, movements, promises_stock, stock
from cooperatives.allocation import OutOfStock
from cooperatives.counter import Scan
from cooperatives.goods import Portion
from cooperatives.models import Hold, Level
from cooperatives.movements import NotReversible, NotSoMany
from core.actors import SYSTEM, Actor
from core.db import db
from tests.cooperatives.factories import (
    a_doc,
    a_home,
    a_lot,
    a_maker,
    a_place,
    a_variant,
    broken,
    confirm,
    hand_over,
    limits,
    numbers,
    owner_of,
    promised,
    release,
    sell,
)
from tests.cooperatives.paper import Paper

pytestmark = pytest.mark.service

EXAMPLES, STEPS = 8, 40  # Some ten seconds on a quiet machine.
few = st.integers(1, 6)
either = st.integers(0, 1)


class Barn(RuleBasedStateMachine):
    """Two variants at a home, a kiosk with a till, and a bazaar box."""

    lots = Bundle("lots")
    orders = Bundle("orders")
    sales = Bundle("sales")

    @initialize(target=lots)
    def build(self):
        self.variants = [a_variant(), a_variant()]
        self.kiosk, self.box = a_place("kiosk"), a_place("bazaar")
        self.home = a_home(seller=owner_of(self.variants[0]))
        self.keeper = Actor(a_maker(next(numbers)).id, is_system=True)
        self.till = {"actor": self.keeper, "place_id": self.kiosk.id, "device_id": uuid4()}
        self.paper = Paper(offline={self.box.id})
        self.undone = set()  # Sales that turned out not to have happened.
        return multiple(*(self.bring(which, self.kiosk, 8, None) for which in (0, 1)))

    def bring(self, which, place, units, days):
        lot = a_lot(self.variants[which], place, units, days=days)
        self.paper.came(lot, place.id, units)
        return lot

    @rule(target=lots, which=either, where=st.sampled_from(["kiosk", "box", "home"]), units=few,
          days=st.sampled_from([None, 5, 30]))  # fmt: skip
    def receive(self, which, where, units, days):
        which = 0 if where == "home" else which  # The home is that of the first one's maker.
        return self.bring(which, getattr(self, where), units, days)

    @rule(lot=lots, units=few, goes=st.sampled_from([("kiosk", "box"), ("box", "kiosk")]))
    def transfer(self, lot, units, goes):
        source, target = (getattr(self, where) for where in goes)
        spot = (lot.id, source.id)
        if spot not in self.paper.stands:
            return
        deed = {"from_place_id": source.id, "to_place_id": target.id}
        deed |= {"actor": SYSTEM, "doc": a_doc(), "portions": [Portion(lot.id, units)]}
        if units > self.paper.unpromised(spot):
            with pytest.raises(NotSoMany) as refused:
                goods.transfer_goods(**deed)
            assert refused.value.left == self.paper.unpromised(spot)
        else:
            goods.transfer_goods(**deed)
            self.paper.take(spot, units)
            self.paper.stands[lot.id, target.id] += units

    @rule(target=orders, first=few, second=st.integers(0, 2))
    def order(self, first, second):
        doc = a_doc()
        wishes = [(v, n) for v, n in zip(self.variants, (first, second), strict=True) if n]
        left = {variant.id: self.paper.left(variant.id) for variant in self.variants}
        short = {v.id: left[v.id] for v, n in wishes if n > left[v.id]}
        if short:
            with pytest.raises(OutOfStock) as refused:
                promised(wishes=wishes, doc=doc, buyer=doc.id)
            assert refused.value.left == short
            return multiple()
        picks = promised(wishes=wishes, doc=doc, buyer=doc.id)
        for variant, units in wishes:
            self.assert_lawful(variant, units, [p for p in picks if p.variant_id == variant.id])
        for pick in picks:
            self.paper.promise(doc.id, (pick.lot_id, pick.place_id), pick.quantity)
        return doc

    def assert_lawful(self, variant, units, picks):
        """All that was wished, free until now; nothing with an earlier date stays behind."""
        taken = {(pick.lot_id, pick.place_id): pick.quantity for pick in picks}
        assert sum(taken.values()) == units
        assert all(quantity <= self.paper.online(spot) for spot, quantity in taken.items())
        latest = max(self.paper.day(lot) for lot, _place in taken)
        for spot in self.paper.spots(variant.id):
            if self.paper.online(spot) > taken.get(spot, 0):
                assert self.paper.day(spot[0]) >= latest

    @rule(order=orders)
    def pay(self, order):
        for promise in self.paper.of(order.id):
            promise.is_paid = True
        assert confirm(order) == sum(promise.units for promise in self.paper.of(order.id))

    @rule(order=consumes(orders))
    def cancel(self, order):
        mine = self.paper.of(order.id)
        assert release(order, "cancelled") == sum(promise.units for promise in mine)
        for promise in mine:
            promise.units = 0

    @rule(target=sales, order=orders, whole=st.booleans())
    def deliver(self, order, whole):
        """One place's part of an order, or a little less than that."""
        mine = self.paper.of(order.id)
        if not mine:
            return multiple()
        place, taken = min(promise.spot[1] for promise in mine), Counter()
        for promise in mine:
            if promise.spot[1] == place:
                taken[promise.spot[0]] += promise.units
                promise.units = 0
        if not whole:
            taken -= Counter(dict.fromkeys(taken, 1))
        made = hand_over(actor=SYSTEM, doc=order, place_id=place, taken=taken)
        handed = Counter()
        for sale in made:
            handed[sale.lot_id] += sale.quantity
            self.paper.stands[sale.lot_id, place] -= sale.quantity
        assert handed == taken
        return multiple(*made)

    @rule(sale=sales)
    def undo_a_hand_over(self, sale):
        undo = {"actor": SYSTEM, "movement_id": sale.id, "reason": "salah"}
        if sale.id in self.undone:
            with pytest.raises(NotReversible):
                movements.reverse(**undo)
            return
        movements.reverse(**undo)
        self.undone.add(sale.id)
        spot = (sale.lot_id, sale.from_place_id)
        self.paper.stands[spot] += sale.quantity
        self.paper.promise(sale.doc_id, spot, sale.quantity, is_paid=True)

    @rule(which=either, where=st.sampled_from(["kiosk", "kiosk", "box"]), units=few)
    def sell_over_the_counter(self, which, where, units):
        place, variant = getattr(self, where), self.variants[which]
        here = self.paper.spots(variant.id, place.id)
        if not here:
            return
        lines = [Scan(variant.id, units)]
        picks = sell(actor=SYSTEM, place_id=place.id, lines=lines, doc=a_doc("till"))
        sold = Counter({(pick.lot_id, pick.place_id): pick.quantity for pick in picks})
        assert sold.total() == units
        self.assert_kept_then_free_then_promised(here, sold)
        for spot, quantity in sold.items():
            self.paper.force(spot, quantity, kept_first=True)

    def assert_kept_then_free_then_promised(self, here, sold):
        kept, free = self.paper.kept, self.paper.unpromised
        if sold.total() <= sum(kept[spot] for spot in here):
            assert all(sold[spot] <= kept[spot] for spot in here)
        elif sold.total() <= sum(free(spot) for spot in here):
            assert all(kept[spot] <= sold[spot] <= free(spot) for spot in here)
        else:
            assert all(sold[spot] >= free(spot) for spot in here)

    @rule(lot=lots, where=st.sampled_from(["kiosk", "box"]), units=few)
    def throw_away(self, lot, where, units):
        place = getattr(self, where)
        if (lot.id, place.id) not in self.paper.stands:
            return
        deed = {"place_id": place.id, "portions": [Portion(lot.id, units)], "reason": "pecah"}
        goods.write_off(actor=SYSTEM, doc=a_doc(), **deed)
        self.paper.force((lot.id, place.id), units)

    @rule(lot=lots, difference=st.integers(-3, 3).filter(bool))
    def count(self, lot, difference):
        spot = (lot.id, self.kiosk.id)
        if spot not in self.paper.stands:
            return
        deed = {"actor": SYSTEM, "doc": a_doc(), "place_id": self.kiosk.id}
        deed["differences"] = [Portion(lot.id, difference)]
        if self.paper.stands[spot] + difference < 0:
            with pytest.raises(NotSoMany):
                goods.correct_after_count(**deed)
            return
        goods.correct_after_count(**deed)
        if difference > 0:
            self.paper.stands[spot] += difference
        else:
            self.paper.force(spot, -difference)

    @rule()
    def open_the_till(self):
        lease.take(**self.till)
        for variant in self.variants:
            self.paper.share_out(variant.id, self.kiosk.id)

    @rule()
    def close_the_till(self):
        lease.leave(**self.till)
        self.paper.kept.clear()

    @invariant()
    def the_barn_says_what_the_paper_says(self):
        db.session.expire_all()
        mine = db.session.query(Level).filter(Level.lot_id.in_(self.paper.lot_of))
        said = {(n.lot_id, n.place_id): (n.on_hand, n.reserved, n.counter_kept) for n in mine}
        assert said == {
            spot: (self.paper.stands[spot], self.paper.promised(spot), self.paper.kept[spot])
            for spot in self.paper.stands
        }
        free = stock.available(db.session, [variant.id for variant in self.variants])
        assert free == {variant.id: self.paper.left(variant.id) for variant in self.variants}

    @invariant()
    def promises_are_those_on_paper(self):
        query = db.session.query(Hold).filter(
            Hold.state.in_(holds.OPEN), Hold.lot_id.in_(self.paper.lot_of)
        )
        said = Counter()
        for hold in query:
            paid = hold.state == "allocated"
            said[hold.doc_id, hold.lot_id, hold.place_id, paid] += hold.quantity
        assert said == self.paper.waiting()

    @invariant()
    def the_doctor_finds_nothing(self):
        assert broken(promises_stock.ALL) == set()


def test_the_barn_agrees_with_a_plain_model(session, monkeypatch):
    limits(monkeypatch, hold_units_max=1_000)
    run_state_machine_as_test(
        Barn,
        settings=settings(
            max_examples=EXAMPLES,
            stateful_step_count=STEPS,
            deadline=None,
            suppress_health_check=[HealthCheck.too_slow],
            phases=(Phase.reuse, Phase.generate),  # Shrinking on a database outlasts the timeout.
        ),
    )
