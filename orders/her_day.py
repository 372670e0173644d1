"""What her parcels and her customers' cash add to a maker's day, besides the tasks."""

from flask_babel import gettext as _
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from cooperatives.accounts import CARRIED
from cooperatives.models import Account, Entry, Place
from cooperatives.models.books import Kind
from core import access, words
from core.actors import Actor
from core.day import Card
from orders import parcels
from orders.models import Order, Parcel
from orders.states import ParcelState
from sellers.rights import ORDERS, SELL

HAND_OVER, CASH = 30, 35


def cards(db: Session, actor: Actor) -> list[Card]:
    """Packed parcels that wait for the courier, and cash of the house that she carries."""
    return [*_packed(db, actor), *_carried(db, actor)]


def _packed(db: Session, actor: Actor) -> list[Card]:
    query = (
        select(func.count(Parcel.id))
        .join(Place, Place.id == Parcel.place_id)
        .join(Order, Order.id == Parcel.order_id)
        .where(Parcel.state == ParcelState.PACKED, Order.state.in_(parcels.DUE))
        .where(Place.kind == "home", Place.seller_id.in_(access.subjects_of(actor, ORDERS)))
    )
    count = db.scalar(query) or 0
    if not count:
        return []
    title = _("%(count)s paket siap diserahkan", count=count)
    return [Card(HAND_OVER, "info", "truck", title, "/ibu/pesanan", _("Serahkan"))]


def _carried(db: Session, actor: Actor) -> list[Card]:
    hers = access.subjects_of(actor, SELL).subquery()
    labels = select(func.concat(CARRIED, hers.c.subject_id))
    query = (
        select(func.coalesce(func.sum(Entry.amount), 0))
        .join(Account, Account.id == Entry.account_id)
        .where(Account.kind == Kind.RECEIVABLE, Account.label.in_(labels))
    )
    amount = int(db.scalars(query).one())
    if amount <= 0:
        return []
    return [
        Card(
            CASH,
            "wait",
            "cash",
            _("Uang tunai di tangan Ibu: %(amount)s", amount=words.rupiah(amount)),
            "/ibu/pesanan",
            _("Lihat pesanan"),
            _("Ini uang pembeli. Setor ke bendahara koperasi."),
        )
    ]
