"""A bazaar is closed: everything is explained, the costs are shared, and nothing changes any more.

What a till that was out of reach sends in afterwards is sold and paid as always; each statement
shows it as late, and nobody's share of the costs changes.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from flask_babel import lazy_gettext as _
from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from cooperatives import consignment, ledger, levels, places
from cooperatives.accounts import Owner, Page, own
from cooperatives.bazaars import bazaar_news, costs, figures, sight
from cooperatives.bazaars.figures import Figures, Taking
from cooperatives.bazaars.seats import list_seats
from cooperatives.consignment import NotSoldHere
from cooperatives.models import (
    Bazaar,
    BazaarLine,
    BazaarLoad,
    BazaarShare,
    Level,
    Lot,
    Place,
    Shipment,
)
from cooperatives.models.books import Kind
from cooperatives.sharing import split_line
from core import audit, clock
from core.actors import Actor
from core.config import is_off_in_test
from core.db import in_transaction
from core.errors import DomainError
from sellers.models import Seller, Variant

DOC = "bazaar"
CHANNEL = KIND = "bazaar"


class GoodsLeft(DomainError):
    """Something in the box or on the way is not explained yet."""

    status = 409
    sentence = _("Masih ada barang yang belum dijelaskan. Hitung dulu semuanya.")


class NobodyToShare(DomainError):
    """There are costs, and nobody who joined."""

    status = 409
    sentence = _("Ada biaya, tetapi belum ada peserta yang membaginya.")


@dataclass(frozen=True, slots=True)
class Borne:
    """What a member bears of the costs, by her weight, and what she is given for lost goods."""

    seller_id: int
    weight: int
    cost: int
    made_good: int


@in_transaction(retries=3)
def close(db: Session, *, actor: Actor, bazaar_id: int) -> Bazaar:
    """Freeze what became of all goods and book everybody's share; again changes nothing.

    Raises GoodsLeft, NobodyToShare, NotFound.
    """
    bazaar = sight.as_host(db, actor, bazaar_id)
    if bazaar.closed_at is not None:
        return bazaar
    _refuse_unexplained(db, bazaar)
    found, taken = figures.of_box(db, bazaar), figures.takings(db, bazaar.place_id)
    lots = {lot.id: lot for lot in db.scalars(select(Lot).where(Lot.id.in_(found)))}
    db.add_all(
        _line(bazaar, lots[lot_id], one, taken.get(lot_id, Taking()))
        for lot_id, one in found.items()
    )
    shares = shared(db, bazaar, found, taken)
    db.add_all(
        BazaarShare(
            bazaar_id=bazaar.id,
            seller_id=one.seller_id,
            weight=one.weight,
            cost=one.cost,
            made_good=one.made_good,
        )
        for one in shares
    )
    _book(db, actor, bazaar, shares)
    places.close_place.within(db, actor=actor, place_id=bazaar.place_id)
    bazaar.closed_at, bazaar.closed_by = clock.now(), actor.person_id
    for owner_id in sorted({lot.owner_id for lot in lots.values()}):
        bazaar_news.tell_closed(db, bazaar, owner_id)
    audit.record(db, actor, "bazaar.closed", "bazaar", bazaar.id, lots=len(found))
    return bazaar


def wait_for_closing(db: Session, place: Place) -> None:
    """What is written of a box from here on is written wholly before its bazaar is closed, or
    wholly after: the closing reads goods and money one after the other.
    """
    if place.kind == KIND and not is_off_in_test("BAZAAR_GUARD_OFF"):
        shared = select(Bazaar.id).where(Bazaar.place_id == place.id).with_for_update(read=True)
        db.execute(shared)


def _refuse_unexplained(db: Session, bazaar: Bazaar) -> None:
    """Levels are locked, so a sale that is being written is waited for."""
    on_the_way = select(BazaarLoad.id).where(
        BazaarLoad.bazaar_id == bazaar.id, BazaarLoad.settled_at.is_(None)
    )
    box = bazaar.place_id
    shipped = select(Shipment.id).where(
        or_(Shipment.from_place_id == box, Shipment.to_place_id == box),
        Shipment.closed_at.is_(None),
    )
    shelf = levels.lock(db, Level.place_id == box)
    is_left = any(standing.on_hand for standing in shelf)
    if is_left or db.scalar(select(or_(on_the_way.exists(), shipped.exists()))):
        raise GoodsLeft


def _line(bazaar: Bazaar, lot: Lot, one: Figures, taken: Taking) -> BazaarLine:
    return BazaarLine(
        bazaar_id=bazaar.id,
        lot_id=lot.id,
        seller_id=lot.owner_id,
        brought=one.brought,
        found=one.found,
        sold=one.sold,
        given=one.given,
        lost=one.lost,
        returned=one.returned,
        gross=taken.gross,
        hers=taken.hers,
    )


def shared(
    db: Session, bazaar: Bazaar, found: Mapping[int, Figures], taken: Mapping[int, Taking]
) -> list[Borne]:
    """Everybody's share as it would be booked now: of the costs only who joined, in the order of
    the list; of lost goods whoever owns them. Raises NobodyToShare.
    """
    joined = [seat for seat in list_seats(db, bazaar) if seat.state == "joined"]
    total = costs.total(costs.list_costs(db, bazaar.id))
    if total and not joined:
        raise NobodyToShare
    owners = _owners(db, [*found, *taken])
    weights = [
        seat.slots
        if bazaar.shared_by == "slots"
        else sum(one.gross for lot, one in taken.items() if owners[lot] == seat.seller_id)
        for seat in joined
    ]
    if total and not any(weights):
        weights = [1] * len(joined)
    lost = made_good(db, found) if bazaar.lost_by == "host" else {}
    parts = costs.parts(total, weights)
    shares = [
        Borne(seat.seller_id, weight, part, lost.pop(seat.seller_id, 0))
        for seat, weight, part in zip(joined, weights, parts, strict=True)
    ]
    return [*shares, *(Borne(seller_id, 0, 0, sum_) for seller_id, sum_ in sorted(lost.items()))]


def _owners(db: Session, lot_ids: Sequence[int]) -> dict[int, int]:
    query = select(Lot.id, Lot.owner_id).where(Lot.id.in_(lot_ids))
    return {row.id: row.owner_id for row in db.execute(query)}


def made_good(db: Session, found: Mapping[int, Figures]) -> dict[int, int]:
    """What the makers would have got for what is gone, by owner."""
    gone = {lot: one.lost - one.found for lot, one in found.items() if one.lost > one.found}
    owners, owed = _owners(db, [*gone]), dict[int, int]()
    for lot_id, amount in worth_to_owner(db, gone).items():
        if amount:
            owed[owners[lot_id]] = owed.get(owners[lot_id], 0) + amount
    return owed


def worth_to_owner(db: Session, units: Mapping[int, int]) -> dict[int, int]:
    """What the maker would have got for so many units of each lot: the price less the shares of the
    lot's terms.
    """
    query = select(Lot, Variant.price).join(Variant, Variant.id == Lot.variant_id)
    rows = db.execute(query.where(Lot.id.in_(units))).all()
    sheets = consignment.sheets(db, [lot.terms_id for lot, _price in rows])
    found: dict[int, int] = {}
    for lot, price in rows:
        worth = price * units[lot.id]
        try:
            rate = consignment.rate(sheets[lot.terms_id], CHANNEL, KIND)
        except NotSoldHere:
            found[lot.id] = worth  # Terms that name no share take none, as at the till.
        else:
            found[lot.id] = split_line(worth, rate).maker
    return found


def _book(db: Session, actor: Actor, bazaar: Bazaar, shares: Sequence[Borne]) -> None:
    pages = pages_of(db, [one.seller_id for one in shares])
    host, doc = bazaar.organisation_id, (DOC, bazaar.id)
    cost = [(pages[one.seller_id], one.cost) for one in shares if one.cost]
    if cost:
        expense = own(Kind.EXPENSE, host, f"{DOC}:{bazaar.id}")
        lines = [*cost, (expense, -sum(amount for _page, amount in cost))]
        ledger.post(db, actor=actor, kind="bazaar_cost", doc=doc, lines=lines, memo=bazaar.name)
    lost = [(pages[one.seller_id], -one.made_good) for one in shares if one.made_good]
    if lost:
        lines = [*lost, (own(Kind.RISK_FUND, host), -sum(amount for _page, amount in lost))]
        ledger.post(db, actor=actor, kind="bazaar_lost", doc=doc, lines=lines, memo=bazaar.name)


def pages_of(db: Session, seller_ids: Sequence[int]) -> dict[int, Page]:
    """Each member's page in the books of her own cooperative."""
    query = select(Seller).where(Seller.id.in_(seller_ids))
    return {
        seller.id: Page(
            Kind.MAKER,
            seller.organisation_id,
            Owner(person_id=seller.person_id)
            if seller.person_id is not None
            else Owner(organisation_id=seller.organisation_id),
        )
        for seller in db.scalars(query)
    }
