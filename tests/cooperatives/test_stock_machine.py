"""The barn against a plain model: whatever people do, in whatever order, both say the same.

The model is what a careful keeper would write on paper: for each lot and place how much stands
there, and for each order how much of which lot she has set aside. Who gets which jar is checked
against the model too; every promise of the doctor is asked after every step.
"""

from collections import Counter
from dataclasses import dataclass
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
    rule,
    run_state_machine_as_test,
)

from cooperatives import goods, holds, lease, movements, promises_stock, stock
from cooperatives.allocation import OutOfStock
from cooperatives.counter import Scan, sell_at_counter
from cooperatives.goods import Portion
from cooperatives.handover import consume
from cooperatives.models import Hold, Level
from cooperatives.movements import NotReversible, NotSoMany
from core.actors import SYSTEM, Actor
from core.db import db, in_transaction
from tests.cooperatives.factories import (
    a_doc,
    a_home,
    a_lot,
    a_maker,
    a_place,
    a_variant,
    broken,
    limits,
    numbers,
    owner_of,
    promised,
)

pytestmark = pytest.mark.service

EXAMPLES, STEPS = 10, 25  # Some ten seconds on a quiet machine.
few = st.integers(1, 6)
sell = in_transaction()(sell_at_counter)
hand_over = in_transaction()(consume)
confirm = in_transaction()(holds.confirm)
release = in_transaction()(holds.release)


@dataclass
class Promise:
    """Units of one lot at one place, set aside for one order; `number` tells old from new."""

    order: holds.Doc
    spot: tuple[int, int]
    units: int
    number: int
    is_paid: bool = False


class Barn(RuleBasedStateMachine):
    """Two variants at a home, a kiosk with a till, and a bazaar box."""

    lots = Bundle("lots")
    orders = Bundle("orders")
    deeds = Bundle("deeds")

    @initialize()
    def build(self):
        self.variants = [a_variant(), a_variant()]
        self.kiosk, self.box = a_place("kiosk"), a_place("bazaar")
        self.home = a_home(seller=owner_of(self.variants[0]))
        self.keeper = Actor(a_maker(next(numbers)).id, is_system=True)
        self.phone = uuid4()
        self.stands = Counter()  # (lot, place): units a person can count.
        self.promises = []
        self.undone = set()  # Sales that turned out not to have happened.
        self.kept = Counter()  # (lot, place): units kept for the till.
        self.lot_of = {}  # lot: (variant, best before, number), in the order of receipt.

    # What the model knows.

    def promised(self, spot):
        return sum(promise.units for promise in self.promises if promise.spot == spot)

    def of(self, order):
        return [promise for promise in self.promises if promise.order == order and promise.units]

    def promise(self, order, spot, units, *, is_paid=False):
        self.promises.append(Promise(order, spot, units, len(self.promises), is_paid))

    def unpromised(self, spot):
        return self.stands[spot] - self.promised(spot)

    def online(self, spot):
        return self.unpromised(spot) - self.kept[spot] if spot[1] != self.box.id else 0

    def take(self, spot, units, *, kept_first=False):
        self.stands[spot] -= units
        if kept_first:
            self.kept[spot] = max(0, self.kept[spot] - units)
        self.kept[spot] = min(self.kept[spot], self.unpromised(spot))

    def force(self, spot, units, *, kept_first=False):
        """A fact takes units: what is missing is booked in, the newest unpaid promises break."""
        self.stands[spot] += max(0, units - self.stands[spot])
        short = max(0, units - self.unpromised(spot))
        for promise in sorted(self.promises, key=lambda p: (p.is_paid, -p.number)):
            if promise.spot == spot:
                part = min(short, promise.units)
                promise.units -= part
                short -= part
        self.take(spot, units, kept_first=kept_first)

    def turn(self, lot):
        _variant, best_before, number = self.lot_of[lot]
        return best_before.toordinal() if best_before else 10**9, number

    def spots(self, variant):
        return [spot for spot in self.stands if self.lot_of[spot[0]][0] == variant.id]

    # What people do.

    @rule(target=lots, which=st.integers(0, 1), where=st.integers(0, 2), units=few,
          days=st.sampled_from([None, 5, 30]))  # fmt: skip
    def receive(self, which, where, units, days):
        variant = self.variants[which]
        place = (self.kiosk, self.box, self.home)[where if which == 0 else min(where, 1)]
        lot = a_lot(variant, place, units, days=days)
        self.lot_of[lot.id] = (variant.id, lot.best_before, len(self.lot_of))
        self.stands[lot.id, place.id] += units
        return lot

    @rule(lot=lots, there=st.booleans(), units=few)
    def transfer(self, lot, there, units):
        source, target = (self.kiosk, self.box) if there else (self.box, self.kiosk)
        spot = (lot.id, source.id)
        if spot not in self.stands:
            return
        deed = {"from_place_id": source.id, "to_place_id": target.id}
        deed |= {"actor": SYSTEM, "doc": a_doc(), "portions": [Portion(lot.id, units)]}
        if units > self.unpromised(spot):
            with pytest.raises(NotSoMany) as refused:
                goods.transfer_goods(**deed)
            assert refused.value.left == self.unpromised(spot)
        else:
            goods.transfer_goods(**deed)
            self.take(spot, units)
            self.stands[lot.id, target.id] += units

    @rule(target=orders, first=st.integers(0, 4), second=st.integers(0, 4))
    def order(self, first, second):
        doc = a_doc()
        wishes = [(v, n) for v, n in zip(self.variants, (first, second), strict=True) if n]
        left = {v.id: sum(self.online(spot) for spot in self.spots(v)) for v in self.variants}
        short = {v.id: left[v.id] for v, n in wishes if n > left[v.id]}
        if short:
            with pytest.raises(OutOfStock) as refused:
                promised(wishes=wishes, doc=doc, buyer=doc.id)
            assert refused.value.left == short
        elif wishes:
            picks = promised(wishes=wishes, doc=doc, buyer=doc.id)
            for variant, units in wishes:
                self.assert_lawful(variant, units, [p for p in picks if p.variant_id == variant.id])
            for pick in picks:
                self.promise(doc, (pick.lot_id, pick.place_id), pick.quantity)
        return doc

    def assert_lawful(self, variant, units, picks):
        """All that was wished, free until now; nothing with an earlier date stays behind."""
        assert sum(pick.quantity for pick in picks) == units
        assert all(pick.quantity <= self.online((pick.lot_id, pick.place_id)) for pick in picks)
        taken = {(pick.lot_id, pick.place_id): pick.quantity for pick in picks}
        latest = max(self.turn(pick.lot_id)[0] for pick in picks)
        for spot in self.spots(variant):
            if self.online(spot) > taken.get(spot, 0):
                assert self.turn(spot[0])[0] >= latest

    @rule(order=orders)
    def pay(self, order):
        for promise in self.of(order):
            promise.is_paid = True
        assert confirm(order) == sum(promise.units for promise in self.of(order))

    @rule(order=consumes(orders))
    def cancel(self, order):
        assert release(order, "cancelled") == sum(promise.units for promise in self.of(order))
        for promise in self.of(order):
            promise.units = 0

    @rule(target=deeds, order=orders, whole=st.booleans())
    def deliver(self, order, whole):
        """One place's part of an order, or a little less than that."""
        place = min((promise.spot[1] for promise in self.of(order)), default=None)
        if place is None:
            return None
        taken = Counter()
        for promise in self.of(order):
            if promise.spot[1] == place:
                taken[promise.spot[0]] += promise.units
                promise.units = 0
        if not whole:
            taken -= Counter(dict.fromkeys(taken, 1))
        made = hand_over(actor=SYSTEM, doc=order, place_id=place, taken=taken)
        handed = Counter()
        for sale in made:
            handed[sale.lot_id] += sale.quantity
            self.stands[sale.lot_id, place] -= sale.quantity
        assert handed == taken
        return made[0].id if made else None

    @rule(which=st.integers(0, 1), bazaar=st.booleans(), units=few)
    def sell_over_the_counter(self, which, bazaar, units):
        place, variant = self.box if bazaar else self.kiosk, self.variants[which]
        here = [spot for spot in self.spots(variant) if spot[1] == place.id]
        if not here:
            return
        doc, lines = a_doc("till"), [Scan(variant.id, units)]
        picks = sell(actor=SYSTEM, place_id=place.id, lines=lines, doc=doc)
        assert sum(pick.quantity for pick in picks) == units
        self.assert_kept_then_free_then_promised(here, picks, units)
        for pick in picks:
            self.force((pick.lot_id, place.id), pick.quantity, kept_first=True)

    def assert_kept_then_free_then_promised(self, here, picks, units):
        sold = Counter({(pick.lot_id, pick.place_id): pick.quantity for pick in picks})
        kept = sum(self.kept[spot] for spot in here)
        free = sum(self.unpromised(spot) for spot in here)
        if units <= kept:
            assert all(sold[spot] <= self.kept[spot] for spot in here)
        elif units <= free:
            assert all(self.kept[spot] <= sold[spot] <= self.unpromised(spot) for spot in here)
        else:
            assert all(sold[spot] >= self.unpromised(spot) for spot in here)

    @rule(lot=lots, bazaar=st.booleans(), units=few)
    def throw_away(self, lot, bazaar, units):
        place = self.box if bazaar else self.kiosk
        if (lot.id, place.id) not in self.stands:
            return
        portions = [Portion(lot.id, units)]
        goods.write_off(
            actor=SYSTEM, doc=a_doc(), place_id=place.id, portions=portions, reason="pecah"
        )
        self.force((lot.id, place.id), units)

    @rule(lot=lots, difference=st.integers(-3, 3).filter(bool))
    def count(self, lot, difference):
        spot = (lot.id, self.kiosk.id)
        if spot not in self.stands:
            return
        deed = {"actor": SYSTEM, "doc": a_doc(), "place_id": self.kiosk.id}
        deed["differences"] = [Portion(lot.id, difference)]
        if self.stands[spot] + difference < 0:
            with pytest.raises(NotSoMany):
                goods.correct_after_count(**deed)
            return
        goods.correct_after_count(**deed)
        if difference > 0:
            self.stands[spot] += difference
        else:
            self.force(spot, -difference)

    @rule(deed=deeds)
    def undo_a_hand_over(self, deed):
        if deed is None:
            return
        sale = db.session.get(movements.Movement, deed)
        if deed in self.undone:
            with pytest.raises(NotReversible):
                movements.reverse(actor=SYSTEM, movement_id=deed, reason="salah")
            return
        movements.reverse(actor=SYSTEM, movement_id=deed, reason="salah")
        self.undone.add(deed)
        spot = (sale.lot_id, sale.from_place_id)
        self.stands[spot] += sale.quantity
        self.promise(holds.Doc(sale.doc_type, sale.doc_id), spot, sale.quantity, is_paid=True)

    @rule()
    def open_the_till(self):
        lease.take(actor=self.keeper, place_id=self.kiosk.id, device_id=self.phone)
        for variant in self.variants:
            here = [spot for spot in self.spots(variant) if spot[1] == self.kiosk.id]
            online = sum(self.unpromised(spot) for spot in here) * 3 // 10
            for spot in sorted(here, key=lambda spot: self.turn(spot[0]), reverse=True):
                share = min(online, self.unpromised(spot))
                self.kept[spot] = self.unpromised(spot) - share
                online -= share

    @rule()
    def close_the_till(self):
        lease.leave(actor=self.keeper, place_id=self.kiosk.id, device_id=self.phone)
        self.kept.clear()

    # What must be true after each step.

    @invariant()
    def the_barn_says_what_the_model_says(self):
        if not hasattr(self, "stands"):
            return
        db.session.expire_all()
        mine = db.session.query(Level).filter(Level.lot_id.in_(self.lot_of))
        said = {(n.lot_id, n.place_id): (n.on_hand, n.reserved, n.counter_kept) for n in mine}
        assert said == {
            spot: (self.stands[spot], self.promised(spot), self.kept[spot]) for spot in self.stands
        }
        waiting = Counter()
        for hold in db.session.query(Hold).filter(Hold.state.in_(holds.OPEN)):
            if hold.lot_id in self.lot_of:
                is_paid = hold.state == "allocated"
                waiting[hold.doc_id, hold.lot_id, hold.place_id, is_paid] += hold.quantity
        mine = Counter()
        for promise in self.promises:
            mine[promise.order.id, *promise.spot, promise.is_paid] += promise.units
        assert waiting == +mine
        assert stock.available(db.session, [v.id for v in self.variants]) == {
            v.id: sum(self.online(spot) for spot in self.spots(v)) for v in self.variants
        }

    @invariant()
    def every_promise_is_kept(self):
        assert broken(promises_stock.ALL) == set()


def test_the_barn_agrees_with_a_plain_model(session):
    limits(hold_units_max=1_000)
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
