"""Where a place keeps its money: the drawer, and the QRIS sheet on its counter."""

from sqlalchemy.orm import Session

from cooperatives import places
from cooperatives.accounts import Page, own
from cooperatives.models.books import Kind
from core import orgs

QRIS = "qris:"


def drawer(organisation_id: int, place_slug: str) -> Page:
    """The cash drawer of a place, in the books of the organisation that answers for it."""
    return own(Kind.CASH, organisation_id, place_slug[:60])


def drawer_account(db: Session, place_id: int) -> Page:
    """The same by the place's id; raises NotFound."""
    place = places.get_place(db, place_id)
    return drawer(place.organisation_id, place.slug)


def qris_account(db: Session, place_id: int) -> Page:
    """What buyers paid with the static QRIS of a place and the bank has not paid out yet."""
    place = places.get_place(db, place_id)
    return own(Kind.CLEARING, orgs.operator_id(db), f"{QRIS}{place.slug}"[:60])
