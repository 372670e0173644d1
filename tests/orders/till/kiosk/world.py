"""Who is at the kiosk of the machine, and what her notebook and the others' memories hold."""

from types import SimpleNamespace

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize
from sqlalchemy import select

from cooperatives.accounts import Owner
from cooperatives.bazaars import planning, seats
from cooperatives.models import Level, Lot
from cooperatives.rights import KEEP, TREASURE
from core import access, orgs
from core.actors import SYSTEM
from core.db import db
from orders import rates
from sellers.rights import SELL
from tests.cooperatives.bazaars.factories import a_plan
from tests.cooperatives.books_factories import an_account_for
from tests.cooperatives.factories import a_place
from tests.orders.factories import KERTEK, holder
from tests.orders.till.factories import a_kiosk
from tests.orders.till.kiosk.dying import survived
from tests.orders.till.kiosk.notebook import Notebook, Phone

few = st.integers(1, 4)
which_lot = st.integers(0, 2)
where = st.sampled_from(["kiosk", "market", "box"])
luck = st.randoms(use_true_random=False)
crash = st.sampled_from([None, None, None, 0, 4, 10, 20, 40, 80])
"""The question at which the server dies; none: it lives."""


class World(RuleBasedStateMachine):
    """Bu Nur and Bu Tri bring the same keripik, Bu Dwi kopi: to a kiosk, from where some of it goes
    to a second one at the market and into the box of one bazaar after the other.
    """

    dies_really = is_owing = False

    def __init__(self):
        super().__init__()
        self._on_connection("savepoint before_the_world")
        self._on_connection("set statement_timeout = 0")  # A busy machine is no bug.

    def forget(self):
        """The world never was: the next one begins in an empty house."""
        self._on_connection("rollback to savepoint before_the_world")

    def _on_connection(self, statement):
        db.session.rollback()
        db.session.expunge_all()
        if not self.dies_really:
            db.session.get_bind().exec_driver_sql(statement)

    @initialize()
    def build(self):
        rates.load_sample_rates(actor=SYSTEM)
        self.shop = shop = a_kiosk(units=6)
        shop.kiosk.is_pickup, shop.kiosk.district_code = True, KERTEK
        db.session.commit()
        shop.market = a_place("kiosk", shop.cooperative)
        self.sellers = (shop.nur, shop.tri, shop.dwi)
        self.sells = {seller.id: holder(SELL, seller.id) for seller in self.sellers}
        self._keep(shop.market)
        self.counts_too = holder(KEEP, shop.kiosk.id)
        self.book = Notebook(shop.cooperative, self.sellers, orgs.operator_id(db.session()))
        self.book.came.update({lot.id: 6 for lot in shop.lots})
        self.lots = list(shop.lots)
        self.phones = [Phone(), Phone(), Phone()]  # Two at the kiosk, one at the bazaar.
        shop.treasurers = [holder(TREASURE, shop.cooperative.id) for _ in range(2)]
        self.sees_transfers = holder(TREASURE, self.book.house)
        for seller in (shop.nur, shop.dwi):  # Bu Tri is paid in cash.
            an_account_for(SimpleNamespace(maker=Owner(person_id=seller.person_id)))
        self.orders, self.shipments, self.counts, self.posted = [], [], {}, []
        self.plan_a_bazaar("owner")

    def plan_a_bazaar(self, lost_by):
        shop = self.shop
        bazaar = planning.plan(
            actor=SYSTEM, organisation_id=shop.cooperative.id, wish=a_plan(lost_by=lost_by)
        )
        for seller in self.sellers:
            facts = {"actor": SYSTEM, "bazaar_id": bazaar.id, "seller_id": seller.id}
            seats.ask(**facts)
            seats.choose(**facts, why="Semua ikut")
        self.bazaar, self.loads, self.costs = bazaar, [], 0
        shop.box = db.session.get(planning.Place, bazaar.place_id)
        self._keep(shop.box)

    def _keep(self, place):
        person_id = self.shop.keeps.person_id
        access.give(actor=SYSTEM, person_id=person_id, right=KEEP, subject_id=place.id)

    def place(self, name):
        return getattr(self.shop, name)

    def survive(self, deed, at, /, **said):
        return survived(deed, at, really=self.dies_really, **said)

    def on_hand(self, place):
        """Of each lot that stands or stood at a place, what the record says."""
        query = select(Level.lot_id, Level.on_hand).where(Level.place_id == place.id)
        rows = db.session.execute(query.order_by(Level.lot_id))
        return {row.lot_id: row.on_hand for row in rows}

    def owners(self, lot_ids):
        query = select(Lot.id, Lot.owner_id).where(Lot.id.in_(lot_ids))
        return {row.id: row.owner_id for row in db.session.execute(query)}


def one_of(pick, things):
    """One of them, or none where there is nothing: a rule that may always be asked finds more."""
    return pick.choice(things) if things else None


def owned(lots, owners):
    """Lots by their owner, each owner once."""
    found = {}
    for lot_id in sorted(lots):
        found.setdefault(owners[lot_id], []).append(lot_id)
    return found
