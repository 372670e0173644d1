"""A place's days as they are read: the open one, the closed ones, and one whole day on paper."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from cooperatives import entry_words
from cooperatives.days import drawers, figures, paying, shifts
from cooperatives.days.figures import Figures, Late
from cooperatives.days.posting import open_day
from cooperatives.models.days import Bag, TradingDay
from cooperatives.models.stock import Place
from cooperatives.places import OPENED_BY_HAND
from cooperatives.rights import COORDINATE, KEEP, TREASURE
from core import access, orgs
from core.actors import Actor
from core.errors import NotFound
from core.people import Person

LIST_MAX = 62


@dataclass(frozen=True, slots=True)
class Whole:
    """One day with all that is told of it."""

    day: TradingDay
    place: Place
    figures: Figures
    counts: list[Any]
    late: list[Late]
    names: dict[str, str]
    bags: list[Any]
    paid: list[Any]
    closer: str

    def counted(self, way: str) -> Any | None:
        """What was counted of a way of paying at the close."""
        return next((c for c in self.counts if (c.way, c.why) == (way, "close")), None)

    @property
    def shifts(self) -> list[Any]:
        """The counts at which the drawer changed hands."""
        return [c for c in self.counts if c.why == "shift"]


def list_places(db: Session, actor: Actor) -> list[Place]:
    """Kiosks and bazaar boxes whose days the actor may close, as keeper or coordinator."""
    keeps = access.subjects(db, actor, KEEP)
    leads = access.subjects(db, actor, COORDINATE)
    query = select(Place).where(
        Place.kind.in_(OPENED_BY_HAND), or_(Place.id.in_(keeps), Place.organisation_id.in_(leads))
    )
    return list(db.scalars(query.order_by(Place.kind.desc(), Place.name)))


def find_open(db: Session, place: Place) -> tuple[TradingDay, Figures] | None:
    """The open day of a place and its figures; the caller has checked the place."""
    day = db.scalar(open_day(place.id))
    return (day, figures.of_day(db, day, drawers.seen(db, place))) if day else None


def list_days(db: Session, place_id: int, *, before: int = 0) -> list[TradingDay]:
    """The days of a place, newest first, those with a smaller number than `before` if given."""
    query = select(TradingDay).where(TradingDay.place_id == place_id)
    if before:
        query = query.where(TradingDay.number < before)
    return list(db.scalars(query.order_by(TradingDay.number.desc()).limit(LIST_MAX)))


def get_day(db: Session, actor: Actor, day_id: int) -> Whole:
    """One day, for who keeps or coordinates the place or keeps its books; raises NotFound."""
    day = db.get(TradingDay, day_id)
    if day is None:
        raise NotFound
    place = db.get_one(Place, day.place_id)
    boards = access.subjects(db, actor, COORDINATE, TREASURE)
    may_see = boards & {place.organisation_id, orgs.operator_id(db)}
    if not may_see and place.id not in access.subjects(db, actor, KEEP):
        raise NotFound
    desk = drawers.seen(db, place)
    late = figures.late_in(db, day, desk)
    closer = db.get(Person, day.closed_by) if day.closed_by else None
    return Whole(
        day=day,
        place=place,
        figures=figures.of_day(db, day, desk),
        counts=shifts.counts_of(db, day.id),
        late=late,
        names=entry_words.order_names(db, (one.order_id for one in late)),
        bags=_bags(db, day.id),
        paid=paying.list_paid(db, day, desk.cash.account_id),
        closer=closer.call_me if closer else "",
    )


def _bags(db: Session, day_id: int) -> list[Any]:
    query = select(Bag.amount, Bag.confirmed_at, Person.call_me.label("carrier"))
    query = query.join(Person, Person.id == Bag.carried_by).where(Bag.day_id == day_id)
    return list(db.execute(query.order_by(Bag.packed_at)))
