"""Monday at the kiosk: makers get their money in cash, out of the drawer, and sign for it.

Two people have prepared and approved the payout before, as of any; its source is this very drawer.
Whoever keeps the place counts the money out and takes the photo (`cooperatives.settling.handing`).
"""

from typing import Any

from sqlalchemy import BigInteger, Select, cast, func, select
from sqlalchemy.orm import Session, aliased

from cooperatives import payouts, places
from cooperatives.days import drawers
from cooperatives.days.bags import NotInDrawer
from cooperatives.days.posting import books_of
from cooperatives.models.books import Account, Entry, Journal, Payee, Payout, Settlement
from cooperatives.models.days import TradingDay
from cooperatives.models.stock import Place
from cooperatives.payout_states import PayoutState
from cooperatives.settling import handing
from core import clock
from core.actors import Actor
from core.db import Reader, in_transaction
from core.errors import NotFound
from core.files import Stored
from core.orgs import Organisation
from core.people import Person

LIST_MAX = 200


@in_transaction(retries=3)
def pay_out(
    db: Session, *, actor: Actor, payout_id: int, signed: Stored, taken_by: int | None = None
) -> bool:
    """Count an approved payout out of the drawer; answers False where it was paid before.

    Raises NotInCash, NotInDrawer, NotAllowed, HeldBack, NotNow, NotFound.
    """
    payout, place = _found(db, actor, payout_id)
    if payout.state == PayoutState.PAID:
        return False
    if payout.state != PayoutState.APPROVED:
        raise payouts.NotNow
    owed = db.get_one(Settlement, payout.settlement_id)
    books_of(db, place.id, clock.now())
    drawers.hold(db, drawers.desk(db, place))
    if owed.total > drawers.holds_now(db, place):
        raise NotInDrawer
    return handing.count_out(db, actor, payout, signed, taken_by)


def _found(db: Session, actor: Actor, payout_id: int) -> tuple[Payout, Place]:
    """A payout out of a drawer of the actor's, locked, and the drawer's place; raises NotFound."""
    payout, _account = payouts.found(db, payout_id)
    place = handing.place_of(db, payout.source_id)
    if place is None or payout.state not in (PayoutState.APPROVED, PayoutState.PAID):
        raise NotFound
    places.tended(db, actor, place.id)
    return payout, place


def _payouts() -> Select[*tuple[Any, ...]]:
    """Payouts out of drawers, with who gets them: id, state, total, owner, place_id, place,
    payee_id, settlement_id.
    """
    owed = aliased(Account)
    return (
        select(
            Payout.id,
            Payout.state,
            Payout.settlement_id,
            Settlement.total,
            func.coalesce(Person.call_me, Organisation.short_name).label("owner"),
            Place.id.label("place_id"),
            Place.slug.label("place"),
            owed.payee_id,
        )
        .join(Settlement, Settlement.id == Payout.settlement_id)
        .join(Account, Account.id == Payout.source_id)
        .join(Place, drawers.is_drawer())
        .join(owed, owed.id == Settlement.account_id)
        .join(Payee, Payee.id == owed.payee_id)
        .outerjoin(Person, Person.id == Payee.person_id)
        .outerjoin(Organisation, Organisation.id == Payee.organisation_id)
    )


def list_waiting(db: Reader, place_id: int) -> list[Any]:
    """Payouts that wait to be counted out of a place's drawer; the caller has checked the place."""
    query = _payouts().where(Place.id == place_id, Payout.state == PayoutState.APPROVED)
    return list(db.execute(query.order_by(Payout.id).limit(LIST_MAX)))


def get_waiting(db: Session, actor: Actor, payout_id: int) -> Any:
    """One of them; raises NotFound for drawers that are not the actor's."""
    query = _payouts().where(Payout.id == payout_id, Payout.state == PayoutState.APPROVED)
    found = db.execute(query).one_or_none()
    if found is None:
        raise NotFound
    places.tended(db, actor, found.place_id)
    return found


def list_paid(db: Reader, day: TradingDay, account_id: int) -> list[Any]:
    """What was counted out of the drawer on a day."""
    until = [Entry.id <= day.entries_until] if day.entries_until is not None else []
    counted_out = (
        select(cast(Journal.doc_id, BigInteger))
        .join(Entry, Entry.journal_id == Journal.id)
        .where(
            Journal.kind == "payout",
            Journal.doc_type == "payout",
            Entry.account_id == account_id,
            Entry.id > day.entries_from,
            *until,
        )
    )
    query = _payouts().where(Payout.id.in_(counted_out))
    return list(db.execute(query.order_by(Payout.id).limit(LIST_MAX)))
