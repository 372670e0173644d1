"""Who minds that backups are taken and proved: jobs by night, tasks for operators, figures."""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any

from flask_babel import lazy_gettext as _
from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from core import clock, jobs, tasks
from core.actors import SYSTEM, Actor
from core.backup import drill, runs
from core.backup.runs import BackupRun
from core.backup.settings import BackupSettings
from core.config import settings
from core.db import Reader, db, in_transaction
from core.jobs import Job, job
from core.orgs import operator_id
from core.people import Person
from core.rights import OPERATE

PROMISED = {
    "base": timedelta(hours=26),
    "dump": timedelta(hours=26),
    "photos": timedelta(hours=26),
    "drill": timedelta(days=8),
}
APART = timedelta(minutes=2)
LOG = "log"
MINUTES_BEHIND = 15  # A log that could not be kept for so long is told.
TASKS = {
    "base": tasks.declare("backup.base", _("Salinan data tiap malam terlambat. Periksa cadangan.")),
    "dump": tasks.declare("backup.dump", _("Dump data tiap malam terlambat. Periksa cadangan.")),
    "photos": tasks.declare("backup.photos", _("Salinan foto terlambat. Periksa cadangan.")),
    "drill": tasks.declare(
        "backup.drill", _("Uji pemulihan gagal atau terlambat. Periksa cadangan.")
    ),
    LOG: tasks.declare(
        "backup.log", _("Catatan perubahan data tidak tersimpan. Periksa ruang untuk cadangan.")
    ),
}
PAGE = "/kelola/cadangan"
ARCHIVER = """
select last_archived_time, last_failed_time > coalesce(last_archived_time, '-infinity')
 and last_failed_time > now() - make_interval(mins => :behind) * 4 as is_failing
from pg_stat_archiver where current_setting('archive_mode') = 'on'
"""


def _unless_fresh(kind: str, take: Callable[[], object]) -> None:
    """Twice is harmless: what is young enough is left alone."""
    if not settings(BackupSettings).enabled:
        return
    newest = newest_good(db.session()).get(kind)
    if newest is None or clock.now() - newest > PROMISED[kind] / 2:
        db.session.remove()  # Nothing stays open while it works.
        take()


def _back_up(kind: str) -> None:
    if kind in runs.kinds_here():
        _unless_fresh(kind, lambda: runs.back_up(kind, actor=SYSTEM))


@job("core.base_backup", key=None, cron="20 19 * * *")
def base_backup() -> None:
    """Copy the server's data, every night."""
    _back_up("base")


@job("core.dump", key=None, cron="40 19 * * *")
def dump() -> None:
    """Dump all rows, every night."""
    _back_up("dump")


@job("core.copy_photos", key=None, cron="0 20 * * *")
def copy_photos() -> None:
    """Copy the stored files, every night."""
    _back_up("photos")


@job("core.drill", key=None, cron="30 20 * * 6")
def weekly_drill() -> None:
    """Prove that it all comes back, every week."""
    _unless_fresh("drill", lambda: drill.run(actor=SYSTEM))


JOBS: dict[str, Job] = {
    "base": base_backup,
    "dump": dump,
    "photos": copy_photos,
    "drill": weekly_drill,
}


@job("core.mind_backups", key=None, cron="17 * * * *")
def mind_backups() -> None:
    """Ask operators to look after what is late or failed, and catch up with what was missed."""
    if settings(BackupSettings).enabled:
        kinds = [kind for kind in PROMISED if kind == "drill" or kind in runs.kinds_here()]
        _mind(actor=SYSTEM, kinds=kinds)


@in_transaction(retries=3)
def _mind(db: Session, *, actor: Actor, kinds: list[str]) -> None:
    late = troubles(db, kinds)
    house = operator_id(db)
    for kind, asked in TASKS.items():
        doc = ("backup", kind)
        if kind in late:
            tasks.write(db, asked, doc=doc, link=PAGE, holders=(OPERATE, house))
        else:
            tasks.close(db, asked, actor=actor, doc=doc, reason="well again")
    known, now = newest_good(db), clock.now()
    missed = [kind for kind in kinds if kind not in known or now - known[kind] > PROMISED[kind]]
    if not known.keys() & {"base", "dump"}:
        missed = [kind for kind in missed if kind != "drill"]  # There is nothing to prove yet.
    for turn, kind in enumerate(missed):
        jobs.defer(db, JOBS[kind], at=now + turn * APART)  # One at a time works on the shelf.


def newest_good(db: Reader) -> dict[str, datetime]:
    """When the newest backup or drill of each kind that went well was begun."""
    query = select(BackupRun.kind, func.max(BackupRun.started_at)).where(BackupRun.is_good)
    return {row[0]: row[1] for row in db.execute(query.group_by(BackupRun.kind))}


def troubles(db: Reader, kinds: list[str]) -> set[str]:
    """What is later than promised, what was proved broken, and a log that is not kept."""
    known, now = newest_good(db), clock.now()
    house_since = db.scalar(select(func.min(Person.created_at))) or now
    late = {kind for kind in kinds if now - known.get(kind, house_since) > PROMISED[kind]}
    last_drill = select(BackupRun.is_good).where(BackupRun.kind == "drill")
    if db.scalar(last_drill.order_by(BackupRun.id.desc()).limit(1)) is False:
        late.add("drill")
    archiver = log_state(db)
    if archiver is not None and archiver.is_failing:
        late.add(LOG)
    return late


def log_state(db: Reader) -> Any:
    """When the server kept a piece of its log last, and whether it fails; None without."""
    return db.execute(text(ARCHIVER), {"behind": MINUTES_BEHIND}).first()


def ages(db: Reader) -> Mapping[str, float]:
    """Seconds since each kind went well last, for /metrics."""
    now = clock.now()
    found = {kind: (now - at).total_seconds() for kind, at in newest_good(db).items()}
    archiver = log_state(db)
    if archiver is not None and archiver.last_archived_time:
        found[LOG] = (now - archiver.last_archived_time).total_seconds()
    return found
