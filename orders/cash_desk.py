"""Cash on its way to the house: what makers took at doors and hand in, and what drawers hold.

What a maker took stands as a claim on her until a treasurer has it in her hand. A drawer is
counted, and what it lacks or has too much is booked as that, never hidden; its money goes to the
bank.
"""

from dataclasses import dataclass
from uuid import UUID

from flask_babel import lazy_gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session

from cooperatives import ledger, postings
from cooperatives.accounts import CARRIED, Page, own
from cooperatives.carrying import sums
from cooperatives.days.drawers import drawer
from cooperatives.models import Account, Place
from cooperatives.models.books import Kind
from cooperatives.rights import TREASURE
from core import access, acts, audit, orgs
from core.actors import Actor
from core.db import in_transaction
from core.errors import DomainError, NotFound
from orders import money_pages
from sellers.models import Seller

LIST_MAX = 100


class NotThatMuch(DomainError):
    """More than there is cannot be handed in."""

    sentence = _("Jumlahnya lebih dari yang tercatat. Hitung lagi uangnya.")


class NothingDiffers(DomainError):
    """The drawer holds what the books say."""

    sentence = _("Jumlahnya sama dengan catatan. Tidak ada selisih yang perlu dicatat.")


@dataclass(frozen=True, slots=True)
class Carried:
    """What one maker still has to hand in."""

    seller_id: int
    store_name: str
    amount: int


@dataclass(frozen=True, slots=True)
class Drawer:
    """What the books say is in one kiosk's drawer."""

    place_id: int
    name: str
    amount: int


def list_carried(db: Session, actor: Actor) -> list[Carried]:
    """Makers who carry cash of ours, by name; only for the operator's treasurers."""
    house = orgs.operator_id(db)
    access.require(db, actor, TREASURE, house)
    query = select(Account.id, Account.label).where(
        Account.organisation_id == house,
        Account.kind == Kind.RECEIVABLE,
        Account.label.startswith(CARRIED),
    )
    pages = {row.id: int(row.label.removeprefix(CARRIED)) for row in db.execute(query)}
    stands = sums.balances(db, list(pages))
    owing = {pages[key]: amount for key, amount in stands.items() if amount}
    sellers = db.scalars(select(Seller).where(Seller.id.in_(owing)).order_by(Seller.store_name))
    return [Carried(seller.id, seller.store_name, owing[seller.id]) for seller in sellers]


def list_drawers(db: Session, actor: Actor) -> list[Drawer]:
    """Drawers of the kiosks whose organisation's books the actor keeps, and of the operator's."""
    mine = access.subjects(db, actor, TREASURE)
    query = select(Place).where(Place.kind == "kiosk", Place.closed_at.is_(None))
    if orgs.operator_id(db) not in mine:
        query = query.where(Place.organisation_id.in_(mine))
    kiosks = db.scalars(query.order_by(Place.name).limit(LIST_MAX))
    return [Drawer(kiosk.id, kiosk.name, ledger.balance(db, _drawer(kiosk))) for kiosk in kiosks]


def _drawer(kiosk: Place) -> Page:
    return drawer(kiosk.organisation_id, kiosk.slug)


def _kiosk(db: Session, actor: Actor, place_id: int) -> Place:
    """A kiosk whose drawer the actor may count and empty; raises NotFound."""
    kiosk = db.get(Place, place_id)
    mine = access.subjects(db, actor, TREASURE)
    if kiosk is None or kiosk.kind != "kiosk":
        raise NotFound
    if not {kiosk.organisation_id, orgs.operator_id(db)} & set(mine):
        raise NotFound
    return kiosk


@in_transaction(retries=3)
def hand_in(db: Session, *, actor: Actor, act_id: UUID, seller_id: int, amount: int) -> None:
    """A maker brought cash she took at doors, and the actor has put it into the bank.

    Raises NotThatMuch, Conflict, NotFound.
    """
    house = orgs.operator_id(db)
    access.require(db, actor, TREASURE, house)
    giving = money_pages.carried(house, seller_id)
    _move(db, actor, act_id, "cash.hand_in", giving, money_pages.bank(house), amount)


@in_transaction(retries=3)
def deposit(db: Session, *, actor: Actor, act_id: UUID, place_id: int, amount: int) -> None:
    """Cash of a drawer was put into the bank. Raises NotThatMuch, Conflict, NotFound."""
    kiosk, house = _kiosk(db, actor, place_id), orgs.operator_id(db)
    bank = money_pages.bank(house)
    if house not in access.subjects(db, actor, TREASURE):
        bank = own(Kind.BANK, kiosk.organisation_id, bank.label)
    _move(db, actor, act_id, "cash.deposit", _drawer(kiosk), bank, amount)


def _move(
    db: Session, actor: Actor, act_id: UUID, kind: str, giving: Page, taking: Page, amount: int
) -> None:
    def book() -> dict[str, int]:
        if amount > _locked_balance(db, giving):
            raise NotThatMuch
        doc = ("cash", act_id)
        postings.moved(db, actor=actor, doc=doc, giving=giving, taking=taking, amount=amount)
        audit.record(db, actor, kind, "cash", act_id, amount=amount)
        return {"amount": amount}

    content = {"from": giving.label, "of": giving.organisation_id, "amount": amount}
    acts.once(db, act_id=act_id, actor=actor, kind=kind, content=content, do=book)


def _locked_balance(db: Session, page: Page) -> int:
    """What stands on a page; two who take from it at once wait for each other."""
    account = select(Account.id).where(
        Account.kind == page.kind,
        Account.organisation_id == page.organisation_id,
        Account.label == page.label,
    )
    db.execute(account.with_for_update(key_share=True))
    return ledger.balance(db, page)


@in_transaction(retries=3)
def count(db: Session, *, actor: Actor, act_id: UUID, place_id: int, counted: int) -> int:
    """A drawer was counted: what it lacks (negative) or has too much is booked as that, and told.

    Raises NothingDiffers, Conflict, NotFound.
    """
    kiosk = _kiosk(db, actor, place_id)

    def book() -> dict[str, int]:
        difference = counted - _locked_balance(db, _drawer(kiosk))
        if not difference:
            raise NothingDiffers
        postings.drawer_differs(
            db, actor=actor, count_id=act_id, drawer=_drawer(kiosk), difference=difference
        )
        audit.record(db, actor, "cash.count", "cash", act_id, difference=difference)
        return {"difference": difference}

    content = {"place": place_id, "counted": counted}
    told = acts.once(db, act_id=act_id, actor=actor, kind="cash.count", content=content, do=book)
    return int(told["difference"])
