"""A drawer changes hands within a day: counted by who gives it, taken by another in her own name.

What differs belongs to the shift of who gives: it is booked with her count, before the other takes.
"""

from typing import Any
from uuid import UUID

from flask_babel import lazy_gettext as _
from sqlalchemy import Select, select
from sqlalchemy.orm import Session, aliased

from cooperatives import places
from cooperatives.days.closing import count, held
from cooperatives.days.pieces import WORDS_MAX, Counted
from cooperatives.days.posting import begun
from cooperatives.models.days import DrawerCount, TradingDay
from cooperatives.models.stock import Place
from core import acts, audit, clock
from core.actors import Actor
from core.db import Reader, in_transaction
from core.errors import DomainError, Forbidden, NotFound
from core.people import Person

GIVER, TAKER = aliased(Person), aliased(Person)


class StillOffered(DomainError):
    """The drawer is offered to somebody already."""

    status = 409
    sentence = _("Laci ini masih menunggu diterima. Tunggu, atau batalkan dulu.")


class OwnHands(DomainError):
    """Nobody hands a drawer over to herself."""

    sentence = _("Laci harus diterima orang lain.")


class NotOffered(DomainError):
    """It was taken or given back already, or the day is closed."""

    status = 409
    sentence = _("Serah terima ini sudah selesai. Muat ulang halaman.")


@in_transaction(retries=3)
def offer(db: Session, *, actor: Actor, act_id: UUID, place_id: int, counted: Counted) -> UUID:
    """Count the drawer and offer it to whoever comes next; answers with the count's id.

    Raises StillOffered, FiguresChanged, NeedsReason, Conflict, NotFound.
    """

    def do() -> dict[str, Any]:
        place = places.tended(db, actor, place_id)
        day, place, desk = held(db, actor, begun(db, place.id))
        if db.scalar(_waiting(day.id)) is not None:
            raise StillOffered
        made = count(
            db,
            actor=actor,
            count_id=act_id,
            day=day,
            place=place,
            desk=desk,
            way="cash",
            why="shift",
            counted=counted,
        )
        audit.record(db, actor, "drawer.offer", "drawer_count", made.id, odd=made.difference)
        return {"count": str(made.id)}

    content = {"place": place_id, "counted": counted.amount, "reason": counted.reason}
    told = acts.once(db, act_id=act_id, actor=actor, kind="drawer.offer", content=content, do=do)
    return UUID(told["count"])


@in_transaction(retries=3)
def take(db: Session, *, actor: Actor, count_id: UUID) -> None:
    """She has counted the drawer too and takes it. Raises OwnHands, NotOffered, NotFound."""
    made = _offered(db, actor, count_id)
    if made.counted_by == actor.person_id:
        raise OwnHands
    if made.taken_by == actor.person_id:
        return
    _refuse_settled(db, made)
    made.taken_by, made.taken_at = actor.person_id, clock.now()
    audit.record(db, actor, "drawer.take", "drawer_count", made.id)


@in_transaction(retries=3)
def give_back(db: Session, *, actor: Actor, count_id: UUID, why: str = "") -> None:
    """She counted something else, or who offered it takes it back: it is counted anew.

    Raises NotOffered, NotFound.
    """
    made = _offered(db, actor, count_id)
    if made.refused_at is not None:
        return
    _refuse_settled(db, made)
    made.refused_at, made.refusal = clock.now(), why.strip()[:WORDS_MAX]
    audit.record(db, actor, "drawer.give_back", "drawer_count", made.id)


def _offered(db: Session, actor: Actor, count_id: UUID) -> DrawerCount:
    if actor.person_id is None:
        raise Forbidden
    made = db.get(DrawerCount, count_id, with_for_update=True, populate_existing=True)
    if made is None or made.why != "shift":
        raise NotFound
    places.tended(db, actor, db.get_one(TradingDay, made.day_id).place_id)
    return made


def _refuse_settled(db: Session, made: DrawerCount) -> None:
    is_over = made.taken_at is not None or made.refused_at is not None
    if is_over or db.get_one(TradingDay, made.day_id).closed_at is not None:
        raise NotOffered


def _waiting(day_id: int) -> Select[DrawerCount]:
    return select(DrawerCount).where(
        DrawerCount.day_id == day_id,
        DrawerCount.why == "shift",
        DrawerCount.taken_at.is_(None),
        DrawerCount.refused_at.is_(None),
    )


def find_waiting(db: Reader, place_id: int) -> Any | None:
    """The drawer of a place that waits to be taken; the caller has checked the place."""
    query = (
        select(DrawerCount.id, DrawerCount.counted, DrawerCount.counted_by, GIVER.call_me)
        .join(TradingDay, TradingDay.id == DrawerCount.day_id)
        .join(GIVER, GIVER.id == DrawerCount.counted_by)
        .where(
            TradingDay.place_id == place_id,
            TradingDay.closed_at.is_(None),
            DrawerCount.why == "shift",
            DrawerCount.taken_at.is_(None),
            DrawerCount.refused_at.is_(None),
        )
    )
    return db.execute(query).one_or_none()


def place_slug(db: Reader, count_id: UUID) -> str:
    """At which place a drawer was counted."""
    query = select(Place.slug).join(TradingDay, TradingDay.place_id == Place.id)
    query = query.join(DrawerCount, DrawerCount.day_id == TradingDay.id)
    return db.scalars(query.where(DrawerCount.id == count_id)).one()


def counts_of(db: Reader, day_id: int) -> list[Any]:
    """Everything counted on a day, oldest first, with who gave and who took.

    Columns: DrawerCount's own, `difference`, `giver` and `taker`.
    """
    columns = [column for column in DrawerCount.__table__.c if column.name != "pieces"]
    query = (
        select(
            *columns,
            (DrawerCount.counted - DrawerCount.expected).label("difference"),
            GIVER.call_me.label("giver"),
            TAKER.call_me.label("taker"),
        )
        .join(GIVER, GIVER.id == DrawerCount.counted_by)
        .outerjoin(TAKER, TAKER.id == DrawerCount.taken_by)
        .where(DrawerCount.day_id == day_id)
    )
    return list(db.execute(query.order_by(DrawerCount.counted_at, DrawerCount.way)))
