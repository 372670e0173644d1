"""What a treasurer reads: her organisations' pages with their owners, what is owed, what waits.

Everything is narrowed to the organisations whose treasurer the actor is; others are NotFound.
"""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import ScalarSelect, Select, func, or_, select
from sqlalchemy.orm import Session, aliased

from cooperatives.carrying import sums
from cooperatives.models.books import Account, Kind, Payee, Payout, Settlement
from cooperatives.payout_states import ENDED, OPEN, PayoutState
from cooperatives.rights import COORDINATE, TREASURE
from core import access, orgs
from core.actors import Actor
from core.db import PAGE_SIZE_MAX, Reader
from core.errors import NotFound
from core.orgs import Organisation
from core.people import Person
from core.tasks import Task

LIST_MAX = 100
OWNER = aliased(Organisation)
OWNER_NAME = func.coalesce(Person.name, OWNER.name).label("owner")
MAKER, APPROVER, TAKER = aliased(Person), aliased(Person), aliased(Person)


def _with_owner(query: Select[*tuple[Any, ...]]) -> Select[*tuple[Any, ...]]:
    """A query over `Account` that also names whose page it is, as OWNER_NAME."""
    return (
        query.join(Payee, Payee.id == Account.payee_id)
        .outerjoin(Person, Person.id == Payee.person_id)
        .outerjoin(OWNER, OWNER.id == Payee.organisation_id)
    )


def houses(db: Session, actor: Actor) -> list[Organisation]:
    """The organisations whose books the actor keeps."""
    mine = access.subjects(db, actor, TREASURE)
    query = select(Organisation).where(Organisation.id.in_(mine)).order_by(Organisation.id)
    return list(db.scalars(query))


def keeps_house(db: Session, actor: Actor) -> bool:
    """Whether the actor keeps the operator's books, where buyers' money comes in."""
    return orgs.operator_id(db) in access.subjects(db, actor, TREASURE)


def waiting(db: Reader, actor: Actor) -> dict[str, int]:
    """How many tasks wait behind each of her pages, by the page's address."""
    page = func.substring(Task.link, "^/kas/[a-z]+")
    mine = access.subjects(db, actor, TREASURE)
    query = select(page, func.count()).where(
        Task.closed_at.is_(None), Task.right_name == TREASURE.name, Task.subject_id.in_(mine)
    )
    return {row[0]: row[1] for row in db.execute(query.group_by(page)) if row[0]}


@dataclass(frozen=True, slots=True)
class Total:
    """What stands on all pages of one kind in one organisation's books."""

    organisation_id: int
    kind: str
    pages: int
    balance: int


def totals(db: Reader, actor: Actor) -> list[Total]:
    """What stands in each of her books, by kind of page."""
    mine = access.subjects(db, actor, TREASURE)
    keys = Account.organisation_id, Account.kind
    query = select(*keys, func.count()).where(Account.organisation_id.in_(mine)).group_by(*keys)
    pages = {(book, kind): count for book, kind, count in db.execute(query)}
    stands = sums.by_kind(db, mine)
    return [
        Total(*key, pages=pages[key], balance=balance) for key, balance in sorted(stands.items())
    ]


def _accounts(db: Reader, actor: Actor) -> Select[*tuple[Any, ...]]:
    query = (
        select(
            Account.id,
            Account.organisation_id,
            Organisation.short_name.label("book"),
            Account.kind,
            Account.label,
            OWNER_NAME,
            sums.balance_of(sums.carried_to(db)).label("balance"),
        )
        .join(Organisation, Organisation.id == Account.organisation_id)
        .where(Account.organisation_id.in_(access.subjects(db, actor, TREASURE)))
    )
    return _with_owner(query)


def list_accounts(
    db: Reader, actor: Actor, *, kind: str = "", wanted: str = "", after: int = 0
) -> list[Any]:
    """Her pages with owner and balance; the next list begins `after` the last id.

    Columns: id, organisation_id, book, kind, label, owner, balance.
    """
    query = _accounts(db, actor).where(Account.id > after)
    if kind:
        query = query.where(Account.kind == kind)
    if wanted:
        named = (Person.name, OWNER.name, Account.label)
        query = query.where(or_(*(name.icontains(wanted, autoescape=True) for name in named)))
    return list(db.execute(query.order_by(Account.id).limit(LIST_MAX)))


def get_account(db: Reader, actor: Actor, account_id: int) -> Any:
    """One of her pages; raises NotFound."""
    return _one(db, _accounts(db, actor).where(Account.id == account_id))


def names_of(db: Reader, actor: Actor, account_ids: list[int]) -> dict[int, str]:
    """Whose these pages are, as far as they are in her books."""
    query = _accounts(db, actor).where(Account.id.in_(account_ids))
    return {row.id: row.owner for row in db.execute(query)}


def sources(db: Reader, actor: Actor, organisation_id: int) -> list[Any]:
    """Banks and drawers a payout of this organisation may leave: id, book, kind, label."""
    access.require(db, actor, TREASURE, organisation_id)
    query = (
        select(Account.id, Organisation.short_name.label("book"), Account.kind, Account.label)
        .join(Organisation, Organisation.id == Account.organisation_id)
        .where(
            Account.kind.in_((Kind.BANK, Kind.CASH)),
            or_(Organisation.id == organisation_id, Organisation.kind == "operator"),
        )
    )
    return list(db.execute(query.order_by(Account.id).limit(PAGE_SIZE_MAX)))


def _settlements(db: Reader, actor: Actor) -> Select[*tuple[Any, ...]]:
    query = (
        select(
            Settlement.id,
            Settlement.account_id,
            Settlement.closed_on,
            Settlement.total,
            Settlement.state,
            Account.organisation_id,
            Account.kind,
            Account.label,
            Organisation.short_name.label("book"),
            OWNER_NAME,
        )
        .join(Account, Account.id == Settlement.account_id)
        .join(Organisation, Organisation.id == Account.organisation_id)
        .where(Account.organisation_id.in_(access.subjects(db, actor, TREASURE)))
    )
    return _with_owner(query)


def _open_payout() -> Any:
    return select(Payout.id).where(
        Payout.settlement_id == Settlement.id, Payout.state.not_in(ENDED)
    )


def list_unpaid(db: Reader, actor: Actor) -> list[Any]:
    """Settlements of her books that nobody has begun to pay, oldest first.

    Columns: id, account_id, closed_on, total, state, organisation_id, kind, label, book, owner.
    """
    query = _settlements(db, actor).where(Settlement.state == "closed", ~_open_payout().exists())
    return list(db.execute(query.order_by(Settlement.id).limit(LIST_MAX)))


def get_settlement(db: Reader, actor: Actor, settlement_id: int) -> Any:
    """One settlement of her books, `payout_id` being what pays it, if begun; raises NotFound."""
    query = _settlements(db, actor).add_columns(
        _open_payout().limit(1).scalar_subquery().label("payout_id")
    )
    return _one(db, query.where(Settlement.id == settlement_id))


def _payouts() -> Select[*tuple[Any, ...]]:
    source, source_book = aliased(Account), aliased(Organisation)
    query = (
        select(
            Payout.id,
            Payout.settlement_id,
            Payout.state,
            Payout.reference_no,
            Payout.made_by,
            Payout.created_at,
            Payout.batch_id,
            Payout.pay_way_id,
            Payout.begun_at,
            Account.payee_id,
            Payee.person_id,
            Settlement.total,
            Account.organisation_id,
            Account.kind,
            Account.label,
            OWNER_NAME,
            MAKER.call_me.label("maker_name"),
            APPROVER.call_me.label("approver_name"),
            TAKER.name.label("taker_name"),
            Payout.source_id,
            source.kind.label("source_kind"),
            source.label.label("source_label"),
            source_book.short_name.label("source_book"),
        )
        .join(Settlement, Settlement.id == Payout.settlement_id)
        .join(Account, Account.id == Settlement.account_id)
        .join(source, source.id == Payout.source_id)
        .join(source_book, source_book.id == source.organisation_id)
        .join(MAKER, MAKER.id == Payout.made_by)
        .outerjoin(APPROVER, APPROVER.id == Payout.approved_by)
        .outerjoin(TAKER, TAKER.id == Payout.taken_by)
    )
    return _with_owner(query)


def list_payouts(db: Reader, actor: Actor, *states: PayoutState) -> list[Any]:
    """Payouts her boards have a say in, by state if given: open ones first, then the newest."""
    is_open, boards = Payout.state.in_(OPEN), access.subjects(db, actor, TREASURE, COORDINATE)
    found: list[Any] = []
    for part in (is_open, ~is_open):
        ids = select(Payout.id).where(part, _book_of_payout().in_(boards))
        if states:
            ids = ids.where(Payout.state.in_(states))
        ids = ids.order_by(Payout.id.desc()).limit(LIST_MAX - len(found))
        if chosen := list(db.scalars(ids)):
            query = _payouts().where(Payout.id.in_(chosen))
            found += db.execute(query.order_by(Payout.id.desc()))
    return found


def _book_of_payout() -> ScalarSelect[int]:
    """In whose books a payout's settlement stands; asked row by row, so that the newest are read
    from the newest on, and not all that ever were.
    """
    query = select(Account.organisation_id).join(Settlement, Settlement.account_id == Account.id)
    return query.where(Settlement.id == Payout.settlement_id).scalar_subquery()


def get_payout(db: Reader, actor: Actor, payout_id: int) -> Any:
    """One payout with its people and its source, for treasurer and coordinator; raises NotFound."""
    boards = access.subjects(db, actor, TREASURE, COORDINATE)
    hers = Account.organisation_id.in_(boards)
    return _one(db, _payouts().where(Payout.id == payout_id, hers))


def _one(db: Reader, query: Select[*tuple[Any, ...]]) -> Any:
    found = db.execute(query).first()
    if found is None:
        raise NotFound
    return found
