"""Jobs that failed for good: a person looks, lets them run once more, or closes them.

The rows are procrastinate's own. What went wrong is told by the audit trail, as the kind of error
only: messages of errors may hold names and numbers.
"""

from dataclasses import dataclass
from datetime import datetime

from flask_babel import lazy_gettext as _
from procrastinate import exceptions
from procrastinate import sql as queue_sql
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from core import audit, clock, jobs
from core.access import require
from core.actors import Actor
from core.audit import Audit
from core.db import Reader, in_transaction
from core.errors import DomainError, NotFound
from core.orgs import operator_id
from core.rights import OPERATE

PAGE_SIZE = 50
STATUSES = ("todo", "doing", "succeeded", "failed", "cancelled", "aborted")
REASONS = {
    "done_by_hand": _("Sudah dibereskan dengan cara lain"),
    "not_needed": _("Tidak perlu lagi"),
    "mistake": _("Salah sejak awal"),
}


class TwinWaits(DomainError):
    """The same work waits already; trying this one too would do it twice."""

    sentence = _("Pekerjaan yang sama sudah menunggu. Tutup yang ini saja.")


@dataclass(frozen=True, slots=True)
class Letter:
    """One job that failed for good."""

    id: int
    name: str
    attempts: int
    failed_at: datetime | None
    error: str


def list_failed(db: Session, before: int | None = None) -> list[Letter]:
    """The newest failed jobs, those before one id on the next page."""
    rows = db.execute(
        text(
            "select j.id, j.task_name, j.attempts, (select max(e.at) from procrastinate_events e"
            " where e.job_id = j.id and e.type = 'failed') as failed_at"
            " from procrastinate_jobs j where j.status = 'failed' and j.id < :before"
            " order by j.id desc limit :most"
        ),
        {"before": before or 2**63 - 1, "most": PAGE_SIZE},
    ).all()
    errors = _errors(db, [row.id for row in rows])
    return [
        Letter(row.id, row.task_name, row.attempts, row.failed_at, errors.get(str(row.id), ""))
        for row in rows
    ]


def _errors(db: Session, job_ids: list[int]) -> dict[str, str]:
    """The newest kind of error of each job."""
    if not job_ids:
        return {}
    query = select(Audit.object_id, Audit.facts["error"].astext).where(
        Audit.object_kind == "job",
        Audit.action == jobs.FAILED,
        Audit.object_id.in_([str(job_id) for job_id in job_ids]),
    )
    return {row[0]: row[1] for row in db.execute(query.order_by(Audit.id))}


def get_failed(db: Session, job_id: int) -> Letter:
    """One failed job; raises NotFound."""
    found = [letter for letter in list_failed(db, job_id + 1) if letter.id == job_id]
    if not found:
        raise NotFound
    return found[0]


def count_by_status(db: Reader) -> dict[str, int]:
    """How many jobs there are in each status."""
    rows = db.execute(text("select status::text, count(*) from procrastinate_jobs group by status"))
    return dict.fromkeys(STATUSES, 0) | {row[0]: row[1] for row in rows}


@in_transaction(retries=3)
def retry(db: Session, *, actor: Actor, job_id: int) -> bool:
    """Let a failed job run once more; False when it is failed no longer. Raises TwinWaits."""
    name = _lock_failed(db, actor, job_id)
    if name is None:
        return False
    raw = db.connection().connection.driver_connection
    try:
        with db.begin_nested():
            # The query of procrastinate's own job manager, on our connection: whole or not at all.
            jobs.queue.connector.get_sync_connector().execute_query_all_with_connection(
                raw,
                query=queue_sql.queries["retry_job"],
                job_id=job_id,
                retry_at=clock.now(),
                new_priority=None,
                new_queue_name=None,
                new_lock=None,
            )
    except exceptions.UniqueViolation as twin:
        raise TwinWaits from twin
    audit.record(db, actor, "job.retry", "job", job_id, job=name)
    return True


@in_transaction(retries=3)
def close(db: Session, *, actor: Actor, job_id: int, reason: str) -> bool:
    """Drop a failed job for one of the `REASONS`; False when it is failed no longer."""
    assert reason in REASONS, reason
    name = _lock_failed(db, actor, job_id)
    if name is None:
        return False
    db.execute(text("delete from procrastinate_jobs where id = :id"), {"id": job_id})
    audit.record(db, actor, "job.close", "job", job_id, job=name, reason=reason)
    return True


def _lock_failed(db: Session, actor: Actor, job_id: int) -> str | None:
    require(db, actor, OPERATE, operator_id(db))
    name: str | None = db.scalar(
        text(
            "select task_name from procrastinate_jobs"
            " where id = :id and status = 'failed' for update"
        ),
        {"id": job_id},
    )
    return name
