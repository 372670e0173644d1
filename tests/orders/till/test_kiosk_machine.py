"""The kiosk against a careful keeper's notebook: two tills without signal, a bazaar box, the web.

Sales are rung up on phones and sent hours later, in any order, twice, or into a server that dies
while it writes them. After every step goods are conserved per lot, money per page of the books,
every sale stands once in the right woman's name, statements are what the books say, and the
doctor finds nothing.
"""

import random
import uuid
from collections import Counter
from types import SimpleNamespace

import pytest
from flask import current_app
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from sqlalchemy import select, update

from cooperatives import goods, payouts, settlement
from cooperatives.allocation import OutOfStock
from cooperatives.goods import Portion
from cooperatives.models import Account, Level
from cooperatives.models.books import Kind
from cooperatives.movements import NotSoMany
from cooperatives.rights import KEEP, TREASURE
from core import access, clock, doctor, orgs
from core.actors import SYSTEM
from core.db import db
from orders import earning, fulfilment, handover, rates, transfers
from orders.models import CounterSale, Order, Parcel
from tests.cooperatives.books_factories import account_of, bank
from tests.cooperatives.factories import a_doc, a_lot, a_place
from tests.orders.factories import KERTEK, attempt_of, holder, order, parcels_of, run_jobs
from tests.orders.till.factories import a_kiosk, line, send, told
from tests.orders.till.notebook import (
    Died,
    Phone,
    RungUp,
    dying,
    must_be_conserved,
    must_have_what_they_earned,
    must_hold_what_was_paid,
)

pytestmark = pytest.mark.service

EXAMPLES, STEPS = 6, 30
few = st.integers(1, 4)
which_lot = st.integers(0, 2)
where = st.sampled_from(["kiosk", "box"])
luck = st.randoms(use_true_random=False)
rung_up = st.tuples(
    which_lot, few, st.sampled_from(["scanned", "owner", "tapped"]), st.booleans()
)  # Which lot, how many, how the owner is known, by QRIS.


class Kiosk(RuleBasedStateMachine):
    """Bu Nur and Bu Tri bring the same keripik, Bu Dwi kopi, to a kiosk and a bazaar box."""

    @initialize()
    def build(self):
        rates.load_sample_rates(actor=SYSTEM)
        self.shop = shop = a_kiosk(units=6)
        shop.kiosk.is_pickup, shop.kiosk.district_code = True, KERTEK
        db.session.commit()
        shop.box = a_place("bazaar", shop.cooperative)
        access.give(
            actor=SYSTEM, person_id=shop.keeps.person_id, right=KEEP, subject_id=shop.box.id
        )
        self.lots = list(shop.lots)
        self.phones = [Phone(), Phone(), Phone()]  # Two at the kiosk, one at the bazaar.
        self.book = {}  # act id: RungUp
        self.orders = []
        self.settled, self.paid = [], []
        shop.treasurers = [holder(TREASURE, shop.cooperative.id) for _ in range(2)]
        self.sees_transfers = holder(TREASURE, orgs.operator_id(db.session()))

    def place(self, name):
        return getattr(self.shop, name)

    # --- the tills ---

    @rule(till=st.integers(0, 2), sales=st.lists(rung_up, min_size=1, max_size=4))
    def ring_up(self, till, sales):
        """On the phone alone; the record may know of fewer."""
        for which, units, how, qris in sales:
            self._ring_up(till, which, units, how, qris)

    def _ring_up(self, till, which, units, how, qris):
        shop, phone = self.shop, self.phones[till]
        place = "box" if till == 2 else "kiosk"
        lot = shop.lots[which]
        variant = shop.keripik if which < 2 else shop.kopi
        named = {"scanned": {"lot": lot}, "owner": {"owner": SimpleNamespace(id=lot.owner_id)}}
        phone.number += 1
        at = SimpleNamespace(kiosk=self.place(place), device=phone.device, count=iter([0]))
        content = told(at, line(variant, units, **named.get(how, {})))
        content["number"] = f"K{till + 1}-{phone.number}"
        if qris:
            content["cash"], content["qris"] = 0, content["cash"]
        owner = None if how == "tapped" and which < 2 else lot.owner_id
        act = uuid.uuid4()
        self.book[act] = RungUp(place, content, Counter({owner: units}))
        phone.waiting.append(act)

    @rule(
        till=st.integers(0, 2),
        seed=st.integers(0, 1_000),
        lost=st.booleans(),
        dies=st.booleans(),
    )
    def signal_comes(self, till, seed, lost, dies):
        """What waits is sent in any order; where the answer is lost it is sent again next time."""
        phone = self.phones[till]
        acts = list(phone.waiting)
        random.Random(seed).shuffle(acts)
        for act in acts:
            if dies:
                with dying(), pytest.raises(Died):
                    self._send(act)
                assert db.session.get(CounterSale, act) is None or self.book[act].is_told
            self._send(act)
            if not lost:
                phone.waiting.remove(act)
            dies = False
        run_jobs()

    def _send(self, act):
        _id, answer = send(self.shop, self.book[act].content, act_id=act)
        self.book[act].is_told = True
        assert answer["number"]

    @precondition(lambda self: any(sale.is_told for sale in self.book.values()))
    @rule(pick=luck, why=st.sampled_from(["mistyped", "brought"]))
    def take_back(self, pick, why):
        act = pick.choice([act for act, sale in self.book.items() if sale.is_told])
        sale = self.book[act]
        sale.undo = sale.undo or uuid.uuid4()
        sale.why = sale.why or why
        send(
            self.shop,
            {"sale": str(act), "why": sale.why},
            kind="till.undo",
            act_id=sale.undo,
        )
        sale.is_undone = True
        run_jobs()

    # --- the web ---

    @rule(keripik=st.integers(0, 4), kopi=st.integers(0, 2), pays=st.booleans())
    def order_on_the_web(self, keripik, kopi, pays):
        wishes = [(self.shop.keripik, keripik), (self.shop.kopi, kopi)]
        wishes = [(variant, units) for variant, units in wishes if units]
        if not wishes:
            return
        try:
            placed = order(*wishes, pickup=self.shop.kiosk)
        except OutOfStock:
            db.session.rollback()
            return
        self.orders.append(placed.id)
        if pays:
            self._money_comes(placed)

    def _money_comes(self, placed):
        due = attempt_of(placed)
        transfers.confirm(actor=self.sees_transfers, attempt_id=due.id, amount=due.amount)
        run_jobs()

    @rule(pick=luck, step=st.sampled_from(["money", "money", "hand", "hand", "decline", "quiet"]))
    def web_orders_move_on(self, pick, step):
        if step == "quiet":
            self._quiet_days_pass()
            return
        state = "awaiting_payment" if step == "money" else "paid"
        mine = [i for i in self.orders if db.session.get(Order, i).state == state]
        if not mine:
            return
        placed = db.session.get(Order, pick.choice(mine))
        if step == "money":
            self._money_comes(placed)
        else:
            for parcel in parcels_of(placed):
                self._hand_over(parcel, declines=step == "decline")
        run_jobs()

    def _hand_over(self, parcel, *, declines):
        deed = {"actor": self.shop.keeps, "parcel_id": parcel.id}
        if parcel.state == "to_accept" and declines:
            fulfilment.decline(**deed, reason="out_of_stock")
            return
        for before, step in (
            ("to_accept", fulfilment.accept),
            ("accepted", fulfilment.pack),
            ("packed", handover.give_out),
        ):
            db.session.refresh(parcel)
            if parcel.state == before:
                step(**deed)

    def _quiet_days_pass(self):
        delivered = update(Parcel).where(Parcel.state == "delivered")
        db.session.execute(delivered.values(quiet_until=clock.now()))
        db.session.commit()
        earning.earn_due.run()
        run_jobs()

    # --- the shelf ---

    @rule(
        what=st.sampled_from(["bring", "carry", "take_home", "count", "lose"]),
        which=which_lot,
        pick=luck,
        at=where,
        units=few,
    )
    def shelf(self, what, which, pick, at, units):
        """Goods come, are carried to the other place, taken home, counted or lost."""
        if what == "bring":
            self._bring(which, at, units, pick.choice([None, 20, 90]))
            return
        lot, here = pick.choice(self.lots), self.place(at)
        other = self.place("box" if at == "kiosk" else "kiosk")
        if self._level(lot.id, here.id) is None:
            return
        portions, there = [Portion(lot.id, units)], {"place_id": here.id}
        deed, facts = {
            "carry": (
                goods.transfer_goods,
                {"from_place_id": here.id, "to_place_id": other.id, "portions": portions},
            ),
            "take_home": (goods.return_to_owner, there | {"portions": portions}),
            "count": (
                goods.correct_after_count,
                there | {"differences": [Portion(lot.id, pick.choice([-units, units]))]},
            ),
            "lose": (goods.write_off, there | {"portions": portions, "reason": "pecah"}),
        }[what]
        try:
            deed(actor=SYSTEM, doc=a_doc(), **facts)
        except NotSoMany:
            db.session.rollback()
        run_jobs()

    def _bring(self, which, at, units, days):
        variant = self.shop.keripik if which < 2 else self.shop.kopi
        owner = (self.shop.nur, self.shop.tri, self.shop.dwi)[which]
        self.lots.append(a_lot(variant, self.place(at), units, owner=owner, days=days))

    def _level(self, lot_id, place_id):
        query = select(Level.on_hand).where(Level.lot_id == lot_id, Level.place_id == place_id)
        return db.session.scalar(query)

    # --- the money ---

    @rule(dies=st.booleans())
    def monday(self, dies):
        """Everything due is settled; a server that dies settles nothing twice."""
        actor = self.shop.treasurers[0]
        query = select(Account.id).where(
            Account.organisation_id == self.shop.cooperative.id, Account.kind == Kind.MAKER
        )
        for account_id in db.session.scalars(query).all():
            if dies:
                with dying(), pytest.raises(Died):
                    settlement.close(actor=actor, account_id=account_id)
            owed = settlement.close(actor=actor, account_id=account_id)
            if owed:
                self.settled.append(owed.id)
            assert settlement.close(actor=actor, account_id=account_id) is None

    @precondition(lambda self: self.settled)
    @rule(comes_back=st.booleans())
    def pay_out(self, comes_back):
        first, second = self.shop.treasurers
        owed = self.settled.pop(0)
        source = account_of(bank(self.shop.cooperative.id))
        payout = payouts.prepare(actor=first, settlement_id=owed, source_id=source)
        payouts.approve(actor=second, payout_id=payout.id)
        payouts.send(actor=first, payout_id=payout.id, reference_no=f"TRX-{payout.id}")
        payouts.confirm(actor=first, payout_id=payout.id)
        if comes_back:
            payouts.bring_back(actor=first, payout_id=payout.id, reason="rekening tutup")
            self.settled.append(owed)

    # --- what must hold after every step ---

    @invariant()
    def every_sale_stands_once_in_the_right_name(self):
        db.session.expire_all()
        for act, sale in self.book.items():
            sale.must_stand(act)

    @invariant()
    def drawers_hold_what_was_paid(self):
        for name in ("kiosk", "box"):
            must_hold_what_was_paid(
                self.place(name), [s for s in self.book.values() if s.place == name]
            )

    @invariant()
    def makers_have_what_their_goods_earned(self):
        must_have_what_they_earned(
            self.shop.cooperative, (self.shop.nur, self.shop.tri, self.shop.dwi)
        )

    @invariant()
    def goods_are_conserved(self):
        must_be_conserved()

    @invariant()
    def the_doctor_finds_nothing(self):
        found = doctor.examine_on(db.session(), current_app.extensions["doctor"])
        assert [(finding.invariant.id, finding.rows) for finding in found] == []


def test_the_kiosk_agrees_with_the_keepers_notebook(session, gateway):
    run_state_machine_as_test(
        Kiosk,
        settings=settings(
            max_examples=EXAMPLES,
            stateful_step_count=STEPS,
            deadline=None,
            suppress_health_check=[HealthCheck.too_slow],
            phases=(Phase.reuse, Phase.generate),  # Shrinking on a database outlasts the timeout.
        ),
    )
