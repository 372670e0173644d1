"""What of a parcel is still to be earned, and what of it can still be claimed."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from cooperatives.models import Place
from cooperatives.sharing import Shares
from core.db import Reader
from orders import parcels
from orders.claim_states import LIVING, Bearer
from orders.models import Claim, ClaimLine, Line, Parcel
from orders.models.claims import PARTS
from orders.parcels import Handled
from orders.states import ParcelState

STILL_TO_EARN = (ParcelState.HANDED_OVER, ParcelState.DELIVERED, ParcelState.QUIET)


@dataclass(frozen=True, slots=True)
class Left:
    """Of one line: the shares nobody has given back and the pieces they are for, and the pieces
    whose money the buyer has not got back, whoever bore that.
    """

    shares: Shares
    units: int
    unpaid: int


def is_claimed() -> ColumnElement[bool]:
    """The condition on `Parcel` that a claim on it is open."""
    living = select(Claim.id).where(Claim.parcel_id == Parcel.id, Claim.state.in_(LIVING))
    return living.exists()


def has_claim(db: Reader, parcel_id: int) -> bool:
    """Whether a claim on this parcel is open."""
    living = select(Claim.id).where(Claim.parcel_id == parcel_id, Claim.state.in_(LIVING))
    return db.scalar(living) is not None


def is_to_earn(parcel: Parcel) -> bool:
    """Whether its money is still held for the order, and not on everybody's page."""
    return parcel.earned_at is None and parcel.state in STILL_TO_EARN


def left_of(db: Session, lines: Sequence[Line]) -> dict[int, Left]:
    """What claims have left of these lines, by line id."""
    is_undone = Claim.bearer == Bearer.MAKER
    parts = [func.sum(getattr(ClaimLine, part)).label(part) for part in PARTS]
    query = (
        select(
            ClaimLine.line_id,
            func.sum(ClaimLine.granted).label("paid"),
            func.coalesce(func.sum(ClaimLine.granted).filter(is_undone), 0).label("undone"),
            *parts,
        )
        .join(Claim, Claim.id == ClaimLine.claim_id)
        .where(ClaimLine.line_id.in_([line.id for line in lines]), Claim.paid_at.is_not(None))
        .group_by(ClaimLine.line_id)
    )
    db.flush()
    gone = {row.line_id: row for row in db.execute(query)}
    return {line.id: _left(line, gone.get(line.id)) for line in lines}


def undone(db: Session, lines: Sequence[Line]) -> dict[int, Shares]:
    """Everybody's part of the pieces whose sale claims have undone, by line id."""
    left = left_of(db, lines)
    return {line.id: parcels.given_shares(line) - left[line.id].shares for line in lines}


def _left(line: Line, gone: object | None) -> Left:
    shares = parcels.given_shares(line)
    if gone is None:
        return Left(shares, line.given, line.given)
    units = line.given - int(gone.undone)  # type: ignore[attr-defined]
    return Left(shares - shares_in(gone), units, line.given - int(gone.paid))  # type: ignore[attr-defined]


def shares_in(row: object) -> Shares:
    """The five parts that a row carries."""
    return Shares(**{part.removesuffix("_part"): int(getattr(row, part)) for part in PARTS})


def fee_paid(db: Session, parcel_id: int, *, undone_only: bool = False) -> int:
    """What of a parcel's delivery fee claims have given back."""
    query = select(func.coalesce(func.sum(Claim.fee_back), 0)).where(
        Claim.parcel_id == parcel_id, Claim.paid_at.is_not(None)
    )
    if undone_only:
        query = query.where(Claim.bearer == Bearer.MAKER)
    db.flush()
    return int(db.scalar(query) or 0)


def borne(db: Reader, order_id: UUID) -> list[tuple[str, int]]:
    """Who pays for what claims of an order gave back, and how much, where its sale still stands.

    A kiosk's makers bear a delivery fee that went back: the kiosk has paid the courier.
    """
    goods = func.coalesce(func.sum(ClaimLine.granted * Line.price), 0)
    query = (
        select(Claim.bearer, Claim.fee_back, Place.kind, goods.label("goods"))
        .join(Parcel, Parcel.id == Claim.parcel_id)
        .join(Place, Place.id == Parcel.place_id)
        .join(ClaimLine, ClaimLine.claim_id == Claim.id)
        .join(Line, Line.id == ClaimLine.line_id)
        .where(Claim.order_id == order_id, Claim.paid_at.is_not(None))
        .group_by(Claim.id, Place.kind)
    )
    found = []
    for row in db.execute(query):
        is_undone = row.bearer == Bearer.MAKER
        own_fee = is_undone and row.kind == "home"
        amount = (0 if is_undone else int(row.goods)) + (0 if own_fee else row.fee_back)
        if amount:
            found.append((row.bearer, amount))
    return found


def fee_left(db: Session, handled: Handled) -> int:
    """What of the delivery fee is still for whoever paid the courier.

    A maker who sent her own goods bears it by not getting it; a kiosk gets it all the same.
    """
    fee = handled.parcel.fee
    if not fee or handled.place.kind != "home":
        return fee
    return fee - fee_paid(db, handled.parcel.id, undone_only=True)
