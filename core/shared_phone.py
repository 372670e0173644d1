"""One phone, several women: lock it in one tap, and change over to somebody else in two.

A phone remembers those who asked it to: a cookie with a random token that outlives sign-ins, and a
row with its hash and the person. Only then does it show how she is called, before any PIN. It opens
nothing by itself; who comes in types her PIN.
"""

import secrets
from datetime import datetime, timedelta
from typing import Any

from flask import Response, after_this_request, current_app, request
from sqlalchemy import LargeBinary, UniqueConstraint, delete, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Mapped, Session, mapped_column

from core import clock
from core.actors import Actor
from core.db import Base, Reader, in_transaction, moment, reference
from core.people import Person
from core.signin import digest

KEPT = timedelta(days=400)
MOST = 8
COOKIE = "hp"


class RememberedHere(Base):
    """A phone that knows somebody, because she wished it to."""

    __tablename__ = "remembered_here"
    __table_args__ = (UniqueConstraint("device_hash", "person_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    device_hash: Mapped[bytes] = mapped_column(LargeBinary)
    person_id: Mapped[int] = reference("person.id", index=True)
    created_at: Mapped[datetime] = moment(default=clock.now)
    last_at: Mapped[datetime] = moment(default=clock.now)


@in_transaction()
def remember(db: Session, *, actor: Actor, device: str) -> None:
    """The actor wishes this phone to know her; asking again changes nothing."""
    now = clock.now()
    db.execute(delete(RememberedHere).where(RememberedHere.last_at < now - KEPT))
    row = {
        "device_hash": digest(device), "person_id": actor.person_id,
        "created_at": now, "last_at": now,
    }  # fmt: skip
    wish = insert(RememberedHere).values(**row)
    db.execute(
        wish.on_conflict_do_update(
            index_elements=["device_hash", "person_id"], set_={"last_at": now}
        )
    )


@in_transaction()
def forget(db: Session, *, actor: Actor, device: str) -> None:
    """The actor wishes this phone not to know her any more."""
    db.execute(
        delete(RememberedHere).where(
            RememberedHere.device_hash == digest(device),
            RememberedHere.person_id == actor.person_id,
        )
    )


@in_transaction()
def note_use(db: Session, *, actor: Actor, device: str) -> None:
    """She has come in here once more: she stands first next time."""
    db.execute(
        update(RememberedHere)
        .where(
            RememberedHere.device_hash == digest(device),
            RememberedHere.person_id == actor.person_id,
        )
        .values(last_at=clock.now())
    )


def this_phone() -> str:
    """The token of this phone, "" where it has none."""
    return request.cookies.get(_cookie_name(), "")[:100]


def _cookie_name() -> str:
    return f"__Host-{COOKIE}" if current_app.config["SESSION_COOKIE_SECURE"] else COOKIE


def remember_her(actor: Actor) -> None:
    """Let this phone know her from now on."""
    token = this_phone() or secrets.token_urlsafe(32)
    remember(actor=actor, device=token)

    @after_this_request
    def keep(response: Response) -> Response:
        response.set_cookie(
            _cookie_name(),
            token,
            max_age=KEPT,
            secure=bool(current_app.config["SESSION_COOKIE_SECURE"]),
            httponly=True,
            samesite="Lax",
        )
        return response


def list_here(db: Reader, device: str) -> list[Any]:
    """Whom this phone knows: row, person and how she is called; the last one first."""
    query = (
        select(RememberedHere.id, RememberedHere.person_id, Person.call_me)
        .join(Person, Person.id == RememberedHere.person_id)
        .where(
            RememberedHere.device_hash == digest(device),
            RememberedHere.last_at > clock.now() - KEPT,
            Person.erased_at.is_(None),
            Person.pin_hash.is_not(None),
        )
    )
    return list(db.execute(query.order_by(RememberedHere.last_at.desc()).limit(MOST)))


def knows(db: Reader, person_id: int) -> bool:
    """Whether the phone of this request shows how she is called."""
    return any(row.person_id == person_id for row in list_here(db, this_phone()))
