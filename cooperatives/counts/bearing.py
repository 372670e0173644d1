"""Who answers for goods that a count finds missing: booked to the rupiah, at the maker's share.

The terms that the lot came in under say who. Where it is the owner, nothing is booked: the goods
were hers; nor at a bazaar, whose closing makes good what is gone. Goods found again give back what
was paid for missing ones of that lot.
"""

from flask_babel import lazy_gettext as _l
from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from cooperatives import consignment, ledger
from cooperatives.accounts import Owner, Page, own
from cooperatives.consignment import Sheet
from cooperatives.counts.reading import Row
from cooperatives.models import Bazaar, Place, StockCount, StockCountLine
from cooperatives.models.books import Kind
from cooperatives.receiving.intake import SOLD_AS
from cooperatives.sharing import split_line
from core.actors import Actor
from sellers.models import Seller

BORNE, BACK = "missing_borne", "missing_back"
WORDS = {
    "kiosk": _l("ditanggung kios"),
    "cooperative": _l("ditanggung koperasi"),
    "risk_fund": _l("ditanggung dana cadangan koperasi"),
    "owner": _l("ditanggung pemiliknya"),
}
BAZAAR = "bazaar"
TOLD = WORDS | {BAZAAR: _l("dihitung saat bazar ditutup")}
"""Who answers for a counted line; at a bazaar what was agreed before anybody joined."""
REASONS = {
    "lost": _l("Hilang"),
    "broken": _l("Rusak atau basi"),
    "given": _l("Dicicip atau diberikan"),
    "unsold": _l("Laku, belum dicatat"),
    "wrong": _l("Salah catat sebelumnya"),
    "found": _l("Ketemu lagi"),
    "other": _l("Alasan lain"),
}
NOT_MISSING = frozenset({"wrong", "found"})
"""Reasons by which nothing is missing: the record was wrong."""


def unit_share(row: Row, place: Place, terms: Sheet) -> int:
    """What the owner would have got for one unit sold there."""
    rate = terms.rates.get(SOLD_AS.get(place.kind, ("", "")))
    return split_line(row.price, rate).maker if rate else row.price


def page_of(bearer: str, place: Place, organisation_id: int) -> Page:
    """The page of whoever answers."""
    match bearer:
        case "kiosk":
            return own(Kind.KIOSK, place.organisation_id, place.slug)
        case "cooperative":
            return own(Kind.COOPERATIVE, organisation_id)
    return own(Kind.RISK_FUND, organisation_id)


def owner_page(db: Session, row: Row) -> Page:
    """The owner's page in the books of her cooperative: the mother herself, or who sells."""
    seller = db.get_one(Seller, row.owner_id)
    person_id = seller.person_id
    owner = Owner(person_id) if person_id else Owner(organisation_id=seller.organisation_id)
    return Page(Kind.MAKER, row.organisation_id, owner)


def bear(db: Session, *, actor: Actor, place: Place, row: Row) -> None:
    """Book what is missing, or found again, of a line whose difference was just posted."""
    line = row.line
    assert line.difference, "only a difference is borne"
    terms = consignment.sheets(db, [row.terms_id])[row.terms_id]
    if line.difference > 0:
        line.borne = _found_again(db, place, row)
        line.bearer = terms.missing if line.borne else ""
    elif line.reason not in NOT_MISSING:
        line.bearer = BAZAAR if _is_at_a_bazaar(db, place) else terms.missing
        if line.bearer not in ("owner", BAZAAR):
            line.borne = -line.difference * unit_share(row, place, terms)
    if line.borne:
        way = 1 if line.difference < 0 else -1
        _book(db, actor, place, row, way * line.borne)


def unbear(db: Session, *, actor: Actor, place: Place, row: Row) -> None:
    """A line was reversed: what was booked for it, and not given back since, goes back."""
    line = row.line
    assert line.difference, "only a difference is borne"
    if line.difference > 0:
        _book(db, actor, place, row, _missing_again(db, place, row))
    else:
        still = -line.difference - line.found
        _book(db, actor, place, row, -(line.borne // -line.difference) * still)


def _is_at_a_bazaar(db: Session, place: Place) -> bool:
    """Whether the closing of a bazaar says who bears what is gone from there: it counts once."""
    return db.scalar(select(Bazaar.id).where(Bazaar.place_id == place.id)) is not None


def _borne_before(place: Place, row: Row) -> Select[StockCountLine]:
    """Lines that were paid for units of this lot missing at this place."""
    return (
        select(StockCountLine)
        .join(StockCount, StockCount.id == StockCountLine.count_id)
        .where(StockCountLine.lot_id == row.lot_id, StockCount.place_id == place.id)
        .where(StockCountLine.borne > 0, StockCountLine.difference < 0)
        .with_for_update(of=StockCountLine)
    )


def _missing_again(db: Session, place: Place, row: Row) -> int:
    """What she gave back for units that were not found after all; what is still due of it."""
    left, amount = row.line.borne, 0
    for missing in db.scalars(_borne_before(place, row).order_by(StockCount.ended_at)):
        assert missing.difference, "the query asks for differences"
        each = missing.borne // -missing.difference
        units = min(missing.found, left // each)
        missing.found -= units
        left -= units * each
        amount += units * each if missing.outcome != "reversed" else 0
    return amount


def _found_again(db: Session, place: Place, row: Row) -> int:
    """What was paid for units of this lot that are there after all, the newest count first."""
    query = _borne_before(place, row).where(StockCountLine.outcome != "reversed")
    left, amount = row.line.difference or 0, 0
    for missing in db.scalars(query.order_by(StockCount.ended_at.desc())):
        assert missing.difference, "the query asks for differences"
        units = min(left, -missing.difference - missing.found)
        missing.found += units
        left -= units
        amount += units * (missing.borne // -missing.difference)
    return amount


def _book(db: Session, actor: Actor, place: Place, row: Row, amount: int) -> None:
    """To the owner where positive, back from her where negative."""
    if not amount:
        return
    ledger.post(
        db,
        actor=actor,
        kind=BORNE if amount > 0 else BACK,
        doc=("stock_count", f"{row.line.count_id}:{row.lot_id}"),
        lines=[
            (page_of(row.line.bearer, place, row.organisation_id), amount),
            (owner_page(db, row), -amount),
        ],
        memo=row.name[:200],
    )
