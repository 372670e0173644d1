"""What the orders' floor keeps of a person: her orders, and how and where they reached her."""

from typing import Any

from flask_babel import lazy_gettext as _
from sqlalchemy import or_, select, update
from sqlalchemy.orm import Session

from cooperatives.models import Place
from core import clock, privacy
from core.privacy import Keeper, copied
from orders.models import Attempt, BankLine, Contact, GatewayNotice, Line, Order, Parcel, Refund
from orders.states import ORDER_MOVES, PARCEL_MOVES
from sellers.models import Seller

OPEN_ORDERS = [state for state, moves in ORDER_MOVES.items() if set(moves.values()) - {state}]
OPEN_PARCELS = [state for state, moves in PARCEL_MOVES.items() if set(moves.values()) - {state}]
WHOM_AND_WHERE = (
    "phone", "street", "rt_rw", "village", "district_code", "district_label", "postcode",
    "landmark", "note",
)  # fmt: skip


def _export(db: Session, person_id: int) -> dict[str, Any]:
    contact = [column for column in Contact.__table__.c if column.name not in ("order_id",)]
    bought = (
        select(Order.number, Order.state, Order.method, Order.total, Order.placed_at, *contact)
        .outerjoin(Contact, Contact.order_id == Order.id)
        .where(Order.buyer_id == person_id)
    )
    lines = (
        select(Order.number, Line.name, Line.quantity, Line.total)
        .join(Line, Line.order_id == Order.id)
        .where(Order.buyer_id == person_id)
    )
    return {"orders": copied(db, bought), "lines": copied(db, lines)}


def _erase(db: Session, person_id: int) -> None:
    """The orders stay as rows of the books; who got them and where is blanked."""
    hers = select(Order.id).where(Order.buyer_id == person_id)
    blank = dict.fromkeys(WHOM_AND_WHERE, "")
    db.execute(
        update(Contact)
        .where(Contact.order_id.in_(hers))
        .values(name=privacy.NOBODY, erased_at=clock.now(), **blank)
    )
    attempts = select(Attempt.id).where(Attempt.order_id.in_(hers))
    db.execute(
        update(GatewayNotice)
        .where(GatewayNotice.attempt_id.in_(attempts), GatewayNotice.applied_at.is_not(None))
        .values(body=b"", headers={})
    )
    refunds = select(Refund.id).where(Refund.attempt_id.in_(attempts))
    db.execute(
        update(BankLine)
        .where(or_(BankLine.attempt_id.in_(attempts), BankLine.refund_id.in_(refunds)))
        .values(text="")
    )


def _reasons(db: Session, person_id: int) -> list[Any]:
    open_order = select(Order.id).where(Order.buyer_id == person_id, Order.state.in_(OPEN_ORDERS))
    back = (
        select(Refund.id)
        .join(Attempt, Attempt.id == Refund.attempt_id)
        .join(Order, Order.id == Attempt.order_id)
        .where(Order.buyer_id == person_id, Refund.state != "done")
    )
    shops = select(Seller.id).where(Seller.person_id == person_id)
    to_send = (
        select(Parcel.id)
        .join(Place, Place.id == Parcel.place_id)
        .outerjoin(Line, Line.parcel_id == Parcel.id)
        .where(
            Parcel.state.in_(OPEN_PARCELS),
            or_(Place.seller_id.in_(shops), Line.seller_id.in_(shops)),
        )
    )
    found = [
        (open_order, _("Masih ada pesanan Anda yang belum selesai.")),
        (back, _("Masih ada uang yang harus kembali kepada Anda.")),
        (to_send, _("Masih ada paket dari toko Ibu yang belum selesai.")),
    ]
    return [sentence for query, sentence in found if db.scalar(query.limit(1)) is not None]


KEEPER = Keeper("orders", _export, _erase, _reasons)
