"""What keepers do with goods: bring, take away, send to another place, count, take to a bazaar."""

import uuid

from hypothesis import strategies as st
from hypothesis.stateful import rule

from cooperatives.bazaars import closing, coming_back, costs, loads
from cooperatives.bazaars.coming_back import Counted
from cooperatives.counts import closing as count_closing
from cooperatives.counts import contesting, counting
from cooperatives.counts.sums import State
from cooperatives.goods import PlaceClosed, Portion
from cooperatives.models import BazaarLine, BazaarShare
from cooperatives.movements import NotSoMany
from cooperatives.receiving.asked import WrongBoxes
from cooperatives.shelf import deeds, shipments
from core.db import db
from tests.cooperatives.counts import factories as counts
from tests.cooperatives.factories import a_lot
from tests.cooperatives.receiving.factories import act
from tests.orders.factories import run_jobs
from tests.orders.till.kiosk.world import World, crash, few, luck, one_of, owned, where, which_lot


class Shelf(World):
    @rule(which=which_lot, units=few, days=st.sampled_from([None, 20, 90]))
    def bring(self, which, units, days):
        variant = self.shop.keripik if which < 2 else self.shop.kopi
        lot = a_lot(variant, self.shop.kiosk, units, owner=self.sellers[which], days=days)
        self.book.came[lot.id] += units
        self.lots.append(lot)

    @rule(
        what=st.sampled_from(["waste:lost", "sample:tasted", "return:asked", "move"]),
        pick=luck,
        name=where,
        units=few,
        at=crash,
    )
    def take_off_the_shelf(self, what, pick, name, units, at):
        place, lot = self.place(name), pick.choice(self.lots)
        if lot.id not in self.on_hand(place):
            return
        to = self.shop.market if name == "kiosk" else self.shop.kiosk
        why = f"move:{to.id}" if what == "move" else what
        content = {"place": place.id, "lot": lot.id, "units": units, "why": why}
        if self._acted(deeds.ACT, content, at) and what != "move":
            self.book.came[lot.id] -= units
        run_jobs()

    def _acted(self, kind, content, at):
        """Whether the act was done; it is sent once more, which changes nothing."""
        facts = {"actor": self.shop.keeps, "content": content, "act_id": uuid.uuid4()}
        try:
            first = self.survive(act, at, kind=kind, **facts)
        except (NotSoMany, WrongBoxes):
            db.session.rollback()
            return False
        assert act(kind, **facts) == first
        return facts["act_id"]

    # --- from place to place ---

    @rule(pick=luck, name=where, to=where, units=few, is_near=st.booleans(), at=crash)
    def send_on(self, pick, name, to, units, is_near, at):
        lot, source, target = pick.choice(self.lots), self.place(name), self.place(to)
        if source is target or lot.id not in self.on_hand(source):
            return
        content = {"place": source.id, "to": target.id, f"jumlah-{lot.id}": units}
        if shipment := self._acted(shipments.SEND, content, at):
            self.shipments.append([shipment, lot.id, units])
            if is_near:
                self.something_arrives(pick, at)
        run_jobs()

    @rule(pick=luck, at=crash)
    def something_arrives(self, pick, at):
        """A part of it, or what is left; each piece came, is lost, or goes back."""
        if (sent := one_of(pick, self.shipments)) is None:
            return
        shipment, lot_id, on_the_way = sent
        came = pick.randint(0, on_the_way)
        lost = pick.randint(0, on_the_way - came)
        back = pick.randint(0, on_the_way - came - lost)
        said = {f"datang-{lot_id}": came, f"hilang-{lot_id}": lost, f"kembali-{lot_id}": back}
        if self._acted(shipments.RECEIVE, {"shipment": shipment, **said}, at):
            sent[2] -= came + lost + back
            self.book.came[lot_id] -= lost
        self.shipments = [sent for sent in self.shipments if sent[2]]
        run_jobs()

    # --- counts ---

    @rule(pick=luck, name=where, is_blind=st.booleans(), is_quick=st.booleans(), at=crash)
    def a_count_begins(self, pick, name, is_blind, is_quick, at):
        place = self.place(name)
        if place.id in self.counts:
            return
        facts = {"actor": self.shop.keeps, "count_id": uuid.uuid4(), "is_blind": is_blind}
        try:
            self.survive(counting.open_count, at, place_id=place.id, **facts)
        except counting.NothingThere:
            return
        self.counts[place.id] = facts["count_id"]
        if is_quick:
            self.numbers_are_written(pick, False, at)
            self.a_count_ends(pick, "apply", at)

    @rule(pick=luck, by_another=st.booleans(), at=crash)
    def numbers_are_written(self, pick, by_another, at):
        """Of some lots, by one of two keepers; now and then one is not what the record says."""
        if not self.counts:
            return
        place_id, count_id = pick.choice(sorted(self.counts.items()))
        stands = self.on_hand(db.session.get(counting.Place, place_id))
        told = {f"angka-{lot}": max(0, units + pick.choice([0, 0, -1, 2, -2]))
                for lot, units in stands.items() if pick.random() < 0.7}  # fmt: skip
        is_at_kiosk = place_id == self.shop.kiosk.id
        actor = self.counts_too if by_another and is_at_kiosk else self.shop.keeps
        if told:
            content = {"count": count_id, **told}
            facts = {"kind": counting.ACT, "actor": actor, "act_id": uuid.uuid4()}
            answer = self.survive(act, at, content=content, **facts)
            assert act(content=content, **facts) == answer

    @rule(pick=luck, choice=st.sampled_from(["keep", "apply", "recount"]), at=crash)
    def a_count_ends(self, pick, choice, at):
        """By the coordinator, who counted nothing, so that any difference may be posted."""
        if not self.counts:
            return
        place_id, count_id = pick.choice(sorted(self.counts.items()))
        actor, saw = self.shop.coordinates, count_closing.last_movement(db.session)
        self.survive(counting.show_record, at, actor=actor, count_id=count_id)
        reason = pick.choice(["lost", "broken", "found", "wrong"])
        rows = counts.rows(count_id)
        states = {lot: row.verdict(saw).state for lot, row in rows.items()}
        moved = [lot for lot, state in states.items() if state is State.MOVED]
        unclear = [lot for lot, state in states.items() if state in (State.DISAGREE, "impossible")]
        self.survive(
            count_closing.decide, at, actor=actor, count_id=count_id, page_saw=saw,
            choices=dict.fromkeys(moved, choice) | dict.fromkeys(unclear, "recount"),
            reasons=dict.fromkeys(rows, reason),
        )  # fmt: skip
        seen = count_closing.digest(list(counts.rows(count_id).values()), saw)
        deed = {"actor": actor, "count_id": count_id, "page_saw": saw, "seen": seen}
        try:
            self.survive(count_closing.finish, at, **deed)
        except (count_closing.NobodyCounted, count_closing.NotDecided):
            db.session.rollback()
            return
        except PlaceClosed:
            counting.drop(actor=actor, count_id=count_id)
            del self.counts[place_id]
            return
        del self.counts[place_id]
        self._note_count(place_id, count_id, reason)
        run_jobs()

    def _note_count(self, place_id, count_id, reason):
        for lot_id, row in counts.rows(count_id).items():
            if difference := row.line.difference:
                self.book.counted(place_id, count_id, lot_id, difference, reason)
                self.posted.append((place_id, count_id, lot_id))

    @rule(pick=luck, outcome=st.sampled_from(["reversed", "kept"]), at=crash)
    def an_owner_contests(self, pick, outcome, at):
        if (line := one_of(pick, self.posted)) is None:
            return
        place_id, count_id, lot_id = line
        self.posted.remove(line)
        facts, owner = {"count_id": count_id, "lot_id": lot_id}, self.owners([lot_id])[lot_id]
        self.survive(
            contesting.contest, at, actor=self.sells[owner], words="Itu tidak benar", **facts
        )
        deed = {"actor": self.shop.coordinates, "outcome": outcome, "words": "Sudah dilihat"}
        try:
            self.survive(contesting.decide, at, **deed, **facts)
        except contesting.GoneSince:
            db.session.rollback()
            return
        if outcome == "reversed":
            self.book.uncounted(place_id, count_id, lot_id)
        run_jobs()

    # --- the bazaar ---

    @rule(pick=luck, units=few, missing=st.integers(0, 2), at=crash)
    def pack_for_the_bazaar(self, pick, units, missing, at):
        lot = pick.choice(self.lots)
        facts = {"load_id": uuid.uuid4(), "bazaar_id": self.bazaar.id, "seller_id": lot.owner_id}
        facts |= {"from_place_id": self.shop.kiosk.id, "portions": [Portion(lot.id, units)]}
        try:
            self.survive(loads.send, at, actor=self.shop.keeps, **facts)
        except NotSoMany:
            db.session.rollback()
            return
        arrived = {lot.id: max(0, units - missing)}
        deed = {"actor": self.shop.keeps, "load_id": facts["load_id"]}
        self.survive(loads.take_in, at, **deed, arrived=arrived)
        if units > arrived[lot.id]:
            self.loads.append((facts["load_id"], lot.id, units - arrived[lot.id]))
        run_jobs()

    @rule(is_back=st.booleans(), at=crash)
    def what_did_not_arrive_is_explained(self, is_back, at):
        if not self.loads:
            return
        load_id, lot_id, units = self.loads.pop(0)
        facts = {"load_id": load_id, "is_back": is_back, "reason": "jatuh di jalan"}
        self.survive(loads.explain, at, actor=self.shop.coordinates, **facts)
        if not is_back:
            self.book.came[lot_id] -= units

    @rule(pick=luck, cost=st.sampled_from([0, 100_000]), next_by=st.sampled_from(["owner", "host"]),
          at=crash)  # fmt: skip
    def a_bazaar_ends(self, pick, cost, next_by, at):
        """Everything is counted out of the box and explained, the costs are shared."""
        while self.loads:
            self.what_did_not_arrive_is_explained(pick.choice([True, False]), at)
        actor, bazaar, box = self.shop.coordinates, self.bazaar, self.shop.box
        if cost:
            facts = {"cost_id": uuid.uuid4(), "bazaar_id": bazaar.id, "what": "Sewa lapak"}
            self.survive(costs.write, at, actor=actor, amount=cost, **facts)
            self.costs += cost
        try:
            self._empty(box, pick, at)
            self.survive(closing.close, at, actor=actor, bazaar_id=bazaar.id)
        except closing.GoodsLeft:
            db.session.rollback()
            assert self.shipments, "nothing is on the way"
            return
        shares = db.session.query(BazaarShare).filter_by(bazaar_id=bazaar.id).all()
        lines = db.session.query(BazaarLine).filter_by(bazaar_id=bazaar.id).all()
        self.book.bazaar_closed(bazaar, self.costs, shares, lines)
        self.plan_a_bazaar(next_by)

    def _empty(self, box, pick, at):
        stands = {lot: units for lot, units in self.on_hand(box).items() if units}
        for owner, lot_ids in owned(stands, self.owners(stands)).items():
            counted = {lot: Counted(*_back(pick, stands[lot])) for lot in lot_ids}
            facts = {"act_id": uuid.uuid4(), "bazaar_id": self.bazaar.id, "seller_id": owner}
            to = self.shop.kiosk.id if pick.random() < 0.5 else None
            deed = {"actor": self.shop.coordinates, "reason": "hilang", "to_place_id": to, **facts}
            self.survive(coming_back.bring_back, at, **deed, counted=counted)
            coming_back.bring_back(**deed, counted=counted)
            for lot, one in counted.items():
                gone = stands[lot] if to is None else stands[lot] - one.returned
                self.book.came[lot] -= gone


def _back(pick, stands):
    returned = pick.randint(max(0, stands - 1), stands)
    return returned, pick.randint(0, stands - returned)
