"""Two big orders over the same four kitchens, whatever people press, in whatever order."""

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from cooperatives import promises_stock
from cooperatives.big_orders import asking, keeping, making, planning, promises
from cooperatives.models import BigOrder
from core.actors import SYSTEM
from core.db import db
from core.errors import DomainError, NotFound
from tests.cooperatives.big_orders.factories import a_big_order, a_group, brought, over, shares
from tests.cooperatives.factories import broken

pytestmark = pytest.mark.service
EXAMPLES, STEPS = 3, 22
which = st.integers(0, 1)
nth = st.integers(0, 3)


class Wedding(RuleBasedStateMachine):
    """Every press is either done or refused with a sentence; the promises hold after each."""

    def __init__(self):
        super().__init__()
        self.group = a_group((70, 35), (140, 140), (35, 0), (70, 70))
        kitchens = [one.variant.id for one in self.group.kitchens]
        self.kitchens = kitchens
        self.orders = [a_big_order(self.group, 150), a_big_order(self.group, 90, begins=4)]
        for order in self.orders:  # So that most runs come as far as a binding plan.
            planning.propose(actor=SYSTEM, order_id=order.id, variant_ids=kitchens, rainy=[])
            self.pressed(asking.ask, which=self.orders.index(order), hours=9)

    def pressed(self, deed, *, which=None, **said):
        """A press; what a rule refuses changes nothing."""
        if which is not None:
            said["order_id"] = self.orders[which].id
        try:
            deed(actor=SYSTEM, **said)
        except NotFound:
            raise
        except DomainError:
            pass

    def share(self, which, nth, *states):
        """One of the shares that are there, or None."""
        found = [one for one in shares(self.orders[which]) if one.state in states]
        return found[nth % len(found)] if found else None

    @rule(which=which, chosen=st.sets(nth, min_size=1), wet=st.booleans())
    def propose(self, which, chosen, wet):
        order = self.orders[which]
        rainy = [order.starts_on] if wet else []
        kitchens = [self.kitchens[n] for n in chosen]
        self.pressed(planning.propose, which=which, variant_ids=kitchens, rainy=rainy)

    @rule(which=which, nth=nth, units=st.integers(0, 80))
    def adjust(self, which, nth, units):
        share = self.share(which, nth, "proposed")
        if share is not None:
            by_hand = {share.seller_id: units}
            self.pressed(planning.adjust, which=which, units=by_hand, why="Sudah sepakat")

    @rule(which=which)
    def ask(self, which):
        self.pressed(asking.ask, which=which, hours=5)

    @rule(which=which, nth=nth, part=st.sampled_from([0, 1, 2, 2, 2]))
    def answer(self, which, nth, part):
        share = self.share(which, nth, "asked")
        if share is not None:
            self.pressed(asking.answer, share_id=share.id, units=share.units * part // 2)

    @rule(which=which)
    def time_is_over(self, which):
        if self.orders[which].answer_by:
            over(self.orders[which])
            self.pressed(asking.go_round, which=which)

    @rule(which=which, told=st.sampled_from([True, True, False]))
    def seal(self, which, told):
        self.pressed(asking.seal, which=which, gap_is_told=told)

    @rule(which=which, nth=nth, units=st.integers(1, 60))
    def bring(self, which, nth, units):
        share = self.share(which, nth, "yes")
        if share is not None and share.offer_id is not None:
            brought(self.orders[which], share, units)

    @rule(which=which, nth=nth, units=st.integers(0, 60))
    def say_ready(self, which, nth, units):
        share = self.share(which, nth, "yes")
        if share is not None:
            self.pressed(making.say_ready, share_id=share.id, ready=units)

    @rule(which=which, nth=nth)
    def fall_ill(self, which, nth):
        share = self.share(which, nth, "yes")
        if share is not None:
            self.pressed(making.drop, share_id=share.id, why="Sakit")

    @rule(which=which, ends=st.sampled_from([0, 0, 0, 1, 2]))
    def end(self, which, ends):
        if ends == 1:
            self.pressed(making.finish, which=which)
        elif ends == 2:
            self.pressed(making.cancel, which=which, why="Pernikahan ditunda")

    @invariant()
    def the_doctor_finds_nothing(self):
        assert broken(promises.ALL) == set()

    def teardown(self):
        assert broken(promises_stock.ALL) == set()

    @invariant()
    def the_shares_are_what_is_wanted_or_the_gap_is_told(self):
        for order in db.session.query(BigOrder):
            sure = sum(share.agreed or 0 for share in shares(order))
            assert sure <= order.wanted
            if order.state in ("agreed", "done"):
                assert sure + order.gap == order.wanted
            assert keeping.kept(db.session, order.id) <= sure


def test_whatever_is_pressed_the_promises_hold(session):
    run_state_machine_as_test(
        Wedding,
        settings=settings(
            max_examples=EXAMPLES,
            stateful_step_count=STEPS,
            deadline=None,
            suppress_health_check=[HealthCheck.too_slow],
            phases=(Phase.reuse, Phase.generate),  # Shrinking on a database outlasts the timeout.
        ),
    )
