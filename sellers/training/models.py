"""Tables of the training history. Attendance is noted, never overwritten: the newest counts."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from core import clock
from core.db import Base, moment, reference

ENROLMENT_STATES = ("waiting", "enrolled", "left")
PROGRAMME_KINDS = ("online", "in_person", "car", "gathering", "mentoring")
PROGRAMME_LEVELS = ("open", "next", "intensive")
WEATHERS = ("", "clear", "rain", "put_off")
ALL_SESSIONS_PERCENT = 100


class Skill(Base):
    """A word of the house for something one can learn; programmes name what they teach by it.

    One that was `merged_into` another is taught by no programme any more; its address leads on.
    """

    __tablename__ = "skill"

    slug: Mapped[str] = mapped_column(String(40), primary_key=True)
    name: Mapped[str] = mapped_column(String(60))
    name_en: Mapped[str] = mapped_column(String(60))
    hidden_at: Mapped[datetime | None] = moment()
    merged_into: Mapped[str | None] = mapped_column(ForeignKey("skill.slug"))


class Programme(Base):
    """What a provider teaches; it runs as cohorts.

    `pass_percent` is the part of the required sessions that makes a woman's training complete.
    `family_words` is what her family may want to know: hours, safety, what changes at home.
    """

    __tablename__ = "programme"
    __table_args__ = (
        CheckConstraint("pass_percent between 1 and 100", name="pass_percent"),
        CheckConstraint("fee between 0 and 1000000000", name="fee"),
        CheckConstraint("prerequisite_id <> id", name="prerequisite"),
        CheckConstraint(
            "kinds <@ array['online','in_person','car','gathering','mentoring']::varchar[]",
            name="kinds",
        ),
        CheckConstraint("level in ('open','next','intensive')", name="level"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(String(80), unique=True)
    provider_id: Mapped[int] = reference("organisation.id", index=True)
    name: Mapped[str] = mapped_column(String(120))
    name_en: Mapped[str] = mapped_column(String(120), default="")
    kinds: Mapped[list[str]] = mapped_column(ARRAY(String(20)), default=list)
    level: Mapped[str] = mapped_column(String(10), default="open")
    topic: Mapped[str] = mapped_column(String(60), default="")
    description: Mapped[str] = mapped_column(Text, default="")
    opening: Mapped[str] = mapped_column(String(300), default="")  # The group's core value (I4).
    family_words: Mapped[str] = mapped_column(Text, default="")
    fee: Mapped[int] = mapped_column(default=0)
    has_childcare: Mapped[bool] = mapped_column(default=False)
    prerequisite_id: Mapped[int | None] = reference("programme.id")
    unlocks: Mapped[list[str]] = mapped_column(ARRAY(String(80)), default=list)
    gives_certificate: Mapped[bool] = mapped_column(default=False)
    pass_percent: Mapped[int] = mapped_column(default=ALL_SESSIONS_PERCENT)
    created_at: Mapped[datetime] = moment(default=clock.now)


class ProgrammeSkill(Base):
    """A skill that a programme teaches."""

    __tablename__ = "programme_skill"

    programme_id: Mapped[int] = reference("programme.id", primary_key=True)
    skill_slug: Mapped[str] = mapped_column(ForeignKey("skill.slug"), primary_key=True, index=True)


class Cohort(Base):
    """One run of a programme with its own dates and women; it closes only with a follow-up date."""

    __tablename__ = "cohort"
    __table_args__ = (
        UniqueConstraint("programme_id", "name"),
        CheckConstraint("seats between 1 and 500", name="seats"),
        CheckConstraint("closed_at is null or follow_up_on is not null", name="follow_up"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    programme_id: Mapped[int] = reference("programme.id", index=True)
    name: Mapped[str] = mapped_column(String(40))
    seats: Mapped[int]
    selection: Mapped[str] = mapped_column(String(200), default="")  # How seats are given (I8).
    facilitator_id: Mapped[int | None] = reference("person.id")
    follow_up_on: Mapped[date | None]
    followed_up_at: Mapped[datetime | None] = moment()
    closed_at: Mapped[datetime | None] = moment()


class TrainingSession(Base):
    """One meeting of a cohort; required ones count towards completion.

    `data_mb` is what joining by phone costs her; 0 where people meet in a room. `starts_at` is told
    on the clock of `zone`. `weather` is what the training car says of its way there, and a session
    that `makes_listing` has a task: something she makes becomes a product of her shop.
    """

    __tablename__ = "training_session"
    __table_args__ = (
        UniqueConstraint("cohort_id", "number"),
        CheckConstraint("minutes between 1 and 1440", name="minutes"),
        CheckConstraint("data_mb >= 0 and audio_summary_seconds >= 0", name="sizes"),
        CheckConstraint("zone in ('WIB','WITA','WIT')", name="zone"),
        CheckConstraint("weather in ('','clear','rain','put_off')", name="weather"),
        CheckConstraint("loan_phones between 0 and 500", name="loan_phones"),
        Index(
            "ix_training_session_district",
            "district_code",
            postgresql_where="district_code <> ''",
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    cohort_id: Mapped[int] = reference("cohort.id", index=True)
    number: Mapped[int]
    title: Mapped[str] = mapped_column(String(120))
    starts_at: Mapped[datetime] = moment()
    zone: Mapped[str] = mapped_column(String(4), default="WIB")
    minutes: Mapped[int]
    place: Mapped[str] = mapped_column(String(120), default="")
    landmark: Mapped[str] = mapped_column(String(120), default="")
    district_code: Mapped[str] = mapped_column(String(6), default="")
    loan_phones: Mapped[int] = mapped_column(default=0)
    weather: Mapped[str] = mapped_column(String(10), default="")
    data_mb: Mapped[int] = mapped_column(default=0)
    has_recording: Mapped[bool] = mapped_column(default=False)
    audio_summary_seconds: Mapped[int] = mapped_column(default=0)
    summary: Mapped[str] = mapped_column(Text, default="")
    makes_listing: Mapped[bool] = mapped_column(default=False)
    is_required: Mapped[bool] = mapped_column(default=True)
    opening_said_at: Mapped[datetime | None] = moment()


class Enrolment(Base):
    """A woman in a cohort. `is_shown` is her own choice: nothing is public unless she says so."""

    __tablename__ = "enrolment"
    __table_args__ = (
        UniqueConstraint("cohort_id", "person_id"),
        CheckConstraint("state in ('waiting','enrolled','left')", name="state"),
        CheckConstraint("(state = 'left') = (left_at is not null)", name="left"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    cohort_id: Mapped[int] = reference("cohort.id", index=True)
    person_id: Mapped[int] = reference("person.id", index=True)
    state: Mapped[str] = mapped_column(String(10), default="enrolled")
    enrolled_at: Mapped[datetime] = moment(default=clock.now)
    left_at: Mapped[datetime | None] = moment()
    is_shown: Mapped[bool] = mapped_column(default=False)


class AttendanceNote(Base):
    """Somebody noted who was there. A correction is a newer note, never an edit.

    `seen_at` is the clock of the device it was noted on, `noted_at` ours. `saw_id` is the newest
    note of that session which the page had shown: whoever knew more, noted later.
    """

    __tablename__ = "attendance_note"
    __table_args__ = (Index("ix_attendance_note_newest", "enrolment_id", "session_id", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    session_id: Mapped[int] = reference("training_session.id", index=True)
    enrolment_id: Mapped[int] = reference("enrolment.id")
    was_there: Mapped[bool]
    noted_by: Mapped[int | None] = reference("person.id")
    noted_at: Mapped[datetime] = moment(default=clock.now)
    seen_at: Mapped[datetime | None] = moment()
    saw_id: Mapped[int] = mapped_column(default=0)


class Certificate(Base):
    """A proof anybody can check at /sertifikat/<code>.

    The row keeps the attendance it was issued on. The database lets it be withdrawn once, with a
    reason, and refuses every other change; a new certificate takes its place.
    """

    __tablename__ = "certificate"
    __table_args__ = (
        CheckConstraint("issued_by <> person_id", name="not_self"),
        CheckConstraint("(withdrawn_at is null) = (withdrawn_reason = '')", name="withdrawn"),
        CheckConstraint(
            "exception <> '' or (required > 0 and attended * 100 >= required * pass_percent)",
            name="completed",
        ),
        Index(
            "uq_certificate_living",
            "enrolment_id",
            unique=True,
            postgresql_where="withdrawn_at is null",
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(20), unique=True)
    enrolment_id: Mapped[int] = reference("enrolment.id", index=True)
    person_id: Mapped[int] = reference("person.id")
    issued_by: Mapped[int] = reference("person.id")
    issued_at: Mapped[datetime] = moment(default=clock.now)
    valid_until: Mapped[date | None]
    attended: Mapped[int]
    required: Mapped[int]
    pass_percent: Mapped[int]
    exception: Mapped[str] = mapped_column(String(200), default="")
    replaces_id: Mapped[int | None] = reference("certificate.id", unique=True)
    withdrawn_at: Mapped[datetime | None] = moment()
    withdrawn_by: Mapped[int | None] = reference("person.id")
    withdrawn_reason: Mapped[str] = mapped_column(String(200), default="")


class ListingTraining(Base):
    """A training behind a listing, named by its seller."""

    __tablename__ = "listing_training"

    listing_id: Mapped[int] = reference("listing.id", primary_key=True)
    enrolment_id: Mapped[int] = reference("enrolment.id", primary_key=True, index=True)
