"""Where a place keeps its money: the drawer, the QRIS sheet on its counter, and bags on the way."""

from dataclasses import dataclass

from sqlalchemy import ColumnElement, and_, func, select
from sqlalchemy.orm import Session

from cooperatives import ledger, places
from cooperatives.accounts import Folio, Owner, Page, find_folios, open_folios, own
from cooperatives.models.books import Account, Kind
from cooperatives.models.stock import Place
from core import orgs
from core.db import Reader

QRIS, CARRIED = "qris:", "setoran:"
LABEL_MAX = 60


def drawer(organisation_id: int, place_slug: str) -> Page:
    """The cash drawer of a place, in the books of the organisation that answers for it."""
    return own(Kind.CASH, organisation_id, place_slug[:LABEL_MAX])


def is_drawer() -> ColumnElement[bool]:
    """The SQL condition under which an account is the drawer of a place."""
    return and_(
        Account.kind == Kind.CASH,
        Account.organisation_id == Place.organisation_id,
        Account.label == func.left(Place.slug, LABEL_MAX),
        Account.currency == "IDR",
    )


def bank(organisation_id: int) -> Page:
    """The bank account of an organisation."""
    return own(Kind.BANK, organisation_id, "utama")


def drawer_account(db: Session, place_id: int) -> Page:
    """The drawer by the place's id; raises NotFound."""
    place = places.get_place(db, place_id)
    return drawer(place.organisation_id, place.slug)


def qris_account(db: Session, place_id: int) -> Page:
    """What buyers paid with the static QRIS of a place and the bank has not paid out yet."""
    return _qris(db, places.get_place(db, place_id))


def _qris(db: Reader, place: Place) -> Page:
    return own(Kind.CLEARING, orgs.operator_id(db), f"{QRIS}{place.slug}"[:LABEL_MAX])


def odd(place: Place) -> Page:
    """What a place lacked or had too much, borne by who answers for it."""
    return own(Kind.OVER_SHORT, place.organisation_id, place.slug[:LABEL_MAX])


def carried(place: Place, person_id: int) -> Page:
    """Cash of a place that somebody carries to the bank: she owes it until it is seen there."""
    owner = Owner(person_id=person_id)
    label = f"{CARRIED}{place.slug}"[:LABEL_MAX]
    return Page(Kind.RECEIVABLE, place.organisation_id, owner, label)


@dataclass(frozen=True, slots=True)
class Desk:
    """The accounts of one place: its drawer and its QRIS."""

    cash: Folio
    qris: Folio

    def of(self, way: str) -> Folio:
        """The account of one way of paying."""
        return self.cash if way == "cash" else self.qris


def _pages(db: Reader, place: Place) -> list[Page]:
    return [drawer(place.organisation_id, place.slug), _qris(db, place)]


def desk(db: Session, place: Place) -> Desk:
    """The accounts of a place, opened if need be."""
    pages = _pages(db, place)
    folios = open_folios(db, pages)
    return Desk(*(folios[page] for page in pages))


def seen(db: Reader, place: Place) -> Desk:
    """The same for who only looks: a page that nobody has opened yet has nothing on it."""
    pages = _pages(db, place)
    folios = find_folios(db, pages)
    return Desk(*(folios.get(page, Folio(0, page.kind, page.currency)) for page in pages))


def hold(db: Session, found: Desk) -> None:
    """Keep everybody else from writing on these pages until the end of this transaction.

    Who is in the middle of it is waited for, and who comes later gets a later entry number.
    """
    ids = sorted((found.cash.account_id, found.qris.account_id))
    query = select(Account.id).where(Account.id.in_(ids)).order_by(Account.id)
    db.execute(query.with_for_update())


def holds_now(db: Reader, place: Place) -> int:
    """What the books say is in the drawer of a place."""
    return ledger.balance(db, drawer(place.organisation_id, place.slug))
