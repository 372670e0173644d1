"""Jobs: work that happens after the commit, deferred in the caller's own transaction.

The queue is procrastinate in the same PostgreSQL, so an order and its jobs commit together or not
at all. Jobs run at least once: each names the argument that makes it idempotent. A job whose
worker was killed is found by `sweep_stalled` and runs again; one that failed for good stays on the
dead-letter page until somebody retries or drops it.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import procrastinate
import structlog
from flask import Flask
from procrastinate import exceptions
from procrastinate.jobs import Status
from sqlalchemy.orm import Session

from core import audit, clock, pause
from core.actors import SYSTEM
from core.config import settings
from core.db import db as database
from core.db import in_transaction
from core.settings import CoreSettings

log = structlog.get_logger()

ATTEMPTS_MAX = 8
OPENED_SECONDS = 2  # How often a waiting worker looks whether the house is open.
PAUSED_SECONDS = 30  # What was begun while somebody paused the house asks again after so long.
FAILED = "job.fail"  # The deed in the audit trail.
queue = procrastinate.App(connector=procrastinate.SyncPsycopgConnector())
_house: list[Flask] = []  # The app the worker of this process runs for.


@dataclass(frozen=True)
class Job:
    """One kind of work; `key` names the argument under which two waiting jobs are the same.

    `gave_up` is called with the job's facts once it has failed for good.
    """

    name: str
    key: str | None
    run: Callable[..., None]
    task: Any
    gave_up: Callable[..., None] | None = None


JOBS: dict[str, Job] = {}


class _Retry(procrastinate.RetryStrategy):
    """Later and later, and not for ever; a paused house only makes a job wait."""

    def __init__(self) -> None:
        super().__init__(max_attempts=ATTEMPTS_MAX, exponential_wait=3)

    def get_retry_decision(
        self, *, exception: BaseException, job: procrastinate.jobs.Job
    ) -> procrastinate.RetryDecision | None:
        """When to try again, or None."""
        if isinstance(exception, pause.Paused):
            return procrastinate.RetryDecision(retry_in={"seconds": PAUSED_SECONDS})
        return super().get_retry_decision(exception=exception, job=job)


def job(
    name: str,
    *,
    key: str | None,
    cron: str | None = None,
    gave_up: Callable[..., None] | None = None,
) -> Callable[[Callable[..., None]], Job]:
    """Declare a job. With `cron` it also runs by the clock (times in UTC)."""

    def wrap(run: Callable[..., None]) -> Job:
        if name in JOBS:
            raise AssertionError(f"job {name} is declared twice")

        def perform(
            context: procrastinate.JobContext,
            /,
            timestamp: int | None = None,  # noqa: ARG001
            **facts: Any,
        ) -> None:
            _perform(JOBS[name], context.job, facts)

        task = queue.task(name=name, retry=_Retry(), pass_context=True)(perform)
        if cron:
            queue.periodic(cron=cron, periodic_id=name)(task)
        JOBS[name] = Job(name, key, run, task, gave_up)
        return JOBS[name]

    return wrap


def _perform(work: Job, ticket: procrastinate.jobs.Job, facts: dict[str, Any]) -> None:
    with _house[-1].app_context():
        try:
            if pause.is_on():
                raise pause.Paused
            work.run(**facts)
        except Exception as error:  # The worker's edge: told to the log and the trail, raised on.
            database.session.remove()
            if work.task.get_retry_exception(error, ticket) is None:
                _note_failure(job_id=ticket.id, name=work.name, error=type(error).__name__)
                if work.gave_up:
                    work.gave_up(**facts)
            raise
        finally:
            database.session.remove()


@in_transaction()
def _note_failure(db: Session, *, job_id: int | None, name: str, error: str) -> None:
    """A job will not be tried again: keep the kind of error, and nothing that it says."""
    audit.record(db, SYSTEM, FAILED, "job", job_id, job=name, error=error)


def defer(db: Session, work: Job, *, at: datetime | None = None, **facts: Any) -> None:
    """Let `work` happen after this transaction commits, once per key while it waits."""
    twin = f"{work.name}:{facts[work.key]}" if work.key else None
    raw = db.connection().connection.driver_connection
    deferrer = work.task.configure(connection=raw, schedule_at=at, queueing_lock=twin, lock=twin)
    if twin is None:
        deferrer.defer(**facts)
        return
    try:
        with db.begin_nested():  # A waiting twin would otherwise abort the caller's transaction.
            db.connection()  # Only now is the savepoint really set.
            deferrer.defer(**facts)
    except exceptions.AlreadyEnqueued:
        log.debug("job.waits_already", job=work.name)


@queue.periodic(cron="* * * * * */15", periodic_id="core.sweep_stalled")  # Seconds come last.
@queue.task(name="core.sweep_stalled", pass_context=True)
async def sweep_stalled(context: procrastinate.JobContext, timestamp: int) -> None:  # noqa: ARG001
    """Give the jobs of killed workers back to the queue. Runs on the worker's own event loop."""
    manager = context.app.job_manager
    rules = settings(CoreSettings, _house[-1])
    for stalled in await manager.get_stalled_jobs(
        seconds_since_heartbeat=rules.job_stalled_seconds
    ):
        try:
            await manager.retry_job(stalled)
        except exceptions.ConnectorException:
            # Its twin waits already (procrastinate#1446): that one will do the work.
            await manager.finish_job(stalled, Status.FAILED, delete_job=False)
        log.warning("job.was_stalled", job=stalled.task_name, id=stalled.id)


@job("core.forget_done_jobs", key=None, cron="17 19 * * *")
def forget_done_jobs() -> None:
    """Drop what succeeded more than a week ago; failures stay until a person looks at them."""
    old = clock.now() - timedelta(days=7)
    with database.engine.begin() as connection:
        connection.exec_driver_sql(
            "delete from procrastinate_jobs j where j.status = 'succeeded' and not exists"
            " (select 1 from procrastinate_events e where e.job_id = j.id and e.at >= %s)",
            (old,),
        )


class _WorkersConnector(procrastinate.PsycopgConnector):
    """The worker's own connector, whose jobs may defer others in their own transactions."""

    def get_sync_connector(self) -> procrastinate.SyncPsycopgConnector:
        """One without a pool: `defer` brings the connection of the job's transaction along."""
        return procrastinate.SyncPsycopgConnector()


def _opened(app: Flask, wait: bool) -> bool:
    with app.app_context():
        while pause.is_on():
            if not wait:
                return False
            log.info("worker.waits_for_opening")
            time.sleep(OPENED_SECONDS)
    return True


def run_worker(app: Flask, url: str, *, wait: bool = True, concurrency: int = 2) -> None:
    """Work until stopped by a signal (or, without `wait`, until nothing is left to do now).

    In a paused house no job begins: the worker waits for it to open.
    """
    rules = settings(CoreSettings, app)
    if not _opened(app, wait):
        return
    _house.append(app)
    try:
        connector = _WorkersConnector(conninfo=url.replace("+psycopg", ""))
        with queue.replace_connector(connector) as ready:
            ready.run_worker(
                wait=wait,
                concurrency=concurrency,
                install_signal_handlers=wait,
                update_heartbeat_interval=rules.job_heartbeat_seconds,
                stalled_worker_timeout=rules.job_stalled_seconds,
                fetch_job_polling_interval=2.0,
                shutdown_graceful_timeout=8.0,
            )
    finally:
        _house.pop()
