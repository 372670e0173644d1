"""Figures for the page of fees: who gets what of a price, by the very rules that share a sale."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask_babel import lazy_gettext as _
from sqlalchemy import select

from cooperatives import consignment
from cooperatives.consignment import DEFAULT_RATES, Sheet
from cooperatives.fair_terms import Rates
from cooperatives.models import Cooperative
from cooperatives.models.members import Terms
from cooperatives.sharing import Rate, Shares, split_line
from core import clock, words
from core.db import Reader
from core.orgs import Organisation

EXAMPLE_PRICE = 100_000
DRAWING_WIDTH = 1_000
COOPERATIVES_MAX = 50
TERMS_SINCE = date(2026, 11, 22)
"""The first day of the terms of use; it moves when their words do."""

WAYS: Mapping[tuple[str, str], Any] = {
    ("web", "home"): _("Dari rumah pembuat, lewat web"),
    ("web", "kiosk"): _("Dari kios, lewat web"),
    ("counter", "kiosk"): _("Di meja kasir kios"),
    ("bazaar", "bazaar"): _("Di bazar"),
}
PARTIES: Mapping[str, Any] = {
    "maker": _("Pembuat"),
    "cooperative": _("Koperasi"),
    "kiosk": _("Kios"),
    "operator": _("Pengelola Lumbung"),
}
FEE_PAYERS: Mapping[str, Any] = {
    "operator": _("Pengelola Lumbung"),
    "cooperative": _("Koperasi"),
    "maker": _("Pembuat"),
}
DISCOUNT_PAYERS: Mapping[str, Any] = {
    "everybody": _("Semua, sesuai bagiannya"),
    "maker": _("Pembuat"),
    "cooperative": _("Koperasi"),
    "kiosk": _("Kios"),
}


@dataclass(frozen=True, slots=True)
class Bar:
    """One party's piece of the drawing, in thousandths of its width."""

    party: str
    start: int
    width: int


@dataclass(frozen=True, slots=True)
class Way:
    """How one price is shared when it is sold in one way."""

    label: Any
    shares: Shares
    fee_payer: Any
    invited: int
    inviter_payer: Any
    most_off: str
    off_payer: Any

    @property
    def parts(self) -> list[tuple[str, int]]:
        """Everybody who gets something, the maker first."""
        named = [(party, getattr(self.shares, party)) for party in PARTIES]
        return [(party, amount) for party, amount in named if amount]

    @property
    def bars(self) -> list[Bar]:
        """The same as pieces of one bar."""
        drawn: list[Bar] = []
        start = before = 0
        for party in PARTIES:
            before += getattr(self.shares, party)
            end = before * DRAWING_WIDTH // self.shares.gross
            if end > start:
                drawn.append(Bar(party, start, end - start))
            start = end
        return drawn


@dataclass(frozen=True, slots=True)
class House:
    """A cooperative with the terms in force and those announced."""

    slug: str
    name: str
    current: Sheet
    announced: tuple[Sheet, ...]


def share_out(rates: Rates, price: int) -> list[Way]:
    """How a price is shared in every way the terms allow."""
    return [
        _way(label, price, rates[way], has_keeper=way[0] != "web")
        for way, label in WAYS.items()
        if way in rates
    ]


def _way(label: Any, price: int, rate: Rate, *, has_keeper: bool) -> Way:
    """One way; only a keeper lets something off a price."""
    invited = split_line(price, rate, is_invited=True).affiliate
    lets_off = has_keeper and rate.discount_bp
    return Way(
        label,
        split_line(price, rate),
        FEE_PAYERS[rate.fee_payer],
        invited,
        FEE_PAYERS[rate.affiliate_payer] if invited else "",
        words.persen(rate.discount_bp) if lets_off else "",
        DISCOUNT_PAYERS[rate.discount_payer] if lets_off else "",
    )


def list_houses(db: Reader) -> list[House]:
    """Open cooperatives with their terms, by name; two queries however many there are."""
    query = (
        select(Organisation.slug, Organisation.short_name, Terms.id.label("terms_id"))
        .join(Cooperative, Cooperative.id == Organisation.id)
        .join(Terms, Terms.organisation_id == Organisation.id)
        .where(Organisation.closed_at.is_(None))
        .order_by(Organisation.short_name, Organisation.id, Terms.version)
    )
    rows = db.execute(query).all()
    sheets = consignment.sheets(db, [row.terms_id for row in rows])
    known: dict[tuple[str, str], list[Sheet]] = {}
    for row in rows:
        known.setdefault((row.slug, row.short_name), []).append(sheets[row.terms_id])
    houses = [_house(slug, name, versions) for (slug, name), versions in known.items()]
    return [house for house in houses if house is not None][:COOPERATIVES_MAX]


def _house(slug: str, name: str, versions: list[Sheet]) -> House | None:
    today = clock.today()
    in_force = [sheet for sheet in versions if sheet.valid_from <= today]
    if not in_force:
        return None
    current = max(in_force, key=lambda sheet: (sheet.valid_from, sheet.version))
    return House(slug, name, current, tuple(s for s in versions if s.valid_from > today))


def rates_of(houses: list[House], slug: str) -> Rates:
    """The rates of one cooperative, or those every new cooperative begins with."""
    return next((house.current.rates for house in houses if house.slug == slug), DEFAULT_RATES)
