"""Complaints as they are read: by the link, in one's own list, and at the operator's desk."""

from dataclasses import dataclass

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from core import access, orgs
from core.actors import Actor
from core.errors import NotFound
from core.rights import OPERATE
from shop.models import Complaint, ComplaintContact, ComplaintMessage

PAGE_SIZE = 25
OWN_MAX = 20


@dataclass(frozen=True, slots=True)
class Whole:
    """A ticket with its conversation; the contact is for the operator's eyes."""

    complaint: Complaint
    contact: ComplaintContact
    messages: list[ComplaintMessage]


@dataclass(frozen=True, slots=True)
class Page:
    """One page of the operator's list: tickets with the names given."""

    rows: list[tuple[Complaint, str]]
    page: int
    pages: int


def by_code(db: Session, code: str) -> Whole:
    """The ticket behind a link; raises NotFound."""
    return _whole(db, db.scalar(select(Complaint).where(Complaint.code == code)))


def get_for_operator(db: Session, actor: Actor, complaint_id: int) -> Whole:
    """A ticket at the operator's desk; raises NotFound."""
    access.require(db, actor, OPERATE, orgs.operator_id(db))
    return _whole(db, db.get(Complaint, complaint_id))


def _whole(db: Session, complaint: Complaint | None) -> Whole:
    if complaint is None:
        raise NotFound
    query = select(ComplaintMessage).where(ComplaintMessage.complaint_id == complaint.id)
    messages = list(db.scalars(query.order_by(ComplaintMessage.id)))
    return Whole(complaint, db.get_one(ComplaintContact, complaint.id), messages)


def list_of(db: Session, actor: Actor) -> list[Complaint]:
    """The actor's own tickets, newest first; a guest has none."""
    if actor.person_id is None:
        return []
    query = select(Complaint).where(Complaint.person_id == actor.person_id)
    return list(db.scalars(query.order_by(Complaint.id.desc()).limit(OWN_MAX)))


def list_for_operator(db: Session, actor: Actor, *, words: str = "", page: int = 1) -> Page:
    """All tickets, found by number, order or name: those that wait for us first, by their time."""
    access.require(db, actor, OPERATE, orgs.operator_id(db))
    query = select(Complaint, ComplaintContact.name).join(
        ComplaintContact, ComplaintContact.complaint_id == Complaint.id
    )
    if words:
        places = (Complaint.number, Complaint.order_number, ComplaintContact.name)
        query = query.where(or_(*(place.icontains(words, autoescape=True) for place in places)))
    found = db.scalar(select(func.count()).select_from(query.subquery())) or 0
    # Only what waits for us has a promised time; "answered" sorts before "closed".
    query = query.order_by(Complaint.due_at.nulls_last(), Complaint.state, Complaint.id.desc())
    rows = db.execute(query.limit(PAGE_SIZE).offset((page - 1) * PAGE_SIZE))
    return Page([(row[0], row[1]) for row in rows], page, -(-found // PAGE_SIZE))
