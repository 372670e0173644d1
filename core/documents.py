"""The paper behind a movement or a journal: each floor says how its kinds are called and opened.

Movements and journals keep a kind of document and its id, nothing else. A page asks for many at
once; the address is given only where the reader may open it, and no words name a buyer.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask import Flask, current_app
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from core.actors import Actor

Doc = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Paper:
    """What a document is called, where it opens for this reader, and its two people, if it has."""

    words: str
    url: str = ""
    made_by: str = ""
    agreed_by: str = ""


Opener = Callable[[Session, Actor, Sequence[str]], Mapping[str, Paper]]


Kinds = Mapping[str, tuple[Any, Opener | None]]
"""By kind of document: what one is called, and who opens them, if anybody does."""


def register(app: Flask, kinds: Kinds) -> None:
    """Tell what documents of a floor are called, and who opens them."""
    known: dict[str, tuple[Any, Opener | None]] = app.extensions.setdefault("documents", {})
    assert not known.keys() & kinds.keys(), "documents of a kind have one name"
    known.update(kinds)


def papers(db: Session, actor: Actor, docs: Iterable[Doc]) -> dict[Doc, Paper]:
    """All these documents as this reader may know them; one question a kind."""
    known: dict[str, tuple[Any, Opener | None]] = current_app.extensions["documents"]
    by_kind: dict[str, set[str]] = {}
    for doc_type, doc_id in docs:
        by_kind.setdefault(doc_type, set()).add(doc_id)
    found: dict[Doc, Paper] = {}
    for doc_type, ids in by_kind.items():
        words, opener = known.get(doc_type, (_("Catatan"), None))
        opened = opener(db, actor, sorted(ids)) if opener else {}
        for doc_id in ids:
            found[doc_type, doc_id] = opened.get(doc_id, Paper(str(words)))
    return found
