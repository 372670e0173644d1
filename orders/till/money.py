"""Where the money of a till is: the place's own drawer, and what its QRIS has taken.

A capture stands on one page of the books. Who pays in two ways is taken in by the drawer, and what
came by QRIS is moved on from there in the same transaction.
"""

from sqlalchemy.orm import Session

from cooperatives import postings
from cooperatives.accounts import Page
from cooperatives.days import drawer_account, qris_account
from core.actors import Actor
from orders.models import CounterSale


def taken_by(db: Session, sale: CounterSale) -> Page:
    """Where the money of a sale comes in, and goes out of again when it is undone."""
    account = drawer_account if sale.cash else qris_account
    return account(db, sale.place_id)


def move_on(db: Session, *, actor: Actor, sale: CounterSale, is_undone: bool) -> None:
    """Of a sale that was paid in two ways, put what came by QRIS where it is, or back."""
    if not (sale.cash and sale.qris):
        return
    ends = drawer_account(db, sale.place_id), qris_account(db, sale.place_id)
    giving, taking = reversed(ends) if is_undone else ends
    postings.moved(
        db,
        actor=actor,
        doc=("till_undo" if is_undone else "till", sale.order_id),
        giving=giving,
        taking=taking,
        amount=sale.qris,
        happened_at=None if is_undone else sale.sold_at,
    )
