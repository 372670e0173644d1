"""Classes of the demo world: the ones to come, one that runs, and two that are over."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from core import clock
from sellers.training import (
    attendance,
    certificates,
    cohorts,
    enrolments,
    programmes,
    sessions,
    showing,
)
from sellers.training.models import Enrolment
from sellers.training.programmes import Plan
from sellers.training.sessions import Meeting
from shop.demo import scholarship
from shop.demo.cast import Cast, act_id, moment, read

VERIFIER = "u-ningsih"
FOLLOW_UP_AFTER = timedelta(days=14)


def load(db: Session, cast: Cast) -> None:
    """Write the programmes with the classes to come, the earlier classes, and scholarships."""
    written = read("training")
    ids: dict[str, int] = {}
    rows = {row["key"]: row for row in written["programmes"]}
    asked_for = {batch["programme"] for batch in written["scholarships"]}
    for key, row in rows.items():
        ids[key] = _open_programme(db, cast, ids, row)
        if key not in asked_for:
            open_class(db, cast, ids[key], row, days_before=0)
    for run in written["earlier_runs"]:
        row = rows[run["programme"]]
        _hold(db, cast, row, run, ids[run["programme"]])
    for batch in written["scholarships"]:
        row = rows[batch["programme"]]
        cohort_id, _held = open_class(db, cast, ids[batch["programme"]], row, batch["days_before"])
        scholarship.load(db, cast, row, batch, cohort_id)


def _open_programme(db: Session, cast: Cast, ids: dict[str, int], row: dict[str, Any]) -> int:
    plan = row["plan"] | {
        name: tuple(row["plan"].get(name, ())) for name in ("unlocks", "kinds", "skills")
    }
    return programmes.open_programme.within(
        db,
        actor=cast.actor(row["facilitator"]),
        provider_id=cast.organisations[row["provider"]],
        plan=Plan(prerequisite_id=ids.get(row.get("prerequisite", "")), **plan),
    )


def open_class(
    db: Session, cast: Cast, programme_id: int, row: dict[str, Any], days_before: int
) -> tuple[int, list[tuple[int, datetime]]]:
    """One class with its sessions, so many days before the one to come; its id and theirs."""
    teacher = cast.actor(row["facilitator"])
    starts = [moment(one["starts_at"]) - timedelta(days=days_before) for one in row["sessions"]]
    cohort_id = cohorts.open_cohort.within(
        db,
        actor=teacher,
        programme_id=programme_id,
        name=f"Mulai {starts[0].astimezone(clock.WIB):%d-%m-%Y}",
        seats=row["seats"],
        facilitator_id=teacher.person_id,
        selection=row["selection"],
    )
    held = []
    for one, starts_at in zip(row["sessions"], starts, strict=True):
        meeting = Meeting(**one | {"starts_at": starts_at})
        session_id = sessions.add_session.within(
            db, actor=teacher, cohort_id=cohort_id, meeting=meeting
        )
        held.append((session_id, starts_at))
    return cohort_id, held


def _hold(
    db: Session, cast: Cast, row: dict[str, Any], run: dict[str, Any], programme_id: int
) -> None:
    """A class that has begun: who was there, and for one that is over, its certificates."""
    teacher = cast.actor(row["facilitator"])
    cohort_id, held = open_class(db, cast, programme_id, row, run["days_before"])
    seats = {
        woman["seller"]: _enrol(db, cast, row["facilitator"], cohort_id, woman["seller"])
        for woman in run["women"]
    }
    for number, (session_id, starts_at) in enumerate(held, start=1):
        if starts_at.astimezone(clock.WIB).date() > clock.today():
            break
        sessions.say_opening.within(db, actor=teacher, session_id=session_id)
        attendance.note.within(
            db,
            actor=teacher,
            act_id=act_id("attendance", row["key"], run["days_before"], number),
            session_id=session_id,
            marks={seats[w["seller"]]: number in w["attended"] for w in run["women"]},
            seen_at=starts_at,
        )
    if run["is_over"]:
        _finish(db, cast, row, run, seats)
        follow_up_on = clock.today() + FOLLOW_UP_AFTER
        cohorts.close_cohort.within(
            db, actor=teacher, cohort_id=cohort_id, follow_up_on=follow_up_on
        )


def _enrol(db: Session, cast: Cast, facilitator: str, cohort_id: int, seller: str) -> int:
    person_id = cast.people[seller]
    enrolments.enrol.within(
        db, actor=cast.actor(facilitator), cohort_id=cohort_id, person_id=person_id
    )
    mine = (Enrolment.cohort_id == cohort_id) & (Enrolment.person_id == person_id)
    return db.scalars(select(Enrolment.id).where(mine)).one()


def _finish(
    db: Session, cast: Cast, row: dict[str, Any], run: dict[str, Any], seats: dict[str, int]
) -> None:
    """Those who completed it get their certificate and show it with what they make."""
    for woman in run["women"]:
        enrolment_id, herself = seats[woman["seller"]], cast.actor(woman["seller"])
        if row["plan"]["gives_certificate"]:
            certificates.issue.within(db, actor=cast.actor(VERIFIER), enrolment_id=enrolment_id)
        showing.show.within(db, actor=herself, enrolment_id=enrolment_id, is_shown=True)
        showing.link_listings.within(
            db,
            actor=herself,
            enrolment_id=enrolment_id,
            listing_ids=cast.listing_ids(woman["listings"]),
        )
