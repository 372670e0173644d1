"""What a list of goods can be narrowed to: each condition once, for lists and search alike."""

from typing import Any

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    String,
    and_,
    any_,
    bindparam,
    func,
    literal_column,
    or_,
    select,
)
from sqlalchemy.dialects.postgresql import ARRAY

from cooperatives.levels import FREE
from cooperatives.models.stock import Level, Lot, Place
from cooperatives.places import TODAY
from cooperatives.stock import SELLABLE
from sellers.models import Category, Listing, ListingPermit, Permit, Seller, Variant
from sellers.publishing import OPEN, SHOWN
from sellers.training.models import (
    Certificate,
    Cohort,
    Enrolment,
    ListingTraining,
    ProgrammeSkill,
    Skill,
)

LISTED = and_(SHOWN, Listing.published_at.is_not(None))
LIVE = and_(LISTED, OPEN)
"""What a listing, its category and its seller must be for buyers to see it."""

GOODS = (
    select(
        Level.variant_id, Level.place_id, Level.on_hand, FREE.label("free"), Place.kind, Place.name
    )
    .join(Lot, Lot.id == Level.lot_id)
    .join(Place, Place.id == Level.place_id)
    .where(*SELLABLE)
    .subquery("goods")
)
"""What the web may sell and where it stands, one row for each level."""


def _id(name: str) -> Any:
    return bindparam(name, type_=BigInteger)


# Most goods are in stock, so a list asks each as it comes by: the offset keeps PostgreSQL from
# turning the question round and looking at everything that is in stock.
IN_STOCK = (
    select(literal_column("1"))
    .select_from(Variant)
    .join(GOODS, GOODS.c.variant_id == Variant.id)
    .where(Variant.listing_id == Listing.id, Variant.archived_at.is_(None))
    .offset(literal_column("0"))
    .exists()
)
"""Some size of the listing can be ordered now."""


def _stands(where: ColumnElement[bool]) -> ColumnElement[bool]:
    """A shelf is short, so here it is read first, once, as an array."""
    shelf = (
        select(Variant.listing_id)
        .join(GOODS, GOODS.c.variant_id == Variant.id)
        .where(Variant.archived_at.is_(None), where)
        .where(GOODS.c.on_hand > literal_column("0"))  # Free goods are, but the index asks.
    )
    return Listing.id == any_(func.array(shelf.scalar_subquery(), type_=ARRAY(BigInteger)))


_CERTIFIED = (
    select(literal_column("1"))
    .select_from(ListingPermit)
    .join(Permit, Permit.id == ListingPermit.permit_id)
    .where(ListingPermit.listing_id == Listing.id, Permit.kind == literal_column("'halal'"))
    .where(Permit.number.is_not(None))
    .where(or_(Permit.valid_until.is_(None), Permit.valid_until >= TODAY))
    .exists()
)


def _learnt(*where: ColumnElement[bool]) -> ColumnElement[bool]:
    """A class behind the product that its maker shows, proved by a certificate in force.

    Few products have one, so these are read first, once, as an array.
    """
    proved = (
        select(ListingTraining.listing_id)
        .join(Enrolment, Enrolment.id == ListingTraining.enrolment_id)
        .join(Certificate, Certificate.enrolment_id == Enrolment.id)
        .where(Enrolment.is_shown, Certificate.withdrawn_at.is_(None))
        .where(or_(Certificate.valid_until.is_(None), Certificate.valid_until >= TODAY))
        .where(*where)
    )
    return Listing.id == any_(func.array(proved.scalar_subquery(), type_=ARRAY(BigInteger)))


_ASKED = bindparam("skill", type_=String)
_LEADS_TO = select(Skill.merged_into).where(Skill.slug == _ASKED).scalar_subquery()
_TEACHES = (
    select(literal_column("1"))
    .select_from(Cohort)
    .join(ProgrammeSkill, ProgrammeSkill.programme_id == Cohort.programme_id)
    .where(Cohort.id == Enrolment.cohort_id)
    .where(ProgrammeSkill.skill_slug == func.coalesce(_LEADS_TO, _ASKED))
    .exists()
)

CONDITIONS: dict[str, ColumnElement[bool]] = {
    "category": Listing.category_id
    == select(Category.id)
    .where(Category.slug == bindparam("category", type_=String))
    .scalar_subquery(),
    "seller_id": Listing.seller_id == _id("seller_id"),
    "organisation_id": Listing.seller_id.in_(
        select(Seller.id).where(Seller.organisation_id == _id("organisation_id"))
    ),
    "place_id": _stands(GOODS.c.place_id == _id("place_id")),
    "at_kiosk": _stands(GOODS.c.kind == literal_column("'kiosk'")),
    "halal": _CERTIFIED,
    "ready": IN_STOCK,
    "exported": Listing.export_to != literal_column("'{}'"),
    "abroad": bindparam("abroad", type_=String(2)) == any_(Listing.export_to),
    "learnt": _learnt(),
    "skill": _learnt(_TEACHES),
    "listing_ids": Listing.id == any_(bindparam("listing_ids", type_=ARRAY(BigInteger))),
}
"""The condition of each box of a `Filter`, over Listing."""
