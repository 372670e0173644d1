"""The figures of a report: of a time, of a bazaar, of a class; for a group and all below it.

A woman of two groups is one, and each sale stands in one group's books: nothing is counted twice.
"""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy import BigInteger, ColumnElement, Select, cast, func, select
from sqlalchemy.orm import Session

from cooperatives.bazaars import figures as bazaar_figures
from cooperatives.big_orders.states import State
from cooperatives.membership import network
from cooperatives.models import (
    Bazaar,
    BazaarCost,
    BazaarGroup,
    BazaarLine,
    BazaarSeat,
    BigOrder,
    Lot,
    Membership,
    Movement,
)
from core.clock import WIB
from core.db import Reader
from sellers.models import Seller
from sellers.training.attendance import newest
from sellers.training.models import Certificate, Cohort, Enrolment, Programme, TrainingSession

LIST_MAX = 30


@dataclass(frozen=True, slots=True)
class Counted:
    """What a report counts; what does not fit its kind is nothing. `groups` are the group itself
    and those below it, `people` women, each once.
    """

    groups: int = 1
    people: int = 0
    new_people: int = 0
    makers: int = 0
    pieces: int = 0
    rupiah: int = 0
    costs: int = 0
    bazaars: int = 0
    big_orders: int = 0
    learners: int = 0
    certificates: int = 0

    def kept(self) -> dict[str, int]:
        """As it is stored."""
        return asdict(self)


def of_period(db: Session, group_id: int, since: date, until: date) -> Counted:
    """Everything between two days, both counted."""
    groups = network.below(db, group_id)
    begins, ends = moments(since, until)
    sold = network.sold_between(db, begins, ends, groups)
    return Counted(
        groups=len(groups),
        people=_people(db, groups, Membership.joined_on <= until),
        new_people=_people(db, groups, Membership.joined_on.between(since, until)),
        makers=len({person for (_group, person), amount in sold.items() if person and amount > 0}),
        pieces=_pieces(db, groups, begins, ends),
        rupiah=sum(sold.values()),
        bazaars=_count(db, _bazaars(groups).where(Bazaar.starts_on.between(since, until))),
        big_orders=_count(db, _big_orders(groups, since, until)),
        learners=_learners(db, groups, TrainingSession.starts_at.between(begins, ends)),
        certificates=_certificates(db, groups, Certificate.issued_at.between(begins, ends)),
    )


def moments(since: date, until: date) -> tuple[datetime, datetime]:
    """Two days as moments on the clock of Wonosobo: from the first to the end of the last."""
    after = until + timedelta(days=1)
    return datetime.combine(since, time(), WIB), datetime.combine(after, time(), WIB)


def _people(db: Reader, groups: Sequence[int], when: ColumnElement[bool]) -> int:
    query = select(func.count(Membership.person_id.distinct())).where(
        Membership.cooperative_id.in_(groups), Membership.left_on.is_(None), when
    )
    return db.execute(query).scalar() or 0


def _pieces(db: Reader, groups: Sequence[int], begins: datetime, ends: datetime) -> int:
    """Sold, less what turned out not to be."""
    back = Movement.__table__.alias("back")
    undone = select(back.c.id).where(back.c.reverses_id == Movement.id).exists()
    query = (
        select(cast(func.sum(Movement.quantity), BigInteger))
        .join(Lot, Lot.id == Movement.lot_id)
        .where(Movement.kind == "sale", ~undone, Lot.organisation_id.in_(groups))
        .where(Movement.posted_at >= begins, Movement.posted_at < ends)
    )
    return db.execute(query).scalar() or 0


def _bazaars(groups: Sequence[int]) -> Select[Any]:
    there = select(BazaarGroup.bazaar_id).where(
        BazaarGroup.organisation_id.in_(groups), BazaarGroup.state == "accepted"
    )
    return select(Bazaar.id).where(Bazaar.id.in_(there))


def _big_orders(groups: Sequence[int], since: date, until: date) -> Select[Any]:
    return select(BigOrder.id).where(
        BigOrder.organisation_id.in_(groups),
        BigOrder.state.in_((State.AGREED.value, State.DONE.value)),
        BigOrder.due_on.between(since, until),
    )


def _count(db: Reader, query: Select[Any]) -> int:
    return db.execute(select(func.count()).select_from(query.subquery())).scalar() or 0


def _of_ours(groups: Sequence[int]) -> Select[Any]:
    return select(Membership.person_id).where(
        Membership.cooperative_id.in_(groups), Membership.left_on.is_(None)
    )


def _learners(db: Reader, groups: Sequence[int], which: ColumnElement[bool]) -> int:
    """Members who were at a meeting at least once."""
    query = (
        select(func.count(Enrolment.person_id.distinct()))
        .join(TrainingSession, TrainingSession.cohort_id == Enrolment.cohort_id)
        .where(Enrolment.person_id.in_(_of_ours(groups)), which)
        .where(newest(Enrolment.id, TrainingSession.id))
    )
    return db.execute(query).scalar() or 0


def _certificates(db: Reader, groups: Sequence[int], which: ColumnElement[bool]) -> int:
    query = (
        select(func.count(Certificate.person_id.distinct()))
        .join(Enrolment, Enrolment.id == Certificate.enrolment_id)
        .where(Certificate.person_id.in_(_of_ours(groups)), Certificate.withdrawn_at.is_(None))
    )
    return db.execute(query.where(which)).scalar() or 0


def of_bazaar(db: Session, group_id: int, bazaar: Bazaar) -> Counted:
    """A bazaar as far as it is the group's: its members, their goods, and what all of it cost."""
    groups = network.below(db, group_id)
    ours = select(Seller.id).where(Seller.organisation_id.in_(groups))
    seats = select(func.count()).where(
        BazaarSeat.bazaar_id == bazaar.id,
        BazaarSeat.state == "joined",
        BazaarSeat.seller_id.in_(ours),
    )
    pieces, rupiah = _sold_at(db, bazaar, ours)
    costs = select(func.sum(BazaarCost.amount)).where(
        BazaarCost.bazaar_id == bazaar.id, BazaarCost.struck_at.is_(None)
    )
    return Counted(
        groups=len(groups),
        makers=db.scalar(seats) or 0,
        pieces=pieces,
        rupiah=rupiah,
        costs=int(db.scalar(costs) or 0),
        bazaars=1,
    )


def _sold_at(db: Session, bazaar: Bazaar, ours: Select[Any]) -> tuple[int, int]:
    """Frozen once it is closed; before that, what the box says."""
    if bazaar.closed_at is not None:
        query = select(
            func.coalesce(func.sum(BazaarLine.sold), 0),
            func.coalesce(func.sum(BazaarLine.gross), 0),
        ).where(BazaarLine.bazaar_id == bazaar.id, BazaarLine.seller_id.in_(ours))
        row = db.execute(query).one()
        return int(row[0]), int(row[1])
    taken = bazaar_figures.takings(db, bazaar.place_id)
    mine = set(db.scalars(select(Lot.id).where(Lot.id.in_(list(taken)), Lot.owner_id.in_(ours))))
    box = bazaar_figures.of_box(db, bazaar)
    pieces = sum(found.sold for lot_id, found in box.items() if lot_id in mine)
    return pieces, sum(taking.gross for lot_id, taking in taken.items() if lot_id in mine)


def of_cohort(db: Session, group_id: int, cohort: Cohort) -> Counted:
    """A class as far as the group's members were in it."""
    groups = network.below(db, group_id)
    enrolled = select(func.count(Enrolment.person_id.distinct())).where(
        Enrolment.cohort_id == cohort.id,
        Enrolment.state == "enrolled",
        Enrolment.person_id.in_(_of_ours(groups)),
    )
    return Counted(
        groups=len(groups),
        people=db.scalar(enrolled) or 0,
        learners=_learners(db, groups, Enrolment.cohort_id == cohort.id),
        certificates=_certificates(db, groups, Enrolment.cohort_id == cohort.id),
    )


def bazaars_of(db: Reader, group_id: int) -> list[tuple[int, str, date]]:
    """Bazaars that the group or one below it took part in, the newest first."""
    query = _bazaars(network.below(db, group_id)).with_only_columns(
        Bazaar.id, Bazaar.name, Bazaar.starts_on
    )
    query = query.order_by(Bazaar.starts_on.desc(), Bazaar.id.desc()).limit(LIST_MAX)
    return [(row.id, row.name, row.starts_on) for row in db.execute(query)]


def classes_of(db: Reader, group_id: int) -> list[tuple[int, str, date]]:
    """Classes that members of the group were in, with their first day, the newest first."""
    first = func.min(TrainingSession.starts_at)
    query = (
        select(Cohort.id, Programme.name, Cohort.name.label("run"), first.label("first"))
        .join(Programme, Programme.id == Cohort.programme_id)
        .join(Enrolment, Enrolment.cohort_id == Cohort.id)
        .join(TrainingSession, TrainingSession.cohort_id == Cohort.id)
        .where(Enrolment.person_id.in_(_of_ours(network.below(db, group_id))))
        .group_by(Cohort.id, Programme.name)
        .order_by(first.desc())
        .limit(LIST_MAX)
    )
    return [
        (row.id, f"{row.name} {row.run}".strip(), row.first.astimezone(WIB).date())
        for row in db.execute(query)
    ]


def days_of(db: Reader, cohort_id: int) -> tuple[date, date]:
    """The first and the last day of a class."""
    query = select(func.min(TrainingSession.starts_at), func.max(TrainingSession.starts_at))
    first, last = db.execute(query.where(TrainingSession.cohort_id == cohort_id)).one()
    return first.astimezone(WIB).date(), last.astimezone(WIB).date()
