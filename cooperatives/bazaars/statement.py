"""One member's paper of a bazaar: what went out, what became of it, what she gets and bears."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session

from cooperatives.bazaars import closing, contesting, costs, figures, sight
from cooperatives.bazaars.closing import Borne
from cooperatives.bazaars.contesting import Result
from cooperatives.bazaars.figures import Figures, Taking
from cooperatives.bazaars.seats import list_seats
from cooperatives.models import Bazaar, BazaarCost, BazaarLine, BazaarLoad, BazaarShare, Lot
from core.actors import Actor
from core.errors import NotFound
from core.words import rupiah, tanggal
from sellers.models import Listing, Seller, Variant
from sellers.owning import own_shop

WHATSAPP_MAX = 700


@dataclass(frozen=True, slots=True)
class Row:
    """One lot: what it is called, its figures, and what was taken for it."""

    lot_id: int
    name: str
    figures: Figures
    taking: Taking


@dataclass(frozen=True, slots=True)
class Statement:
    """Everything about one member at one bazaar; `late` came in after the closing."""

    bazaar: Bazaar
    seller: Seller
    rows: list[Row]
    late: list[Row]
    weight: int
    weights: int
    items: Sequence[BazaarCost]
    costs: int
    cost: int
    made_good: int
    contested: Sequence[Result]

    @property
    def paid_later(self) -> int:
        """What was paid to her for lines that she contested."""
        return sum(one.line.paid for one in self.contested)

    @property
    def gross(self) -> int:
        """What buyers paid for her goods, late ones too."""
        return sum(row.taking.gross for row in [*self.rows, *self.late])

    @property
    def hers(self) -> int:
        """Her part of that, before the costs."""
        return sum(row.taking.hers for row in [*self.rows, *self.late])

    @property
    def total(self) -> int:
        """What the bazaar brought her; less than nothing where the costs were more."""
        return self.hers + self.made_good + self.paid_later - self.cost


def for_board(db: Session, actor: Actor, bazaar_id: int, seller_id: int) -> Statement:
    """A member's paper for the boards of her own cooperative; raises NotFound for any other."""
    found = sight.of(db, actor, bazaar_id)
    seller = db.get(Seller, seller_id)
    if seller is None or seller.organisation_id not in found.boards:
        raise NotFound
    return _of(db, found.bazaar, seller)


def for_maker(db: Session, actor: Actor, bazaar_id: int, seller_id: int) -> Statement:
    """Her own paper; raises NotFound for a bazaar that she has nothing to do with."""
    seller = own_shop(db, actor, seller_id)
    bazaar = db.get(Bazaar, bazaar_id)
    if bazaar is None:
        raise NotFound
    return _of(db, bazaar, seller)


def _of(db: Session, bazaar: Bazaar, seller: Seller) -> Statement:
    live = figures.of_box(db, bazaar)
    taken = figures.takings(db, bazaar.place_id)
    names = _names(db, seller, [*live])
    if bazaar.closed_at is None:
        shares = {one.seller_id: one for one in _as_of_now(db, bazaar, live, taken)}
        rows, late = _rows(names, live, taken), []
    else:
        frozen, paid = _frozen(db, bazaar)
        rows = _rows({lot: name for lot, name in names.items() if lot in frozen}, frozen, paid)
        late = _late(names, (live, taken), (frozen, paid))
        shares = {one.seller_id: one for one in _booked(db, bazaar)}
    own = shares.get(seller.id)
    return Statement(
        bazaar=bazaar,
        seller=seller,
        rows=rows,
        late=late,
        weight=own.weight if own else 0,
        weights=sum(one.weight for one in shares.values()),
        items=[one for one in costs.list_costs(db, bazaar.id) if one.struck_at is None],
        costs=sum(one.cost for one in shares.values()),
        cost=own.cost if own else 0,
        made_good=own.made_good if own else 0,
        contested=contesting.results_of(
            db, bazaar, BazaarLine.seller_id == seller.id, BazaarLine.contested_at.is_not(None)
        ),
    )


def _as_of_now(
    db: Session, bazaar: Bazaar, live: Mapping[int, Figures], taken: Mapping[int, Taking]
) -> list[Borne]:
    try:
        return closing.shared(db, bazaar, live, taken)
    except closing.NobodyToShare:
        return []


def _booked(db: Session, bazaar: Bazaar) -> list[Borne]:
    query = select(BazaarShare).where(BazaarShare.bazaar_id == bazaar.id)
    return [Borne(s.seller_id, s.weight, s.cost, s.made_good) for s in db.scalars(query)]


def _frozen(db: Session, bazaar: Bazaar) -> tuple[dict[int, Figures], dict[int, Taking]]:
    rows = db.scalars(select(BazaarLine).where(BazaarLine.bazaar_id == bazaar.id)).all()
    counts = {
        row.lot_id: Figures(row.brought, row.found, row.sold, row.given, row.lost, row.returned)
        for row in rows
    }
    return counts, {row.lot_id: Taking(row.gross, row.hers) for row in rows}


def _rows(
    names: Mapping[int, str], counts: Mapping[int, Figures], taken: Mapping[int, Taking]
) -> list[Row]:
    rows = [Row(lot, name, counts[lot], taken.get(lot, Taking())) for lot, name in names.items()]
    return sorted(rows, key=lambda row: (row.name, row.lot_id))


Known = tuple[Mapping[int, Figures], Mapping[int, Taking]]


def _late(names: Mapping[int, str], now: Known, then: Known) -> list[Row]:
    """What has changed since the closing, lot by lot."""
    found = []
    for lot, name in names.items():
        units = now[0][lot] - then[0].get(lot, Figures())
        before, after = then[1].get(lot, Taking()), now[1].get(lot, Taking())
        money = Taking(after.gross - before.gross, after.hers - before.hers)
        if units != Figures() or money != Taking():
            found.append(Row(lot, name, units, money))
    return found


def _names(db: Session, seller: Seller, lot_ids: list[int]) -> dict[int, str]:
    query = (
        select(Lot.id, Listing.name, Variant.name.label("size"))
        .join(Variant, Variant.id == Lot.variant_id)
        .join(Listing, Listing.id == Variant.listing_id)
        .where(Lot.id.in_(lot_ids), Lot.owner_id == seller.id)
    )
    return {row.id: f"{row.name} {row.size}".strip() for row in db.execute(query)}


def share_in_words(found: Statement) -> str:
    """How her part of the costs is reckoned, to redo with a calculator."""
    if not found.cost:
        return ""
    own, all_ = (rupiah(n).lstrip("Rp\N{NO-BREAK SPACE} ") for n in (found.weight, found.weights))
    return f"{rupiah(found.costs)} × {own} ÷ {all_} = {rupiah(found.cost)}"


def as_text(found: Statement) -> str:
    """The same as a message for WhatsApp, short enough to be read on a small phone."""
    lines = [f"{found.bazaar.name}, {tanggal(found.bazaar.ends_on)}"]
    lines += [
        _(
            "%(name)s: dibawa %(brought)s, laku %(sold)s, kembali %(returned)s",
            name=row.name,
            brought=row.figures.brought,
            sold=row.figures.sold,
            returned=row.figures.returned,
        )
        for row in found.rows
    ]
    lines.append(_("Bagian Ibu %(hers)s", hers=rupiah(found.hers)))
    if found.made_good:
        lines.append(_("Ganti barang hilang %(sum)s", sum=rupiah(found.made_good)))
    if found.paid_later:
        lines.append(_("Dibayar setelah Ibu tidak setuju %(sum)s", sum=rupiah(found.paid_later)))
    if found.cost:
        lines.append(_("Biaya bersama %(sum)s", sum=rupiah(found.cost)))
    lines.append(_("Jumlah untuk Ibu %(sum)s", sum=rupiah(found.total)))
    text = "\n".join(lines)
    return (
        text if len(text) <= WHATSAPP_MAX else "\n".join([lines[0], *lines[1 + len(found.rows) :]])
    )


def list_of(db: Session, actor: Actor, bazaar_id: int) -> list[Statement]:
    """The papers of all members whose board the actor is, by the names of their shops."""
    found = sight.of(db, actor, bazaar_id)
    goods = list(figures.of_box(db, found.bazaar))
    owners = set(db.scalars(select(Lot.owner_id).where(Lot.id.in_(goods))))
    joined = {seat.seller_id for seat in list_seats(db, found.bazaar) if seat.state == "joined"}
    query = select(Seller).where(
        Seller.id.in_(owners | joined), Seller.organisation_id.in_(found.boards)
    )
    members = db.scalars(query.order_by(Seller.store_name, Seller.id))
    return [_of(db, found.bazaar, seller) for seller in members]


def strangers(db: Session, seen: sight.Sight) -> list[Seller]:
    """Members of other cooperatives whose goods are at this bazaar: the host counts them, and sees
    none of their money.
    """
    goods = select(Lot.owner_id).where(Lot.id.in_(list(figures.of_box(db, seen.bazaar))))
    on_the_way = select(BazaarLoad.seller_id).where(BazaarLoad.bazaar_id == seen.bazaar.id)
    query = select(Seller).where(
        Seller.id.in_(goods) | Seller.id.in_(on_the_way), Seller.organisation_id.not_in(seen.leads)
    )
    return list(db.scalars(query.order_by(Seller.store_name, Seller.id)))
