"""A product put up in one step: its listing, its size, its goods at home, its papers, its photos.

Sent once or ten times, it is one product: the act's id, made on the phone with the first answer,
decides. Where a law keeps it from buyers it stays a draft, and says what is missing; so does what a
helper adds who may not show it, and what stands at home waits for who may count it.
"""

from collections.abc import Mapping
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Session

from cooperatives import drafts, goods, places, product_answers
from cooperatives.holds import Doc
from cooperatives.lots import Goods
from cooperatives.product_answers import Answers
from core import acts, clock
from core.actors import Actor
from core.clock import WIB
from core.errors import DomainError, NotFound
from sellers import awaited, listings, permits, publishing, shelf_words, variants
from sellers.helping import limits
from sellers.models import Category, Listing
from sellers.owning import may
from sellers.rights import PUBLISH, STOCK
from sellers.training import showing
from sellers.variants import Size

KIND = "product.add"


@acts.handles(KIND, label=_l("Tambah barang"), mend="/ibu/produk/baru")
def add_product(
    db: Session, *, actor: Actor, act_id: UUID, at: datetime, content: Mapping[str, Any]
) -> dict[str, Any]:
    """The act `product.add`, of a phone or of the plain form; `core.acts` does each once.

    Answers with the product, whether buyers see it, what keeps it from them, and a sentence.
    Raises NotFound for another's shop, TooManyListings, NoTerms, and what `product_answers.read`
    raises.
    """
    shop_id, answers = product_answers.shop_of(content), product_answers.read(content)
    category = _category(db, answers)
    listing = listings.draft.within(
        db,
        actor=actor,
        seller_id=shop_id,
        details={
            "name": answers.name,
            "category_id": category.id if category else None,
            "shelf_life_days": answers.keeps_days if category and category.is_food else None,
        },
        size=_size(answers, is_food=category is None or category.is_food),
    )
    _cover(db, actor, listing, answers)
    _name_class(db, actor, listing, answers)
    _await_photos(db, actor, listing, answers)
    drafts.forget(db, actor, act_id)
    note = _bring_home(db, actor, act_id, listing, answers, at)
    return _shown(db, actor, listing, answers, note)


def _size(answers: Answers, *, is_food: bool) -> Size:
    return Size(
        price=answers.price,
        weight_grams=answers.weight_grams,
        unit="bungkus" if is_food else "buah",
        production_cost=answers.production_cost,
    )


def _category(db: Session, answers: Answers) -> Category | None:
    """The shelf she chose, or the one her words speak of."""
    if answers.category_id is not None:
        return db.get(Category, answers.category_id)
    known = {one.slug: one for one in listings.categories(db) if not one.closed_reason}
    words = shelf_words.vocabulary((one.slug, one.name) for one in known.values())
    slug = shelf_words.suggest(answers.name, words)
    return known[slug] if slug else None


def _cover(db: Session, actor: Actor, listing: Listing, answers: Answers) -> None:
    """Tie the papers she named; one that is gone by now leaves a draft, and loses nothing."""
    for permit_id in answers.permit_ids:
        with suppress(NotFound):
            permits.cover_too.within(db, actor=actor, permit_id=permit_id, listing_id=listing.id)


def _await_photos(db: Session, actor: Actor, listing: Listing, answers: Answers) -> None:
    """Her photos, here already or on their way; a bad one is told by the phone that sends it."""
    for place, photo_id in enumerate(answers.photo_ids):
        with suppress(DomainError):
            awaited.expect.within(
                db, actor=actor, listing_id=listing.id, photo_id=photo_id, position=place
            )


def _name_class(db: Session, actor: Actor, listing: Listing, answers: Answers) -> None:
    """Say which class it grew out of; a class that is not hers is left out, and loses nothing."""
    if answers.training_id is not None:
        with suppress(NotFound):
            showing.add_listing.within(
                db, actor=actor, enrolment_id=answers.training_id, listing_id=listing.id
            )


def _bring_home(
    db: Session, actor: Actor, act_id: UUID, listing: Listing, answers: Answers, at: datetime
) -> str:
    """What she has of it comes in as one lot at her home; fresh food says its last good day.

    Answers with what she should know: a phone may have waited longer for a signal than food keeps.
    """
    if not answers.stock or not may(db, actor, listing.seller_id, STOCK):
        return ""
    (variant,) = variants.list_of(db, listing.id)
    limits.stock(db, actor, listing.seller_id, variant.id, answers.stock)
    doc = Doc("act", str(act_id))
    keeps = listing.shelf_life_days
    last = at.astimezone(WIB).date() + timedelta(days=keeps) if keeps else None
    if last and last < clock.today():
        return str(_("Stoknya tidak dicatat, karena tanggal baiknya sudah lewat."))
    goods.receive_goods.within(
        db,
        actor=actor,
        doc=doc,
        owner_id=listing.seller_id,
        place_id=places.home_of(db, listing.seller_id).id,
        goods=[Goods(variant.id, answers.stock, last)],
        device_at=at,
    )
    return ""


def _shown(
    db: Session, actor: Actor, listing: Listing, answers: Answers, note: str
) -> dict[str, Any]:
    missing = [gap.sentence for gap in publishing.blocking(db, listing)]
    may_show = may(db, actor, listing.seller_id, PUBLISH)
    is_live = answers.wants_to_publish and not missing and may_show
    if is_live:
        publishing.publish.within(db, actor=actor, listing_id=listing.id)
        sentence = _("%(name)s sudah tayang.", name=listing.name)
    else:
        sentence = _("%(name)s tersimpan sebagai draf.", name=listing.name)
    return {
        "listing": listing.id,
        "is_live": is_live,
        "missing": missing,
        "sentence": " ".join(one for one in (sentence, *missing[:1], note) if one),
        "link": f"/ibu/produk/{listing.id}",
    }
