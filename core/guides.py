"""Short guides: on every page of a maker, in the same place, how it is used in at most three steps.

A floor registers a guide for its own pages. Each may have a recorded voice beside its words, which
is kept as a file of the guide. How help is used is counted by guide; who used it is not.
"""

import time
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from flask import Flask, current_app, request
from flask_babel import lazy_gettext as _
from prometheus_client import Counter
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from core import album, audit, files
from core.actors import Actor
from core.db import in_transaction, reading
from core.errors import DomainError, NotFound
from core.files import Attachment

STEPS_MAX = 3
VOICE_BYTES_MAX = 1024 * 1024  # A minute of speech as phones record it.
KEPT_SECONDS = 60  # So long may another process go on without a new voice.
DOC = "guide"
MODES = ("guide", "voice", "person", "document")
USED = Counter("lumbung_help_total", "Help asked for, by guide and way", ["guide", "mode"])


class NotAVoice(DomainError):
    """Too large, or no sound."""

    sentence = _("Ini bukan rekaman suara. Kirim rekaman dari HP, paling besar 1 MB.")


@dataclass(frozen=True)
class Guide:
    """How pages are used: `pages` are endpoints, or blueprints whose pages share it; `chapter` is
    the part of the public help page that tells more.
    """

    name: str
    title: Any
    steps: tuple[Any, ...]
    chapter: str
    pages: tuple[str, ...]


@dataclass
class Shelf:
    """All guides of an app, and which of them have a voice, as read a moment ago."""

    by_name: dict[str, Guide] = field(default_factory=dict)
    by_page: dict[str, Guide] = field(default_factory=dict)
    voices: dict[str, UUID] = field(default_factory=dict)
    read_at: float = -KEPT_SECONDS


@dataclass(frozen=True, slots=True)
class Shown:
    """The guide of a page, and which recording stands beside it."""

    guide: Guide
    voice: UUID | None


def init_app(app: Flask) -> None:
    """Make room for the guides of all floors."""
    app.extensions["guides"] = Shelf()


def register(app: Flask, *guides: Guide) -> None:
    """Add a floor's guides; each page has one."""
    shelf: Shelf = app.extensions["guides"]
    for guide in guides:
        assert guide.name not in shelf.by_name, f"guide {guide.name} is registered twice"
        assert 0 < len(guide.steps) <= STEPS_MAX, f"guide {guide.name} has too many steps"
        shelf.by_name[guide.name] = guide
        for page in guide.pages:
            assert page not in shelf.by_page, f"{page} has two guides"
            shelf.by_page[page] = guide


def find(endpoint: str | None) -> Guide | None:
    """The guide of a page, or that of its blueprint; None where there is none."""
    here = _shelf().by_page
    return here.get(endpoint or "") or here.get((endpoint or "").partition(".")[0])


def get(name: str) -> Guide:
    """A guide by its name; raises NotFound."""
    found = _shelf().by_name.get(name)
    if found is None:
        raise NotFound
    return found


def here() -> Shown | None:
    """What the page of this request shows."""
    guide = find(request.endpoint)
    return Shown(guide, voices().get(guide.name)) if guide else None


def list_all() -> list[Shown]:
    """Every guide, in the order in which the floors brought them."""
    spoken = voices()
    return [Shown(guide, spoken.get(guide.name)) for guide in _shelf().by_name.values()]


def count(name: str, mode: str) -> None:
    """One more use of a guide; an unknown name raises NotFound and counts nothing."""
    USED.labels(get(name).name, mode).inc()


def voices() -> dict[str, UUID]:
    """Guides with a voice, and the file it is in; read at most once a minute in each process."""
    kept = _shelf()
    if time.monotonic() - kept.read_at > KEPT_SECONDS:
        query = select(Attachment.doc_id, Attachment.id).where(Attachment.doc_type == DOC)
        with reading() as connection:
            rows = connection.execute(query.order_by(Attachment.created_at, Attachment.id))
            kept.voices = {row.doc_id: row.id for row in rows}  # The newest wins.
        kept.read_at = time.monotonic()
    return kept.voices


def find_voice(db: Session, name: str) -> Attachment:
    """The newest recording of a guide; raises NotFound."""
    found = files.list_of(db, (DOC, get(name).name))
    if not found:
        raise NotFound
    return found[-1]


def keep_voice(*, actor: Actor, name: str, content: bytes) -> None:
    """Keep a recording in the place of an earlier one; raises NotAVoice, NotFound."""
    guide = get(name)
    is_voice = files.kind_of(content).startswith("audio/")
    if not is_voice or len(content) > VOICE_BYTES_MAX:
        raise NotAVoice
    kept = files.keep(actor=actor, doc=(DOC, guide.name), content=content)
    _clear(actor=actor, name=guide.name, before=kept.created_at)


def drop_voice(*, actor: Actor, name: str) -> None:
    """Take the recording of a guide away; raises NotFound for an unknown guide."""
    _clear(actor=actor, name=get(name).name)


def _clear(*, actor: Actor, name: str, before: datetime | None = None) -> None:
    """Rows first and bytes after the commit: a cut between them leaves bytes that nobody hears."""
    for key in _forget(actor=actor, name=name, before=before):
        album.storage().delete(key)
    _shelf().read_at = -KEPT_SECONDS


@in_transaction()
def _forget(db: Session, *, actor: Actor, name: str, before: datetime | None) -> list[str]:
    """Of two who record at once the later one stays, so older ones go, never all others."""
    gone = delete(Attachment).where(Attachment.doc_type == DOC, Attachment.doc_id == name)
    if before is not None:
        gone = gone.where(Attachment.created_at < before)
    audit.record(db, actor, "guide.voice", "guide", name, kept=before is not None)
    return list(db.scalars(gone.returning(Attachment.key)))


def _shelf() -> Shelf:
    found: Shelf = current_app.extensions["guides"]
    return found
