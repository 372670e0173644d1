"""A careful keeper's notebook: what has happened at the kiosk, and what must then stand.

Everything here is worked out from the notebook, the lines of orders and the movements themselves,
never from the sums that the house keeps.
"""

import uuid
from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import text

from cooperatives import ledger
from cooperatives.accounts import Owner, Page
from cooperatives.consignment import DEFAULT_RATES
from cooperatives.days import drawer_account, qris_account
from cooperatives.models import Lot, Movement, Place, StockCountLine
from cooperatives.models.books import Kind
from cooperatives.models.stock import REAL_KINDS
from cooperatives.sharing import split_line
from core.db import db
from orders.models import Line
from sellers.models import Variant

NOT_MISSING = ("wrong", "found")
KEPT = ("held", "refund_due", "surplus_due")
STANDS = """
    select a.kind, a.organisation_id, y.person_id, sum(e.amount)::bigint
    from entry e join account a on a.id = e.account_id join payee y on y.id = a.payee_id
    group by 1, 2, 3 having sum(e.amount) <> 0
"""
SOLD = """
    select l.id, l.lot_id, l.seller_id, l.price, l.given, o.channel, p.kind,
    k.handed_over_at is not null or o.channel <> 'web', k.earned_at is not null
    from order_line l join parcel k on k.id = l.parcel_id join order_placed o on o.id = l.order_id
    join place p on p.id = k.place_id where l.lot_id is not null
"""
BOOKED_IN = """
    select m.lot_id, sum(case when t.kind = any(:real) then m.quantity else -m.quantity end)
    from movement m left join movement s on s.id = m.reverses_id
    join place t on t.id = m.to_place_id
    where coalesce(s.kind, m.kind) = 'count'
    and coalesce(s.doc_type, m.doc_type) not in ('stock_count', 'bazaar_back') group by 1
"""


@dataclass
class RungUp:
    """A sale as the notebook knows it."""

    place: Place
    content: dict
    owners: Counter  # owner id, or None where the rule picks: units
    at: datetime
    undo: uuid.UUID | None = None
    why: str = ""
    is_told: bool = False
    is_undone: bool = False

    @property
    def counts(self):
        """Whether its money is in the drawer."""
        return self.is_told and not self.is_undone

    def must_stand(self, act):
        """Once it is told: once, whole, in the name of whoever brought the goods."""
        lines = db.session.query(Line).filter_by(order_id=act).all()
        if not self.is_told:
            assert lines == []
            return
        ((owner, units),) = self.owners.items()
        assert sum(line.quantity for line in lines) == units
        assert owner is None or {line.seller_id for line in lines} == {owner}
        assert sum(line.given for line in lines) == (0 if self.is_undone else units)


@dataclass
class Phone:
    """A till without signal, and what waits on it."""

    device: uuid.UUID = field(default_factory=uuid.uuid4)
    number: int = 0
    waiting: list = field(default_factory=list)  # act ids, oldest first


@dataclass
class Gone:
    """Units that a count found missing, and what the kiosk paid for each of them."""

    count: uuid.UUID
    units: int
    each: int
    found: int = 0
    is_undone: bool = False


class Notebook:
    """What everybody remembers together."""

    def __init__(self, cooperative, sellers, house):
        self.cooperative, self.house = cooperative, house
        self.person = {seller.id: seller.person_id for seller in sellers}
        self.sales = {}  # act id: RungUp
        self.came = Counter()  # lot: units that came, less those that left unsold
        self.transferred = 0
        self.claimed, self.undone = (
            Counter(),
            Counter(),
        )  # line: pieces, all and hers
        self.by_kiosk = 0  # what complaints cost the kiosk
        self.missing = {}  # (place, lot): Gone, …, the oldest first
        self.given = {}  # (count, lot): what a count gave to the owner (−: what she gave back)
        self.hers = Counter()  # seller: what she got or bore besides sales
        self.kiosk_bore = self.fund_bore = self.costs = 0

    # --- what is written down ---

    def claim(self, sold, units, *, by_kiosk):
        self.claimed[sold.id] += units
        if by_kiosk:
            self.by_kiosk += units * sold.price
        else:
            self.undone[sold.id] += units

    def counted(self, place_id, count_id, lot_id, difference, reason):
        """Missing goods are paid by the kiosk at her share, found ones give that back."""
        self.came[lot_id] += difference
        if db.session.get(Place, place_id).kind != "kiosk":
            return  # At a bazaar its closing decides.
        lot, before = db.session.get(Lot, lot_id), self.missing.setdefault((place_id, lot_id), [])
        amount = 0
        if difference > 0:
            for gone in reversed([gone for gone in before if not gone.is_undone]):
                units = min(difference, gone.units - gone.found)
                gone.found += units
                difference -= units
                amount -= units * gone.each
        elif reason not in NOT_MISSING:
            price = db.session.get(Variant, lot.variant_id).price
            each = split_line(price, DEFAULT_RATES["counter", "kiosk"]).maker
            before.append(Gone(count_id, -difference, each))
            amount = -difference * each
        self._bear(lot, amount)
        self.given[count_id, lot_id] = amount

    def uncounted(self, place_id, count_id, lot_id):
        """A contested line is undone: the goods, and what was paid and not given back since."""
        line = db.session.get(StockCountLine, (count_id, lot_id), populate_existing=True)
        self.came[lot_id] -= line.difference
        lot, given = db.session.get(Lot, lot_id), self.given.get((count_id, lot_id), 0)
        for gone in self.missing.get((place_id, lot_id), []):
            if given < 0:  # What was found was missing all the time.
                units = min(gone.found, -given // gone.each)
                gone.found -= units
                given += units * gone.each
                self._bear(lot, 0 if gone.is_undone else units * gone.each)
            elif gone.count == count_id:
                gone.is_undone = True
                self._bear(lot, (gone.found - gone.units) * gone.each)

    def _bear(self, lot, amount):
        self.hers[lot.owner_id] += amount
        self.kiosk_bore += amount

    def bazaar_closed(self, bazaar, cost, shares, lines):
        """Everybody bears the same; the host makes good what is gone, where it said so before."""
        assert sum(share.cost for share in shares) == cost
        assert all(abs(share.cost - cost / len(self.person)) < 1 for share in shares)
        self.costs += cost
        for share in shares:
            self.hers[share.seller_id] -= share.cost
        for line in lines:
            gone = line.lost - line.found
            if bazaar.lost_by == "host" and gone > 0:
                lot = db.session.get(Lot, line.lot_id)
                price = db.session.get(Variant, lot.variant_id).price
                amount = split_line(price * gone, DEFAULT_RATES["bazaar", "bazaar"]).maker
                self.hers[line.seller_id] += amount
                self.fund_bore += amount

    # --- what must stand ---

    def must_stand(self):
        """Every sale, every lot, every page."""
        for act, sale in self.sales.items():
            sale.must_stand(act)
        self._drawers_hold_what_was_paid()
        sold = db.session.execute(text(SOLD)).all()
        self._goods_are_conserved(sold)
        self._money_is_conserved(sold)

    def _drawers_hold_what_was_paid(self):
        """Drawer and QRIS of a place have the money of its sales, and no other."""
        for place in {sale.place.id: sale.place for sale in self.sales.values()}.values():
            for account, way in ((drawer_account, "cash"), (qris_account, "qris")):
                stands = ledger.balance(db.session(), account(db.session(), place.id))
                assert stands == self._taken(way, place)

    def _taken(self, way, place=None):
        kept = [sale for sale in self.sales.values() if sale.counts]
        return sum(s.content[way] for s in kept if place is None or s.place is place)

    def _goods_are_conserved(self, sold):
        """Of every lot so much stands as came and was not sold; and as its movements brought."""
        real = set(db.session.scalars(text("select id from place where kind = any(:real)"), _REAL))
        brought = Counter()
        for moved in db.session.query(Movement):
            into = (moved.to_place_id in real) - (moved.from_place_id in real)
            brought[moved.lot_id] += moved.quantity * into
        query = text("select lot_id, sum(on_hand)::bigint from level group by 1")
        stands = +Counter(dict(db.session.execute(query).all()))
        expected = Counter(self.came)
        for _id, lot_id, _owner, _price, given, *_where, has_left, _earned in sold:
            expected[lot_id] -= given * has_left
        booked_in = db.session.execute(text(BOOKED_IN), _REAL)
        expected.update({lot: int(units) for lot, units in booked_in})
        assert min(expected.values()) >= 0
        assert +expected == stands == +brought

    def _money_is_conserved(self, sold):
        """Every page shows what the notebook says, and what is kept for buyers is all the rest."""
        found = Counter()
        for kind, organisation_id, person_id, amount in db.session.execute(text(STANDS)):
            found["kept" if kind in KEPT else (kind, organisation_id, person_id)] += amount
        expected = self._pages(sold)
        expected["kept"] = -sum(expected.values())
        found.subtract(expected)
        assert {page: amount for page, amount in found.items() if amount} == {}

    def _pages(self, sold):
        hers, ours, house = Counter(), self.cooperative.id, self.house
        pages = Counter({
            ("bank", house, None): self.transferred,
            ("clearing", house, None): self._taken("qris"),
            ("cash", ours, None): self._taken("cash"),
            ("kiosk", ours, None): self.by_kiosk + self.kiosk_bore,
            ("risk_fund", ours, None): self.fund_bore,
            ("expense", ours, None): -self.costs,
        })  # fmt: skip
        hers.update(self.hers)
        for line_id, _lot, owner, price, given, channel, kind, _left, is_earned in sold:
            if is_earned:
                left = price * (given - self.undone[line_id])
                shares = split_line(left, DEFAULT_RATES[channel, kind])
                hers[owner] += shares.maker
                pages["cooperative", ours, None] -= shares.cooperative
                pages["kiosk", ours, None] -= shares.kiosk
                pages["operator", house, None] -= shares.operator
        for seller_id, amount in hers.items():
            pages["maker", ours, self.person[seller_id]] -= amount
        for person_id, kind, amount in self._paid_out():
            pages["maker", ours, person_id] += amount
            pages[kind, ours, None] -= amount
        return pages

    def _paid_out(self):
        """What payouts that came to their end have paid, to whom and out of what."""
        query = text(
            "select y.person_id, s.kind, sum(o.total)::bigint from payout p"
            " join settlement o on o.id = p.settlement_id join account a on a.id = o.account_id"
            " join payee y on y.id = a.payee_id join account s on s.id = p.source_id"
            " where p.state = 'paid' group by 1, 2"
        )
        return db.session.execute(query)

    def page_of(self, seller):
        """Her page in the books."""
        return Page(Kind.MAKER, self.cooperative.id, Owner(person_id=seller.person_id))


_REAL = {"real": list(REAL_KINDS)}
