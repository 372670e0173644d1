"""The training car: where it stops next, and asking it to come to one's own village.

Its stops are the sessions of programmes of the kind *mobil keliling*; nothing is planned twice.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from flask_babel import lazy_gettext as _
from sqlalchemy import CheckConstraint, Index, String, Text, any_, literal, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from core import access, audit, clock, limits, notify, tasks
from core.actors import Actor
from core.config import settings
from core.db import Base, Reader, in_transaction, moment, reference
from core.errors import DomainError, NotFound
from core.orgs import Organisation
from core.people import Person
from sellers.training.models import Cohort, Programme, TrainingSession
from sellers.training.prospectus import filled
from sellers.training.rights import TEACH
from sellers.training.settings import TrainingSettings

STOPS_MAX = 60
LIST_MAX = 100
WORDS_MAX = 500
DAY_SECONDS = 24 * 3600
MINUTE = timedelta(minutes=1)
IS_ON_THE_ROAD = literal("car") == any_(Programme.kinds)
ASKED = tasks.declare("car.asked", _("Mobil belajar diminta datang. Tulis jawabannya."))


class AskedBefore(DomainError):
    """One question at a time to each provider."""

    status = 409
    sentence = _("Permintaan Ibu sebelumnya masih menunggu jawaban.")


class AnsweredBefore(DomainError):
    """An answer is given once, for it was sent."""

    status = 409
    sentence = _("Permintaan ini sudah dijawab.")


class CarWish(Base):
    """Somebody asks the car of a provider to come; answered once, in words."""

    __tablename__ = "car_wish"
    __table_args__ = (
        CheckConstraint("women between 1 and 500", name="women"),
        CheckConstraint("(answered_at is null) = (answer = '')", name="answered"),
        Index(
            "uq_car_wish_waiting",
            "provider_id",
            "person_id",
            unique=True,
            postgresql_where="answered_at is null",
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    provider_id: Mapped[int] = reference("organisation.id", index=True)
    person_id: Mapped[int] = reference("person.id", index=True)
    district_code: Mapped[str] = mapped_column(String(6))
    landmark: Mapped[str] = mapped_column(String(120))
    women: Mapped[int]
    words: Mapped[str] = mapped_column(Text, default="")
    asked_at: Mapped[datetime] = moment(default=clock.now)
    answer: Mapped[str] = mapped_column(Text, default="")
    answered_at: Mapped[datetime | None] = moment()
    answered_by: Mapped[int | None] = reference("person.id")


@dataclass(frozen=True, slots=True)
class Stop:
    """Where the car stands, when, and what is taught there."""

    title: str
    starts_at: datetime
    zone: str
    minutes: int
    place: str
    landmark: str
    district_code: str
    loan_phones: int
    weather: str
    slug: str
    name: str
    name_en: str
    provider: str
    provider_slug: str
    has_childcare: bool


@dataclass(frozen=True, slots=True)
class Wish:
    """To where the car is asked, and for whom."""

    provider_id: int
    district_code: str
    landmark: str
    women: int
    words: str = ""


@dataclass(frozen=True, slots=True)
class Asked:
    """One wish as its provider, or who asked, reads it."""

    id: int
    provider_id: int
    provider: str
    call_me: str
    district_code: str
    landmark: str
    women: int
    words: str
    asked_at: datetime
    answer: str
    answered_at: datetime | None


def list_stops(db: Reader) -> list[Stop]:
    """The stops to come, and one that goes on now, in the order of the road."""
    ends_at = TrainingSession.starts_at + TrainingSession.minutes * literal(MINUTE)
    now = clock.now()
    query = (
        select(
            TrainingSession.title, TrainingSession.starts_at, TrainingSession.zone,
            TrainingSession.minutes, TrainingSession.place, TrainingSession.landmark,
            TrainingSession.district_code, TrainingSession.loan_phones, TrainingSession.weather,
            Programme.slug, Programme.name, Programme.name_en, Programme.has_childcare,
            Organisation.name.label("provider"), Organisation.slug.label("provider_slug"),
        )
        .join(Cohort, Cohort.id == TrainingSession.cohort_id)
        .join(Programme, Programme.id == Cohort.programme_id)
        .join(Organisation, Organisation.id == Programme.provider_id)
        .where(
            IS_ON_THE_ROAD, Cohort.closed_at.is_(None), Organisation.closed_at.is_(None),
            TrainingSession.place != "",
            TrainingSession.starts_at > now - timedelta(days=1), ends_at > now,
        )
        .order_by(TrainingSession.starts_at, TrainingSession.id)
        .limit(STOPS_MAX)
    )  # fmt: skip
    return [filled(Stop, row) for row in db.execute(query)]


def list_providers(db: Reader) -> list[tuple[int, str]]:
    """Who has a car on the road: id and name."""
    on_the_road = select(Programme.provider_id).where(IS_ON_THE_ROAD)
    query = select(Organisation.id, Organisation.name).where(
        Organisation.id.in_(on_the_road), Organisation.closed_at.is_(None)
    )
    return [(row[0], row[1]) for row in db.execute(query.order_by(Organisation.name))]


def ask(*, actor: Actor, wish: Wish) -> None:
    """Ask the car to come. Raises TooMany, AskedBefore, NotFound."""
    key = f"car-wish:{actor.person_id}"
    most = settings(TrainingSettings).car_wishes
    limits.spend(key=key, most=most, seconds=DAY_SECONDS)
    _ask(actor=actor, wish=wish)


@in_transaction(retries=3)
def _ask(db: Session, *, actor: Actor, wish: Wish) -> None:
    person = db.get(Person, actor.person_id or 0, with_for_update={"key_share": True})
    if person is None or wish.provider_id not in dict(list_providers(db)):
        raise NotFound
    waits = select(CarWish.id).where(
        CarWish.provider_id == wish.provider_id,
        CarWish.person_id == person.id,
        CarWish.answered_at.is_(None),
    )
    if db.scalar(waits) is not None:
        raise AskedBefore
    made = CarWish(
        provider_id=wish.provider_id,
        person_id=person.id,
        district_code=wish.district_code,
        landmark=wish.landmark,
        women=wish.women,
        words=wish.words,
    )
    db.add(made)
    db.flush()
    tasks.write(
        db,
        ASKED,
        doc=("car_wish", made.id),
        link=f"/fasilitator/mobil/{made.id}",
        holders=(TEACH, wish.provider_id),
    )
    audit.record(db, actor, "car.ask", "car_wish", made.id)


@in_transaction(retries=3)
def answer(db: Session, *, actor: Actor, wish_id: int, words: str) -> None:
    """Answer in words; who asked reads them at once. Raises AnsweredBefore, NotFound."""
    found = db.get(CarWish, wish_id, with_for_update=True, populate_existing=True)
    if found is None or found.provider_id not in access.subjects(db, actor, TEACH):
        raise NotFound
    if found.answered_at is not None:
        raise AnsweredBefore
    found.answer, found.answered_at, found.answered_by = words, clock.now(), actor.person_id
    tasks.close(db, ASKED, actor=actor, doc=("car_wish", found.id), reason="answered")
    audit.record(db, actor, "car.answer", "car_wish", found.id)
    notify.tell(
        db,
        event_key=f"car_wish:{found.id}",
        people=[found.person_id],
        title=_("Permintaan mobil belajar sudah dijawab"),
        text=_("Baca jawabannya di halaman mobil belajar."),
        link="/mobil/minta",
    )


def list_mine(db: Reader, actor: Actor) -> Sequence[Asked]:
    """What the actor asked for, the newest first."""
    return _list(db, CarWish.person_id == actor.person_id)


def list_asked(db: Reader, actor: Actor) -> Sequence[Asked]:
    """What the actor's providers are asked for, what waits at the top."""
    return _list(db, CarWish.provider_id.in_(access.subjects(db, actor, TEACH)))


def get_asked(db: Reader, actor: Actor, wish_id: int) -> Asked:
    """One of those; raises NotFound."""
    reach = CarWish.provider_id.in_(access.subjects(db, actor, TEACH))
    found = _list(db, reach & (CarWish.id == wish_id))
    if not found:
        raise NotFound
    return found[0]


def _list(db: Reader, which: Any) -> list[Asked]:
    query = (
        select(
            CarWish.id, CarWish.provider_id, Organisation.name.label("provider"), Person.call_me,
            CarWish.district_code, CarWish.landmark, CarWish.women, CarWish.words,
            CarWish.asked_at, CarWish.answer, CarWish.answered_at,
        )
        .join(Organisation, Organisation.id == CarWish.provider_id)
        .join(Person, Person.id == CarWish.person_id)
        .where(which)
        .order_by(CarWish.answered_at.is_not(None), CarWish.id.desc())
        .limit(LIST_MAX)
    )  # fmt: skip
    return [filled(Asked, row) for row in db.execute(query)]
