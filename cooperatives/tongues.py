"""What is read of translations: what members may translate, what a maker asked for, who is named.

`translating` writes them.
"""

from typing import Any

from sqlalchemy import ColumnElement, Select, any_, case, exists, func, or_, select

from cooperatives.models import Membership, Translation
from core.actors import Actor
from core.db import Reader
from core.errors import NotFound
from core.people import Person
from sellers.models import Listing, Seller

LIST_MAX = 50


def for_translator(actor: Actor) -> ColumnElement[bool]:
    """The condition that a request is one she may see: asked of her, or written by her.

    Asked of her: she belongs to the maker's cooperative, speaks the language, and it is not hers.
    """
    person_id = actor.person_id
    as_person = exists().where(
        Person.id == person_id, Translation.language == any_(Person.languages)
    )
    in_her_shop = exists().where(
        Seller.person_id == person_id,
        Seller.closed_at.is_(None),
        Translation.language == any_(Seller.languages),
    )
    speaks = or_(as_person.correlate(Translation), in_her_shop.correlate(Translation))
    of_her_cooperative = (
        select(Listing.id)
        .join(Seller, Seller.id == Listing.seller_id)
        .join(Membership, Membership.cooperative_id == Seller.organisation_id)
        .where(
            Listing.id == Translation.listing_id,
            Membership.person_id == person_id,
            Membership.left_on.is_(None),
            Seller.person_id.is_distinct_from(person_id),
        )
        .correlate(Translation)
    )
    asked_of_her = (Translation.state == "asked") & speaks & of_her_cooperative.exists()
    return or_(Translation.translator_id == person_id, asked_of_her)


def _told() -> Select[Any]:
    """A request with what its translator reads of the product."""
    return (
        select(
            *Translation.__table__.c,
            Listing.name.label("listing_name"),
            Listing.description.label("listing_description"),
            Listing.slug, Seller.store_name,
        )
        .join(Listing, Listing.id == Translation.listing_id)
        .join(Seller, Seller.id == Listing.seller_id)
    )  # fmt: skip


def list_for(db: Reader, actor: Actor) -> list[Any]:
    """Requests asked of her and those she has written, what waits for her first."""
    turn = case((Translation.state == "returned", 0), (Translation.state == "asked", 1), else_=2)
    query = _told().where(for_translator(actor)).order_by(turn, Translation.id.desc())
    return list(db.execute(query.limit(LIST_MAX)))


def find_for(db: Reader, actor: Actor, translation_id: int) -> Any:
    """One of them; raises NotFound."""
    found = db.execute(_told().where(for_translator(actor), Translation.id == translation_id))
    row = found.first()
    if row is None:
        raise NotFound
    return row


def list_of(db: Reader, listing_id: int) -> list[Any]:
    """Every request for a product with who wrote it, the newest first; the caller owns it."""
    query = (
        select(*Translation.__table__.c, Person.call_me)
        .outerjoin(Person, Person.id == Translation.translator_id)
        .where(Translation.listing_id == listing_id)
    )
    return list(db.execute(query.order_by(Translation.id.desc()).limit(LIST_MAX)))


def one_of(rows: list[Any], translation_id: int) -> Any:
    """The row of this number; raises NotFound."""
    for row in rows:
        if row.id == translation_id:
            return row
    raise NotFound


def named() -> Select[str, str]:
    """Who made the texts that a product tells now: language and name, the latest first.

    A text that its maker has since written anew is nobody else's; the query belongs into one that
    reads `Listing`.
    """
    now = case(
        (Translation.language == "en", Listing.name_en),
        else_=Listing.translations[Translation.language]["name"].astext,
    )
    return (
        select(Translation.language, Person.call_me)
        .join(Person, Person.id == Translation.translator_id)
        .where(
            Translation.listing_id == Listing.id,
            Translation.state == "accepted",
            Translation.may_name,
            Person.erased_at.is_(None),
            func.coalesce(now, "") == Translation.name,
        )
        .order_by(Translation.decided_at.desc())
    )
