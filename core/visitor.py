"""Who is looking at this page: read from the signed cookie once a request, and only when asked.

She may be acting for somebody who has asked her to (`begin_helping`): then this is the one place
that says so, and every command and every audit row gets both names from its actor.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import Flask, current_app, g, request, session
from flask.sessions import SecureCookieSessionInterface
from sqlalchemy import select

from core import access, signin
from core.actors import GUEST, Actor
from core.clock import now
from core.config import settings
from core.db import reading
from core.people import Person
from core.settings import CoreSettings

SESSION_KEY = "sign_in"
HELPING_KEY = "helping"


class Sessions(SecureCookieSessionInterface):
    """Flask's own cookies, with a signer made once instead of twice a request."""

    def __init__(self, app: Flask) -> None:
        self._signer = super().get_signing_serializer(app)

    def get_signing_serializer(self, app: Flask) -> Any:  # noqa: ARG002
        """The signer of the one app that this belongs to."""
        return self._signer


@dataclass(frozen=True)
class Visitor:
    """A signed-in person, as far as pages need to know her."""

    person_id: int
    call_me: str
    sign_in_id: int
    last_seen_at: datetime
    proofs: signin.Proofs


@dataclass(frozen=True)
class Locked:
    """A sign-in of this browser that waits for its PIN."""

    person_id: int
    sign_in_id: int


def locked() -> Locked | None:
    """The locked sign-in of this browser, or None. To every other page she is a guest."""
    visitor()
    found: Locked | None = g.get("locked")
    return found


def visitor() -> Visitor | None:
    """The signed-in person of this request, or None."""
    if "visitor" not in g:
        g.visitor = _load()
    found: Visitor | None = g.visitor
    return found


def _load() -> Visitor | None:
    token = session.get(SESSION_KEY)
    if not token:
        return None
    with reading() as connection:
        row = signin.living(connection, token, settings(CoreSettings).sign_in_days)
    if row is None:
        session.pop(SESSION_KEY, None)
        return None
    if row.locked_at is not None:
        g.locked = Locked(row.person_id, row.id)
        return None
    proofs = signin.Proofs(row.pin_at, row.code_at, row.passkey_at, row.pin_trusted_from)
    return Visitor(row.person_id, row.call_me, row.id, row.last_seen_at, proofs)


def actor() -> Actor:
    """The actor of this request, for commands. What asks for no right she does as herself, also
    while she helps: her own basket, her own account.
    """
    found = visitor()
    if found is None:
        return GUEST
    return acting() if _asks_for_rights() else Actor(found.person_id)


def _asks_for_rights() -> bool:
    view = current_app.view_functions.get(request.endpoint or "")
    gate = getattr(view, "gate", None)
    return gate is not None and bool(gate.rights)


def acting() -> Actor:
    """The visitor in the part she plays now: for herself, or on behalf of whom she helps."""
    found = visitor()
    return Actor(found.person_id, session.get(HELPING_KEY)) if found else GUEST


@dataclass(frozen=True)
class Helped:
    """Whom the visitor is acting for, as far as the banner needs to know her."""

    person_id: int
    call_me: str


def helped() -> Helped | None:
    """Whom the visitor acts for now, while anything she may do for her is left."""
    if "helped" not in g:
        person_id = session.get(HELPING_KEY) if visitor() else None
        g.helped = None
        if person_id is not None and rights():
            query = select(Person.call_me).where(Person.id == person_id)
            with reading() as connection:
                g.helped = Helped(person_id, connection.scalar(query) or "")
    found: Helped | None = g.helped
    return found


def begin_helping(person_id: int) -> None:
    """From now on she acts for this person, until `end_helping`. Whoever calls has checked that
    she may; every later request asks for her living rights anew.
    """
    _play(person_id)


def end_helping() -> None:
    """From now on she acts for herself."""
    _play(None)


def _play(person_id: int | None) -> None:
    """Change whom she acts for; no form that was open before may be sent in the new part."""
    session.pop("csrf_token", None)
    session.pop(HELPING_KEY, None)
    if person_id is not None:
        session[HELPING_KEY] = person_id
    for known in ("helped", "rights", "csrf_token"):
        g.pop(known, None)


def rights() -> frozenset[str]:
    """Names of the visitor's rights in the part she plays now."""
    if "rights" not in g:
        with reading() as connection:
            g.rights = access.rights_of(connection, acting())
    held: frozenset[str] = g.rights
    return held


def keep_when_entering(app: Flask, *names: str) -> None:
    """Name what a guest's cookie may carry into her sign-in: nothing that opens a door."""
    app.extensions.setdefault("kept_when_entering", []).extend(names)


def enter(token: str) -> None:
    """Put a fresh sign-in into the cookie; all from before but harmless things is dropped, so that
    nobody can prepare a session for somebody else (no fixation).
    """
    names = current_app.extensions.get("kept_when_entering", [])
    kept = {name: session[name] for name in names if name in session}
    session.clear()
    session.update(kept)
    session.permanent = True
    session[SESSION_KEY] = token
    look_again()


def leave() -> None:
    """Forget the sign-in on this device."""
    session.clear()
    look_again()


def look_again() -> None:
    """Something about the sign-in has changed: whoever asks next in this request reads it anew."""
    for known in ("visitor", "locked", "rights", "helped"):
        g.pop(known, None)


def keep_fresh() -> None:
    """Note, at most every ten minutes, that the device is still in use."""
    found = visitor()
    if found and now() - found.last_seen_at > signin.SEEN_EVERY:
        signin.touch(actor=actor(), sign_in_id=found.sign_in_id)


def device_name() -> str:
    """A rough name of the browser, so that she can tell her devices apart."""
    agent = request.user_agent.string
    system = next(
        (
            name
            for name in ("Android", "iPhone", "iPad", "Windows", "Macintosh", "Linux")
            if name in agent
        ),
        "Lain",
    )
    browser = next(
        (
            name
            for name in ("Firefox", "Edg", "OPR", "SamsungBrowser", "Chrome", "Safari")
            if name in agent
        ),
        "",
    )
    return f"{system} {browser}".strip()
