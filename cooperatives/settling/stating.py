"""Reading a settlement's statement from the books, for her whose it is and for her boards."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import Select, Text, cast, func, select
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Session, aliased

from cooperatives import entry_words
from cooperatives.accounts import Owner
from cooperatives.carrying.sums import whole
from cooperatives.models.books import (
    Account,
    Cut,
    Entry,
    Journal,
    Kind,
    Payee,
    Settlement,
    SettlementEntry,
)
from cooperatives.models.stock import Xid8
from cooperatives.notebook import PARTS
from cooperatives.rights import COORDINATE, TREASURE
from cooperatives.settling import rounds
from cooperatives.settling.sold import sold_in
from cooperatives.settling.statement import Deduction, Parts, Sale, Statement, merged, of_shares
from core import access
from core.actors import Actor
from core.clock import WIB
from core.errors import NotFound
from core.orgs import Organisation
from core.people import Person

PAYMENTS = ("payout", "payout_return")
BY_JOURNAL = {
    "refunded": "returned",
    "claim_cost": "returned",
    "gateway_fee": "fees",
    "refused_fee": "fees",
    "bazaar_cost": "bazaar",
    "bazaar_lost": "missing",
    "missing_borne": "missing",
    "missing_back": "missing",
    "surplus": "surplus",
}
BY_OTHER_PAGE = {Kind.ADVANCE: "advance", Kind.SAVINGS: "savings", Kind.TAX: "tax"}
"""What a line is about, by the page on its other side: whoever books it decides the journal."""


def of_person(db: Session, person_id: int, settlement_id: int) -> Statement:
    """A settlement of hers; raises NotFound for any other."""
    return _read(db, settlement_id, _settled().where(Payee.person_id == person_id))


def for_board(db: Session, actor: Actor, settlement_id: int) -> Statement:
    """A settlement in the books of the actor's organisations, to read or print for a member."""
    boards = access.subjects(db, actor, TREASURE, COORDINATE)
    return _read(db, settlement_id, _settled().where(Account.organisation_id.in_(boards)))


def on_paper(db: Session, settlement_id: int) -> Statement:
    """A settlement to print for whoever is paid; the caller has asked whether the actor may."""
    return _read(db, settlement_id, _settled())


def list_of_person(db: Session, person_id: int, *, most: int = 8) -> Sequence[Any]:
    """Her newest settlements: id, closed_on, total, state."""
    query = (
        select(Settlement.id, Settlement.closed_on, Settlement.total, Settlement.state)
        .join(Account, Account.id == Settlement.account_id)
        .join(Payee, Payee.id == Account.payee_id)
        .where(Payee.person_id == person_id)
        .order_by(Settlement.id.desc())
        .limit(most)
    )
    return db.execute(query).all()


def list_of_round(db: Session, actor: Actor, round_id: int) -> Sequence[Any]:
    """The settlements of a round by their payees' names: id, total, state, kind, owner."""
    found = rounds.get(db, actor, round_id)
    query = (
        select(
            Settlement.id,
            Settlement.total,
            Settlement.state,
            Account.kind,
            func.coalesce(Person.name, Organisation.name).label("owner"),
        )
        .join(Account, Account.id == Settlement.account_id)
        .join(Payee, Payee.id == Account.payee_id)
        .outerjoin(Person, Person.id == Payee.person_id)
        .outerjoin(Organisation, Organisation.id == Payee.organisation_id)
        .where(Settlement.round_id == found.id)
        .order_by("owner", Settlement.id)
    )
    return db.execute(query).all()


def _settled() -> Select[*tuple[Any, ...]]:
    return (
        select(Settlement, Account, Payee)
        .join(Account, Account.id == Settlement.account_id)
        .join(Payee, Payee.id == Account.payee_id)
    )


def _read(db: Session, settlement_id: int, query: Select[*tuple[Any, ...]]) -> Statement:
    row = db.execute(query.where(Settlement.id == settlement_id)).first()
    if row is None:
        raise NotFound
    settled, account, payee = row
    lines = _lines(db, settled, account)
    old = [line for line in lines if line.is_old]
    new = [line for line in lines if not line.is_old]
    earned = [line for line in new if line.kind == "earned"]
    owner = Owner(payee.person_id, payee.organisation_id)
    sales, adjusted = _sales(db, account, owner, earned)
    return Statement(
        settled.id,
        account.kind,
        *_names(db, owner),
        db.get_one(Organisation, account.organisation_id).name,
        _since(db, settled),
        settled.closed_on,
        settled.total,
        settled.state,
        sales=sales,
        adjusted=adjusted,
        others=_told(db, account, [line for line in new if line.kind != "earned"]),
        carried=_told(db, account, old),
    )


def _names(db: Session, owner: Owner) -> tuple[str, str]:
    if owner.person_id is not None:
        person = db.get_one(Person, owner.person_id)
        return person.name, person.call_me
    organisation = db.get_one(Organisation, owner.organisation_id)
    return organisation.name, organisation.short_name


def _since(db: Session, settled: Settlement) -> date | None:
    """The day of the settlement before; None for her first one."""
    query = select(func.max(Settlement.closed_on)).where(
        Settlement.account_id == settled.account_id, Settlement.id < settled.id
    )
    return db.scalar(query)


def _lines(db: Session, settled: Settlement, account: Account) -> Sequence[Any]:
    """What a settlement took, with cuts and the kinds of the other pages, in the order of posting.

    A line is old where a round before this one had met it already.
    """
    cut = rounds.cut_before(db, account.organisation_id, settled.round_id)
    is_old = (Journal.xid < cast(str(cut), Xid8)) & (cut > 0)
    other, page = aliased(Entry), aliased(Account)
    there = (
        select(func.array_agg(page.kind))
        .join(other, other.account_id == page.id)
        .where(other.journal_id == Journal.id, page.id != account.id)
        .correlate(Journal)
        .scalar_subquery()
    )
    own_cut = (Cut.journal_id == Entry.journal_id) & (Cut.account_id == Entry.account_id)
    query = (
        select(
            Journal.kind,
            Journal.doc_type,
            Journal.doc_id,
            Journal.memo,
            Journal.posted_at,
            is_old.label("is_old"),
            cast(there, ARRAY(Text)).label("there"),
            (-Entry.amount).label("amount"),
            *(whole(getattr(Cut, part)).label(part) for part in PARTS),
        )
        .select_from(SettlementEntry)
        .join(Entry, Entry.id == SettlementEntry.entry_id)
        .join(Journal, Journal.id == Entry.journal_id)
        .outerjoin(Cut, own_cut)
        .where(SettlementEntry.settlement_id == settled.id, Journal.kind.not_in(PAYMENTS))
        .order_by(Entry.id)
    )
    return db.execute(query).all()


def _booked(line: Any) -> Parts:
    cuts = {part: getattr(line, part) for part in PARTS}
    return Parts(gross=line.amount + sum(cuts.values()), **cuts)


def _day(line: Any) -> date:
    day: date = line.posted_at.astimezone(WIB).date()
    return day


def _sales(
    db: Session, account: Account, owner: Owner, earned: Sequence[Any]
) -> tuple[list[Sale], Parts]:
    """The goods behind what was earned, and how much less than they cost was booked."""
    of_parcels = [int(line.doc_id) for line in earned if line.doc_id.isdigit()]
    is_maker = account.kind == Kind.MAKER
    told = sold_in(db, owner, account.organisation_id, of_parcels) if is_maker else []
    known = {str(one.parcel_id) for one in told}
    names = entry_words.order_names(db, [line.memo for line in earned])
    unknown = [
        Sale(_day(line), "", _told_of(account, line, names), 1, _booked(line).gross, _booked(line))
        for line in earned
        if line.doc_id not in known
    ]
    booked = sum((_booked(line) for line in earned if line.doc_id in known), Parts())
    return [*merged(told), *unknown], booked - sum((of_shares(s.shares) for s in told), Parts())


def _told_of(account: Account, line: Any, names: dict[str, str]) -> str:
    if account.kind == Kind.MAKER and line.kind == "earned":
        return str(_("Pesanan %(order)s", order=names.get(line.memo) or _("tanpa nomor")))
    return entry_words.told(account.kind, line.kind, names.get(line.memo, ""))


def _told(db: Session, account: Account, lines: Sequence[Any]) -> list[Deduction]:
    """Lines that are no sales, with their reasons."""
    orders = [line.memo for line in lines if line.kind in entry_words.ABOUT_ORDERS]
    names, reasons = entry_words.order_names(db, orders), entry_words.refund_reasons(db, lines)
    return [
        Deduction(
            _heading(line),
            _day(line),
            _told_of(account, line, names),
            reasons.get(line.doc_id, "") or ("" if line.memo in orders else line.memo),
            line.amount,
        )
        for line in lines
    ]


def _heading(line: Any) -> str:
    """What a line that is no sale is about."""
    there = [BY_OTHER_PAGE[kind] for kind in line.there or () if kind in BY_OTHER_PAGE]
    return there[0] if there else BY_JOURNAL.get(line.kind, "other")
