"""What the report of a gateway brings to its page: exchange differences, and money that differs."""

from sqlalchemy.orm import Session

from cooperatives.accounts import Page, own
from cooperatives.ledger import post
from cooperatives.models.books import Journal, Kind
from core.actors import Actor


def exchanged(
    db: Session, *, actor: Actor, line_id: int, clearing: Page, difference: int
) -> Journal:
    """Foreign money was worth more (positive) or less (negative) rupiah than we had counted."""
    return _against(db, actor, "exchange", Kind.EXCHANGE, line_id, clearing, difference)


def differs(db: Session, *, actor: Actor, line_id: int, clearing: Page, difference: int) -> Journal:
    """A gateway has more (positive) or less (negative) of our money than the books say."""
    return _against(db, actor, "over_short", Kind.OVER_SHORT, line_id, clearing, difference)


def _against(
    db: Session,
    actor: Actor,
    kind: str,
    page: Kind,
    line_id: int,
    clearing: Page,
    difference: int,
) -> Journal:
    other = own(page, clearing.organisation_id, clearing.label)
    return post(
        db,
        actor=actor,
        kind=kind,
        doc=("report_line", line_id),
        lines=[(clearing, difference), (other, -difference)],
    )
