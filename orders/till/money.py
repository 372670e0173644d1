"""Where the money of a till is: the place's own drawer, and what its QRIS has taken.

A capture stands on one page of the books. Who pays in two ways is taken in by the drawer, and what
came by QRIS is moved on from there in the same transaction.
"""

from uuid import UUID

from sqlalchemy.orm import Session

from cooperatives import postings
from cooperatives.accounts import Page, own
from cooperatives.models import Place
from cooperatives.models.books import Kind
from core.actors import Actor
from orders import money_pages
from orders.models import CounterSale

QRIS = "qris:"


def drawer(place: Place) -> Page:
    """The cash drawer of a place."""
    return money_pages.drawer(place.organisation_id, place.slug)


def qris(house_id: int, place: Place) -> Page:
    """What came by the QRIS picture of a place and is not on the bank statement yet."""
    return own(Kind.CLEARING, house_id, f"{QRIS}{place.slug}")


def taken_by(house_id: int, place: Place, sale: CounterSale) -> Page:
    """Where the money of a sale comes in, and goes out of again when it is undone."""
    return drawer(place) if sale.cash else qris(house_id, place)


def move_on(
    db: Session, *, actor: Actor, house_id: int, place: Place, sale: CounterSale, is_undone: bool
) -> None:
    """Of a sale that was paid in two ways, put what came by QRIS where it is, or back."""
    if not (sale.cash and sale.qris):
        return
    ends = (drawer(place), qris(house_id, place))
    giving, taking = reversed(ends) if is_undone else ends
    doc: tuple[str, UUID] = ("till_undo" if is_undone else "till", sale.order_id)
    postings.moved(
        db,
        actor=actor,
        doc=doc,
        giving=giving,
        taking=taking,
        amount=sale.qris,
        happened_at=sale.sold_at if not is_undone else None,
    )
