"""How far a helper may go, asked in the transaction of the act itself.

Price and stock are counted over a day, so that many small steps are one large one.
"""

from datetime import timedelta
from typing import Any

from flask_babel import lazy_gettext as _
from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from core import clock
from core.actors import Actor
from core.audit import Audit
from core.errors import DomainError
from core.words import rupiah
from sellers.helping import mandates
from sellers.helping.models import HelpedDeed

DAY = timedelta(days=1)


class BeyondLimit(DomainError):
    """More than the owner has agreed to; the sentence says how much she did."""

    status = 409


def price(db: Session, actor: Actor, seller_id: int, variant_id: int, now: int, new: int) -> None:
    """Raise BeyondLimit where a price would leave what a day allows, from where the day began."""
    if actor.on_behalf_of is None:
        return
    mandate = mandates.living(db, actor, seller_id)
    most = mandate.price_percent_max
    if most is None:
        return
    first = _today(mandate.id, "variant.edit", variant_id).order_by(HelpedDeed.audit_id)
    befores = [row.before["price"] for row in db.execute(first) if "price" in row.before]
    base = befores[0] if befores else now
    if abs(new - base) * 100 > base * most:
        raise BeyondLimit(_("Harga hanya boleh berubah %(n)s persen sehari. Tanya dulu.", n=most))


def stock(db: Session, actor: Actor, seller_id: int, variant_id: int, by: int) -> None:
    """Raise BeyondLimit where so many more or fewer are beyond what a day allows."""
    if actor.on_behalf_of is None:
        return
    mandate = mandates.living(db, actor, seller_id)
    most = mandate.stock_units_max
    if most is None:
        return
    done = _today(mandate.id, "stock.press", variant_id).with_only_columns(
        func.coalesce(func.sum(func.abs(HelpedDeed.after["by"].as_integer())), 0)
    )
    if db.scalars(done).one() + abs(by) > most:
        raise BeyondLimit(_("Stok hanya boleh berubah %(n)s sehari. Tanya dulu.", n=most))


def order(db: Session, actor: Actor, seller_id: int | None, worth: int) -> None:
    """Raise BeyondLimit where an order is worth more than the helper may take on."""
    if actor.on_behalf_of is None or seller_id is None:
        return
    most = mandates.living(db, actor, seller_id).order_rupiah_max
    if most is not None and worth > most:
        amount = rupiah(most)
        raise BeyondLimit(_("Pesanan di atas %(amount)s dijawab pemilik toko.", amount=amount))


def _today(mandate_id: int, action: str, object_id: int) -> Select[Any]:
    return (
        select(HelpedDeed.before)
        .join(Audit, Audit.id == HelpedDeed.audit_id)
        .where(
            HelpedDeed.mandate_id == mandate_id,
            HelpedDeed.undone_at.is_(None),
            Audit.action == action,
            Audit.object_id == str(object_id),
            Audit.at > clock.now() - DAY,
        )
    )
