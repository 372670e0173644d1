"""The static QRIS of a place: read, brought by one treasurer, put in force by another.

What a QRIS says is the text behind its picture (EMVCo): two digits of a tag, two of a length, the
value; the last one is a check sum. No amount stands in a static one, and no notice ever comes: the
keeper looks at the buyer's phone, and the bank's statement has the last word.
"""

from collections.abc import Sequence
from typing import Any

from flask_babel import lazy_gettext as _
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from cooperatives.models import Place
from cooperatives.rights import TREASURE
from core import access, audit, clock, tasks
from core.access import SamePerson
from core.actors import Actor
from core.db import Reader, in_transaction
from core.errors import DomainError, NotFound
from core.people import Person
from orders.models import PlaceQris
from orders.till.sold import CHANNELS

STATIC, RUPIAH, INDONESIA = "11", "360", "ID"
CONFIRM = tasks.declare(
    "qris.confirm", _("QRIS baru untuk %(place)s perlu disahkan"), deed=_("Periksa"), urgency=20
)


class NotQris(DomainError):
    """The text is no static QRIS in rupiah, or was cut or mistyped."""

    sentence = _("Ini bukan isi QRIS statis yang utuh. Pindai lagi gambarnya, lalu salin semuanya.")


def merchant_of(payload: str) -> str:
    """Whose QRIS it is, as buyers' phones show it. Raises NotQris."""
    said = _tags(payload)
    ends_well = (
        payload[-8:-4] == "6304" and payload[-4:].upper() == f"{check_sum(payload[:-4]):04X}"
    )
    static = (said.get("00"), said.get("01")) == ("01", STATIC) and "54" not in said
    here = (said.get("53"), said.get("58")) == (RUPIAH, INDONESIA)
    if not (ends_well and static and here and said.get("59", "").strip()):
        raise NotQris
    return said["59"].strip()[:25]


def _tags(payload: str) -> dict[str, str]:
    found, at = {}, 0
    while at < len(payload):
        tag, length = payload[at : at + 2], payload[at + 2 : at + 4]
        value = payload[at + 4 : at + 4 + int(length)] if length.isdecimal() else ""
        if not (tag.isdecimal() and tag.isascii() and length.isascii() and value):
            raise NotQris
        found[tag] = value
        at += 4 + len(value)
    return found


def check_sum(text: str) -> int:
    """CRC-16/CCITT-FALSE."""
    crc = 0xFFFF
    for byte in text.encode():
        crc ^= byte << 8
        for _bit in range(8):
            crc = (crc << 1) ^ 0x1021 if crc & 0x8000 else crc << 1
        crc &= 0xFFFF
    return crc


@in_transaction(retries=3)
def propose(db: Session, *, actor: Actor, place_id: int, payload: str) -> None:
    """Bring the QRIS of a place; another treasurer looks at it. Raises NotQris, NotFound."""
    place = _kept_by(db, actor, place_id)
    text = payload.strip()
    merchant = merchant_of(text)
    waiting = _of(place.id, is_confirmed=False)
    for before in db.scalars(waiting.with_for_update()):
        before.ended_at = clock.now()
        tasks.close(db, CONFIRM, actor=actor, doc=("qris", before.id), reason="another one came")
    db.flush()
    new = PlaceQris(place_id=place.id, payload=text, merchant=merchant, proposed_by=actor.person_id)
    db.add(new)
    db.flush()
    tasks.write(
        db,
        CONFIRM,
        doc=("qris", new.id),
        holders=(TREASURE, place.organisation_id),
        facts={"place": place.name},
        link="/kas/qris",
    )
    audit.record(db, actor, "qris.propose", "place", place.id, merchant=merchant)


@in_transaction(retries=3)
def confirm(db: Session, *, actor: Actor, qris_id: int) -> None:
    """Another treasurer puts it in force; the one before ends. Raises SamePerson, NotFound."""
    new = db.get(PlaceQris, qris_id, with_for_update=True, populate_existing=True)
    if new is None or new.ended_at is not None:
        raise NotFound
    place = _kept_by(db, actor, new.place_id)
    if new.confirmed_at is not None:
        return
    if new.proposed_by == actor.person_id:
        raise SamePerson
    for before in db.scalars(_of(place.id, is_confirmed=True).with_for_update()):
        before.ended_at = clock.now()
    db.flush()
    new.confirmed_by, new.confirmed_at = actor.person_id, clock.now()
    tasks.close(db, CONFIRM, actor=actor, doc=("qris", new.id), reason="confirmed")
    audit.record(db, actor, "qris.confirm", "place", place.id, merchant=new.merchant)


def _kept_by(db: Session, actor: Actor, place_id: int) -> Place:
    """A place with a till whose organisation's money the actor keeps; raises NotFound."""
    place = db.get(Place, place_id)
    if place is None or place.kind not in CHANNELS:
        raise NotFound
    access.require(db, actor, TREASURE, place.organisation_id)
    return place


def _of(place_id: int, *, is_confirmed: bool) -> Any:
    state = (
        PlaceQris.confirmed_at.is_not(None) if is_confirmed else PlaceQris.confirmed_at.is_(None)
    )
    return select(PlaceQris).where(
        PlaceQris.place_id == place_id, PlaceQris.ended_at.is_(None), state
    )


def in_force(db: Session, place_id: int) -> PlaceQris | None:
    """The QRIS that a till shows, if two treasurers have agreed on one."""
    found: PlaceQris | None = db.scalar(_of(place_id, is_confirmed=True))
    return found


def list_of(db: Reader, actor: Actor) -> Sequence[Any]:
    """Places whose money the actor keeps, with the merchants of what is in force and what waits.

    Columns: Place, in_force, waiting_id, waiting, by_id, by.
    """
    houses = access.subjects(db, actor, TREASURE)
    force = _of_place().where(PlaceQris.confirmed_at.is_not(None)).subquery()
    wait = _of_place().where(PlaceQris.confirmed_at.is_(None)).subquery()
    query = (
        select(
            Place,
            force.c.merchant.label("in_force"),
            wait.c.id.label("waiting_id"),
            wait.c.merchant.label("waiting"),
            wait.c.proposed_by.label("by_id"),
            func.coalesce(Person.call_me, "").label("by"),
        )
        .outerjoin(force, force.c.place_id == Place.id)
        .outerjoin(wait, wait.c.place_id == Place.id)
        .outerjoin(Person, Person.id == wait.c.proposed_by)
        .where(Place.kind.in_(CHANNELS), Place.organisation_id.in_(houses))
        .where(Place.closed_at.is_(None))
        .order_by(Place.name)
    )
    return db.execute(query).all()


def _of_place() -> Any:
    return select(
        PlaceQris.id, PlaceQris.place_id, PlaceQris.merchant, PlaceQris.proposed_by
    ).where(PlaceQris.ended_at.is_(None))
