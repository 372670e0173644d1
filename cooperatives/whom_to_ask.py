"""Whom a maker asks when a page is not clear: her own helper, else who coordinates her cooperative.

No page holds their number: a link of the house is followed, written down and counted, and only
then leads on to WhatsApp.
"""

from collections.abc import Iterable

from flask_babel import force_locale
from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session

from cooperatives.rights import COORDINATE
from core import access, audit, clock, words
from core.access import Grant
from core.actors import Actor
from core.db import Reader, in_transaction
from core.guides import Guide
from core.people import Person
from sellers.models import Seller
from sellers.rights import PARTS, SELL

LANGUAGE = "id"  # In which the women here write to each other.


def find(db: Reader, actor: Actor) -> Person | None:
    """Her helper whose mandate is in force, else a coordinator; None where nobody has WhatsApp."""
    if actor.person_id is None:
        return None
    return _reachable(db, actor, _helpers(db, actor)) or _reachable(
        db, actor, _coordinators(db, actor)
    )


def _helpers(db: Reader, actor: Actor) -> list[int]:
    """Those who may work for her now, whoever began last first; a helper has none of her own."""
    if actor.on_behalf_of is not None:
        return []
    query = (
        select(Grant.person_id)
        .where(Grant.on_behalf_of == actor.person_id, access.is_live(clock.now()))
        .order_by(Grant.id.desc())
    )
    return list(db.scalars(query))


def _coordinators(db: Reader, actor: Actor) -> list[int]:
    shops = access.subjects(db, actor, SELL, *PARTS)
    houses = select(Seller.organisation_id).where(Seller.id.in_(shops)).distinct()
    return [
        person_id
        for house in sorted(db.scalars(houses))
        for person_id in access.people_who(db, COORDINATE, house)
    ]


def _reachable(db: Reader, actor: Actor, ids: Iterable[int]) -> Person | None:
    """The first of these, never she herself, who reads WhatsApp."""
    in_turn = [person_id for person_id in ids if person_id != actor.person_id]
    query = select(Person).where(
        Person.id.in_(in_turn), Person.phone.is_not(None), Person.channel == "whatsapp"
    )
    found = {person.id: person for person in db.scalars(query)}
    return next((found[person_id] for person_id in in_turn if person_id in found), None)


@in_transaction()
def lead(db: Session, *, actor: Actor, guide: Guide) -> str | None:
    """An address of WhatsApp with ready words to whom she asks; None where there is nobody."""
    whom = find(db, actor)
    if whom is None or whom.phone is None:
        return None
    audit.record(db, actor, "helper.reached", "person", whom.id, guide=guide.name)
    return words.wa_link(_question(whom, guide), whom.phone)


def _question(whom: Person, guide: Guide) -> str:
    with force_locale(LANGUAGE):
        greeting: str = _("Halo %(call_me)s, saya sedang di Lumbung.", call_me=whom.call_me)
        trouble: str = _("Saya bingung di bagian %(title)s. Mohon dibantu.", title=guide.title)
        return f"{greeting} {trouble}"
