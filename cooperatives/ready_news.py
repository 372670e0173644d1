"""*Baru jadi!*: one tap tells the members of a maker's cooperative that goods are ready (W18).

Each member hears of a product once a day, and of so many products a day at most; quiet hours are
kept by the outbox. What she gets leads to a text ready to be passed on, with a link of her own.
"""

from collections.abc import Sequence
from datetime import datetime, time

from flask_babel import lazy_gettext as _
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from cooperatives.models import Cooperative, Membership
from cooperatives.settings import CooperativeSettings
from core import audit, clock, notify
from core.actors import Actor
from core.clock import WIB
from core.config import settings
from core.db import Reader, in_transaction
from core.errors import DomainError
from core.notices import Notice
from core.people import Person
from sellers.models import Listing, Seller
from sellers.owning import own_listing
from sellers.publishing import SHOWN
from sellers.rights import STOCK

KEY = "ready"
TITLE = _("Baru jadi, siap dibagikan")


class NotShown(DomainError):
    """Nobody can buy it yet."""

    status = 409
    sentence = _("Barang ini belum tayang. Tayangkan dulu, lalu beri tahu anggota.")


class ToldToday(DomainError):
    """Once a day is enough."""

    status = 409
    sentence = _("Anggota sudah diberi tahu hari ini. Besok bisa lagi.")


def event_key(listing_id: int) -> str:
    """One piece of news a day for each product."""
    return f"{KEY}:{listing_id}:{clock.today().isoformat()}"


@in_transaction(retries=3)
def tell(db: Session, *, actor: Actor, listing_id: int) -> int:
    """Tell the other members; returns how many. Raises NotShown, ToldToday, NotFound."""
    listing = own_listing(db, actor, listing_id, STOCK, lock=True)  # Two taps at once tell once.
    if listing.state != "live" or listing.hidden_reason:
        raise NotShown
    if told_today(db, [listing_id]):
        raise ToldToday
    shop = db.get_one(Seller, listing.seller_id)
    people = _listeners(db, actor, shop)
    notify.tell(
        db,
        event_key=event_key(listing_id),
        people=people,
        title=TITLE,
        text=_(
            "%(goods)s dari %(shop)s baru jadi. Teks dan tautannya sudah siap.",
            goods=listing.name,
            shop=shop.store_name,
        ),
        link=f"/ibu/promosi/{listing_id}",
    )
    audit.record(db, actor, "listing.ready", "listing", listing_id, told=len(people))
    return len(people)


def told_today(db: Reader, listing_ids: Sequence[int]) -> set[int]:
    """Which of these products members have heard of today."""
    keys = {event_key(listing_id): listing_id for listing_id in listing_ids}
    query = select(Notice.event_key).where(Notice.event_key.in_(keys)).distinct()
    return {keys[key] for key in db.execute(query).scalars()}


def shown_of(db: Reader, listing_ids: Sequence[int]) -> set[int]:
    """Which of these products buyers can see."""
    return set(db.execute(select(Listing.id).where(Listing.id.in_(listing_ids), SHOWN)).scalars())


def _listeners(db: Session, actor: Actor, shop: Seller) -> list[int]:
    """The other members of her cooperative who have not heard enough today."""
    rules = settings(CooperativeSettings)
    midnight = datetime.combine(clock.today(), time(), WIB)
    heard = (
        select(func.count(Notice.id))
        .where(Notice.person_id == Membership.person_id, Notice.created_at >= midnight)
        .where(Notice.event_key.startswith(f"{KEY}:"))
        .scalar_subquery()
    )
    query = (
        select(Membership.person_id)
        .join(Cooperative, Cooperative.id == Membership.cooperative_id)
        .join(Person, Person.id == Membership.person_id)
        .where(Cooperative.id == shop.organisation_id, Membership.left_on.is_(None))
        .where(Person.erased_at.is_(None), heard < rules.ready_news_max)
        .where(Membership.person_id.not_in([actor.person_id or 0, shop.person_id or 0]))
        .order_by(Membership.id)
        .limit(rules.ready_news_members)
    )
    return list(db.scalars(query))
