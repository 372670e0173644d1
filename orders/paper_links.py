"""How the documents of a sale are called where goods and money add up, and who opens them.

They are named by the order's number and never by its buyer. Who coordinates opens the parcel; who
keeps the house's books, the payment.
"""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import ColumnElement, Select, select
from sqlalchemy.orm import Session

from cooperatives import treasury
from cooperatives.models import Place
from cooperatives.rights import COORDINATE
from core.actors import Actor
from core.documents import Kinds, Paper
from orders.models import Attempt, Claim, Order, Parcel, Refund
from orders.parcels import WAS_ASKED, on_desk


def _uuids(ids: Sequence[str]) -> list[UUID]:
    found = []
    for said in ids:
        try:
            found.append(UUID(said))
        except ValueError:
            continue
    return found


def _numbers(ids: Sequence[str]) -> list[int]:
    return [int(said) for said in ids if said.isascii() and said.isdecimal()]


def _named(query: Select[Any, str], db: Session) -> dict[str, str]:
    """The numbers of orders, by the id of the document asked for."""
    return {str(row[0]): row[1] for row in db.execute(query)}


def _doors(db: Session, actor: Actor, which: ColumnElement[bool]) -> dict[int, UUID]:
    """Those parcels that are on this coordinator's desk, with their orders."""
    query = (
        select(Parcel.id, Parcel.order_id)
        .join(Order, Order.id == Parcel.order_id)
        .join(Place, Place.id == Parcel.place_id)
        .where(which, WAS_ASKED, on_desk(db, actor, COORDINATE))
    )
    return {row[0]: row[1] for row in db.execute(query.order_by(Parcel.id))}


def _orders(db: Session, actor: Actor, ids: Sequence[str]) -> Mapping[str, Paper]:
    wanted = _uuids(ids)
    numbers = _named(select(Order.id, Order.number).where(Order.id.in_(wanted)), db)
    found = _doors(db, actor, Parcel.order_id.in_(wanted))
    doors = {order_id: parcel_id for parcel_id, order_id in found.items()}
    return {
        said: Paper(
            _("Pesanan %(number)s", number=number),
            f"/koord/paket/{doors[UUID(said)]}" if UUID(said) in doors else "",
        )
        for said, number in numbers.items()
    }


def _parcels(db: Session, actor: Actor, ids: Sequence[str]) -> Mapping[str, Paper]:
    query = select(Parcel.id, Parcel.order_id, Order.number)
    query = query.join(Order, Order.id == Parcel.order_id).where(Parcel.id.in_(_numbers(ids)))
    rows = db.execute(query).all()
    mine = _doors(db, actor, Parcel.id.in_([row[0] for row in rows]))
    return {
        str(row[0]): Paper(
            _("Paket pesanan %(number)s", number=row[2]),
            f"/koord/paket/{row[0]}" if row[0] in mine else "",
        )
        for row in rows
    }


def _claims(db: Session, actor: Actor, ids: Sequence[str]) -> Mapping[str, Paper]:  # noqa: ARG001
    query = (
        select(Claim.id, Order.number)
        .join(Parcel, Parcel.id == Claim.parcel_id)
        .join(Order, Order.id == Parcel.order_id)
        .where(Claim.id.in_(_uuids(ids)))
    )
    return {
        said: Paper(_("Masalah pesanan %(number)s", number=number))
        for said, number in _named(query, db).items()
    }


def _attempts(db: Session, actor: Actor, ids: Sequence[str]) -> Mapping[str, Paper]:
    query = select(Attempt.id, Order.number).join(Order, Order.id == Attempt.order_id)
    named = _named(query.where(Attempt.id.in_(_uuids(ids))), db)
    is_house = treasury.keeps_house(db, actor)
    return {
        said: Paper(
            _("Pembayaran pesanan %(number)s", number=number),
            f"/kas/pembayaran/{said}" if is_house else "",
        )
        for said, number in named.items()
    }


def _refunds(db: Session, actor: Actor, ids: Sequence[str]) -> Mapping[str, Paper]:
    query = select(Refund.id, Order.number).join(Attempt, Attempt.id == Refund.attempt_id)
    query = query.join(Order, Order.id == Attempt.order_id)
    named = _named(query.where(Refund.id.in_(_uuids(ids))), db)
    is_house = treasury.keeps_house(db, actor)
    return {
        said: Paper(
            _("Uang kembali pesanan %(number)s", number=number),
            f"/kas/kembali/{said}" if is_house else "",
        )
        for said, number in named.items()
    }


PAPERS: Kinds = {
    **dict.fromkeys(("order", "till", "till_undo"), (_l("Pesanan"), _orders)),
    **dict.fromkeys(("parcel", "refused_back", "refused_lost"), (_l("Paket"), _parcels)),
    **dict.fromkeys(("claim", "claim_back", "claim_waste"), (_l("Masalah pesanan"), _claims)),
    "attempt": (_l("Pembayaran"), _attempts),
    "refund": (_l("Uang kembali"), _refunds),
    "report_line": (_l("Baris laporan pembayaran"), None),
    "cash_count": (_l("Hitungan laci"), None),
}
