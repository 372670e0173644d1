"""What went over the counter, line by line, with all that is frozen at a sale."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from cooperatives import consignment, movements
from cooperatives.models import Lot, Place
from cooperatives.models.stock import Shortfall
from cooperatives.postings import Parties
from cooperatives.sharing import Rate, Shares, split_line
from core.acts import Act
from core.money import BASIS_POINTS
from orders import earning
from orders.checkout import order_doc
from orders.inviting import Invited
from orders.models import Line
from orders.till.bundles import Known
from orders.till.flags import Flag
from orders.till.said import SaidLine
from orders.till.sharing_out import Piece
from sellers import prices
from sellers.models import Listing, Seller, Variant
from sellers.prices import OldPrice

CHANNELS = {"kiosk": "counter", "bazaar": "bazaar"}
"""Places with a till, and the channel whose terms count there."""


@dataclass(frozen=True, slots=True)
class Sold:
    """A piece with all that its line freezes."""

    piece: Piece
    name: str
    weight_grams: int
    listed_price: int
    label_prices: tuple[int, ...]
    rate: Rate | None
    shares: Shares
    parties: Parties
    affiliate_id: int | None
    package_id: int | None

    @property
    def label_price(self) -> int:
        """What stood on the label when the goods came in."""
        return self.label_prices[-1]

    @property
    def line(self) -> SaidLine:
        """What the till said."""
        return self.piece.line


def described(
    db: Session,
    house: int,
    place: Place,
    found: Sequence[Piece],
    invited: Invited,
    packages: Known,
) -> list[Sold]:
    """Names, prices, parties and shares, by the terms that each lot came in under."""
    query = (
        select(Lot, Variant, Listing.name, Seller)
        .join(Variant, Variant.id == Lot.variant_id)
        .join(Listing, Listing.id == Variant.listing_id)
        .join(Seller, Seller.id == Lot.owner_id)
        .where(Lot.id.in_([piece.pick.lot_id for piece in found]))
    )
    about = {row[0].id: row for row in db.execute(query)}
    since = min(row[0].received_at for row in about.values())
    old = prices.prices_since(db, [row[1].id for row in about.values()], since)
    sheets = consignment.sheets(db, sorted({piece.pick.terms_id for piece in found}))
    sold = []
    for piece in found:
        lot, variant, name, seller = about[piece.pick.lot_id]
        rate = sheets[lot.terms_id].rates.get((CHANNELS[place.kind], place.kind))
        by = invited.to(variant.listing_id, seller.id)
        shares = _shares(piece, rate or Rate(), is_invited=by is not None)
        by = by if shares.affiliate else None
        sold.append(
            Sold(
                piece=piece,
                name=f"{name} {variant.name}".strip(),
                weight_grams=variant.weight_grams,
                listed_price=variant.price,
                label_prices=_label_prices(lot, variant, old.get(variant.id, [])),
                rate=rate,
                shares=shares,
                parties=earning.parties(
                    house, place, lot.organisation_id, seller, Line(affiliate_id=by)
                ),
                affiliate_id=by,
                package_id=piece.line.package_id if piece.line.package_id in packages else None,
            )
        )
    return sold


def _shares(piece: Piece, rate: Rate, *, is_invited: bool) -> Shares:
    line, units = piece.line, piece.quantity
    full, off = line.price + line.discount, line.discount
    return split_line(full * units, rate, is_invited=is_invited, discount=off * units)


def _label_prices(lot: Lot, variant: Variant, old: Sequence[OldPrice]) -> tuple[int, ...]:
    """Today's price, and those that its label may still say, the newest first."""
    since = [price.price for price in old if price.until > lot.received_at]
    return (variant.price, *since)


def promised(db: Session, place: Place, sold: Sequence[Sold], began: datetime) -> list[str]:
    """Names of goods that an online buyer had been promised and that have gone now."""
    query = select(Shortfall.lot_id).where(
        Shortfall.place_id == place.id,
        Shortfall.lot_id.in_([one.piece.pick.lot_id for one in sold]),
        Shortfall.created_at >= began,
    )
    broken = set(db.scalars(query))
    return sorted({one.name for one in sold if one.piece.pick.lot_id in broken})


def marks(db: Session, sale_id: UUID, sold: Sequence[Sold], known: dict[Flag, bool]) -> list[Flag]:
    """What somebody should look at, with what the caller knows already."""
    doc = order_doc(sale_id)
    act = db.get(Act, sale_id)
    found = known | {
        Flag.BEYOND: bool(movements.posted(db, doc, "count")),
        Flag.PRICE: any(_is_odd(one) for one in sold),
        Flag.DISCOUNT: any(map(_is_over, sold)),
        Flag.EXPIRED: any(moved.is_flagged for moved in movements.posted(db, doc, "sale")),
        Flag.TERMS: any(one.rate is None for one in sold),
        Flag.CLOCK: act is not None and act.is_clamped,
    }
    return [flag for flag in Flag if found[flag]]


def _is_odd(one: Sold) -> bool:
    if one.package_id is not None:
        return False
    return one.line.price + one.line.discount not in one.label_prices


def _is_over(one: Sold) -> bool:
    """Whether more was let off than the terms of the lot allow here."""
    line, most = one.line, one.rate.discount_bp if one.rate else 0
    return line.discount * BASIS_POINTS > (line.price + line.discount) * most
