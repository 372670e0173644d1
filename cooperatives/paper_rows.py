"""Opens documents that are rows of one table: their number, their address, and their two people."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select
from sqlalchemy.orm import Session, aliased

from core import access
from core.access import Right
from core.actors import Actor
from core.documents import Opener, Paper
from core.people import Person

MADE, AGREED = aliased(Person), aliased(Person)


def number(said: str) -> int | None:
    """The number a document begins with: 12 and 12-3 are of document 12."""
    digits = said.partition("-")[0].partition(":")[0]
    return int(digits) if digits.isascii() and digits.isdecimal() and len(digits) < 19 else None


def act(said: str) -> UUID | None:
    """The same for documents that have the id of an act; what follows a colon is a line."""
    try:
        return UUID(said.partition(":")[0])
    except ValueError:
        return None


def with_people(
    query: Select[*tuple[Any, ...]],
    made_by: ColumnElement[Any] | Any,
    agreed_by: ColumnElement[Any] | Any = None,
) -> Select[*tuple[Any, ...]]:
    """Also how who made it, and who agreed to it, are called."""
    query = query.add_columns(MADE.call_me.label("made")).outerjoin(MADE, MADE.id == made_by)
    if agreed_by is None:
        return query
    query = query.add_columns(AGREED.call_me.label("agreed"))
    return query.outerjoin(AGREED, AGREED.id == agreed_by)


def opener(
    query: Select[*tuple[Any, ...]],
    words: Any,
    url: str,
    *rights: Right,
    read: Any = number,
) -> Opener:
    """Who opens the rows of a query: its columns are id, `n` and `subject_id`, with people or not.

    Where the reader holds none of the rights on the subject, she gets the words alone.
    """
    key = query.selected_columns[0]

    def opened(db: Session, actor: Actor, ids: Sequence[str]) -> Mapping[str, Paper]:
        hers = access.subjects(db, actor, *rights)
        wanted = {said: read(said) for said in ids}
        known = [one for one in set(wanted.values()) if one is not None]
        rows = {row[0]: row for row in db.execute(query.where(key.in_(known)))}
        return {
            said: _paper(rows[one], words, url, is_hers=rows[one].subject_id in hers)
            for said, one in wanted.items()
            if one in rows
        }

    return opened


def _paper(row: Any, words: Any, url: str, *, is_hers: bool) -> Paper:
    told = str(words % {"n": row.n}).rstrip(" :")  # What has no words of its own.
    if not is_hers:
        return Paper(told)
    return Paper(
        told,
        url.format(row[0]) if url else "",
        made_by=getattr(row, "made", None) or "",
        agreed_by=getattr(row, "agreed", None) or "",
    )
