"""Who comes in by a phone number: one woman, a whole family, or somebody who works for others.

A code proves that the phone is in somebody's hands, and no more. Where several people share the
number, or where the one at it holds rights over the business of others, her PIN is asked as well;
and a forgotten PIN is then a matter for the coordinator.
"""

from sqlalchemy import func, select

from core import access, clock
from core.access import RIGHTS
from core.actors import Actor
from core.db import Reader
from core.people import Person


def code_is_enough(db: Reader, person_id: int) -> bool:
    """Whether a code to her phone may stand for her PIN."""
    phone = select(Person.phone).where(Person.id == person_id).scalar_subquery()
    at_it = select(func.count()).where(Person.phone == phone, Person.erased_at.is_(None))
    if db.scalar(at_it) != 1:
        return False
    held = access.rights_of(db, Actor(person_id))
    helps = select(access.Grant.id).where(
        access.Grant.person_id == person_id,
        access.Grant.on_behalf_of.is_not(None),
        access.is_live(clock.now()),
    )
    if db.scalar(helps.limit(1)) is not None:
        return False
    return all(name in RIGHTS and RIGHTS[name].is_own for name in held)
