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
from cooperatives.paper_rows import act, with_people
from cooperatives.rights import COORDINATE
from core.actors import Actor
from core.documents import Kinds, Opener, Paper
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
    )
    heads = {said: act(said) for said in ids}
    known = [head for head in heads.values() if head is not None]
    named = _named(query.where(Claim.id.in_(known)), db)
    return {
        said: Paper(_("Masalah pesanan %(number)s", number=named[str(head)]))
        for said, head in heads.items()
        if str(head) in named
    }


def _of_the_house(query: Select[*tuple[Any, ...]], key: Any, words: Any, url: str) -> Opener:
    """Opened by who keeps the house's books; she is told the two people as well."""

    def opened(db: Session, actor: Actor, ids: Sequence[str]) -> Mapping[str, Paper]:
        is_house = treasury.keeps_house(db, actor)
        found = {}
        for row in db.execute(query.where(key.in_(_uuids(ids)))):
            told = str(words % {"number": row.number})
            found[str(row[0])] = (
                Paper(told, url.format(row[0]), row.made or "", row.agreed or "")
                if is_house
                else Paper(told)
            )
        return found

    return opened


_attempts = _of_the_house(
    with_people(
        select(Attempt.id, Order.number).join(Order, Order.id == Attempt.order_id),
        Attempt.noted_by,
        Attempt.confirmed_by,
    ),
    Attempt.id,
    _l("Pembayaran pesanan %(number)s"),
    "/kas/pembayaran/{}",
)
_refunds = _of_the_house(
    with_people(
        select(Refund.id, Order.number)
        .join(Attempt, Attempt.id == Refund.attempt_id)
        .join(Order, Order.id == Attempt.order_id),
        Refund.asked_by,
        Refund.approved_by,
    ),
    Refund.id,
    _l("Uang kembali pesanan %(number)s"),
    "/kas/kembali/{}",
)

PAPERS: Kinds = {
    **dict.fromkeys(("order", "till", "till_undo"), (_l("Pesanan"), _orders)),
    **dict.fromkeys(("parcel", "refused_back", "refused_lost"), (_l("Paket"), _parcels)),
    **dict.fromkeys(
        ("claim", "claim_back", "claim_waste", "claim_bearer"), (_l("Masalah pesanan"), _claims)
    ),
    **dict.fromkeys(("attempt", "dispute", "dispute_won"), (_l("Pembayaran"), _attempts)),
    "refund": (_l("Uang kembali"), _refunds),
    "report_line": (_l("Baris laporan pembayaran"), None),
    "cash": (_l("Catatan kas tunai"), None),
}
