"""A coordinator helps a member who forgot her PIN: she sees who it is, and hands over a code.

Face to face, and at once only where no phone is signed in as her (docs/adr/0017).
"""

from sqlalchemy import select
from sqlalchemy.orm import Session

from cooperatives import members
from cooperatives.members import HELP_WITH_PIN
from cooperatives.models import Membership
from cooperatives.rights import COORDINATE
from core import access, recovery, tasks
from core.actors import Actor
from core.db import Reader, in_transaction
from core.errors import NotFound
from core.people import Person


def get_member(db: Reader, actor: Actor, person_id: int) -> Person:
    """A living member of a cooperative the actor coordinates, never herself; raises NotFound."""
    query = (
        select(Person)
        .join(Membership, Membership.person_id == Person.id)
        .where(
            Person.id == person_id,
            Person.id != actor.person_id,
            Person.erased_at.is_(None),
            Membership.left_on.is_(None),
            Membership.cooperative_id.in_(access.subjects(db, actor, COORDINATE)),
        )
    )
    found = db.execute(query.limit(1)).first()
    if found is None:
        raise NotFound
    return found[0]


@in_transaction()
def begin(db: Session, *, actor: Actor, person_id: int) -> None:
    """Begin the waiting time for a member whose phone is still signed in. Raises NotFound."""
    get_member(db, actor, person_id)
    recovery.begin.within(db, actor=actor, person_id=person_id)


@in_transaction()
def give_code(db: Session, *, actor: Actor, person_id: int) -> str:
    """A one-time code for her new PIN; the open tasks for it are done.

    Raises NotFound, and MustWait while a phone is signed in as her and her waiting time is on.
    """
    get_member(db, actor, person_id)
    code = recovery.issue_reset.within(db, actor=actor, person_id=person_id)
    for membership in members.memberships_of(db, person_id):
        tasks.close(
            db, HELP_WITH_PIN, actor=actor, doc=("membership", membership.id), reason="code given"
        )
    return code
