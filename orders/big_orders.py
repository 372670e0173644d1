"""A big order is sold on the web: what its makers brought becomes an order of whoever ordered it.

The order takes exactly the lots that were kept for it, so each owner is paid for her own pieces.
The coordinator writes it; paying, collecting and giving back are those of every other order.
"""

from collections.abc import Sequence
from dataclasses import replace
from uuid import UUID

from flask_babel import lazy_gettext as _
from sqlalchemy.orm import Session

from cooperatives.allocation import Pick
from cooperatives.big_orders import keeping, planning
from cooperatives.big_orders.states import NotNow, State
from cooperatives.models import BigOrder
from core import audit, clock
from core.actors import GUEST, Actor
from core.db import Reader, in_transaction
from core.errors import DomainError
from orders import bill, checkout, methods
from orders.checkout import Checkout, Placed, Receiver
from orders.methods import Method
from orders.models import Order
from orders.states import OrderState

WITHOUT_GOODS = (OrderState.CANCELLED, OrderState.LAPSED)


class NothingKept(DomainError):
    """Nothing has been brought for it yet, or all of it has been sold."""

    sentence = _("Belum ada barang yang disimpan di kios untuk pesanan ini.")


class StillOpen(DomainError):
    """One web order at a time."""

    sentence = _("Pesanan web yang lama masih berjalan.")


@in_transaction(retries=3)
def sell(
    db: Session,
    *,
    actor: Actor,
    order_id: UUID,
    big_order_id: int,
    receiver: Receiver,
    method_code: str,
) -> Placed:
    """Write the buyer's order of all that is kept now; the same id again answers the same.

    It is fetched at the kiosk. Raises NothingKept, StillOpen, MethodClosed, NoPickup, NotNow,
    NotFound.
    """
    big = planning.locked(db, actor, big_order_id)
    if big.sold_as == str(order_id):
        order = db.get_one(Order, order_id)
        return Placed(order.id, order.code, order.number)
    if big.state != State.AGREED:
        raise NotNow
    before = sold_as(db, big)
    if before is not None and before.state not in (*WITHOUT_GOODS, OrderState.COMPLETED):
        raise StillOpen
    now, method = clock.now(), methods.known(method_code)
    picks = keeping.pass_on(
        db,
        big,
        to=checkout.order_doc(order_id),
        until=method.hold_ends(now),
        buyer_key=checkout.buyer_key(GUEST, receiver.phone),
    )
    if not picks:
        raise NothingKept
    asked = Checkout(
        order_id=order_id,
        wishes=(),
        receiver=receiver,
        method_code=method_code,
        total_seen=0,
        pickup_place_id=big.place_id,
    )
    asked = replace(asked, total_seen=_total(db, picks))
    made = checkout.write(db, GUEST, asked, picks, now)
    big.sold_as = str(order_id)
    audit.record(db, actor, "big_order.sell", planning.DOC, big.id, order=str(order_id))
    return Placed(order_id, made["code"], made["number"])


def _total(db: Reader, picks: Sequence[Pick]) -> int:
    return bill.draw_up(db, picks, district_code=None).total


@in_transaction(retries=3)
def keep_again(db: Session, *, actor: Actor, big_order_id: int) -> int:
    """Its web order has ended unpaid: keep the goods for whoever ordered, as before.

    Raises NotNow where it has not ended so, NotFound.
    """
    big = planning.locked(db, actor, big_order_id)
    before = sold_as(db, big)
    if big.state != State.AGREED or before is None or before.state not in WITHOUT_GOODS:
        raise NotNow
    kept = keeping.keep_again(db, big)
    audit.record(db, actor, "big_order.keep_again", planning.DOC, big.id, units=kept)
    return kept


def sold_as(db: Session, big: BigOrder) -> Order | None:
    """The web order of a big order, if there is one."""
    return db.get(Order, UUID(big.sold_as)) if big.sold_as else None


def ways() -> list[Method]:
    """How whoever ordered may pay: what fits an order that is fetched at a kiosk."""
    return methods.fitting(way="pickup", total=0, takes_cash=False)
