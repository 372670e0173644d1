"""Whose books a treasurer sees add up, and which of their pages a question is about."""

from dataclasses import dataclass

from sqlalchemy import ColumnElement, Select, and_, func, or_, select
from sqlalchemy.orm import Session, aliased

from cooperatives.days.drawers import CARRIED, LABEL_MAX, QRIS
from cooperatives.models.books import FOR_ORDERS, Account, Entry, Journal, Kind, Payee
from cooperatives.models.stock import Place
from cooperatives.reconciling.asked import Days
from cooperatives.rights import TREASURE
from core import access
from core.actors import Actor
from core.db import Reader
from core.errors import NotFound
from core.orgs import Organisation
from core.people import Person

OWNER = aliased(Organisation)
PLACES_MAX = 12


@dataclass(frozen=True, slots=True)
class Asked:
    """Which money: all of her books, or that of a kind, a person, a place or a single page."""

    days: Days
    book_id: int | None = None
    kind: str = ""
    person_id: int | None = None
    place_id: int | None = None
    account_id: int | None = None
    words: str = ""

    @property
    def by_page(self) -> bool:
        """Whether lines are single pages; else they are kinds of pages, as orders' pages are."""
        named = self.person_id or self.place_id or self.account_id or self.words
        return bool(named or (self.kind and self.kind not in FOR_ORDERS))


@dataclass(frozen=True, slots=True)
class Sight:
    """What she may see of a question: a condition on joined Account, Payee, Person and OWNER."""

    boards: frozenset[int]
    pages: ColumnElement[bool]


def of(db: Session, actor: Actor, asked: Asked) -> Sight:
    """What she may see; raises NotFound where what she names is nothing of hers."""
    boards = access.subjects(db, actor, TREASURE)
    hers = of_hers(boards)
    if asked.account_id and not _any(db, hers, Account.id == asked.account_id):
        raise NotFound
    if asked.person_id and not _any(db, hers, Payee.person_id == asked.person_id):
        raise NotFound
    if asked.book_id and asked.book_id not in boards:
        raise NotFound
    narrowed = [hers]
    if asked.place_id:
        narrowed.append(_of_place(_place(db, boards, asked.place_id)))
    if asked.book_id:
        narrowed.append(Account.organisation_id == asked.book_id)
    if asked.kind:
        narrowed.append(Account.kind == asked.kind)
    if asked.person_id:
        narrowed.append(Payee.person_id == asked.person_id)
    if asked.account_id:
        narrowed.append(Account.id == asked.account_id)
    if asked.words:
        named = (Person.name, OWNER.name, Account.label)
        narrowed.append(or_(*(name.icontains(asked.words, autoescape=True) for name in named)))
    return Sight(boards, and_(*narrowed))


def of_hers(boards: frozenset[int]) -> ColumnElement[bool]:
    """Pages in her books, and what came by the QRIS sheets of her places."""
    sheets = select(func.left(func.concat(QRIS, Place.slug), LABEL_MAX))
    sheets = sheets.where(Place.organisation_id.in_(boards))
    is_sheet = and_(Account.kind == Kind.CLEARING, Account.label.in_(sheets))
    return or_(Account.organisation_id.in_(boards), is_sheet)


def entries_of(pages: ColumnElement[bool]) -> Select[int]:
    """The ids of journals that stand on such pages."""
    query = select(Journal.id).distinct().join(Entry, Entry.journal_id == Journal.id)
    return query.join(Account, Account.id == Entry.account_id).where(pages)


def places_of(db: Reader, boards: frozenset[int]) -> list[Place]:
    """Her kiosks and bazaar boxes, the newest first."""
    query = select(Place).where(
        Place.organisation_id.in_(boards), Place.kind.in_(("kiosk", "bazaar"))
    )
    return list(db.scalars(query.order_by(Place.id.desc()).limit(PLACES_MAX)))


def _place(db: Reader, boards: frozenset[int], place_id: int) -> Place:
    found = db.scalar(select(Place).where(Place.id == place_id, Place.organisation_id.in_(boards)))
    if found is None:
        raise NotFound
    return found


def _of_place(place: Place) -> ColumnElement[bool]:
    """The drawer of a place, its QRIS sheet, its bags, its differences and its share."""
    named = {
        Kind.CASH: place.slug,
        Kind.OVER_SHORT: place.slug,
        Kind.KIOSK: place.slug,
        Kind.RECEIVABLE: f"{CARRIED}{place.slug}",
    }
    its_own = [
        and_(
            Account.organisation_id == place.organisation_id,
            Account.kind == kind,
            Account.label == label[:LABEL_MAX],
        )
        for kind, label in named.items()
    ]
    sheet = f"{QRIS}{place.slug}"[:LABEL_MAX]
    return or_(*its_own, and_(Account.kind == Kind.CLEARING, Account.label == sheet))


def _any(db: Reader, *where: ColumnElement[bool]) -> bool:
    query = select(Account.id).join(Payee, Payee.id == Account.payee_id).where(*where)
    return db.scalar(query.limit(1)) is not None
