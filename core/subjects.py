"""What rights are held on, by name: each floor tells core how its kinds of subject are called.

A grant keeps only the kind and the id of its subject, for core knows no seller and no place.
"""

from collections.abc import Callable, Collection, Mapping

from flask import Flask, current_app
from sqlalchemy import Row, Select, select

from core.db import Reader
from core.orgs import Organisation

CHOICES_MAX = 20
Named = Callable[[], Select[int, str]]
"""A query of `id, name` rows over all subjects of a kind that may still be given rights on."""
Owned = Callable[[], Select[int, int | None]]
"""A query of `id, owner_id` rows: the person by whose own word alone others may work on it."""


def register(app: Flask, kind: str, named: Named, *, owned: Owned | None = None) -> None:
    """Tell how the subjects of a kind are called, and of those that are somebody's own, whose."""
    app.extensions.setdefault("subject_kinds", {})[kind] = named
    if owned is not None:
        app.extensions.setdefault("subject_owners", {})[kind] = owned


def names(db: Reader, wanted: Mapping[str, Collection[int]]) -> dict[tuple[str, int], str]:
    """The names of subjects, by kind and id; one query a kind. Closed ones have none any more."""
    found: dict[tuple[str, int], str] = {}
    for kind, ids in wanted.items():
        rows = _all(kind).subquery()
        for row in db.execute(select(rows.c.id, rows.c.name).where(rows.c.id.in_(list(ids)))):
            found[kind, row[0]] = row[1]
    return found


def search(db: Reader, kind: str, words: str = "") -> list[Row[int, str]]:
    """Subjects of a kind whose name holds these words, by name, at most CHOICES_MAX of them."""
    rows = _all(kind).subquery()
    query = select(rows.c.id, rows.c.name).order_by(rows.c.name, rows.c.id).limit(CHOICES_MAX)
    if words:
        query = query.where(rows.c.name.icontains(words, autoescape=True))
    return list(db.execute(query))


def owner(db: Reader, kind: str, subject_id: int) -> int | None:
    """The person whose own this is; None where it belongs to many."""
    owned = current_app.extensions.get("subject_owners", {}).get(kind)
    if owned is None:
        return None
    rows = owned().subquery()
    found: int | None = db.scalar(select(rows.c.owner_id).where(rows.c.id == subject_id))
    return found


def _all(kind: str) -> Select[int, str]:
    kinds: dict[str, Named] = current_app.extensions["subject_kinds"]
    return kinds[kind]()


def organisations() -> Select[int, str]:
    """Every open organisation, the operator among them."""
    return select(Organisation.id, Organisation.name.label("name")).where(
        Organisation.closed_at.is_(None)
    )
