"""PPh 22 withheld at settlement, where the house was appointed to: a switch with dates, off.

A person is free of it with a signed letter of the year, as long as her turnover stays below the
limit, or with a certificate of the tax office. Tax is withheld from what buyers paid for the goods
of a settlement, rounded down to whole rupiah, and stands on the operator's own page until it is
handed on. What the rules are is a matter of `TaxSettings`, never of this file.
"""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from cooperatives import ledger
from cooperatives.accounts import Folio, open_folios, own
from cooperatives.models.books import Account, Entry, Kind, Payee, Settlement
from cooperatives.models.tax import TaxLetter
from cooperatives.settling import turnover
from cooperatives.settling.tax_settings import TaxSettings
from core import clock, orgs
from core.actors import Actor
from core.config import settings
from core.db import Reader
from core.money import BASIS_POINTS
from core.words import persen, rupiah

WITHHELD = "tax_withheld"


def tax_on(gross: int, turnover_of_year: int, letter: str, rules: TaxSettings) -> int:
    """What is withheld of a settlement, by the letter she has handed in ('' is none)."""
    if letter == "exempt":
        return 0
    if letter == "below" and turnover_of_year <= rules.tax_free_rupiah:
        return 0
    return max(0, gross) * rules.pph22_bp // BASIS_POINTS


def due(db: Session, account: Account, entry_ids: Sequence[int]) -> tuple[int, int]:
    """How much tax a settlement of these entries withholds, and of what; 0 while it is off."""
    rules = settings(TaxSettings)
    today = clock.today()
    person_id = db.get_one(Payee, account.payee_id).person_id
    if account.kind != Kind.MAKER or person_id is None or not rules.is_on(today):
        return 0, 0
    found = letter(db, person_id, today.year)
    kind = found.kind if found else ""
    of_year = turnover.of_year(db, person_id, today.year) if kind == "below" else 0
    gross = turnover.of_entries(db, entry_ids)
    return tax_on(gross, of_year, kind, rules), gross


def withhold(
    db: Session, *, actor: Actor, settlement: Settlement, account: Account, amount: int, gross: int
) -> int:
    """Book what is withheld of a settlement; the entry on her page, which belongs to it."""
    page = own(Kind.TAX, orgs.operator_id(db))
    hers = Folio(account.id, Kind(account.kind), account.currency)
    rate = persen(settings(TaxSettings).pph22_bp)
    journal = ledger.post_folios(
        db,
        actor=actor,
        kind=WITHHELD,
        doc=("settlement", settlement.id),
        lines=[(hers, amount), (open_folios(db, [page])[page], -amount)],
        memo=f"{rate} × {rupiah(gross)}",
    )
    entry = select(Entry.id).where(Entry.journal_id == journal.id, Entry.account_id == account.id)
    return db.scalars(entry).one()


def letter(db: Reader, person_id: int, year: int) -> TaxLetter | None:
    """The letter a person has handed in for a year."""
    return db.scalar(
        select(TaxLetter).where(
            TaxLetter.person_id == person_id,
            TaxLetter.year == year,
            TaxLetter.withdrawn_at.is_(None),
        )
    )
