"""The ledger: journals posted once per fact, their reversals, and what stands on the pages.

Posting functions join the caller's transaction and check no right: whoever calls them has. Reading
for people is in `cooperatives.statements`.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from flask_babel import lazy_gettext as _
from sqlalchemy import Select, func, select, text
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from cooperatives import months
from cooperatives.accounts import Folio, Page, find_folios, open_folios
from cooperatives.carrying import sums
from cooperatives.models.books import FOR_ORDERS, Account, Entry, Journal, Kind
from cooperatives.rights import TREASURE
from core import access, audit, clock, orgs
from core.actors import Actor
from core.db import Reader, in_transaction
from core.errors import Conflict, DomainError, NotFound

REVERSAL = "reversal"
VOUCHERS = ("saved", "withdrawn", "lent", "repaid", "cost", "income", "tax_paid")
NOT_BY_HAND = (REVERSAL, "payout", "payout_return", *VOUCHERS)  # Undone by their own machine only.


_WRITE_ENTRIES = text(
    "insert into entry (journal_id, account_id, amount) select :journal_id, *"
    " from unnest(cast(:accounts as bigint[]), cast(:amounts as bigint[]))"
)


class NotEnough(DomainError):
    """More would leave an order's money than came in, or than is left."""

    status = 409
    sentence = _("Uang pesanan ini sudah dibagi atau dikembalikan.")


Line = tuple[Page, int]
"""Where it is written and how much: a debit is positive, a credit negative."""


def post(
    db: Session,
    *,
    actor: Actor,
    kind: str,
    doc: tuple[str, object],
    lines: Sequence[Line],
    memo: str = "",
    happened_at: datetime | None = None,
) -> Journal:
    """Book one fact, once per kind and document: again with the same lines gives the first journal.

    Lines on one page become one entry. Raises Conflict if the fact was booked with other amounts,
    NotEnough if more would leave an order's money than is there.
    """
    folios = open_folios(db, list({page: None for page, _amount in lines}))
    return post_folios(
        db,
        actor=actor,
        kind=kind,
        doc=doc,
        lines=[(folios[page], amount) for page, amount in lines],
        memo=memo,
        happened_at=happened_at,
    )


def post_folios(
    db: Session,
    *,
    actor: Actor,
    kind: str,
    doc: tuple[str, object],
    lines: Sequence[tuple[Folio, int]],
    memo: str = "",
    happened_at: datetime | None = None,
) -> Journal:
    """The same on accounts that are known already."""
    amounts = _merged(lines)
    now, late_for = clock.now(), None
    if happened_at is not None:
        accounts = [folio.account_id for folio in amounts]
        happened_at, late_for = months.counted_at(db, accounts, happened_at)
    written: Journal | None = db.scalar(
        insert(Journal)
        .values(
            kind=kind,
            doc_type=doc[0],
            doc_id=str(doc[1]),
            memo=memo,
            actor_id=actor.person_id,
            happened_at=happened_at or now,
            posted_at=now,
            late_for=late_for,
        )
        .on_conflict_do_nothing()
        .returning(Journal)
    )
    if written is None:
        return _booked_before(db, kind, doc, amounts)
    _guard(db, amounts)
    db.execute(
        _WRITE_ENTRIES,
        {
            "journal_id": written.id,
            "accounts": [folio.account_id for folio in amounts],
            "amounts": list(amounts.values()),
        },
    )
    return written


def _merged(lines: Sequence[tuple[Folio, int]]) -> dict[Folio, int]:
    """One amount per account, without zeros; what does not sum to zero is a bug."""
    amounts: dict[Folio, int] = {}
    whole: dict[str, int] = {}
    for folio, amount in sorted(lines, key=lambda line: line[0].account_id):
        amounts[folio] = amounts.get(folio, 0) + amount
        whole[folio.currency] = whole.get(folio.currency, 0) + amount
    amounts = {folio: amount for folio, amount in amounts.items() if amount}
    assert not any(whole.values()), f"does not sum to zero: {amounts}"
    assert len(amounts) >= 2, f"nothing to book: {amounts}"
    return amounts


def _guard(db: Session, amounts: dict[Folio, int]) -> None:
    """Let nobody take more out of an order's pages than is there; rivals wait on the account.

    A drawer's page waits for whoever closes its day before it gives out numbers for new entries.
    """
    drawers = [folio.account_id for folio in amounts if folio.kind is Kind.CASH]
    if drawers:
        db.execute(_locked(drawers).with_for_update(read=True, key_share=True))
    drawn = {f.account_id: a for f, a in amounts.items() if f.kind in FOR_ORDERS and a > 0}
    if not drawn:
        return
    db.execute(_locked(list(drawn)).with_for_update(key_share=True))
    kept = _kept(db, list(drawn))
    if any(amount > -kept.get(account_id, 0) for account_id, amount in drawn.items()):
        raise NotEnough


def _kept(db: Reader, account_ids: Sequence[int]) -> dict[int, int]:
    """What stands on pages of single orders, which have a handful of entries."""
    query = select(Entry.account_id, func.sum(Entry.amount).label("total"))
    query = query.where(Entry.account_id.in_(account_ids)).group_by(Entry.account_id)
    return {row.account_id: int(row.total) for row in db.execute(query)}


def _locked(account_ids: Sequence[int]) -> Select[int]:
    return select(Account.id).where(Account.id.in_(account_ids)).order_by(Account.id)


def _booked_before(
    db: Session, kind: str, doc: tuple[str, object], amounts: dict[Folio, int]
) -> Journal:
    booked = db.scalars(
        select(Journal).where(
            Journal.kind == kind, Journal.doc_type == doc[0], Journal.doc_id == str(doc[1])
        )
    ).one()
    before = {entry.account_id: entry.amount for entry in entries_of(db, booked.id)}
    if before != {folio.account_id: amount for folio, amount in amounts.items()}:
        raise Conflict
    return booked


def entries_of(db: Reader, journal_id: int) -> list[Any]:
    """The whole of one journal: entry id, account, kind, currency, amount."""
    query = select(Entry.id, Entry.account_id, Account.kind, Account.currency, Entry.amount)
    query = query.join(Account, Account.id == Entry.account_id)
    return list(db.execute(query.where(Entry.journal_id == journal_id).order_by(Entry.account_id)))


def balance(db: Reader, page: Page) -> int:
    """What stands on one page: debit positive, credit negative; 0 where none is open."""
    folio = find_folios(db, [page]).get(page)
    return sums.balances(db, [folio.account_id]).get(folio.account_id, 0) if folio else 0


@in_transaction(retries=3)
def reverse(db: Session, *, actor: Actor, journal_id: int, reason: str) -> Journal:
    """Mend a journal booked by mistake with its mirror image, once; needs the operator's treasurer.

    Raises NotEnough where the money has gone on, NotFound for what has an undoing of its own.
    """
    access.require(db, actor, TREASURE, orgs.operator_id(db))
    wrong = db.get(Journal, journal_id)
    if wrong is None or wrong.kind in NOT_BY_HAND:
        raise NotFound
    return undo(db, actor=actor, journal_id=journal_id, reason=reason)


def undo(db: Session, *, actor: Actor, journal_id: int, reason: str) -> Journal:
    """The mirror image of a journal, for whoever has checked that it may be undone."""
    audit.record(db, actor, "journal.reverse", "journal", journal_id)
    return post_folios(
        db,
        actor=actor,
        kind=REVERSAL,
        doc=("journal", journal_id),
        lines=[
            (Folio(line.account_id, Kind(line.kind), line.currency), -line.amount)
            for line in entries_of(db, journal_id)
        ],
        memo=reason,
    )
