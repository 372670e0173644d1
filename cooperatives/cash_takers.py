"""Who may take a payee's cash for her: named by herself, ended by her with one tap.

Whoever counts the cash out sees these people beside her, and nobody else can be noted as having
taken it. She is told each time, so that money that did not reach her is noticed at once.
"""

from typing import Any

from flask_babel import lazy_gettext as _
from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from cooperatives.models.books import Payee
from cooperatives.models.pay_ways import CashTaker
from core import audit, clock, notify
from core.actors import Actor
from core.db import Reader, in_transaction
from core.errors import DomainError, Forbidden, NotFound
from core.people import Person, get_person

PAGE = "/ibu/izin-kelompok"


class Herself(DomainError):
    """She takes her own money anyway."""

    sentence = _("Ini nomor Ibu sendiri. Tulis nomor orang yang mengambilkan uang.")


class NotAllowed(DomainError):
    """She has never named this person, or not any more."""

    status = 409
    sentence = _("Orang ini tidak boleh lagi mengambil uangnya. Berikan kepada pemiliknya sendiri.")


@in_transaction(retries=3)
def allow(db: Session, *, actor: Actor, taker_id: int) -> None:
    """She lets somebody take her cash; twice is once. Raises Herself, and Forbidden for helpers."""
    owner_id = _herself(actor)
    if taker_id == owner_id:
        raise Herself
    taker = get_person(db, taker_id)
    row = insert(CashTaker).values(
        owner_id=owner_id, taker_id=taker.id, created_at=clock.now(), ended_at=None
    )
    made = db.scalar(row.on_conflict_do_nothing().returning(CashTaker.id))
    if made is None:
        return
    audit.record(db, actor, "cash_taker.allow", "cash_taker", made, taker=taker.id)
    notify.tell(
        db,
        event_key=f"cash_taker:{made}",
        people=[owner_id],
        title=_("%(name)s boleh mengambil uang tunai Ibu", name=taker.call_me),
        text=_("Bukan Ibu yang mengizinkan? Cabut sekarang juga."),
        link=PAGE,
    )


@in_transaction(retries=3)
def end(db: Session, *, actor: Actor, edge_id: int) -> None:
    """From now on nobody hands this person her money. Again does nothing. Raises NotFound."""
    edge = db.get(CashTaker, edge_id, with_for_update=True)
    if edge is None or edge.owner_id != _herself(actor):
        raise NotFound
    if edge.ended_at is None:
        edge.ended_at = clock.now()
        audit.record(db, actor, "cash_taker.end", "cash_taker", edge_id, taker=edge.taker_id)


def _herself(actor: Actor) -> int:
    """Money is no helper's matter."""
    if actor.person_id is None or actor.on_behalf_of is not None:
        raise Forbidden
    return actor.person_id


def list_of(db: Reader, owner_id: int) -> list[Any]:
    """Whom she has named: id, taker_id, name, call_me, created_at."""
    query = (
        select(CashTaker.id, CashTaker.taker_id, Person.name, Person.call_me, CashTaker.created_at)
        .join(Person, Person.id == CashTaker.taker_id)
        .where(CashTaker.owner_id == owner_id, CashTaker.ended_at.is_(None))
        .where(Person.erased_at.is_(None))
        .order_by(Person.name, CashTaker.id)
    )
    return list(db.execute(query))


def of_payee(db: Reader, payee_id: int) -> list[Any]:
    """The same for whoever counts the money out; the caller has asked who looks."""
    owner_id = db.scalar(select(Payee.person_id).where(Payee.id == payee_id))
    return list_of(db, owner_id) if owner_id else []


def require(db: Session, payee_id: int, taker_id: int) -> int:
    """Whose money it is, where she lets this person take it now; raises NotAllowed.

    An end that comes at the same moment waits, or is seen.
    """
    query = (
        select(CashTaker.owner_id)
        .join(Payee, Payee.person_id == CashTaker.owner_id)
        .where(Payee.id == payee_id, CashTaker.taker_id == taker_id)
        .where(CashTaker.ended_at.is_(None))
        .with_for_update(read=True, of=CashTaker)
    )
    owner_id = db.scalar(query)
    if owner_id is None:
        raise NotAllowed
    return owner_id
