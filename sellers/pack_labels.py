"""Labels for packs: which sizes can have one, what is missing, and what is printed.

Maker, address, batch and days are typed for each print and kept nowhere: her address is on no page
and in no table, only on the paper.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from core import audit, clock
from core.actors import Actor
from core.config import settings
from core.db import in_transaction
from core.errors import DomainError, NotFound
from sellers import label_rules, permit_numbers, permits, sheets
from sellers.checks import FOOD_PERMITS, Gap, PermitFact, Sheet
from sellers.models import Listing, Permit, Variant
from sellers.owning import own_listing
from sellers.rights import GOODS
from sellers.settings import SellerSettings


class LabelLacks(DomainError):
    """No label goes to the printer while a part of it is missing: `gaps` names each."""

    def __init__(self, gaps: list[Gap]) -> None:
        self.gaps = gaps
        super().__init__(gaps[0].sentence)


@dataclass(frozen=True, slots=True)
class Pack:
    """One size of a product, and what its label lacks."""

    listing: Listing
    variant: Variant
    sheet: Sheet
    gaps: list[Gap]

    @property
    def name(self) -> str:
        """The product, and the size where it has a name that says more than the weight."""
        return f"{self.listing.name} {self.variant.name}".strip()


def of_shop(db: Session, seller_id: int) -> list[Pack]:
    """Every size of what can be eaten or drunk and is not put away, by name."""
    query = sheets.edible(seller_id).order_by(Listing.name, Listing.id)
    goods = {one.id: one for one in db.scalars(query)}
    known = sheets.collect(db, list(goods.values()))
    sizes = select(Variant).where(Variant.listing_id.in_(goods), Variant.archived_at.is_(None))
    turn = {listing_id: place for place, listing_id in enumerate(goods)}
    ordered = sorted(
        db.scalars(sizes.order_by(Variant.position, Variant.id)),
        key=lambda size: turn[size.listing_id],
    )
    return [_pack(goods[size.listing_id], size, known[size.listing_id]) for size in ordered]


def get(db: Session, actor: Actor, variant_id: int) -> Pack:
    """One size of her own goods; raises NotFound."""
    variant = db.get(Variant, variant_id)
    if variant is None:
        raise NotFound
    listing = own_listing(db, actor, variant.listing_id, GOODS)
    return _pack(listing, variant, sheets.collect(db, [listing])[listing.id])


def _pack(listing: Listing, variant: Variant, sheet: Sheet) -> Pack:
    rules, today = settings(SellerSettings), clock.today()
    gaps = label_rules.lacking(sheet, variant.net_weight_grams, rules, today)
    return Pack(listing, variant, sheet, gaps)


@in_transaction()
def print_out(db: Session, *, actor: Actor, variant_id: int, pieces: int) -> tuple[Pack, list[str]]:
    """The pack and the numbers for its label; printing is a deed. Raises LabelLacks, NotFound."""
    pack = get(db, actor, variant_id)
    if pack.gaps:
        raise LabelLacks(pack.gaps)
    audit.record(db, actor, "label.print", "variant", variant_id, pieces=pieces)
    return pack, list(_numbers(permits.covering(db, pack.listing.id), pack.listing.halal))


def _numbers(held: Iterable[Permit], halal: str) -> Iterable[str]:
    """The first food permit that counts, and the halal certificate of what is certified."""
    counting = [one for one in held if _counts(one)]
    for kinds in (FOOD_PERMITS | {"tr"}, {"halal"} if halal == "certified" else frozenset()):
        found = next((one for one in counting if one.kind in kinds), None)
        if found is not None and found.number is not None:
            shown = permit_numbers.display(found.kind, found.number, is_sample=found.is_sample)
            yield f"HALAL {shown}" if found.kind == "halal" else shown
    if halal == "not_halal":
        yield "TIDAK HALAL"


def _counts(permit: Permit) -> bool:
    fact = PermitFact(permit.kind, permit.number is not None, permit.valid_until)
    return fact.counts(clock.today())
