"""Reports are made from what the house knows, changed in words, given a photo, and kept."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from flask_babel import lazy_gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session

from cooperatives.activity import counting, drafting
from cooperatives.activity.counting import Counted
from cooperatives.models import ActivityReport, Bazaar
from cooperatives.rights import COORDINATE, TREASURE
from core import access, audit, clock, files, words
from core.actors import Actor
from core.db import Reader, in_transaction
from core.errors import DomainError, NotFound
from core.files import Attachment, Stored
from sellers.training.models import Cohort

DOC = "activity_report"
DAYS_MAX = 366
PAGE = 20


class WrongDays(DomainError):
    """The wrong way round, in the future, or more than a year."""

    sentence = _("Hari terakhir sesudah hari pertama, tidak lewat hari ini, paling lama setahun.")


@dataclass(frozen=True, slots=True)
class Subject:
    """What a report is about: a time, or one bazaar or class of the group's."""

    about: str
    about_id: int | None
    since: date
    until: date
    name: str = ""


def subject_of(
    db: Session, group_id: int, about: str, about_id: int | None, since: date, until: date
) -> Subject:
    """The subject with its name and days; raises NotFound for what is not the group's."""
    if about == "period":
        if not since <= until <= clock.today() or (until - since).days > DAYS_MAX:
            raise WrongDays
        return Subject(about, None, since, until)
    known = counting.bazaars_of if about == "bazaar" else counting.classes_of
    for key, name, first in known(db, group_id):
        if key == about_id and about == "bazaar":
            return Subject(about, key, first, db.get_one(Bazaar, key).ends_on, name)
        if key == about_id:
            return Subject(about, key, *counting.days_of(db, key), name)
    raise NotFound


def _counted(db: Session, group_id: int, of: Subject) -> Counted:
    if of.about == "bazaar":
        return counting.of_bazaar(db, group_id, db.get_one(Bazaar, of.about_id))
    if of.about == "cohort":
        return counting.of_cohort(db, group_id, db.get_one(Cohort, of.about_id))
    return counting.of_period(db, group_id, of.since, of.until)


def days(since: date, until: date) -> str:
    """Two days in words."""
    first, last = words.tanggal(since), words.tanggal(until)
    return first if since == until else str(_("%(first)s sampai %(last)s", first=first, last=last))


@in_transaction(retries=3)
def make(
    db: Session,
    *,
    actor: Actor,
    organisation_id: int,
    about: str,
    about_id: int | None,
    since: date,
    until: date,
) -> ActivityReport:
    """Count, write the first words, and keep it. Raises WrongDays, NotFound."""
    access.require(db, actor, COORDINATE, organisation_id)
    of = subject_of(db, organisation_id, about, about_id, since, until)
    kept = _counted(db, organisation_id, of).kept()
    when = days(of.since, of.until)
    titles = {
        "period": _("Laporan kegiatan %(days)s", days=when),
        "bazaar": _("Laporan: %(name)s", name=of.name),
        "cohort": _("Laporan: %(name)s", name=of.name),
    }
    report = ActivityReport(
        organisation_id=organisation_id,
        about=of.about,
        about_id=of.about_id,
        since_on=of.since,
        until_on=of.until,
        title=str(titles[about])[:120],
        figures=kept,
        made_by=actor.person_id,
        **drafting.draft(about, of.name, when, kept),
    )
    db.add(report)
    db.flush()
    audit.record(db, actor, "report.make", DOC, report.id, about=about)
    return report


@in_transaction(retries=3)
def change(
    db: Session,
    *,
    actor: Actor,
    report_id: int,
    title: str,
    parts: Mapping[str, str],
    photo: Stored | None = None,
) -> ActivityReport:
    """Other words, or a photo in place of the last; the figures stay. Raises NotFound."""
    report = db.get(ActivityReport, report_id, with_for_update=True, populate_existing=True)
    if report is None:
        raise NotFound
    access.require(db, actor, COORDINATE, report.organisation_id)
    report.title, report.changed_at = title, clock.now()
    for part in drafting.PARTS:
        setattr(report, part, parts.get(part, ""))
    if photo is not None:
        files.erase(db, (DOC, report.id))
        files.attach.within(db, actor=actor, stored=photo, doc=(DOC, report.id))
    audit.record(db, actor, "report.change", DOC, report.id)
    return report


def get(db: Session, actor: Actor, report_id: int) -> ActivityReport:
    """A report for the board of its group; raises NotFound."""
    report = db.get(ActivityReport, report_id)
    if report is None:
        raise NotFound
    if report.organisation_id not in access.subjects(db, actor, COORDINATE, TREASURE):
        raise NotFound
    return report


def photo_of(db: Session, report: ActivityReport) -> Attachment | None:
    """Its photo, if it has one; the caller has checked who asks."""
    return next(iter(files.list_of(db, (DOC, report.id))), None)


def list_reports(
    db: Reader, group_ids: Sequence[int], *, asked: str = "", page: int = 1
) -> tuple[list[ActivityReport], bool]:
    """Reports of these groups, the newest first; whether more follow."""
    query = select(ActivityReport).where(ActivityReport.organisation_id.in_(group_ids))
    if asked:
        query = query.where(ActivityReport.title.ilike(f"%{asked}%"))
    query = query.order_by(ActivityReport.id.desc())
    found = list(db.execute(query.limit(PAGE + 1).offset(PAGE * (page - 1))).scalars())
    return found[:PAGE], len(found) > PAGE


def parts_of(report: ActivityReport) -> dict[str, str]:
    """Its words, by part."""
    return {part: getattr(report, part) for part in drafting.PARTS}
