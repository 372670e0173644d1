"""Who can make it: members' goods of that kind, their strength in these days, and what they had."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from sqlalchemy import BigInteger, cast, func, or_, select
from sqlalchemy.orm import Session

from cooperatives import members
from cooperatives.big_orders import rules
from cooperatives.big_orders.rules import Hand
from cooperatives.big_orders.states import Share, State
from cooperatives.models import BigOrder, BigShare
from core import clock
from core.db import Reader
from sellers.models import Category, Listing, Seller, Variant
from sellers.publishing import OPEN, SHOWN

LATELY_DAYS = 180
LIST_MAX = 300
COUNTS = (Share.ASKED.value, Share.YES.value)
"""A share that takes strength: it was asked and may come, or it was promised."""
LIVING = (State.ASKING.value, State.AGREED.value, State.DONE.value)


def choices(db: Reader, order: BigOrder) -> list[Any]:
    """Goods of this kind whose makers wrote down what they can make in a week; samples are none."""
    query = (
        select(
            Variant.id,
            Variant.price,
            Variant.name.label("size"),
            Listing.id.label("listing_id"),
            Listing.name,
            Listing.capacity_sunny,
            Listing.capacity_rainy,
            Listing.lead_days,
            Seller.id.label("seller_id"),
            Seller.store_name,
            Seller.resting,
            Seller.resting_until,
        )
        .join(Listing, Listing.id == Variant.listing_id)
        .join(Seller, Seller.id == Listing.seller_id)
        .join(Category, Category.id == Listing.category_id)
        .where(Variant.archived_at.is_(None), Variant.is_sample.is_(False), SHOWN, OPEN)
        .where(Listing.category_id == order.category_id)
        .where(func.coalesce(Listing.capacity_sunny, Listing.capacity_rainy, 0) > 0)
        .where(members.sells_for(order.organisation_id))
        .order_by(Seller.store_name, Listing.name, Variant.position, Variant.id)
        .limit(LIST_MAX)
    )
    return list(db.execute(query))


def untold(db: Reader, order: BigOrder) -> list[str]:
    """Shops that sell this kind and have not said how many they can make in a week."""
    query = (
        select(Seller.store_name)
        .join(Listing, Listing.seller_id == Seller.id)
        .where(Listing.category_id == order.category_id, SHOWN, Seller.closed_at.is_(None))
        .where(members.sells_for(order.organisation_id))
        .group_by(Seller.id, Seller.store_name)
        .having(func.max(func.coalesce(Listing.capacity_sunny, Listing.capacity_rainy, 0)) == 0)
        .order_by(Seller.store_name)
        .limit(LIST_MAX)
    )
    return list(db.execute(query).scalars())


def strength(order: BigOrder, row: Any) -> int:
    """What one of these can make of it in these days, if nobody else had asked her."""
    if row.resting and row.resting_until is None:
        return 0
    awake = row.resting_until + timedelta(days=1) if row.resting else None
    mine = rules.her_days(order.starts_on, order.skies, awake, row.lead_days)
    return rules.strength(mine, row.capacity_sunny, row.capacity_rainy)


def taken(db: Reader, order: BigOrder, listing_ids: Sequence[int]) -> dict[int, int]:
    """Pieces of each of these goods that makers were asked for, or promised, in the same days."""
    query = (
        select(
            BigShare.listing_id,
            cast(func.sum(func.coalesce(BigShare.agreed, BigShare.units)), BigInteger),
        )
        .join(BigOrder, BigOrder.id == BigShare.big_order_id)
        .where(BigShare.listing_id.in_(listing_ids), BigShare.state.in_(COUNTS))
        .where(BigOrder.state.in_(LIVING))
        .where(BigOrder.starts_on <= order.due_on, BigOrder.due_on >= order.starts_on)
        .group_by(BigShare.listing_id)
    )
    return {row[0]: row[1] for row in db.execute(query)}


def lately(db: Reader, seller_ids: Sequence[int]) -> dict[int, int]:
    """Rupiah of big orders that each maker said yes to in the last half year, this one too."""
    since = clock.now() - timedelta(days=LATELY_DAYS)
    query = (
        select(BigShare.seller_id, cast(func.sum(BigShare.agreed * BigShare.price), BigInteger))
        .join(BigOrder, BigOrder.id == BigShare.big_order_id)
        .where(BigShare.seller_id.in_(seller_ids), BigShare.state == Share.YES)
        .where(BigOrder.state.in_(LIVING), BigShare.answered_at >= since)
        .group_by(BigShare.seller_id)
    )
    return {row[0]: row[1] for row in db.execute(query)}


def agreed(db: Reader, order_id: int) -> int:
    """Pieces that have been promised."""
    query = select(func.coalesce(func.sum(BigShare.agreed), 0))
    query = query.where(BigShare.big_order_id == order_id)
    return int(db.execute(query).scalar() or 0)


def refusers(db: Reader, order_id: int) -> frozenset[int]:
    """Who said no, or less, or nothing, or fell out: she is not asked again."""
    gone = (Share.NO, Share.LATE, Share.DROPPED)
    query = select(BigShare.seller_id).where(
        BigShare.big_order_id == order_id,
        or_(BigShare.state.in_(gone), BigShare.agreed < BigShare.units),
    )
    return frozenset(db.execute(query).scalars())


def proposal(db: Session, order: BigOrder, rows: Sequence[Any], missing: int) -> list[BigShare]:
    """The shares that the rule gives these goods, in turn; nothing is written."""
    used = taken(db, order, [row.listing_id for row in rows])
    had = lately(db, [row.seller_id for row in rows])
    strengths = {row.seller_id: strength(order, row) for row in rows}
    by_seller = {row.seller_id: row for row in rows}
    hands = [
        Hand(key, had.get(key, 0), max(0, strengths[key] - used.get(row.listing_id, 0)))
        for key, row in by_seller.items()
    ]
    ordered = rules.in_turn(order.id, hands)
    given = rules.share_out(missing, ordered, order.least)
    return [
        BigShare(
            big_order_id=order.id,
            round=order.round + 1,
            seller_id=one.seller_id,
            listing_id=by_seller[one.seller_id].listing_id,
            variant_id=by_seller[one.seller_id].id,
            price=by_seller[one.seller_id].price,
            strength=strengths[one.seller_id],
            taken=used.get(by_seller[one.seller_id].listing_id, 0),
            lately=one.lately,
            proposed=given[one.seller_id],
            units=given[one.seller_id],
        )
        for one in ordered
    ]
