"""The statement behind the page of a product: all that it tells, in one row.

The page is read often, so it is one statement, built once: sizes, stands, photos and permits come
as JSON lists beside the row they belong to.
"""

from sqlalchemy import String, and_, bindparam, exists, literal_column, or_, select

from cooperatives.levels import FREE
from cooperatives.models.members import Cooperative, TermsRate
from cooperatives.models.packages import JointPart
from cooperatives.models.stock import Level, Lot, Place
from cooperatives.stock import ONLINE
from cooperatives.tongues import named
from core.album import Picture
from core.orgs import Organisation
from sellers.models import (
    Category,
    Listing,
    ListingPermit,
    ListingPicture,
    Permit,
    Seller,
    Variant,
)
from sellers.training.models import ListingTraining
from shop.facets import LIVE
from shop.makers import COOPERATIVE_OF, PAPER, PICTURE, READY, listed

_SIZES = (
    select(
        Variant.id, Variant.sku, Variant.name, Variant.unit, Variant.price,
        Variant.net_weight_grams, Variant.weight_grams,
        Variant.length_cm, Variant.width_cm, Variant.height_cm, Variant.is_sample,
    )
    .where(Variant.listing_id == Listing.id, Variant.archived_at.is_(None))
    .order_by(Variant.is_sample, Variant.position, Variant.id)
)  # fmt: skip
# In the order of `cooperatives.allocation`: first expired, then first received.
_STANDS = (
    select(
        Level.variant_id,
        Place.kind,
        Place.slug,
        Place.name,
        Place.district_code,
        FREE.label("free"),
        Lot.best_before,
        TermsRate.cooperative_bp,
        TermsRate.kiosk_bp,
        TermsRate.operator_bp,
    )
    .select_from(Variant)
    .join(Level, Level.variant_id == Variant.id)
    .join(Lot, Lot.id == Level.lot_id)
    .join(Place, Place.id == Level.place_id)
    .outerjoin(
        TermsRate,
        and_(
            TermsRate.terms_id == Lot.terms_id,
            TermsRate.channel == literal_column("'web'"),
            TermsRate.place_kind == Place.kind,
        ),
    )
    .where(Variant.listing_id == Listing.id, Variant.archived_at.is_(None), *ONLINE)
    .order_by(Lot.best_before.asc().nulls_last(), Lot.received_at, Lot.id)
)
_PHOTOS = (
    select(*PICTURE)
    .join(ListingPicture, ListingPicture.picture_id == Picture.id)
    .where(ListingPicture.listing_id == Listing.id, Picture.state == literal_column("'ready'"))
    .order_by(ListingPicture.position)
)
_COVERS = (
    select(literal_column("1"))
    .where(ListingPermit.permit_id == Permit.id, ListingPermit.listing_id == Listing.id)
    .correlate(Permit, Listing)
    .exists()
)
_PAPERS = (
    select(*PAPER)
    .where(Permit.seller_id == Seller.id, or_(Permit.kind == literal_column("'nib'"), _COVERS))
    .order_by(Permit.kind.desc(), Permit.number.is_(None), Permit.id)
)
_ABOUT = (
    Listing.id, Listing.slug, Listing.name, Listing.name_en, Listing.description,
    Listing.description_en, Listing.ingredients, Listing.ingredients_en, Listing.allergens,
    Listing.storage, Listing.storage_en, Listing.shelf_life_days, Listing.halal,
    Listing.made_to_order, Listing.lead_days, Listing.export_to,
    Listing.translations, Listing.capacity_sunny, Listing.capacity_rainy,
    Category.name.label("shelf_name"), Category.name_en.label("shelf_name_en"),
    Category.slug.label("shelf_slug"), Category.is_food.label("is_food"),
    Seller.slug.label("shop_slug"), Seller.store_name.label("shop_name"),
    Seller.call_me.label("shop_call_me"), Seller.story.label("shop_story"),
    Seller.story_en.label("shop_story_en"), Seller.mission.label("shop_mission"),
    Seller.difference.label("shop_difference"), Seller.languages.label("shop_languages"),
    Seller.district_code.label("shop_district_code"), Seller.resting.label("shop_resting"),
    Seller.resting_until.label("shop_resting_until"), Organisation.slug.label("coop_slug"),
    Organisation.short_name.label("coop_name"),
)  # fmt: skip
_HAS_SIZES = exists().where(Variant.listing_id == Listing.id, Variant.archived_at.is_(None))
_IN_PACKAGES = exists().where(JointPart.variant_id == Variant.id, Variant.listing_id == Listing.id)
PRODUCT = (
    select(
        *_ABOUT,
        *PICTURE,
        exists().where(ListingTraining.listing_id == Listing.id).label("has_trainings"),
        _IN_PACKAGES.label("has_packages"),
        listed(_SIZES, "sizes", Listing),
        listed(_STANDS, "stands", Listing),
        listed(_PHOTOS, "photos", Listing),
        listed(_PAPERS, "papers", Listing, Seller),
        listed(named(), "credits", Listing),
    )
    .join(Category, Category.id == Listing.category_id)
    .join(Seller, Seller.id == Listing.seller_id)
    .outerjoin(Cooperative, Cooperative.id == Seller.organisation_id)
    .outerjoin(Organisation, COOPERATIVE_OF)
    .outerjoin(Picture, READY)
    .where(Listing.slug == bindparam("slug", type_=String), LIVE, _HAS_SIZES)
)
"""A listing by its `slug`, and what is beside it; `today` as `cooperatives.stock.asked` says."""
