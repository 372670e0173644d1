"""Packages from proposal to end: a coordinator puts one together, each maker agrees or withdraws.

A package is shown and priced only while everybody in it has agreed. Stock, lots and shares know
nothing of it: in a basket it is its goods, each piece at the price that its maker agreed to.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from flask_babel import lazy_gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session

from cooperatives import members
from cooperatives.models import JointPackage, JointPart
from cooperatives.packages import pricing
from cooperatives.packages.pricing import Part
from cooperatives.rights import COORDINATE
from core import access, audit, clock, tasks, words
from core.actors import Actor
from core.db import Reader, in_transaction
from core.errors import DomainError, NotFound
from sellers import slugs
from sellers.models import Category, Listing, Seller, Variant
from sellers.publishing import OPEN, SHOWN
from sellers.rights import PRICES

KINDS_MAX, UNITS_MAX = 12, 20
HER_LIST = "/ibu/paket-bersama"
AGREE = tasks.declare("package.agree", _("Setujui paket bersama %(name)s"))


class TooFew(DomainError):
    """A package is of several makers."""

    sentence = _("Pilih barang dari dua penjual atau lebih.")


class TooMany(DomainError):
    """A package that nobody can carry or read."""

    sentence = _("Paling banyak 12 macam barang, masing-masing 1 sampai 20 buah.")


class TooDear(DomainError):
    """Together may not cost more than one by one."""

    def __init__(self, total: int) -> None:
        super().__init__(
            _("Harga paket paling tinggi %(total)s, sama dengan jumlah harga isinya.",
              total=words.rupiah(total))
        )  # fmt: skip


class NoWholePieces(DomainError):
    """The price cannot be shared so that each piece has a whole price."""

    def __init__(self, near: Sequence[int]) -> None:
        if near:
            choices = _(" atau ").join(words.rupiah(one) for one in near)
            super().__init__(_("Harga ini tidak terbagi pas. Pakai %(near)s.", near=choices))
        else:
            super().__init__(_("Harga ini terlalu rendah untuk dibagi."))


@in_transaction(retries=3)
def propose(
    db: Session,
    *,
    actor: Actor,
    organisation_id: int,
    name: str,
    story: str,
    price: int,
    units: Mapping[int, int],
) -> JointPackage:
    """Put a package together and ask its makers; `units` says how many of each variant.

    Raises TooFew, TooMany, TooDear, NoWholePieces, ReservedName, NotFound for what is not the
    members' goods.
    """
    access.require(db, actor, COORDINATE, organisation_id)
    if len(units) > KINDS_MAX or not all(1 <= one <= UNITS_MAX for one in units.values()):
        raise TooMany
    rows = [row for row in choices(db, organisation_id) if row.id in units]
    if len(rows) != len(units):
        raise NotFound
    if len({row.seller_id for row in rows}) < 2:
        raise TooFew
    pieces = _pieces(price, [Part(units[row.id], row.price) for row in rows])
    package = JointPackage(
        organisation_id=organisation_id,
        slug=slugs.choose(db, JointPackage.slug, name),
        name=name,
        story=story,
        price=price,
        made_by=actor.person_id,
    )
    db.add(package)
    db.flush()
    for row, piece in zip(rows, pieces, strict=True):
        db.add(JointPart(package_id=package.id, variant_id=row.id, seller_id=row.seller_id,
                         units=units[row.id], piece_price=piece))  # fmt: skip
    for seller_id in sorted({row.seller_id for row in rows}):
        tasks.write(db, AGREE, doc=_doc(package.id, seller_id), link=HER_LIST,
                    holders=(PRICES, seller_id), facts={"name": name})  # fmt: skip
    audit.record(db, actor, "package.propose", "joint_package", package.id, price=price)
    return package


def _pieces(price: int, parts: Sequence[Part]) -> list[int]:
    total = sum(part.units * part.price for part in parts)
    if price > total:
        raise TooDear(total)
    pieces = pricing.spread(price, parts)
    if pieces is None:
        raise NoWholePieces(pricing.nearest(price, parts))
    return pieces


def _doc(package_id: int, seller_id: int) -> tuple[str, str]:
    return ("joint_package", f"{package_id}:{seller_id}")


def choices(db: Reader, organisation_id: int) -> list[Any]:
    """Goods on sale of the group's shops and members, as id, name, variant_name, price, seller_id
    and store_name; samples are no part of a package.
    """
    query = (
        select(
            Variant.id,
            Listing.name,
            Variant.name.label("variant_name"),
            Variant.price,
            Seller.id.label("seller_id"),
            Seller.store_name,
        )
        .join(Listing, Listing.id == Variant.listing_id)
        .join(Seller, Seller.id == Listing.seller_id)
        .join(Category, Category.id == Listing.category_id)
        .where(Variant.archived_at.is_(None), Variant.is_sample.is_(False), SHOWN, OPEN)
        .where(members.sells_for(organisation_id))
        .order_by(Seller.store_name, Listing.name, Variant.price, Variant.id)
    )
    return list(db.execute(query))


@in_transaction(retries=3)
def answer(
    db: Session, *, actor: Actor, package_id: int, seller_id: int, agrees: bool
) -> JointPackage:
    """A maker, or her helper for prices, agrees or withdraws; either can be done again at any time.

    What was ordered before stays as it was. Raises NotFound.
    """
    access.require(db, actor, PRICES, seller_id)
    package = _open(db, package_id)
    query = select(JointPart).where(
        JointPart.package_id == package_id, JointPart.seller_id == seller_id
    )
    parts = list(db.scalars(query.with_for_update()))
    if not parts:
        raise NotFound
    for part in parts:
        part.agreed_at = (part.agreed_at or clock.now()) if agrees else None
        part.agreed_by = actor.person_id if agrees else None
    tasks.close(db, AGREE, actor=actor, doc=_doc(package_id, seller_id), reason="answered")
    what = "package.agree" if agrees else "package.withdraw"
    audit.record(db, actor, what, "joint_package", package_id, seller_id=seller_id)
    return package


@in_transaction(retries=3)
def end(db: Session, *, actor: Actor, package_id: int) -> JointPackage:
    """The group offers it no more. Raises NotFound."""
    found = db.get(JointPackage, package_id)
    if found is None:
        raise NotFound
    access.require(db, actor, COORDINATE, found.organisation_id)
    if found.ended_at is None:
        found.ended_at = clock.now()
        sellers = select(JointPart.seller_id).where(JointPart.package_id == package_id).distinct()
        for seller_id in db.scalars(sellers).all():
            tasks.close(db, AGREE, actor=actor, doc=_doc(package_id, seller_id), reason="ended")
        audit.record(db, actor, "package.end", "joint_package", package_id)
    return found


def _open(db: Session, package_id: int) -> JointPackage:
    package = db.get(JointPackage, package_id, with_for_update=True)
    if package is None or package.ended_at is not None:
        raise NotFound
    return package
