"""Bazaars as buyers see them: when, where, who will be there."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import select

from cooperatives.models import Bazaar, BazaarGroup, BazaarSeat
from core import clock
from core.db import PAGE_SIZE_MAX, Reader
from core.errors import NotFound
from core.orgs import Organisation
from sellers.models import Seller

NEXT_MAX, PAST_MAX = 20, 10
_PUBLIC = (
    Bazaar.id, Bazaar.name, Bazaar.spot, Bazaar.district_code, Bazaar.hours, Bazaar.starts_on,
    Bazaar.ends_on, Bazaar.closed_at, Bazaar.place_id,
)  # fmt: skip


def coming(db: Reader) -> Sequence[Any]:
    """Bazaars that are on or still to come, the next one first."""
    query = select(*_PUBLIC).where(Bazaar.ends_on >= clock.today())
    return db.execute(query.order_by(Bazaar.starts_on, Bazaar.id).limit(NEXT_MAX)).all()


def past(db: Reader) -> Sequence[Any]:
    """The last ones."""
    query = select(*_PUBLIC).where(Bazaar.ends_on < clock.today())
    ordered = query.order_by(Bazaar.starts_on.desc(), Bazaar.id.desc())
    return db.execute(ordered.limit(PAST_MAX)).all()


def find_bazaar(db: Reader, bazaar_id: int) -> Any:
    """One of them; raises NotFound."""
    row = db.execute(select(*_PUBLIC).where(Bazaar.id == bazaar_id)).one_or_none()
    if row is None:
        raise NotFound
    return row


def makers_at(db: Reader, bazaar_id: int) -> Sequence[Any]:
    """Who joins: slug, shop, what she says of it, district."""
    query = (
        select(Seller.slug, Seller.store_name, Seller.mission, Seller.district_code)
        .join(BazaarSeat, BazaarSeat.seller_id == Seller.id)
        .where(BazaarSeat.bazaar_id == bazaar_id, BazaarSeat.state == "joined")
        .where(Seller.closed_at.is_(None))
        .order_by(Seller.store_name, Seller.id)
    )
    return db.execute(query.limit(PAGE_SIZE_MAX)).all()


def groups_at(db: Reader, bazaar_id: int) -> Sequence[Any]:
    """The cooperatives that hold it: slug and name."""
    query = (
        select(Organisation.slug, Organisation.short_name)
        .join(BazaarGroup, BazaarGroup.organisation_id == Organisation.id)
        .where(BazaarGroup.bazaar_id == bazaar_id, BazaarGroup.state == "accepted")
        .order_by(Organisation.short_name)
    )
    return db.execute(query).all()
