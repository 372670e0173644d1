"""A product with everything that its page and its maker's page can show, and what they must not."""

from datetime import date, timedelta
from types import SimpleNamespace

from core import clock
from core.actors import SYSTEM, Actor
from core.album import Picture
from core.db import db
from core.orgs import Organisation
from core.people import Person
from orders import rates
from sellers.models import Category, ListingPermit, Permit
from sellers.training.models import Enrolment, ListingTraining
from tests.cooperatives.factories import (
    a_cooperative,
    a_home,
    a_listing,
    a_lot,
    a_place,
    a_seller,
    a_variant,
    saved,
)
from tests.sellers.training import factories as classes
from tests.shop.factories import photograph

WATUMALANG = "330710"
STORY = (
    "Saya belajar menjemur gaplek dari simbok, di halaman belakang yang menghadap gunung.\n"
    "Sekarang cucu saya ikut menampi setiap hari Minggu."
)
SECRETS = ("+628123450001", "08123450001", "0812-3450-001", "8123450001", "Penjual Rahasia Sekali")
"""What is known of the maker and stands on no public page; homes have no street in our tables."""


def tell(row, **values):
    """Change a row as if it had been written so."""
    for name, value in values.items():
        setattr(row, name, value)
    db.session.commit()
    return row


def a_maker(cooperative, **more):
    """A maker with a story, a phone and a village that nobody may read."""
    seller = a_seller(
        cooperative,
        **{
            "slug": "tiwul-bu-sumirah",
            "store_name": "Tiwul Bu Sumirah",
            "call_me": "Bu Sumirah",
            "story": STORY,
            "story_en": "I learned to dry cassava from my mother.",
            "mission": "Agar anak muda mau makan tiwul lagi.",
            "difference": "Dijemur matahari, bukan oven.",
            "languages": ["id", "jv"],
            "district_code": WATUMALANG,
            **more,
        },
    )
    person = db.session.get(Person, seller.person_id)
    tell(person, phone="+628123450001", name="Penjual Rahasia Sekali")
    return seller


def a_picture(alt="Tangan Bu Sumirah menjemur gaplek", key="public/photo/fedcba9876543210fedcba98"):
    return saved(
        Picture(state="ready", key_base=key, width=1280, height=960, colour="#c08040", alt=alt)
    )


def a_permit(listing, kind="pirt", number="2069999010001-31", **more):
    permit = saved(Permit(seller_id=listing.seller_id, kind=kind, number=number, **more))
    saved(ListingPermit(listing_id=listing.id, permit_id=permit.id))
    return permit


def a_training(seller, *listings, shown=True, name="Jualan dari HP"):
    """A training of the maker; she shows it, and it stands behind these products."""
    provider = classes.a_provider()
    cohort_id = classes.a_cohort(provider, name="2026-06", pass_percent=50)
    session_id = classes.a_session(cohort_id)
    enrolment_id = classes.enrolled(cohort_id, Actor(seller.person_id))
    classes.present(session_id, enrolment_id)
    tell(db.session.get(Enrolment, enrolment_id), is_shown=shown)
    for listing in listings:
        saved(ListingTraining(listing_id=listing.id, enrolment_id=enrolment_id))
    return enrolment_id


def a_showcase(**more):
    """Tiwul in two sizes at home and at the kiosk, with photos, permits and a training."""
    rates.load_sample_rates(actor=SYSTEM)
    cooperative = a_cooperative("sendang-lumbung")
    tell(
        cooperative,
        village="Sendanglumbung",
        district_code=WATUMALANG,
        story="Dimulai delapan ibu.",
    )
    tell(cooperative, group_values=["Amanah", "Santun"], founded_on=date(2019, 4, 21))
    seller = a_maker(cooperative)
    tell(seller, picture_id=a_picture().id)
    listing = a_listing(
        seller,
        **{
            "slug": "tiwul-instan",
            "name": "Tiwul Instan Tawar",
            "name_en": "Instant Tiwul, Plain",
            "description": "Tiwul singkong siap seduh.\nSiram air panas, kukus 15 menit.",
            "description_en": "Ready-to-steam cassava.",
            "ingredients": "singkong 100%",
            "ingredients_en": "cassava 100%",
            "allergens": ["kacang tanah"],
            "storage": "Simpan di tempat kering, tutup rapat.",
            "shelf_life_days": 240,
            "halal": "certified",
            "export_to": ["HK", "TW"],
            "published_at": clock.now(),
            **more,
        },
    )
    tell(db.session.get(Category, listing.category_id), name="Olahan singkong", is_food=True)
    sides = {"length_cm": 24, "width_cm": 16, "height_cm": 6}
    small = a_variant(listing, price=18_000, weight_grams=450, net_weight_grams=400, **sides)
    large = a_variant(listing, price=34_000, weight_grams=900, net_weight_grams=800, position=1)
    kiosk = a_place("kiosk", cooperative, slug="kios-terminal")
    tell(
        kiosk,
        name="Kios Lumbung Terminal",
        district_code=WATUMALANG,
        village="Wanalumbung",
        landmark="depan pintu masuk terminal",
        opening_hours={"sun": "07.00–17.00", "mon_sat": "07.00–19.00"},
        is_pickup=True,
    )
    a_lot(small, kiosk, 4, best_before=clock.today() + timedelta(days=90))
    a_lot(small, a_home(seller=seller), 30, best_before=clock.today() + timedelta(days=200))
    a_lot(large, a_home(seller=seller), 2)
    for n, letter in enumerate("abcd"):
        photograph(listing, key=f"public/photo/{letter * 24}", position=n)
    a_permit(listing, valid_until=date(2031, 12, 31))
    a_permit(listing, "halal", "ID33110000123450223")
    a_training(seller, listing)
    return SimpleNamespace(
        cooperative=cooperative,
        organisation=db.session.get(Organisation, cooperative.id),
        seller=seller,
        listing=listing,
        small=small,
        large=large,
        kiosk=kiosk,
    )
