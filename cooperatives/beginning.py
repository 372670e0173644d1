"""Beginning: one vision, a cooperative that takes her in, and one small first step (domain I18).

Each step may be skipped. She becomes a seller when a coordinator has accepted her: then she is a
member and her shop is open, with nothing in it yet.
"""

from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from cooperatives import members
from cooperatives.models import Beginning, Cooperative, Membership
from cooperatives.rights import COORDINATE
from core import access, audit, clock, notify, tasks
from core.actors import Actor
from core.db import Reader, in_transaction
from core.errors import DomainError, NotFound
from core.orgs import Organisation
from core.people import Person, get_person
from sellers import shops

VISIONS = {
    "earn": _l("Menambah penghasilan dari keterampilan"),
    "business": _l("Membangun usaha sendiri"),
    "write": _l("Menulis dan bercerita"),
    "learn": _l("Belajar dulu"),
}
SHOWN_MOST = 50
WANTS_TO_JOIN = tasks.declare(
    "cooperatives.wants_to_join", _l("%(call_me)s ingin bergabung. Kenali dan jawab beliau.")
)


class AlreadyMember(DomainError):
    """She belongs to this cooperative."""

    status = 409
    sentence = _l("Anda sudah menjadi anggota koperasi ini.")


def find(db: Reader, person_id: int | None) -> Any:
    """How far somebody has come; None where she has not begun."""
    return db.execute(
        select(*Beginning.__table__.c).where(Beginning.person_id == person_id)
    ).first()


def list_open(db: Reader) -> list[Any]:
    """The cooperatives that take women in: id, name and village, by name."""
    query = (
        select(Cooperative.id, Organisation.name, Cooperative.village)
        .join(Organisation, Organisation.id == Cooperative.id)
        .where(Organisation.closed_at.is_(None), Organisation.kind == "cooperative")
    )
    return list(db.execute(query.order_by(Organisation.name).limit(SHOWN_MOST)))


def _own(db: Session, actor: Actor) -> Beginning:
    """The actor's row, made where it is missing, and locked."""
    assert actor.person_id is not None
    fresh = insert(Beginning).values(
        person_id=actor.person_id, vision="", store_name="", created_at=clock.now()
    )
    db.execute(fresh.on_conflict_do_nothing())
    return db.get_one(Beginning, actor.person_id, with_for_update=True, populate_existing=True)


@in_transaction(retries=3)
def choose_vision(db: Session, *, actor: Actor, vision: str) -> None:
    """What the actor dreams of."""
    assert vision in VISIONS, vision
    _own(db, actor).vision = vision


@in_transaction(retries=3)
def ask_to_join(db: Session, *, actor: Actor, cooperative_id: int, store_name: str) -> None:
    """Ask a cooperative's coordinators; asking another one takes the first wish back.

    Raises NotFound for a cooperative that takes nobody in, AlreadyMember.
    """
    if cooperative_id not in {row.id for row in list_open(db)}:
        raise NotFound
    own = _own(db, actor)
    is_member = select(Membership.id).where(
        Membership.person_id == own.person_id,
        Membership.cooperative_id == cooperative_id,
        Membership.left_on.is_(None),
    )
    if db.scalar(is_member) is not None:
        raise AlreadyMember
    tasks.close(db, WANTS_TO_JOIN, actor=actor, doc=_doc(own.person_id), reason="asked anew")
    own.cooperative_id, own.store_name = cooperative_id, store_name
    own.asked_at, own.decided_at, own.is_taken = clock.now(), None, None
    tasks.write(
        db,
        WANTS_TO_JOIN,
        doc=_doc(own.person_id),
        link=f"/koord/calon/{own.person_id}",
        holders=(COORDINATE, cooperative_id),
        facts={"call_me": get_person(db, own.person_id).call_me},
    )
    audit.record(db, actor, "member.ask", "organisation", cooperative_id)


def _doc(person_id: int) -> tuple[str, int]:
    return "beginning", person_id


def get_newcomer(db: Session, actor: Actor, person_id: int) -> Any:
    """Who asks a cooperative that the actor coordinates, while she waits; raises NotFound."""
    query = (
        select(
            Person.id, Person.name, Person.call_me, Person.phone, Beginning.vision,
            Beginning.store_name, Beginning.asked_at, Organisation.name.label("cooperative"),
        )
        .join(Beginning, Beginning.person_id == Person.id)
        .join(Organisation, Organisation.id == Beginning.cooperative_id)
        .where(
            Person.id == person_id,
            Person.erased_at.is_(None),
            Beginning.decided_at.is_(None),
            Beginning.cooperative_id.in_(access.subjects(db, actor, COORDINATE)),
        )
    )  # fmt: skip
    found = db.execute(query).first()
    if found is None or person_id == actor.person_id:
        raise NotFound
    return found


@in_transaction(retries=3)
def take_in(db: Session, *, actor: Actor, person_id: int) -> None:
    """She is a member from today, and her shop is open. Raises NotFound where nobody waits."""
    own = _waiting(db, actor, person_id)
    assert own.cooperative_id is not None
    members.join.within(db, actor=actor, cooperative_id=own.cooperative_id, person_id=own.person_id)
    try:
        with db.begin_nested():
            shops.open_shop.within(
                db,
                actor=actor,
                organisation_id=own.cooperative_id,
                maker_id=own.person_id,
                profile={"store_name": own.store_name},
            )
    except shops.AlreadyOpen:
        pass  # She was a member before, and her shop waited for her.
    _decide(db, own, actor, is_taken=True)
    _tell(
        db, own, _l("Anda diterima di koperasi"),
        _l("Koordinator menerima Anda. Toko Anda sudah siap. Mari pasang satu barang dulu."),
    )  # fmt: skip


@in_transaction(retries=3)
def decline(db: Session, *, actor: Actor, person_id: int) -> None:
    """Not now; she may ask again, here or elsewhere. Raises NotFound where nobody waits."""
    own = _waiting(db, actor, person_id)
    _decide(db, own, actor, is_taken=False)
    _tell(
        db, own, _l("Koperasi belum bisa menerima"),
        _l("Koperasi ini belum bisa menerima anggota baru. Anda bisa memilih koperasi lain."),
    )  # fmt: skip


def _waiting(db: Session, actor: Actor, person_id: int) -> Beginning:
    own = db.get(Beginning, person_id, with_for_update=True, populate_existing=True)
    if own is None or own.asked_at is None or own.decided_at is not None:
        raise NotFound
    get_newcomer(db, actor, person_id)
    return own


def _decide(db: Session, own: Beginning, actor: Actor, *, is_taken: bool) -> None:
    own.decided_at, own.is_taken = clock.now(), is_taken
    reason = "taken in" if is_taken else "declined"
    tasks.close(db, WANTS_TO_JOIN, actor=actor, doc=_doc(own.person_id), reason=reason)
    audit.record(
        db, actor, "member.answer", "organisation", own.cooperative_id,
        person=own.person_id, taken=is_taken,
    )  # fmt: skip


def _tell(db: Session, own: Beginning, title: Any, text: Any) -> None:
    key = f"beginning:{own.person_id}:{clock.now().isoformat()}"
    people = [own.person_id]
    notify.tell(db, event_key=key, people=people, title=title, text=text, link="/mulai/langkah")
