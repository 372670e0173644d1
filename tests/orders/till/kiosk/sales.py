"""What tills and the web do: sales without signal, orders, and goods that come back."""

import random
import uuid
from collections import Counter
from types import SimpleNamespace

from hypothesis import strategies as st
from hypothesis.stateful import rule
from sqlalchemy import select, update

from cooperatives.allocation import OutOfStock
from core import clock
from core.actors import GUEST
from core.db import db
from orders import claim_answers, claims, earning, fulfilment, handover, transfers
from orders.claim_answers import Reply
from orders.claim_goods import Back
from orders.claims import Told
from orders.models import Claim, Line, Order, Parcel
from tests.orders.factories import attempt_of, order, parcels_of, run_jobs
from tests.orders.till.factories import line, send, told
from tests.orders.till.kiosk.notebook import RungUp
from tests.orders.till.kiosk.world import World, crash, few, luck, one_of, which_lot

rung_up = st.tuples(
    which_lot, few, st.sampled_from(["scanned", "owner", "tapped"]), st.integers(0, 2)
)  # Which lot, how many, how the owner is known, and how many halves are paid by QRIS.
SENT_BACK_FROM = 50_000


class Sales(World):
    @rule(till=st.integers(0, 2), sales=st.lists(rung_up, min_size=1, max_size=4),
          has_signal=st.booleans(), at=crash)  # fmt: skip
    def ring_up(self, till, sales, has_signal, at):
        """Mostly on the phone alone; the record may know of fewer."""
        for which, units, how, qris in sales:
            self._ring_up(till, which, units, how, qris)
        if has_signal:
            self.signal_comes(till, 0, False, at)

    def _ring_up(self, till, which, units, how, qris):
        shop, phone = self.shop, self.phones[till]
        place = shop.box if till == 2 else shop.kiosk
        lot = shop.lots[which]
        variant = shop.keripik if which < 2 else shop.kopi
        named = {"scanned": {"lot": lot}, "owner": {"owner": SimpleNamespace(id=lot.owner_id)}}
        phone.number += 1
        at = SimpleNamespace(kiosk=place, device=phone.device, count=iter([0]))
        content = told(at, line(variant, units, **named.get(how, {})))
        content["number"] = f"K{till + 1}-{phone.number}"
        content["qris"] = content["cash"] * qris // 2
        content["cash"] -= content["qris"]
        owner = None if how == "tapped" and which < 2 else lot.owner_id
        act = uuid.uuid4()
        self.book.sales[act] = RungUp(place, content, Counter({owner: units}), clock.now())
        phone.waiting.append(act)

    @rule(till=st.integers(0, 2), seed=st.integers(0, 1_000), lost=st.booleans(), at=crash)
    def signal_comes(self, till, seed, lost, at):
        """What waits is sent in any order; where the answer is lost it is sent again next time."""
        phone = self.phones[till]
        acts = list(phone.waiting)
        random.Random(seed).shuffle(acts)
        for act in acts:
            sale = self.book.sales[act]
            _id, answer = self.survive(
                send, at, shop=self.shop, content=sale.content, act_id=act, at=sale.at
            )
            sale.is_told, at = True, None
            assert answer["number"]
            if not lost:
                phone.waiting.remove(act)
        run_jobs()

    @rule(pick=luck, why=st.sampled_from(["mistyped", "brought"]), at=crash)
    def take_back(self, pick, why, at):
        act = one_of(pick, [act for act, sale in self.book.sales.items() if sale.is_told])
        if act is None:
            return
        sale = self.book.sales[act]
        sale.undo = sale.undo or uuid.uuid4()
        sale.why = sale.why or why
        self.survive(
            send,
            at,
            shop=self.shop,
            content={"sale": str(act), "why": sale.why},
            kind="till.undo",
            act_id=sale.undo,
            at=sale.at,
        )
        sale.is_undone = True
        run_jobs()

    # --- the web ---

    @rule(keripik=st.integers(0, 4), kopi=st.integers(0, 2), how_far=st.integers(0, 3), at=crash)
    def order_on_the_web(self, keripik, kopi, how_far, at):
        """Placed, paid, picked up at once, or even earned."""
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
        if how_far:
            self._money_comes(placed, at)
        for parcel in parcels_of(placed) if how_far > 1 else ():
            self._hand_over(parcel, False, at)
        if how_far > 2:
            self._quiet_days_pass(at)

    def _money_comes(self, placed, at):
        due = attempt_of(placed)
        facts = {"attempt_id": due.id, "amount": due.amount}
        self.survive(transfers.confirm, at, actor=self.sees_transfers, **facts)
        self.book.transferred += facts["amount"]
        run_jobs()

    @rule(
        pick=luck,
        step=st.sampled_from(["money", "money", "hand", "hand", "decline", "quiet"]),
        at=crash,
    )
    def web_orders_move_on(self, pick, step, at):
        if step == "quiet":
            self._quiet_days_pass(at)
            return
        state = "awaiting_payment" if step == "money" else "paid"
        known = one_of(pick, [i for i in self.orders if db.session.get(Order, i).state == state])
        if known is None:
            return
        placed = db.session.get(Order, known)
        if step == "money":
            self._money_comes(placed, at)
        else:
            for parcel in parcels_of(placed):
                self._hand_over(parcel, step == "decline", at)
        run_jobs()

    def _hand_over(self, parcel, declines, at):
        deed = {"actor": self.shop.keeps, "parcel_id": parcel.id}
        if parcel.state == "to_accept" and declines:
            self.survive(fulfilment.decline, at, **deed, reason="out_of_stock")
            return
        for before, step in (
            ("to_accept", fulfilment.accept),
            ("accepted", fulfilment.pack),
            ("packed", handover.give_out),
        ):
            db.session.refresh(parcel)
            if parcel.state == before:
                self.survive(step, at, **deed)

    def _quiet_days_pass(self, at):
        delivered = update(Parcel).where(Parcel.state == "delivered")
        db.session.execute(delivered.values(quiet_until=clock.now()))
        db.session.commit()
        self.survive(earning.earn_due.run, at, is_whole=False)
        run_jobs()

    # --- goods come back ---

    @rule(pick=luck, units=few, trouble=st.sampled_from(["spoilt", "wrong"]), at=crash)
    def buyer_complains(self, pick, units, trouble, at):
        """About some pieces of a line; she gets money, and dear goods are asked back first."""
        if not (found := self._claimable()):
            return
        sold, parcel = pick.choice(found)
        units = min(units, sold.given - self.book.claimed[sold.id])
        claim_id, mine = uuid.uuid4(), {"actor": GUEST, "order_id": sold.order_id}
        wish = "ask" if claims.is_late(parcel) else "money"
        said = Told(parcel.id, {sold.id: units}, trouble, wish, "Tidak cocok")
        self.survive(claims.open_claim, at, **mine, claim_id=claim_id, told=said)
        comes_back = units * sold.price >= SENT_BACK_FROM
        reply = Reply("money", {sold.id: units}, comes_back=comes_back)
        deed = {"actor": self.shop.keeps, "claim_id": claim_id}
        self.survive(claim_answers.answer, at, **deed, reply=reply)
        if db.session.get(Claim, claim_id, populate_existing=True).state == "offered":
            self.survive(claims.accept, at, **mine, claim_id=claim_id)
        if comes_back:
            good = pick.randint(0, units)
            came = {sold.id: Back(good, units - good)}
            self.survive(claim_answers.take_back, at, **deed, came=came)
            self.book.came[sold.lot_id] += good
        self.book.claim(sold, units, by_kiosk=trouble == "wrong")
        run_jobs()

    def _claimable(self):
        query = (
            select(Line, Parcel)
            .join(Parcel, Parcel.id == Line.parcel_id)
            .join(Order, Order.id == Line.order_id)
            .where(Order.channel == "web", Order.state.in_(("paid", "completed")))
            .where(Parcel.state.in_(("delivered", "quiet", "earned")), Line.lot_id.is_not(None))
            .order_by(Line.id)
        )
        return [
            (sold, parcel)
            for sold, parcel in db.session.execute(query)
            if sold.given > self.book.claimed[sold.id]
        ]
