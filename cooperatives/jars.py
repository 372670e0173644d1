"""Three jars of her own: home, business, savings. A note of what she does, never money of ours.

She says once how what is paid to her shall be divided, and after each payout presses when she has
really done it. Nobody else reads the jars and no trail tells of them; nothing is lent.
"""

from collections.abc import Sequence
from typing import Any
from uuid import UUID, uuid4

from flask_babel import lazy_gettext as _
from sqlalchemy import BigInteger, Select, String, cast, func, or_, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from cooperatives.models.books import Account, Journal, Payee, Payout, Settlement
from cooperatives.models.her_money import JARS, JarNote, JarPlan
from cooperatives.notebook import HERS
from cooperatives.payout_states import PayoutState
from core import clock
from core.actors import Actor
from core.db import Reader, in_transaction
from core.errors import DomainError, Forbidden, NotFound
from core.money import Money

NOTES_MAX = 30
UNSPLIT_MAX = 10


class OddPlan(DomainError):
    """The three parts are not one whole."""

    sentence = _("Jumlah ketiga bagian harus 100.")


class NotInJar(DomainError):
    """More cannot be taken out than she has noted in it."""

    sentence = _("Isi toples ini tidak sebanyak itu.")


def _herself(actor: Actor) -> int:
    if actor.person_id is None or actor.on_behalf_of is not None:
        raise Forbidden
    return actor.person_id


def plan_of(db: Session, person_id: int) -> JarPlan | None:
    """How she divides what is paid to her, if she has said so."""
    return db.get(JarPlan, person_id, populate_existing=True)


@in_transaction(retries=3)
def plan(db: Session, *, actor: Actor, parts: dict[str, int]) -> None:
    """Say how payouts are divided from now on, in percent. Raises OddPlan."""
    person_id = _herself(actor)
    if set(parts) != set(JARS) or min(parts.values()) < 0 or sum(parts.values()) != 100:
        raise OddPlan
    row = insert(JarPlan).values(person_id=person_id, since=clock.now(), **parts)
    db.execute(row.on_conflict_do_update(index_elements=["person_id"], set_=parts))


def _locked(db: Session, actor: Actor) -> JarPlan:
    found = db.get(JarPlan, _herself(actor), with_for_update=True, populate_existing=True)
    if found is None:
        raise NotFound
    return found


def _paid(person_id: int) -> Select[*tuple[Any, ...]]:
    """Payouts that have reached her, with when that was booked."""
    return (
        select(Payout.id, Settlement.total, Journal.posted_at)
        .join(Settlement, Settlement.id == Payout.settlement_id)
        .join(Account, Account.id == Settlement.account_id)
        .join(Payee, Payee.id == Account.payee_id)
        .join(
            Journal,
            (Journal.kind == "payout")
            & (Journal.doc_type == "payout")
            & (Journal.doc_id == cast(Payout.id, String)),
        )
        .where(Payee.person_id == person_id, Account.kind.in_(HERS))
        .where(Payout.state == PayoutState.PAID)
    )


def unsplit(db: Session, person_id: int) -> list[Any]:
    """Payouts since her plan began that she has not divided yet: id, total, posted_at."""
    her_plan = plan_of(db, person_id)
    if her_plan is None:
        return []
    done = select(JarNote.id).where(JarNote.payout_id == Payout.id)
    query = _paid(person_id).where(Journal.posted_at >= her_plan.since, ~done.exists())
    return list(db.execute(query.order_by(Payout.id).limit(UNSPLIT_MAX)))


def parts_of(total: int, her_plan: JarPlan) -> dict[str, int]:
    """A payout by her plan, to the rupiah."""
    weights = [getattr(her_plan, jar) for jar in JARS]
    return {jar: part.rupiah for jar, part in zip(JARS, Money(total).split(weights), strict=True)}


@in_transaction(retries=3)
def split(db: Session, *, actor: Actor, payout_id: int) -> None:
    """She has divided a payout as planned; a second press changes nothing. Raises NotFound."""
    her_plan = _locked(db, actor)
    paid = db.execute(_paid(her_plan.person_id).where(Payout.id == payout_id)).first()
    if paid is None:
        raise NotFound
    if db.scalar(select(JarNote.id).where(JarNote.payout_id == payout_id).limit(1)):
        return
    for jar, amount in parts_of(paid.total, her_plan).items():
        if amount:
            _add(db, her_plan.person_id, uuid4(), jar, amount, payout_id)


@in_transaction(retries=3)
def note(db: Session, *, actor: Actor, note_id: UUID, jar: str, amount: int) -> None:
    """She has put money into a jar, or taken it out (negative); the same id is one note.

    Raises NotInJar, and NotFound before she has said how she divides.
    """
    person_id = _locked(db, actor).person_id
    if jar not in JARS or not amount:
        raise NotFound
    known = db.get(JarNote, note_id)
    if known is not None:
        if known.person_id != person_id:
            raise NotFound
        return
    if standing(db, person_id)[jar] + amount < 0:
        raise NotInJar
    _add(db, person_id, note_id, jar, amount, None)


def _add(
    db: Session, person_id: int, note_id: UUID, jar: str, amount: int, payout_id: int | None
) -> None:
    db.add(JarNote(id=note_id, person_id=person_id, jar=jar, amount=amount, payout_id=payout_id))
    db.flush()


def _counting(person_id: int) -> Any:
    """Her notes, but for those of a payout that the bank has sent back."""
    counts = or_(JarNote.payout_id.is_(None), Payout.state == PayoutState.PAID)
    return (JarNote.person_id == person_id) & counts


def standing(db: Reader, person_id: int) -> dict[str, int]:
    """What is in each jar by her notes."""
    query = (
        select(JarNote.jar, cast(func.sum(JarNote.amount), BigInteger).label("total"))
        .outerjoin(Payout, Payout.id == JarNote.payout_id)
        .where(_counting(person_id))
        .group_by(JarNote.jar)
    )
    found = {row.jar: row.total for row in db.execute(query)}
    return {jar: found.get(jar, 0) for jar in JARS}


def list_notes(db: Session, person_id: int) -> Sequence[JarNote]:
    """Her newest notes."""
    query = (
        select(JarNote)
        .outerjoin(Payout, Payout.id == JarNote.payout_id)
        .where(_counting(person_id))
        .order_by(JarNote.written_at.desc(), JarNote.id)
        .limit(NOTES_MAX)
    )
    return db.scalars(query).all()
