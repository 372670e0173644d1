"""What the orders' floor keeps of a person: her orders, and how and where they reached her."""

from typing import Any

from flask_babel import lazy_gettext as _
from sqlalchemy import and_, delete, or_, select, update
from sqlalchemy.orm import Session

from cooperatives.models import Place
from core import clock, privacy
from core.privacy import Keeper, copied
from orders.claim_states import LIVING
from orders.models import (
    Attempt,
    BankLine,
    Claim,
    Contact,
    GatewayNotice,
    Line,
    Order,
    Parcel,
    ParcelMessage,
    Refund,
    RefundAccount,
)
from orders.states import ORDER_MOVES, PARCEL_MOVES
from sellers.models import Seller

OPEN_ORDERS = [state for state, moves in ORDER_MOVES.items() if set(moves.values()) - {state}]
OPEN_PARCELS = [state for state, moves in PARCEL_MOVES.items() if set(moves.values()) - {state}]
WHOM_AND_WHERE = (
    "phone", "email", "street", "rt_rw", "village", "district_code", "district_label", "postcode",
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
    claims = (
        select(
            Order.number,
            Claim.opened_at,
            Claim.trouble,
            Claim.wish,
            Claim.words,
            Claim.more_words,
            Claim.answer,
            Claim.state,
        )
        .join(Claim, Claim.order_id == Order.id)
        .where(Order.buyer_id == person_id)
    )
    accounts = (
        select(Order.number, RefundAccount.bank, RefundAccount.tail, RefundAccount.given_at)
        .join(RefundAccount, RefundAccount.order_id == Order.id)
        .where(Order.buyer_id == person_id)
    )
    said = (
        select(Order.number, ParcelMessage.words, ParcelMessage.sent_at)
        .join(Order, Order.id == ParcelMessage.order_id)
        .where(
            or_(
                and_(Order.buyer_id == person_id, ~ParcelMessage.is_answer),
                ParcelMessage.person_id == person_id,
            )
        )
    )
    return {
        "messages": copied(db, said),
        "orders": copied(db, bought),
        "lines": copied(db, lines),
        "claims": copied(db, claims),
        "refund_accounts": copied(db, accounts),
    }


def _erase(db: Session, person_id: int) -> None:
    """The orders stay as rows of the books; who got them and where is blanked."""
    hers = select(Order.id).where(Order.buyer_id == person_id)
    blank = dict.fromkeys(WHOM_AND_WHERE, "")
    db.execute(
        update(Contact)
        .where(Contact.order_id.in_(hers))
        .values(name=privacy.NOBODY, erased_at=clock.now(), **blank)
    )
    db.execute(update(Claim).where(Claim.order_id.in_(hers)).values(words="", more_words=""))
    words = or_(ParcelMessage.order_id.in_(hers), ParcelMessage.person_id == person_id)
    db.execute(delete(ParcelMessage).where(words))
    db.execute(
        update(RefundAccount)
        .where(RefundAccount.order_id.in_(hers))
        .values(bank="", tail="", sealed=b"", erased_at=clock.now())
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
    claimed = (
        select(Claim.id)
        .join(Order, Order.id == Claim.order_id)
        .where(Order.buyer_id == person_id, Claim.state.in_(LIVING))
    )
    to_answer = (
        select(Claim.id)
        .join(Parcel, Parcel.id == Claim.parcel_id)
        .join(Place, Place.id == Parcel.place_id)
        .where(Place.seller_id.in_(shops), Claim.state.in_(LIVING))
    )
    found = [
        (claimed, _("Masalah paket Anda masih diurus.")),
        (to_answer, _("Masih ada keluhan pembeli yang menunggu Ibu.")),
        (open_order, _("Masih ada pesanan Anda yang belum selesai.")),
        (back, _("Masih ada uang yang harus kembali kepada Anda.")),
        (to_send, _("Masih ada paket dari toko Ibu yang belum selesai.")),
    ]
    return [sentence for query, sentence in found if db.scalar(query.limit(1)) is not None]


KEEPER = Keeper("orders", _export, _erase, _reasons)
