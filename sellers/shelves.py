"""Kinds of goods (categories), as the operator keeps them: added, renamed, ordered, closed."""

from collections.abc import Sequence
from typing import TypedDict

from flask_babel import lazy_gettext as _l
from sqlalchemy import Row, func, select
from sqlalchemy.orm import Session

from core import access, audit, orgs
from core.actors import Actor
from core.db import in_transaction
from core.errors import DomainError, NotFound
from core.rights import OPERATE
from sellers import slugs
from sellers.models import Category, Listing, Seller
from sellers.shops import fit

SHELVES_MAX = 100
FOUND_MAX = 30


class Shelf(TypedDict, total=False):
    """What an operator may set. A `closed_reason` shuts the shelf and is shown to everybody."""

    name: str
    name_en: str
    is_food: bool
    is_herbal: bool
    position: int
    closed_reason: str


class NoShelfName(DomainError):
    """A kind of goods without a name cannot be chosen."""

    sentence = _l("Nama jenis barang belum diisi.")


class TooManyShelves(DomainError):
    """More kinds than people can look through."""

    sentence = _l("Jenis barang sudah terlalu banyak. Gabungkan yang mirip dulu.")


@in_transaction()
def add(db: Session, *, actor: Actor, shelf: Shelf) -> Category:
    """A new kind of goods; its address is made from its name. Raises NoShelfName, ReservedName."""
    access.require(db, actor, OPERATE, orgs.operator_id(db))
    _check(shelf)
    if (db.scalar(select(func.count(Category.id))) or 0) >= SHELVES_MAX:
        raise TooManyShelves
    made = Category(slug=slugs.choose(db, Category.slug, shelf["name"]), **shelf)
    db.add(made)
    db.flush()
    audit.record(db, actor, "category.add", "category", made.id)
    return made


@in_transaction()
def edit(db: Session, *, actor: Actor, category_id: int, shelf: Shelf) -> Category:
    """Change a kind of goods; its address stays, for people have it in their messages."""
    access.require(db, actor, OPERATE, orgs.operator_id(db))
    category = db.get(Category, category_id, with_for_update=True)
    if category is None:
        raise NotFound
    _check(shelf)
    for name, value in shelf.items():
        setattr(category, name, value)
    audit.record(db, actor, "category.edit", "category", category.id, changed=sorted(shelf))
    return category


def _check(shelf: Shelf) -> None:
    fit(Category, shelf)
    if not shelf.get("name", "?").strip():
        raise NoShelfName


def get_shelf(db: Session, actor: Actor, category_id: int) -> Category:
    """One kind of goods, for an operator; raises NotFound."""
    access.require(db, actor, OPERATE, orgs.operator_id(db))
    category = db.get(Category, category_id)
    if category is None:
        raise NotFound
    return category


def find_listings(
    db: Session, actor: Actor, *, words: str = "", only_hidden: bool = False
) -> Sequence[Row[int, str, str, str, str]]:
    """Published products of all shops, the newest first: id, slug, name, shop, why it is hidden."""
    access.require(db, actor, OPERATE, orgs.operator_id(db))
    query = (
        select(Listing.id, Listing.slug, Listing.name, Seller.store_name, Listing.hidden_reason)
        .join(Seller, Seller.id == Listing.seller_id)
        .where(Listing.state == "live")
        .order_by(Listing.published_at.desc(), Listing.id.desc())
        .limit(FOUND_MAX)
    )
    if only_hidden:
        query = query.where(Listing.hidden_reason != "")
    for word in words.split():
        query = query.where(
            Listing.name.icontains(word, autoescape=True)
            | Seller.store_name.icontains(word, autoescape=True)
        )
    return db.execute(query).all()
