"""Builders of shops, products and permits that say only what matters to a test."""

from io import BytesIO

from PIL import Image

from core.actors import SYSTEM, Actor
from core.db import db
from sellers import listings, permits, publishing, shops
from sellers.models import Category
from sellers.variants import Size
from tests.factories import a_person, an_organisation

PIRT = "2063307010001-31"
NIB = "1234567890123"
HALAL = "ID33110000123450223"


def a_category(slug="keripik", *, is_food=True, **more):
    made = Category(slug=slug, name=slug.replace("-", " ").capitalize(), is_food=is_food, **more)
    db.session.add(made)
    db.session.commit()
    return made


def a_shop(name="Keripik Bu Nur", *, maker="Nur", phone="+6281234567890", organisation=None):
    """An open shop and the actor who holds SELL on it."""
    person = a_person(maker, phone=phone)
    organisation = organisation or an_organisation(slug=f"kop-{person.id}")
    made = shops.open_shop(
        actor=SYSTEM,
        organisation_id=organisation.id,
        maker_id=person.id,
        profile={"store_name": name, "call_me": f"Bu {maker}"},
    )
    return made, Actor(person.id)


def a_size(price=14_000, weight_grams=250, **more):
    return Size(price=price, weight_grams=weight_grams, **more)


def a_draft(shop, name="Keripik Pisang", *, category=None, size=..., **details):
    """A draft with one size, of a food unless another category is given."""
    category = category or _category()
    return listings.draft(
        actor=SYSTEM,
        seller_id=shop.id,
        details={"name": name, "category_id": category.id, **details},
        size=a_size() if size is ... else size,
    )


def _category():
    found = db.session.query(Category).filter_by(slug="keripik").one_or_none()
    return found or a_category()


def a_permit(shop, kind="pirt", typed=PIRT, listing_ids=(), **more):
    permit, _warnings = permits.add(
        actor=SYSTEM,
        seller_id=shop.id,
        kind=kind,
        typed=typed,
        listing_ids=listing_ids,
        **more,
    )
    return permit


def a_live_listing(shop, name="Keripik Pisang", **more):
    """A food that buyers can see, covered by a P-IRT number."""
    made = a_draft(shop, name, **more)
    a_permit(shop, typed=f"206330701{made.id % 10_000:04}-31", listing_ids=[made.id])
    return publishing.publish(actor=SYSTEM, listing_id=made.id)


def a_photo_file(width=800, height=600, colour="orange", kind="JPEG"):
    """The bytes of a real picture."""
    file = BytesIO()
    Image.new("RGB", (width, height), colour).save(file, kind)
    return file.getvalue()
