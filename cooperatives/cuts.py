"""What was taken off a maker's goods: kept beside her page, so that every cut has its reason."""

from collections.abc import Sequence

from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from cooperatives.accounts import Page, find_folios
from cooperatives.models.books import Cut
from cooperatives.sharing import Shares


def write(db: Session, journal_id: int, shared: Sequence[tuple[Page, Shares]]) -> None:
    """Keep what others got of each maker's goods in this journal; keeping it again does nothing."""
    parts: dict[Page, Shares] = {}
    for page, shares in shared:
        parts[page] = parts.get(page, Shares()) + shares
    folios = find_folios(db, list(parts))
    rows = [
        {
            "journal_id": journal_id,
            "account_id": folios[page].account_id,
            "cooperative": shares.cooperative,
            "kiosk": shares.kiosk,
            "operator": shares.operator,
            "affiliate": shares.affiliate,
        }
        for page, shares in parts.items()
    ]
    if rows:
        db.execute(insert(Cut).values(rows).on_conflict_do_nothing())
