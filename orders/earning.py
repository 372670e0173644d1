"""When a parcel's money becomes the maker's: handed over, paid, and the quiet days are over.

Each parcel is earned for itself; one maker never waits for another's parcel. While a claim on it is
open it waits, and what a claim has given back is not earned any more.
"""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from cooperatives import ledger, postings
from cooperatives.accounts import Owner, Page
from cooperatives.ledger import Line as BookLine
from cooperatives.models import Lot, Place
from cooperatives.models.books import Kind
from cooperatives.postings import Parties, Sale
from cooperatives.sharing import Shares
from core import clock, jobs, orgs
from core.actors import SYSTEM, Actor
from core.db import db as database
from core.db import in_transaction
from orders import claim_parts, fulfilment, money_pages, parcels, taken_back
from orders.models import Attempt, Line, Order, Parcel
from orders.parcels import Handled
from orders.states import OrderState, ParcelEvent
from sellers.models import Seller

BATCH_MAX = 100


@jobs.job("orders.earn_due", key=None, cron="*/5 * * * *")
def earn_due() -> None:
    """Earn every parcel whose quiet days are over and whose money is there."""
    ready = (
        select(Parcel.id)
        .join(Order, Order.id == Parcel.order_id)
        .where(
            Parcel.state.in_(("delivered", "quiet")),
            Parcel.quiet_until <= clock.now(),
            Order.state == OrderState.PAID,
            ~claim_parts.is_claimed(),
        )
        .order_by(Parcel.quiet_until)
        .limit(BATCH_MAX)
    )
    for parcel_id in list(database.session().scalars(ready)):
        earn(actor=SYSTEM, parcel_id=parcel_id)


@in_transaction(retries=3)
def earn(db: Session, *, actor: Actor, parcel_id: int) -> None:
    """Move a parcel's held money to everybody's page; doing it again changes nothing."""
    handled = parcels.lock(db, actor, parcel_id)
    parcel, order = handled.parcel, handled.order
    is_due = parcel.quiet_until is not None and parcel.quiet_until <= clock.now()
    if order.state != OrderState.PAID or not is_due or parcel.earned_at is not None:
        return
    if taken_back.is_contested(db, order) or claim_parts.has_claim(db, parcel.id):
        return
    house = orgs.operator_id(db)
    sale, shared = Sale(house, str(order.id)), _shared(db, house, handled)
    fee = claim_parts.fee_left(db, handled)
    worth = fee + sum(shares.gross for _parties, shares in shared)
    if not worth:
        _all_went_back(db, actor, handled)
        return
    fulfilment.step(db, handled, ParcelEvent.REST, actor)
    fulfilment.step(db, handled, ParcelEvent.EARN, actor)
    postings.earned(
        db,
        actor=actor,
        sale=sale,
        parcel_id=parcel.id,
        shared=shared,
        delivery=(courier(db, house, handled.place), fee) if fee else None,
        borne=_borne(db, sale, order, worth),
    )
    parcel.earned_at = clock.now()
    db.flush()
    fulfilment.finish_if_over(db, actor, order)


def _borne(db: Session, sale: Sale, order: Order, worth: int) -> BookLine | None:
    """What a transfer was asked less for its last digits: the operator gives it with the last
    parcel, which finds so much too little on the order's page.
    """
    paid = db.scalars(select(Attempt).where(Attempt.order_id == order.id, Attempt.is_capture)).one()
    if not paid.unique_code:
        return None
    missing = worth + ledger.balance(db, sale.page(Kind.HELD))
    if not 0 < missing <= paid.unique_code:
        return None
    return money_pages.taken_off(sale.house_id), missing


def _all_went_back(db: Session, actor: Actor, handled: Handled) -> None:
    """Claims have given everything of this parcel back: nobody earns anything."""
    fulfilment.step(db, handled, ParcelEvent.RETURN, actor)
    handled.parcel.ended_at = clock.now()
    db.flush()
    fulfilment.finish_if_over(db, actor, handled.order)


def _shared(db: Session, house: int, handled: Handled) -> list[tuple[Parties, Shares]]:
    lines = [line for line in parcels.goods(db, handled.parcel.id) if line.given]
    sharing, left = sharers(db, house, handled.place, lines), claim_parts.left_of(db, lines)
    return [(sharing[line.id], left[line.id].shares) for line in lines]


def sharers(db: Session, house: int, place: Place, lines: Sequence[Line]) -> dict[int, Parties]:
    """Who shares each of these lines of a parcel, by line id."""
    query = (
        select(Line, Lot.organisation_id, Seller)
        .join(Lot, Lot.id == Line.lot_id)
        .join(Seller, Seller.id == Line.seller_id)
        .where(Line.id.in_([line.id for line in lines]))
    )
    return {row[0].id: parties(house, place, row[1], row[2], row[0]) for row in db.execute(query)}


def parties(house: int, place: Place, organisation_id: int, seller: Seller, line: Line) -> Parties:
    """Who shares a line: the lot says maker and cooperative, the place says the kiosk."""
    return Parties(
        house_id=house,
        maker=maker_of(seller),
        cooperative_id=organisation_id,
        kiosk=(place.organisation_id, place.slug) if place.kind == "kiosk" else None,
        affiliate=Owner(person_id=line.affiliate_id) if line.affiliate_id else None,
    )


def maker_of(seller: Seller) -> Owner:
    """Whom a seller's money is for: the mother herself, or the cooperative that sells."""
    if seller.person_id is not None:
        return Owner(person_id=seller.person_id)
    return Owner(organisation_id=seller.organisation_id)


def courier(db: Session, house: int, place: Place) -> Page:
    """The delivery fee goes to whoever paid the courier at the counter: maker or kiosk."""
    if place.kind == "home":
        return Page(Kind.COURIER, house, maker_of(db.get_one(Seller, place.seller_id)))
    return Page(Kind.COURIER, house, Owner(organisation_id=place.organisation_id))
