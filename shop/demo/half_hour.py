"""What the demo world leaves for its coordinator's half hour: one line of each kind.

Done once, after the orders were answered. Time does not pass in the demo world, so what has waited
for long is said to have begun earlier.
"""

from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from cooperatives import settlement
from cooperatives.days import closing, drawers, figures
from cooperatives.days.pieces import Counted
from cooperatives.half_hour import fairness
from cooperatives.models import (
    Account,
    Bag,
    Bazaar,
    BringOffer,
    Level,
    Lot,
    Place,
    Settlement,
    StockCount,
    TradingDay,
)
from cooperatives.models.books import Kind
from cooperatives.reconciling import comparing
from cooperatives.shelf import shipments
from core import acts, clock
from core.actors import SYSTEM, Actor
from core.db import db as database
from core.db import in_transaction
from orders.models import Parcel
from sellers.models import Permit, Seller
from shop.demo.cast import act_id
from shop.demo.orders import TREASURER, person_id
from shop.demo.stock import KEEPER

COORDINATOR = "u-umi"
UNANSWERED = "LMB-2611-0009"
OFFER = ("s05", "p12")
SHORT_BY, LEFT_OUT_OF_BAG = 2_000, 700_000


def leave() -> bool:
    """Leave something of each kind, once; elsewhere than in the demo world nothing."""
    session = database.session()
    done, offer = act_id("half hour"), act_id("offer", *OFFER)
    if session.get(acts.Act, done) is not None or session.get(BringOffer, offer) is None:
        return False
    _leave()
    for comparison in comparing.COMPARISONS:
        if comparison.kind is fairness.UNEVEN:
            comparing.compare(actor=SYSTEM, comparison=comparison)
    return True


@in_transaction(retries=3)
def _leave(db: Session) -> None:
    def do() -> dict[str, str]:
        kiosk = db.scalars(select(Place).where(Place.kind == "kiosk")).one()
        _wait_long(db, kiosk)
        _come_short(db, kiosk)
        _close_the_day(db, kiosk)
        _owe(db, kiosk.organisation_id)
        return {}

    acts.once(
        db, act_id=act_id("half hour"), actor=SYSTEM, kind="demo.half_hour", content={}, do=do
    )


def _actor(db: Session, key: str) -> Actor:
    return Actor(person_id(db, key))


def _wait_long(db: Session, kiosk: Place) -> None:
    """An order, an offer and a count nobody has seen to, and a certificate that ends."""
    now = clock.now()
    parcels = select(Parcel).where(Parcel.order_id == act_id("order", UNANSWERED))
    for parcel in db.scalars(parcels):
        parcel.accept_by = now + timedelta(hours=2)
    db.get_one(BringOffer, act_id("offer", *OFFER)).created_at = now - timedelta(days=2)
    waiting = select(StockCount).where(StockCount.state == "open", StockCount.place_id == kiosk.id)
    for count in db.scalars(waiting):
        count.opened_at = now - timedelta(days=2)
    theirs = (
        select(Permit)
        .join(Seller, Seller.id == Permit.seller_id)
        .where(Seller.organisation_id == kiosk.organisation_id, Permit.kind == "halal")
        .where(Permit.number.is_not(None))
        .order_by(Permit.id)
    )
    permit = db.scalars(theirs.limit(1)).one()
    permit.valid_until = clock.today() + timedelta(days=50)


def _come_short(db: Session, kiosk: Place) -> None:
    """Three packs go to the stand of the next bazaar, and one of them is lost."""
    stand = db.scalars(
        select(Place)
        .join(Bazaar, Bazaar.place_id == Place.id)
        .where(Place.kind == "bazaar", Bazaar.starts_on >= clock.today())
        .order_by(Bazaar.starts_on)
    ).first()
    lot = db.scalars(
        select(Lot)
        .join(Level, Level.lot_id == Lot.id)
        .where(Level.place_id == kiosk.id, Lot.organisation_id == kiosk.organisation_id)
        .where(Level.on_hand - Level.reserved - Level.counter_kept > 3)
        .order_by(Lot.id)
    ).first()
    assert stand is not None
    assert lot is not None
    sent = act_id("half hour", "shipment")
    leaves = {"place": str(kiosk.id), "to": str(stand.id), f"jumlah-{lot.id}": "3"}
    now, keeper, umi = clock.now(), _actor(db, KEEPER), _actor(db, COORDINATOR)
    shipments.send(db, actor=keeper, act_id=sent, at=now, content=leaves)
    comes = {"shipment": str(sent), f"datang-{lot.id}": "2", f"hilang-{lot.id}": "1"}
    arrival = act_id("half hour", "arrival")
    shipments.receive(db, actor=umi, act_id=arrival, at=now, content=comes)


def _close_the_day(db: Session, kiosk: Place) -> None:
    """The drawer lacks a little; a bag of cash left it days ago and is at no bank yet."""
    days = select(TradingDay).where(TradingDay.place_id == kiosk.id, TradingDay.closed_at.is_(None))
    day = db.scalars(days).one()
    told = figures.of_day(db, day, drawers.desk(db, kiosk))
    cash, qris = told.of("cash").stands, told.of("qris").stands
    counts = {
        "cash": Counted(cash - SHORT_BY, cash, "change"),
        "qris": Counted(qris, qris),
    }
    closing.close.within(
        db,
        actor=_actor(db, KEEPER),
        act_id=act_id("half hour", "close"),
        day_id=day.id,
        counts=counts,
        leave=min(LEFT_OUT_OF_BAG, cash - SHORT_BY - 1_000),
    )
    for bag in db.scalars(select(Bag).where(Bag.place_id == kiosk.id)):
        bag.packed_at = clock.now() - timedelta(days=4)


def _owe(db: Session, organisation_id: int) -> None:
    """A maker's money was added up and not paid out yet."""
    hers = (Account.organisation_id == organisation_id, Account.kind == Kind.MAKER)
    waiting = (
        select(Settlement)
        .join(Account, Account.id == Settlement.account_id)
        .where(*hers, Settlement.state == "closed")
        .order_by(Settlement.id)
    )
    found = db.scalars(waiting.limit(1)).first()
    for account_id in db.scalars(select(Account.id).where(*hers).order_by(Account.id)):
        found = found or settlement.close.within(
            db, actor=_actor(db, TREASURER), account_id=account_id
        )
    if found:  # Whoever writes elsewhere on this server holds the cut back; then nothing is owed.
        found.closed_on = clock.today() - timedelta(days=12)
