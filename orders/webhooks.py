"""What gateways tell us by themselves: stored once, answered at once, and applied by a job.

A notice is only a reason to ask. The job takes the whole state from the gateway, in the way that
return page and poller use too, so late, doubled and swapped notices change nothing.
"""

from collections.abc import Mapping
from uuid import UUID

from flask_babel import lazy_gettext as _
from prometheus_client import Counter
from sqlalchemy import func, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from core import clock, jobs, limits, orgs, tasks
from core.actors import SYSTEM, Actor
from core.db import db as database
from core.db import in_transaction
from core.errors import TooMany
from core.rights import OPERATE
from orders import asking
from orders.gateways.words import Heard
from orders.methods import METHODS
from orders.models import Attempt, GatewayNotice

BODY_BYTES_MAX = 64 * 1024
NOTICES_MAX = 200  # Of one attempt; who has one right notice could make up others without end.
FORGED_MANY, FORGED_SECONDS = 20, 3_600
HEADERS_KEPT = ("User-Agent", "Content-Type")  # None of them can be a secret.
HEADER_CHARS_MAX = 200
CHECK_KEYS = tasks.declare(
    "notices.forged",
    _("Banyak pemberitahuan %(gateway)s dengan tanda tangan salah: periksa kuncinya"),
)
HEARD = Counter(
    "lumbung_gateway_notices_total", "Notices of gateways by what became of them", ["gateway", "as"]
)


@in_transaction(retries=0)  # The gateway waits some seconds and sends it again.
def take_in(
    db: Session,
    *,
    actor: Actor,  # noqa: ARG001
    gateway: str,
    heard: Heard,
    headers: Mapping[str, str],
    body: bytes,
) -> str:
    """Store a notice whose signature is right and promise to ask; says what it was, in one word."""
    attempt_id = _attempt_of(db, gateway, heard)
    if attempt_id is None:
        return "unknown"  # A test from the gateway's dashboard, or of another house of ours.
    is_new = _store(db, gateway, heard, attempt_id, headers, body)
    if is_new or _is_waiting(db, gateway, heard.event_key):
        jobs.defer(db, apply_notices, attempt_id=str(attempt_id))
    return "new" if is_new else "again"


def _attempt_of(db: Session, gateway: str, heard: Heard) -> UUID | None:
    """By our name for it, else by the gateway's name of the payment that brought its money."""
    codes = [code for code, method in METHODS.items() if method.gateway == gateway]
    query = select(Attempt.id).where(Attempt.method.in_(codes))
    if heard.attempt_key:
        return db.scalar(query.where(Attempt.gateway_key == heard.attempt_key))
    if heard.theirs:
        return db.scalar(query.where(Attempt.paid_as == heard.theirs).limit(1))
    return None


def _store(
    db: Session,
    gateway: str,
    heard: Heard,
    attempt_id: UUID,
    headers: Mapping[str, str],
    body: bytes,
) -> bool:
    kept = select(func.count()).where(GatewayNotice.attempt_id == attempt_id)
    if (db.scalar(kept) or 0) >= NOTICES_MAX:
        return True  # Not worth keeping, and still a reason to ask.
    row = {
        "gateway": gateway,
        "event_key": heard.event_key,
        "attempt_id": attempt_id,
        "body": body,
        "headers": {name: headers.get(name, "")[:HEADER_CHARS_MAX] for name in HEADERS_KEPT},
        "received_at": clock.now(),
        "outcome": "",
    }
    new = insert(GatewayNotice).values(row).on_conflict_do_nothing().returning(GatewayNotice.id)
    return db.scalar(new) is not None


def _is_waiting(db: Session, gateway: str, event_key: str) -> bool:
    """Whether it was heard before and is not applied: its job may have been given up."""
    query = select(GatewayNotice.id).where(
        GatewayNotice.gateway == gateway,
        GatewayNotice.event_key == event_key,
        GatewayNotice.applied_at.is_(None),
    )
    return db.scalar(query) is not None


@jobs.job("orders.apply_notices", key="attempt_id")
def apply_notices(attempt_id: str) -> None:
    """Ask how an attempt stands, and note what came of it on every notice heard before asking."""
    told = select(GatewayNotice.id).where(
        GatewayNotice.attempt_id == UUID(attempt_id), GatewayNotice.applied_at.is_(None)
    )
    heard_before = list(database.session().scalars(told))
    outcome = asking.learn(actor=SYSTEM, attempt_id=UUID(attempt_id))
    _note(notice_ids=heard_before, outcome=outcome)


@in_transaction(retries=3)
def _note(db: Session, *, notice_ids: list[int], outcome: str) -> None:
    mine = GatewayNotice.id.in_(notice_ids)
    db.execute(update(GatewayNotice).where(mine).values(applied_at=clock.now(), outcome=outcome))


def note_forged(gateway: str) -> None:
    """Count a forged notice; many within an hour are a task for the operators, once."""
    try:
        limits.spend(key=f"forged:{gateway}", most=FORGED_MANY, seconds=FORGED_SECONDS)
    except TooMany:
        _ask_operators(gateway=gateway)


@in_transaction(retries=3)
def _ask_operators(db: Session, *, gateway: str) -> None:
    tasks.write(
        db,
        CHECK_KEYS,
        doc=("gateway", gateway),
        holders=(OPERATE, orgs.operator_id(db)),
        facts={"gateway": gateway.capitalize()},
        link="/kelola",
    )
