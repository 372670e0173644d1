"""Who may do what: rights are declared by the floors, granted as rows, and asked for by gates.

A `Grant` says that a person holds a right on a subject (an organisation, a place, a person) until
a day, unless revoked. Some rights need two people: such a grant works only once a second person
has confirmed it. Every view declares exactly one gate; `core.web` refuses views without.

A right may be a part of a wider one: whoever holds the whole holds its parts. A grant may come
`on_behalf_of` somebody: it then counts only while its holder acts for her, and then nothing else
she holds counts, so that an act for another is never mixed up with an act of her own.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar

from flask_babel import lazy_gettext as _
from sqlalchemy import (
    CheckConstraint,
    ColumnElement,
    Index,
    Select,
    String,
    and_,
    column,
    or_,
    select,
    values,
)
from sqlalchemy.orm import Mapped, Session, mapped_column

from core import audit, clock
from core.actors import Actor
from core.db import Base, Reader, in_transaction, moment, reference
from core.errors import DomainError, Forbidden, NotFound

V = TypeVar("V", bound=Callable[..., Any])


@dataclass(frozen=True)
class Right:
    """Something a person may be allowed to do, on subjects of one kind; `part_of` is the wider
    right that includes it, and such a part is given only on behalf of who holds the whole.
    """

    name: str
    subject_kind: str
    label: Any
    two_people: bool = False
    is_own: bool = False  # Over her own business only: a code to her phone may let her in.
    part_of: "Right | None" = None

    @property
    def opened_by(self) -> frozenset[str]:
        """Names of the rights that let somebody do this: itself, and the whole it is a part of."""
        return frozenset({self.name, *(self.part_of.opened_by if self.part_of else ())})


RIGHTS: dict[str, Right] = {}


def declare(
    name: str,
    *,
    subject_kind: str,
    label: Any,
    two_people: bool = False,
    is_own: bool = False,
    part_of: Right | None = None,
) -> Right:
    """Make a right known; called once per right at import, by the floor that knows the trade."""
    if name in RIGHTS:
        raise AssertionError(f"right {name} is declared twice")
    RIGHTS[name] = Right(name, subject_kind, label, two_people, is_own, part_of)
    return RIGHTS[name]


def opening(rights: Iterable[Right]) -> frozenset[str]:
    """Names of all rights that open any of these."""
    return frozenset().union(*(right.opened_by for right in rights))


class Grant(Base):
    """A person holds a right on a subject. Rows are never deleted: revoked ones stay as history."""

    __tablename__ = "grant_given"
    __table_args__ = (
        Index("ix_grant_given_person_id_right_name", "person_id", "right_name"),
        Index("ix_grant_given_right_name_subject_id", "right_name", "subject_id"),
        CheckConstraint("confirmed_by is null or confirmed_by <> granted_by", name="two_people"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = reference("person.id")
    right_name: Mapped[str] = mapped_column(String(40))
    subject_kind: Mapped[str] = mapped_column(String(20))
    subject_id: Mapped[int]
    until: Mapped[datetime | None] = moment()
    revoked_at: Mapped[datetime | None] = moment()
    evidence: Mapped[str] = mapped_column(String(200), default="")
    needs_confirmation: Mapped[bool] = mapped_column(default=False)
    on_behalf_of: Mapped[int | None] = reference("person.id", index=True)
    granted_by: Mapped[int | None] = reference("person.id")
    confirmed_by: Mapped[int | None] = reference("person.id")
    created_at: Mapped[datetime] = moment(default=clock.now)


class SamePerson(DomainError):
    """The second of two people must be another one."""

    sentence = _("Orang kedua harus orang lain.")


class NotForHer(Forbidden):
    """While she acts for somebody else, only what that woman has allowed is open."""

    sentence = _("Halaman ini tidak termasuk bantuan Ibu. Tekan Selesai untuk bekerja sendiri.")


class HelpEnded(Forbidden):
    """Whom she was helping has ended it, or its day has come."""

    sentence = _("Izin membantu sudah berakhir. Sekarang Ibu bekerja atas nama sendiri lagi.")


def is_live(now: datetime) -> ColumnElement[bool]:
    """The SQL condition under which a grant counts."""
    return and_(
        Grant.revoked_at.is_(None),
        or_(Grant.until.is_(None), Grant.until > now),
        or_(Grant.needs_confirmation.is_(False), Grant.confirmed_by.is_not(None)),
    )


def held_by(actor: Actor) -> ColumnElement[bool]:
    """The SQL condition for grants that count for this actor now: those on behalf of whom she
    helps while she does, and else her own.
    """
    return and_(
        Grant.person_id == actor.person_id,
        Grant.on_behalf_of.is_not_distinct_from(actor.on_behalf_of),
        is_live(clock.now()),
    )


def subjects_of(actor: Actor, *rights: Right) -> Select[int]:
    """The query of all subjects on which the actor holds any of the rights, or their whole."""
    names = Grant.right_name.in_(sorted(opening(rights)))
    return select(Grant.subject_id).where(names, held_by(actor))


def subjects(db: Reader, actor: Actor, *rights: Right) -> frozenset[int]:
    """Ids of the subjects on which the actor holds any of the rights; queries filter by them."""
    if actor.person_id is None:
        return frozenset()
    return frozenset(db.scalars(subjects_of(actor, *rights)))


def asked_of(actor: Actor, *rights: Right) -> Select[str, int]:
    """The query of right and subject for all that the actor may do, parts of a whole included."""
    pairs = [(whole, part.name) for part in rights or RIGHTS.values() for whole in part.opened_by]
    known = values(column("whole", String), column("part", String), name="known").data(pairs)
    return (
        select(known.c.part, Grant.subject_id)
        .join(known, known.c.whole == Grant.right_name)
        .where(held_by(actor))
    )


def rights_of(db: Reader, actor: Actor) -> frozenset[str]:
    """Names of every right the actor holds on anything, the parts of each included."""
    if actor.person_id is None:
        return frozenset()
    held = frozenset(db.scalars(select(Grant.right_name).where(held_by(actor))))
    return held | {right.name for right in RIGHTS.values() if right.opened_by & held}


def people_who(db: Reader, right: Right, subject_id: int) -> list[int]:
    """Everybody who holds a right on one subject, helpers included."""
    query = select(Grant.person_id).where(
        Grant.right_name.in_(sorted(right.opened_by)),
        Grant.subject_id == subject_id,
        is_live(clock.now()),
    )
    return sorted(set(db.scalars(query)))


def require(db: Reader, actor: Actor, right: Right, subject_id: int) -> None:
    """Raise NotFound unless the actor holds the right here: strangers learn nothing."""
    if not actor.is_system and subject_id not in subjects(db, actor, right):
        raise NotFound


@in_transaction()
def give(
    db: Session,
    *,
    actor: Actor,
    person_id: int,
    right: Right,
    subject_id: int,
    until: datetime | None = None,
    evidence: str = "",
    on_behalf_of: int | None = None,
) -> Grant:
    """Grant a right. One that needs two people waits for `confirm`, unless the house grants it."""
    assert right.part_of is None or on_behalf_of is not None, "a part is given by who has the whole"
    grant = Grant(
        person_id=person_id,
        right_name=right.name,
        subject_kind=right.subject_kind,
        subject_id=subject_id,
        until=until,
        evidence=evidence,
        on_behalf_of=on_behalf_of,
        granted_by=actor.person_id,
        needs_confirmation=right.two_people and not actor.is_system,
    )
    db.add(grant)
    db.flush()
    audit.record(db, actor, "grant.give", "grant", grant.id, right=right.name, person=person_id)
    return grant


@in_transaction()
def confirm(db: Session, *, actor: Actor, grant_id: int) -> None:
    """The second person agrees; raises SamePerson if she granted it or would receive it."""
    grant = db.get(Grant, grant_id, with_for_update=True)
    if grant is None or grant.revoked_at is not None:
        raise NotFound
    if actor.person_id in (grant.granted_by, grant.person_id):
        raise SamePerson
    grant.confirmed_by = actor.person_id
    audit.record(db, actor, "grant.confirm", "grant", grant.id)


@in_transaction()
def revoke(db: Session, *, actor: Actor, grant_id: int) -> None:
    """End a grant at once; the next request of its holder is refused."""
    grant = db.get(Grant, grant_id, with_for_update=True)
    if grant is None:
        raise NotFound
    grant.revoked_at = grant.revoked_at or clock.now()
    audit.record(db, actor, "grant.revoke", "grant", grant.id)


@dataclass(frozen=True)
class Gate:
    """What a view asks of its visitor before it runs."""

    name: str
    rights: tuple[Right, ...] = ()


PUBLIC = Gate("public")
SIGNED_IN = Gate("signed_in")
MACHINE = Gate("machine")


def _gated(gate: Gate) -> Callable[[V], V]:
    def mark(view: V) -> V:
        view.gate = gate  # type: ignore[attr-defined]
        return view

    return mark


def public(view: V) -> V:
    """Anybody may come in."""
    return _gated(PUBLIC)(view)


def while_paused(view: V) -> V:
    """Works also while the house is paused after a restore (core/pause.py)."""
    view.while_paused = True  # type: ignore[attr-defined]
    return view


def signed_in(view: V) -> V:
    """Somebody who has signed in; the view itself asks only for her own things."""
    return _gated(SIGNED_IN)(view)


def machine(view: V) -> V:
    """A signed call from a gateway: the view checks the signature, and no CSRF token is asked."""
    return _gated(MACHINE)(view)


def holds(*rights: Right) -> Callable[[V], V]:
    """Somebody with one of these rights on anything; the view's query narrows to her subjects."""
    return _gated(Gate("holds", rights))


def check(gate: Gate, actor: Actor, rights: frozenset[str]) -> None:
    """Raise Forbidden if a signed-in visitor may not pass."""
    if gate.rights and not rights & {right.name for right in gate.rights}:
        raise NotForHer if actor.on_behalf_of is not None else Forbidden
    if gate is SIGNED_IN and actor.person_id is None:
        raise Forbidden
