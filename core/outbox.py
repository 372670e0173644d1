"""Sending what the outbox holds: by the first way that is open to its reader, then by the next.

Messages go out at least once: a crash between sending and noting it may send one twice. Who can be
reached in no way keeps the notice on her page; what failed for good says so there.
"""

from collections.abc import Callable, Collection
from datetime import datetime, time, timedelta
from typing import Any

import structlog
from flask import Flask, current_app
from sqlalchemy import Row, select, update
from sqlalchemy.orm import Session

from core import clock, jobs
from core.channels import QUIET, Channel, Letter, Mail, Reach, Unreachable
from core.clock import WIB
from core.db import Reader, in_transaction, reading
from core.notices import ON_ITS_WAY, Notice, Recipient
from core.people import Person
from core.whatsapp import Fate, WhatsApp

log = structlog.get_logger()

CHANNELS: dict[str, Channel] = {channel.name: channel for channel in (Mail(), WhatsApp())}
SEEN = 20
TO_SEND = ("waiting", "failed")  # What failed for good is sent again when an operator says so.
_NOTICE = select(*Notice.__table__.c)
_PERSON = select(Person.email, Person.phone, Person.channel, Person.quiet_from, Person.quiet_until)
GuestBook = Callable[[Reader, str], dict[str, str]]


def register(app: Flask, kind: str, addresses: GuestBook) -> None:
    """Let an upper floor say how its guests of one kind are reached; nothing once erased."""
    app.extensions.setdefault("guest_books", {})[kind] = addresses


def reach(db: Reader, to: Recipient) -> Reach:
    """How a recipient can be reached now; what a guest left with her order comes first."""
    found: dict[str, str] = {}
    kind, _colon, key = to.guest.partition(":")
    if kind:
        found |= current_app.extensions["guest_books"][kind](db, key)
    person = db.execute(_PERSON.where(Person.id == to.person_id)).first()
    if person is None:
        return Reach(found)
    own = {"email": person.email, "whatsapp": person.phone}
    if own.get(person.channel):
        found.setdefault(person.channel, own[person.channel])
    if to.guest and person.channel not in CHANNELS:
        found.pop("whatsapp", None)  # She wants no messages; a mail she asked for with the order.
    return Reach(found, (person.quiet_from or QUIET[0], person.quiet_until or QUIET[1]))


def open_addresses(db: Reader, to: Recipient, templates: Collection[str]) -> dict[str, str]:
    """The ways by which a recipient can really be sent one of these messages, with her address."""
    ways = {name for name, way in CHANNELS.items() if any(way.is_open(one) for one in templates)}
    found = reach(db, to).addresses if ways else {}
    return {name: address for name, address in found.items() if name in ways}


def went(db: Reader, guest: str) -> list[tuple[str, str]]:
    """What became of the messages to a guest and by which way they went, the newest first."""
    query = select(Notice.state, Notice.channel).where(Notice.guest == guest)
    return [(row[0], row[1]) for row in db.execute(query.order_by(Notice.id.desc()).limit(SEEN))]


def first_polite(now: datetime, quiet: tuple[time, time] = QUIET) -> datetime:
    """The first moment from now on at which somebody with these quiet hours may be disturbed."""
    quiet_from, quiet_until = quiet
    local = now.astimezone(WIB)
    over_midnight = quiet_from > quiet_until
    is_late, is_early = local.time() >= quiet_from, local.time() < quiet_until
    is_quiet = (is_late or is_early) if over_midnight else (is_late and is_early)
    if not is_quiet:
        return now
    day = local.date() + timedelta(days=1 if over_midnight and is_late else 0)
    return datetime.combine(day, quiet_until, WIB)


def _gave_up(notice_id: int) -> None:
    _settle(notice_id=notice_id, values={"state": "failed", "problem": "gave_up"})


@jobs.job("core.send_notice", key="notice_id", gave_up=_gave_up)
def send(notice_id: int) -> None:
    """Send one notice. A silent server lets the job come again; a closed address, the next way."""
    with reading() as db:
        notice = db.execute(_NOTICE.where(Notice.id == notice_id)).first()
        if notice is None or notice.state not in TO_SEND:
            return
        addresses = reach(db, Recipient(notice.person_id, notice.guest or "")).addresses
    tried, problem = list(notice.tried), notice.problem
    for name, address in addresses.items():
        if name in tried or not CHANNELS[name].is_open(notice.template):
            continue
        try:
            remote_id = CHANNELS[name].send(address, _letter(notice))
        except Unreachable as closed:
            tried, problem = [*tried, name], closed.problem
            continue
        sent = {"channel": name, "remote_id": remote_id, "sent_at": clock.now(), "problem": ""}
        _settle(notice_id=notice_id, values={"state": "sent", "tried": tried, **sent})
        return
    state = "failed" if tried else "page_only"
    _settle(notice_id=notice_id, values={"state": state, "tried": tried, "problem": problem})


def _letter(notice: Row[Any]) -> Letter:
    return Letter(
        notice.id,
        notice.language,
        notice.title,
        notice.text,
        notice.link,
        notice.template,
        tuple(notice.params),
    )


@in_transaction()
def _settle(db: Session, *, notice_id: int, values: dict[str, Any]) -> None:
    db.execute(update(Notice).where(Notice.id == notice_id).values(**values))


@in_transaction()
def hear(db: Session, *, fates: list[Fate]) -> None:
    """Note what became of messages; hearing it again, or in another order, changes nothing.

    One that failed on its way goes out again by the next way, if there is one.
    """
    for fate in fates:
        theirs = update(Notice).where(Notice.remote_id == fate.remote_id)
        if fate.state != "failed":
            earlier = ON_ITS_WAY[: ON_ITS_WAY.index(fate.state)]
            db.execute(theirs.where(Notice.state.in_(earlier)).values(state=fate.state))
            continue
        failed = theirs.where(Notice.state == "sent").values(
            state="failed", problem=fate.problem, tried=Notice.tried.concat(["whatsapp"])
        )
        notice_id = db.scalar(failed.returning(Notice.id))
        if notice_id is not None:
            log.info("notice.failed", notice_id=notice_id, problem=fate.problem)
            jobs.defer(db, send, notice_id=notice_id)
