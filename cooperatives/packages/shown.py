"""Packages as pages and bills read them: what is in one, who agreed, what a piece costs in it."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from sqlalchemy import and_, any_, exists, func, or_, select
from sqlalchemy.orm import Session

from cooperatives.models import JointPackage, JointPart
from cooperatives.packages import pricing
from cooperatives.packages.pricing import Agreed
from cooperatives.rights import COORDINATE
from cooperatives.stock import VARIANTS
from core import access
from core.actors import Actor
from core.db import Reader, Ready
from core.errors import NotFound
from sellers.models import Category, Listing, Seller, Variant
from sellers.publishing import OPEN, SHOWN
from sellers.rights import PRICES

LINKS_MAX = 3
ON_SALE = and_(Variant.archived_at.is_(None), SHOWN, OPEN)


@dataclass(frozen=True, slots=True)
class Content:
    """One kind of goods in a package, as pages show it."""

    part: JointPart
    name: str
    slug: str
    store_name: str
    store_slug: str
    full: int
    is_on_sale: bool

    @property
    def amount(self) -> int:
        """Rupiah for all its pieces inside the package."""
        return self.part.units * self.part.piece_price


@dataclass(frozen=True, slots=True)
class Shown:
    """A package with what is in it."""

    package: JointPackage
    content: list[Content]

    @property
    def full(self) -> int:
        """What the goods cost one by one today."""
        return sum(one.part.units * one.full for one in self.content)

    @property
    def waits_for(self) -> list[str]:
        """The shops that have not agreed, each once."""
        found = (one.store_name for one in self.content if one.part.agreed_at is None)
        return list(dict.fromkeys(found))

    @property
    def is_open(self) -> bool:
        """Whether buyers can have it at its price now, stock aside."""
        return (
            self.package.ended_at is None
            and not self.waits_for
            and all(one.is_on_sale and one.part.piece_price <= one.full for one in self.content)
        )


def list_of_group(db: Session, actor: Actor, organisation_id: int) -> list[Shown]:
    """The packages of a group that the actor coordinates, newest first. Raises NotFound."""
    access.require(db, actor, COORDINATE, organisation_id)
    return _shown(db, JointPackage.organisation_id == organisation_id)


def list_of_maker(db: Session, actor: Actor) -> list[Shown]:
    """The living packages with goods of the shops whose prices the actor decides."""
    shops = access.subjects(db, actor, PRICES)
    hers = exists().where(JointPart.package_id == JointPackage.id, JointPart.seller_id.in_(shops))
    return _shown(db, hers, JointPackage.ended_at.is_(None))


def get_open(db: Session, slug: str) -> Shown:
    """A package that buyers may see. Raises NotFound."""
    found = _shown(db, JointPackage.slug == slug)
    if not found or not found[0].is_open:
        raise NotFound
    return found[0]


def list_open_of(db: Session, variants: Collection[int]) -> list[Shown]:
    """Packages that buyers may have and whose goods are all among these variants."""
    inside, outside = JointPart.variant_id.in_(variants), ~JointPart.variant_id.in_(variants)
    of_package = JointPart.package_id == JointPackage.id
    found = _shown(
        db,
        JointPackage.ended_at.is_(None),
        exists().where(of_package, inside),
        ~exists().where(of_package, outside),
    )
    return [one for one in found if one.is_open]


def list_by_id(db: Session, ids: Collection[int]) -> list[Shown]:
    """These packages, whatever became of them."""
    return _shown(db, JointPackage.id.in_(ids))


class Named(NamedTuple):
    """A package that buyers may see, as a link tells of it."""

    slug: str
    name: str
    price: int


def list_with(db: Reader, listing_id: int) -> list[Named]:
    """Open packages with goods of one listing, the newest first."""
    inside = (
        exists()
        .where(JointPart.package_id == JointPackage.id, Variant.id == JointPart.variant_id)
        .where(Variant.listing_id == listing_id)
    )
    return _named(db, inside)


def list_newest(db: Reader) -> list[Named]:
    """The newest open packages of all groups."""
    return _named(db)


def _named(db: Reader, *which: Any) -> list[Named]:
    """As `Shown.is_open` says it, in one statement: front door and goods are read often."""
    missing = (
        select(JointPart.package_id)
        .join(Variant, Variant.id == JointPart.variant_id)
        .join(Listing, Listing.id == Variant.listing_id)
        .join(Category, Category.id == Listing.category_id)
        .join(Seller, Seller.id == Listing.seller_id)
        .where(JointPart.package_id == JointPackage.id)
        .where(or_(JointPart.agreed_at.is_(None), JointPart.piece_price > Variant.price, ~ON_SALE))
    )
    query = (
        select(JointPackage.slug, JointPackage.name, JointPackage.price)
        .where(JointPackage.ended_at.is_(None), ~missing.exists(), *which)
        .order_by(JointPackage.id.desc())
        .limit(LINKS_MAX)
    )
    return [Named(*row) for row in db.execute(query)]


def _shown(db: Session, *which: Any) -> list[Shown]:
    query = select(JointPackage).where(*which).order_by(JointPackage.id.desc())
    packages = list(db.scalars(query))
    if not packages:
        return []
    content: dict[int, list[Content]] = {}
    rows = (
        select(
            JointPart,
            func.trim(Listing.name + " " + Variant.name).label("name"),
            Listing.slug,
            Seller.store_name,
            Seller.slug.label("store_slug"),
            Variant.price,
            ON_SALE.label("is_on_sale"),
        )
        .join(Variant, Variant.id == JointPart.variant_id)
        .join(Listing, Listing.id == Variant.listing_id)
        .join(Category, Category.id == Listing.category_id)
        .join(Seller, Seller.id == JointPart.seller_id)
        .where(JointPart.package_id.in_([one.id for one in packages]))
        .order_by(Seller.store_name, JointPart.variant_id)
    )
    for row in db.execute(rows):
        content.setdefault(row.JointPart.package_id, []).append(Content(*row))
    return [Shown(one, content.get(one.id, [])) for one in packages]


_OTHERS = JointPart.__table__.alias("other")
_WAITING = exists().where(
    _OTHERS.c.package_id == JointPart.package_id, _OTHERS.c.agreed_at.is_(None)
)
_NAMED = JointPart.__table__.alias("named")
_AGREED = Ready(
    select(JointPart.package_id, JointPart.variant_id, JointPart.units, JointPart.piece_price)
    .join(JointPackage, JointPackage.id == JointPart.package_id)
    .where(
        JointPackage.ended_at.is_(None),
        ~_WAITING,
        JointPart.package_id.in_(
            select(_NAMED.c.package_id).where(_NAMED.c.variant_id == any_(VARIANTS))
        ),
    )
)


def prices(db: Reader, wanted: Mapping[int, int], full: Mapping[int, int]) -> dict[int, Agreed]:
    """By variant, the package price that goods in these quantities have now."""
    if len(wanted) < 2:
        return {}
    rows = _AGREED.rows(db, {"variants": sorted(wanted)})
    return pricing.fitting(wanted, full, [Agreed(*row) for row in rows])
